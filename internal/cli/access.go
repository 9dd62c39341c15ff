package cli

import (
	"errors"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/profile"
)

// access are the flags that say how the account is entered. Without them it is the keys of the
// environment, and without those the server's own identity, where it lends it. Keys of this machine are
// sealed before they leave it: only a worker reads them.
type access struct {
	Profile    string `help:"AWS profile of this machine, as for the aws command; SSO too." placeholder:"NAME" group:"Access to AWS"`
	Account    string `help:"Registered account to work in, as in tracker accounts; in place of keys." placeholder:"NAME" group:"Access to AWS"`
	RoleARN    string `help:"Role to assume with the keys; without keys, that of a registered account." name:"role-arn" placeholder:"ARN" group:"Access to AWS"`
	ExternalID string `help:"The role's external ID." name:"external-id" placeholder:"ID" group:"Access to AWS"`
}

// keys are what a request carries for it.
type keys struct {
	account, sealed, roleARN, externalID string
}

func (a access) keys(e *env) (keys, error) {
	k := keys{account: a.Account, roleARN: a.RoleARN, externalID: a.ExternalID}
	switch {
	case a.Account != "" && a.Profile != "":
		return k, usage("--account: is in place of keys: leave --profile out")
	case a.Account != "":
		return k, nil
	}
	t, err := e.client()
	if err != nil {
		return k, err
	}
	if a.Profile == "" && !e.ownKeys() {
		return k, nil
	}
	found, err := profile.Find(e.ctx, a.Profile, e.mfa())
	if errors.Is(err, profile.ErrUnknown) {
		return k, usage("%w", err)
	}
	if err != nil {
		return k, &exit{ExitDenied, err}
	}
	k.sealed, err = t.SealCredentials(e.ctx, client.Keys{
		AccessKeyID: found.AccessKeyID, SecretAccessKey: found.SecretAccessKey, SessionToken: found.SessionToken,
	})
	return k, err
}

// ownKeys tells whether keys of this machine are meant where no profile is named: here they always
// are, but in the demo, and elsewhere those that the environment names.
func (e *env) ownKeys() bool {
	return e.here && !e.Demo || !e.here && (e.getenv("AWS_ACCESS_KEY_ID") != "" || e.getenv("AWS_PROFILE") != "")
}

// mfa asks for the code of an MFA device, where there is somebody to ask.
func (e *env) mfa() profile.Code {
	if !e.interactive() {
		return nil
	}
	return func() (string, error) { return e.ask("Code of the MFA device:") }
}

// lack explains the answer to a request without credentials.
func lack(e *client.Error) bool {
	for _, f := range e.Errors {
		if strings.HasSuffix(f.Location, "access_key_id") || strings.HasSuffix(f.Location, "secret_access_key") {
			return f.Message == "missing"
		}
	}
	return false
}
