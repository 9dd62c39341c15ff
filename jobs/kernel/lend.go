package kernel

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Two rules hold wherever an account is entered, whoever asks. The server's own identity
// assumes no role but that of an account that the tenant has registered, with the external
// ID that the server made for it. And a tenant that has a list of accounts works in no
// other: AWS is asked whose the credentials are before anything else. Both are read anew
// each time, so that work under way ends with a change of either.

// reached is an account that is open.
type reached struct {
	Account
	creds tracker.Credentials // that it was opened with
	used  time.Time           // guarded by opened.mu
	mu    sync.Mutex
	id    string // that AWS has told; "" when it was not asked
}

// who returns the account's number. It asks AWS once.
func (r *reached) who(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.id != "" {
		return r.id, nil
	}
	id, err := r.Identity(ctx)
	if err == nil {
		r.id = id
	}
	return id, err
}

// lend gives the server's own identity the role of the registered account that it is lent
// to. Keys of a request stay as they are.
func (a *Accounts) lend(ctx context.Context, tenant string, creds tracker.Credentials) (tracker.Credentials, error) {
	if !creds.Server {
		return creds, nil
	}
	if creds.Account == "" {
		if creds.RoleARN != "" {
			return creds, refusal(tracker.AccountNotRegistered, "the server's own identity is lent to registered accounts only, and %s is none", creds.RoleARN)
		}
		if tenant != tracker.DefaultTenant {
			return creds, refusal(tracker.AccountNotRegistered, "the server's own account is that of the tenant %s: name a registered account", tracker.DefaultTenant)
		}
		return creds, nil
	}
	registered, err := store.Accounts{Store: a.Store}.Account(ctx, tenant, creds.Account)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return creds, refusal(tracker.AccountNotRegistered, "account %s is not registered any more", creds.Account)
	}
	creds.RoleARN, creds.ExternalID = registered.RoleARN, registered.ExternalID
	return creds, err
}

// reach returns an account that is open, or opens it, where the tenant may enter it.
func (a *Accounts) reach(ctx context.Context, h Holder, o *opened, account string, creds tracker.Credentials) (*reached, error) {
	r, err := a.open(ctx, o, account, creds)
	if err != nil {
		return nil, err
	}
	return r, a.admit(ctx, h.Tenant, r)
}

// open returns an account that is open with these credentials, or opens it.
func (a *Accounts) open(ctx context.Context, o *opened, account string, creds tracker.Credentials) (*reached, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if r := o.byAccount[account]; r != nil && r.creds == creds {
		r.used = time.Now()
		return r, nil
	}
	acct, err := a.Open(ctx, creds)
	if err != nil {
		return nil, err
	}
	r := &reached{Account: acct, creds: creds, used: time.Now()}
	o.byAccount[account] = r
	return r, nil
}

// admit refuses an account that the tenant may not work in, and one that a registered role
// does not lead to.
func (a *Accounts) admit(ctx context.Context, tenant string, r *reached) error {
	allowed, err := store.Accounts{Store: a.Store}.AllowedAccounts(ctx, tenant)
	if err != nil {
		return err
	}
	registered := r.creds.Account != ""
	if len(allowed) == 0 && !registered {
		return nil
	}
	id, err := r.who(ctx)
	if err != nil {
		return r.Explain(err, "")
	}
	if want := tracker.AccountOfRole(r.creds.RoleARN); registered && id != want {
		return refusal(tracker.AccountMismatch, "the role of account %s leads to account %s, not to %s", r.creds.Account, id, want)
	}
	if len(allowed) > 0 && !slices.Contains(allowed, id) {
		return refusal(tracker.AccountNotAllowed, "the credentials are of account %s, which is none of those that the tenant may work in", id)
	}
	return nil
}

// refusal is the outcome of work in an account that is not to be entered.
func refusal(code, format string, args ...any) *tracker.Failure {
	return &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: code, Message: fmt.Sprintf(format, args...), Harmless: true}
}
