package tracker

import (
	"errors"
	"log/slog"
)

// Credentials are what a worker uses to call AWS: keys from the request, or
// the server's own when Server is set; and the role to assume from there. The
// server's own assume the role of the registered account that Account names, and
// no other. Sealed is in place of keys: a client has sealed them, in base64, and only a
// worker reads them.
// They print as a mask and refuse to be encoded.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
	Server          bool
	Account         string
	RoleARN         string
	ExternalID      string
	Sealed          string
}

const mask = "[credentials]"

func (Credentials) String() string   { return mask }
func (Credentials) GoString() string { return mask }

// LogValue keeps credentials out of logs.
func (Credentials) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalJSON always fails: credentials travel sealed or not at all.
func (Credentials) MarshalJSON() ([]byte, error) {
	return nil, errors.New("credentials are not encoded in clear")
}
