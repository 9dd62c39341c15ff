package cli

import (
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// access are the flags that say how the account is entered. Without them it is the keys of the
// environment, and without those the server's own identity, where it lends it.
type access struct {
	Account    string `help:"Registered account to work in, as in tracker accounts; in place of keys." placeholder:"NAME" group:"Access to AWS"`
	RoleARN    string `help:"Role to assume with the keys; without keys, that of a registered account." name:"role-arn" placeholder:"ARN" group:"Access to AWS"`
	ExternalID string `help:"The role's external ID." name:"external-id" placeholder:"ID" group:"Access to AWS"`
}

// keys are what a request carries for it.
type keys struct {
	account, accessKeyID, secretAccessKey, sessionToken, roleARN, externalID string
}

func (a access) keys(e *env) keys {
	k := keys{account: a.Account, roleARN: a.RoleARN, externalID: a.ExternalID}
	if a.Account == "" {
		k.accessKeyID, k.secretAccessKey, k.sessionToken = e.getenv("AWS_ACCESS_KEY_ID"), e.getenv("AWS_SECRET_ACCESS_KEY"), e.getenv("AWS_SESSION_TOKEN")
	}
	return k
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
