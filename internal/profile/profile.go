// Package profile finds the AWS keys of the person at this machine, as the AWS command line
// does: profiles, IAM Identity Center (SSO), roles, processes, the environment. It is for
// programs that people run; workers have keys of their own.
package profile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/smithy-go"
)

// Keys are AWS access keys. They print as a mask.
type Keys struct {
	AccessKeyID, SecretAccessKey, SessionToken string
	// Expires is when temporary keys end; zero is never.
	Expires time.Time
}

func (Keys) String() string   { return "[keys]" }
func (Keys) GoString() string { return "[keys]" }

// ErrUnknown is the error of a profile that there is not.
var ErrUnknown = errors.New("`aws configure list-profiles` lists those that there are")

// Code answers the code of a person's MFA device; nil where nobody can be asked.
type Code func() (string, error)

// patience is how long everybody may take who is asked for keys, a person left out.
const patience = 20 * time.Second

// Find returns the keys of a profile. Without a name it is what the AWS command line would
// take: the environment, AWS_PROFILE, the profile default, the machine's role. Its errors
// are sentences with the way out.
func Find(ctx context.Context, name string, ask Code) (Keys, error) {
	load := []func(*config.LoadOptions) error{config.WithAssumeRoleCredentialOptions(func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "resource-tracker"
		if ask != nil {
			o.TokenProvider = ask
		}
	})}
	if name != "" {
		load = append(load, config.WithSharedConfigProfile(name))
	}
	if ask == nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	c, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return Keys{}, explain(err, name)
	}
	// Roles are assumed and SSO is asked by an API of a region, which a profile may leave out.
	if c.Region == "" {
		c, err = config.LoadDefaultConfig(ctx, append(load, config.WithRegion("us-east-1"))...)
		if err != nil {
			return Keys{}, explain(err, name)
		}
	}
	got, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return Keys{}, explain(err, name)
	}
	return keysOf(got), nil
}

func keysOf(c aws.Credentials) Keys {
	k := Keys{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken}
	if c.CanExpire {
		k.Expires = c.Expires
	}
	return k
}

// explain says in a sentence why there are no keys, and what to do.
func explain(err error, name string) error {
	of := "of this machine"
	login := "aws sso login"
	if name != "" {
		of = "of the profile " + name
		login += " --profile " + name
	}
	var api smithy.APIError
	var missing config.SharedConfigProfileNotExistError
	var broken config.SharedConfigLoadError
	var mfa config.AssumeRoleTokenProviderNotSetError
	var ended *ssocreds.InvalidTokenError
	switch {
	case errors.As(err, &missing):
		return fmt.Errorf("there is no profile %s in the AWS configuration (%s): %w", cmp.Or(missing.Profile, name), strings.Join(missing.Filename, ", "), ErrUnknown)
	case errors.As(err, &broken):
		return fmt.Errorf("the AWS configuration cannot be read: %w", err)
	case errors.As(err, &mfa):
		return fmt.Errorf("the keys %s need a code of an MFA device, which only a person at a terminal can give", of)
	case errors.As(err, &ended), strings.Contains(err.Error(), "cached SSO token"): // which has no type of its own
		return fmt.Errorf("the SSO session %s has ended: run `%s`, and then this again", of, login)
	case errors.As(err, &api) && api.ErrorCode() == "UnauthorizedException":
		return fmt.Errorf("AWS does not take the SSO session %s any more: run `%s`, and then this again", of, login)
	case errors.As(err, &api):
		return fmt.Errorf("AWS gives no keys %s: %s: %s", of, api.ErrorCode(), api.ErrorMessage())
	case name == "" && none(err):
		return errors.New("there are no keys to AWS on this machine: name a profile with --profile (`aws configure list-profiles` lists them), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	return fmt.Errorf("there are no keys %s: %w", of, err)
}

// none reports whether the chain came to its end, which is the role of a machine at AWS.
func none(err error) bool {
	var network net.Error
	return strings.Contains(err.Error(), "no EC2 IMDS role found") || strings.Contains(err.Error(), "EC2 IMDS") || errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)
}
