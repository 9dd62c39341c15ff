// Package aws holds clients of AWS's large services, each reduced to what this
// repository calls. They are parts of the SDK's own clients, which
// internal/aws/generate copies as they are, and are used alike: a client is made by
// NewFromConfig from the SDK's configuration. LICENSE and NOTICE are the SDK's.
package aws
