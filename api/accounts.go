package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const accountsPath = "/api/v1/accounts"

// Accounts keeps the accounts that tenants have registered. An account of another tenant
// is CodeNotFound. Every change is in the tenant's audit.
type Accounts interface {
	AddAccount(ctx context.Context, by tracker.Principal, a tracker.RegisteredAccount) error
	PutAccount(ctx context.Context, by tracker.Principal, a tracker.RegisteredAccount) error
	DeleteAccount(ctx context.Context, by tracker.Principal, name string) error
	// ForgetHistory has the history of an AWS account deleted.
	ForgetHistory(ctx context.Context, by tracker.Principal, account string) error
	Account(ctx context.Context, tenant, name string) (tracker.RegisteredAccount, error)
	AccountOfRole(ctx context.Context, tenant, role string) (tracker.RegisteredAccount, error)
	// Accounts lists a tenant's accounts by name, from after a name on.
	Accounts(ctx context.Context, tenant, cursor string, limit int) (accounts []tracker.RegisteredAccount, next string, err error)
	// AllowedAccounts are the AWS accounts that a tenant may work in; none is all.
	AllowedAccounts(ctx context.Context, tenant string) ([]string, error)
	SetAllowedAccounts(ctx context.Context, by tracker.Principal, tenant string, accounts []string) error
}

// AccountFields are what a registration says.
type AccountFields struct {
	RoleARN     string   `json:"role_arn" maxLength:"2048" pattern:"^arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}$" doc:"Role that the server's own identity assumes"`
	Regions     []string `json:"regions,omitempty" maxItems:"100" maxLength:"32" doc:"What is scanned where a request names no regions; none is every region that the account has enabled"`
	Description string   `json:"description,omitempty" maxLength:"500"`
}

// AccountBody registers an account.
type AccountBody struct {
	_    struct{} `additionalProperties:"false"`
	Name string   `json:"name" maxLength:"63" pattern:"^[a-z0-9][a-z0-9._-]*$" doc:"What requests name it by; it stays"`
	AccountFields
}

// PutAccountBody changes an account.
type PutAccountBody struct {
	_ struct{} `additionalProperties:"false"`
	AccountFields
}

type accountInput struct {
	Name string `path:"name" maxLength:"63" doc:"The account's name"`
}

type putAccountInput struct {
	Name string `path:"name" maxLength:"63" doc:"The account's name"`
	Body PutAccountBody
}

type checkAccountInput struct {
	Name           string        `path:"name" maxLength:"63" doc:"The account's name"`
	Wait           optional[int] `query:"wait" minimum:"0" maximum:"60" doc:"Seconds to wait for the report; without it, the server's setting counts"`
	Prefer         string        `header:"Prefer" maxLength:"200" doc:"wait=SECONDS, after RFC 7240; the query parameter wins"`
	IdempotencyKey string        `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same job"`
}

type accountsInput struct {
	Cursor string `query:"cursor" maxLength:"63" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"100" doc:"The most accounts of a page"`
}

type accountAnswer struct {
	Success bool                      `json:"success" doc:"Always true"`
	Account tracker.RegisteredAccount `json:"account"`
}

type accountOutput struct{ Body accountAnswer }

type addAccountOutput struct {
	Location string `header:"Location" doc:"The account"`
	Body     accountAnswer
}

