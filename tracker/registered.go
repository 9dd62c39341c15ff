package tracker

import (
	"strings"
	"time"
)

// RegisteredAccount is an AWS account that a tenant reaches with the server's own
// identity, through a role that trusts this registration's external ID.
type RegisteredAccount struct {
	Name      string `json:"name" doc:"What requests name it by"`
	AccountID string `json:"account_id" doc:"The AWS account of the role"`
	RoleARN   string `json:"role_arn"`
	// ExternalID is made by the server, so that no tenant can have another's role assumed
	// for it. It is told to whoever manages the accounts, for the role's trust policy.
	ExternalID  string    `json:"external_id,omitempty" doc:"Made by the server for this registration: the role's trust policy has to ask for it"`
	Regions     []string  `json:"regions,omitempty" doc:"What is scanned where a request names no regions"`
	Description string    `json:"description,omitempty"`
	CreatedAt   time.Time `json:"created_at"`
	ChangedAt   time.Time `json:"changed_at"`
}

// Why an account is not entered, as codes of a Failure.
const (
	AccountNotAllowed    = "AccountNotAllowed"    // the tenant may not work in it
	AccountNotRegistered = "AccountNotRegistered" // the server's identity is not lent to it
	AccountMismatch      = "AccountMismatch"      // the role leads to another
)

// AccountOfRole returns the account of arn:PARTITION:iam::ACCOUNT:role/NAME, or "".
func AccountOfRole(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[2] != "iam" || len(f[4]) != 12 || !strings.HasPrefix(f[5], "role/") {
		return ""
	}
	return f[4]
}