type accountsAnswer struct {
	Success  bool                        `json:"success" doc:"Always true"`
	Accounts []tracker.RegisteredAccount `json:"accounts" doc:"By name, without their external IDs"`
	Allowed  []string                    `json:"allowed_accounts" doc:"The AWS accounts that the tenant may work in, registered or with keys; empty is all"`
	Next     string                      `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

func (s *Server) registerAccounts() {
	operation := func(id, method, path, summary, description string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: accountsPath + path, Tags: []string{"accounts"}, Summary: summary, Description: description}
	}
	register(s, operation("list-accounts", http.MethodGet, "", "List the accounts of the tenant", ""), s.listAccounts)
	add := operation("add-account", http.MethodPost, "", "Register an account", `Requests then name the account in place of keys, and the server's own identity
assumes its role. The answer has the external ID that the server has made: the role's trust policy has to ask for it, which
GET …/setup writes. A role is registered once, and a tenant has at most 1,000 accounts.`)
	add.DefaultStatus, add.Errors = http.StatusCreated, []int{http.StatusConflict}
	register(s, add, s.addAccount)
	register(s, operation("get-account", http.MethodGet, "/{name}", "Read an account with its external ID", ""), s.getAccount)
	put := operation("put-account", http.MethodPut, "/{name}", "Change an account", "The external ID stays, and the role stays in the same AWS account. Schedules and work under way use the new role.")
	put.Errors = []int{http.StatusConflict}
	register(s, put, s.putAccount)
	s.registerForget()
	remove := operation("delete-account", http.MethodDelete, "/{name}", "Forget an account", `Work under way in it ends, and runs of schedules that name it end as denied, both with AccountNotRegistered. Its history
is deleted, unless another registration is of the same AWS account. The external ID is not used again: delete the role as well.`)
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, s.deleteAccount)
	check := operation("check-account", http.MethodPost, "/{name}/check", "Check what the role of an account is allowed", "An access check of all types, as POST "+accessPath+" with this account.")
	check.Metadata, check.Errors = map[string]any{waits: true}, []int{http.StatusConflict}
	check.Responses = s.startedResponses("The check ended within the wait", schema[AccessReport](s), "The check is a job now")
	register(s, check, func(ctx context.Context, in *checkAccountInput) (*huma.StreamResponse, error) {
		params := ScanParams{Wait: in.Wait, Prefer: in.Prefer, IdempotencyKey: in.IdempotencyKey}
		if _, err := s.Accounts.Account(ctx, owner(ctx), in.Name); err != nil {
			return nil, err
		}
		return s.start(ctx, tracker.KindAccessCheck, params, ScanBody{CredentialFields: CredentialFields{Account: in.Name}}, s.endedCheck)
	})
	s.registerSetup(operation("set-up-account", http.MethodGet, "/{name}/setup", "Write the role of an account", `The CloudFormation template of the role, its trust policy with the external ID, and the exact policy for what the account is
used for. The template is for a stack in the account itself.`))
}

func (s *Server) listAccounts(ctx context.Context, in *accountsInput) (*struct{ Body accountsAnswer }, error) {
	list, next, err := s.Accounts.Accounts(ctx, owner(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].ExternalID = ""
	}
	allowed, err := s.Accounts.AllowedAccounts(ctx, owner(ctx))
	if err != nil {
		return nil, err
	}
	return &struct{ Body accountsAnswer }{accountsAnswer{true, append([]tracker.RegisteredAccount{}, list...), append([]string{}, allowed...), next}}, nil
}

func (s *Server) addAccount(ctx context.Context, in *struct{ Body AccountBody }) (*addAccountOutput, error) {
	now := time.Now().UTC().Truncate(time.Second)
	a, err := s.registration(in.Body.AccountFields, tracker.RegisteredAccount{Name: in.Body.Name, ExternalID: "rt-" + rand.Text(), CreatedAt: now})
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.AddAccount(ctx, caller(ctx), a); err != nil {
		return nil, located("body.", err)
	}
	return &addAccountOutput{accountsPath + "/" + a.Name, accountAnswer{true, a}}, nil
}

// registration is what a body makes of an account.
func (s *Server) registration(b AccountFields, a tracker.RegisteredAccount) (tracker.RegisteredAccount, error) {
	var faults []FieldError
	a.Regions = ScanSelection{}.regions("regions", b.Regions, func(location, message string, args ...any) {
		faults = append(faults, FieldError{"body." + location, fmt.Sprintf(message, args...)})
	})
	number := tracker.AccountOfRole(b.RoleARN)
	if a.AccountID != "" && number != a.AccountID {
		faults = append(faults, FieldError{"body.role_arn", "is in another AWS account than before: register that account under a name of its own"})
	}
	a.AccountID, a.RoleARN, a.Description = number, b.RoleARN, b.Description
	a.ChangedAt = time.Now().UTC().Truncate(time.Second)
	if len(faults) > 0 {
		return a, invalid(faults...)
	}
	return a, nil
}

func (s *Server) getAccount(ctx context.Context, in *accountInput) (*accountOutput, error) {
	a, err := s.Accounts.Account(ctx, owner(ctx), in.Name)
	if err != nil {
		return nil, err
	}
	return &accountOutput{accountAnswer{true, a}}, nil
}

func (s *Server) putAccount(ctx context.Context, in *putAccountInput) (*accountOutput, error) {
	before, err := s.Accounts.Account(ctx, owner(ctx), in.Name)
	if err != nil {
		return nil, err
	}
	a, err := s.registration(in.Body.AccountFields, before)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.PutAccount(ctx, caller(ctx), a); err != nil {
		return nil, located("body.", err)
	}
	return &accountOutput{accountAnswer{true, a}}, nil
}

func (s *Server) deleteAccount(ctx context.Context, in *accountInput) (*struct{}, error) {
	return nil, s.Accounts.DeleteAccount(ctx, caller(ctx), in.Name)
}

// registered are the credentials of a registered account, and the account: the server's
// own identity, which the worker lends to it.
func (s *Server) registered(ctx context.Context, at, name string) (tracker.Credentials, tracker.RegisteredAccount, error) {
	if !s.ServerCredentials {
		return tracker.Credentials{}, tracker.RegisteredAccount{}, invalid(FieldError{at, "needs the server's own credentials, which this server does not lend: ALLOW_SERVER_CREDENTIALS is off"})
	}
	a, err := s.Accounts.Account(ctx, owner(ctx), name)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		err = invalid(FieldError{at, "is not registered: POST " + accountsPath + " registers an account"})
	}
	return tracker.Credentials{Server: true, Account: name}, a, err
}

const onlyRegistered = "needs access keys: the server's own identity is lent to registered accounts only, and the role is that of none"

// ofRole is registered for who names the account by its role.
func (s *Server) ofRole(ctx context.Context, at, role, externalID string) (tracker.Credentials, tracker.RegisteredAccount, error) {
	a, err := s.Accounts.AccountOfRole(ctx, owner(ctx), role)
	switch {
	case tracker.CodeOf(err) == tracker.CodeNotFound:
		err = invalid(FieldError{at + "role_arn", onlyRegistered})
	case err == nil && externalID != "":
		err = invalid(FieldError{at + "external_id", "is the server's to give: the account is registered as " + a.Name})
	}
	return tracker.Credentials{Server: true, Account: a.Name}, a, err
}

// onlyOperators refuses the server's own account to all tenants but that of its operators.
func onlyOperators(ctx context.Context, c tracker.Credentials) error {
	if !c.Server || c.Account != "" || owner(ctx) == tracker.DefaultTenant {
		return nil
	}
	return missingCredentials(FieldError{"body.account", "is missing, or access keys: without either it would be the server's own account, which is that of the tenant " + tracker.DefaultTenant})
}

// resolve finds the registered accounts that a request names, where it has no keys, and
// fills in what they say.
func (s *Server) resolve(ctx context.Context, creds tracker.Credentials, own tracker.RegisteredAccount, r *tracker.ScanRequest) error {
	if len(r.Accounts) == 0 {
		if err := onlyOperators(ctx, creds); err != nil {
			return err
		}
	}
	if len(r.Regions) == 0 {
		r.Regions = own.Regions
	}
	var faults []FieldError
	for i, ref := range r.Accounts {
		at := fmt.Sprintf("body.accounts[%d].", i)
		if !creds.Server {
			if ref.Account != "" {
				faults = append(faults, FieldError{at + "account", "is reached with the server's own identity: leave the keys out"})
			}
			continue
		}
		var a tracker.RegisteredAccount
		var err error
		if ref.Account != "" {
			_, a, err = s.registered(ctx, at+"account", ref.Account)
		} else {
			_, a, err = s.ofRole(ctx, at, ref.RoleARN, ref.ExternalID)
		}
		if p, ok := err.(*Problem); ok { //nolint:errorlint // both answer it as it is
			faults = append(faults, p.Errors...)
			continue
		}
		if err != nil {
			return err
		}
		ref.Account, ref.RoleARN = a.Name, a.RoleARN
		if len(ref.Regions) == 0 && len(r.Regions) == 0 {
			ref.Regions = a.Regions
		}
		r.Accounts[i] = ref
	}
	if len(faults) > 0 {
		return invalid(faults...)
	}
	return nil
}

// named reports what is wrong with how a request names an account among others.
func (a ScanAccount) named() string {
	switch both := strings.TrimSpace(a.Account) != "" && a.RoleARN != ""; {
	case both:
		return "has account and role_arn: give one of both"
	case a.Account == "" && a.RoleARN == "":
		return "needs account or role_arn"
	}
	return ""
}
