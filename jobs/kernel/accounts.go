package kernel

import (
	"context"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Accounts keeps the accounts of running jobs and plans open: their credentials are
// unsealed once, and live in this map only, until the job or plan ends.
type Accounts struct {
	Store  *store.Store
	Opener Opener
	// Open reaches an account. It does not call AWS.
	Open func(context.Context, tracker.Credentials) (Account, error)
	// Role is the name of the role to assume in accounts of an organisation.
	Role string

	mu     sync.Mutex
	opened map[string]*opened // by job or plan
}

// Holder is a job or a plan as the holder of sealed credentials.
type Holder struct {
	ID, Tenant string
	Kind       tracker.SealKind
	Schedule   string // that started it; its credentials may be the schedule's
}

// HolderOf returns what holds the credentials of a job.
func HolderOf(j tracker.Job) Holder { return Holder{j.ID, j.Owner, tracker.SealJob, j.Schedule} }

// PlanHolder returns what holds the credentials of a plan.
func PlanHolder(p tracker.Plan) Holder { return Holder{p.ID, p.Owner, tracker.SealPlan, p.Schedule} }

// seals are what the credentials of a holder may be sealed for.
func (h Holder) seals() []tracker.SealedFor {
	seals := []tracker.SealedFor{{Tenant: h.Tenant, Kind: h.Kind, ID: h.ID}}
	if h.Schedule != "" {
		seals = append(seals, tracker.SealedFor{Tenant: h.Tenant, Kind: tracker.SealSchedule, ID: h.Schedule})
	}
	return seals
}

type opened struct {
	used      time.Time  // guarded by Accounts.mu
	mu        sync.Mutex // never held while AWS is asked: a job can have a thousand accounts
	holder    Holder     // that creds were opened for
	creds     *tracker.Credentials
	byAccount map[string]*reached // by its number; the credentials' own is ""
}

// Own returns the account of the credentials of a job or plan.
func (a *Accounts) Own(ctx context.Context, h Holder) (Account, error) {
	o, creds, err := a.unseal(ctx, h)
	if err != nil {
		return nil, err
	}
	return a.enter(ctx, h, o, "", creds)
}

// Assumed returns the account that a job reaches through a role.
func (a *Accounts) Assumed(ctx context.Context, h Holder, account string, ref tracker.AccountRef) (Account, error) {
	o, creds, err := a.unseal(ctx, h)
	if err != nil {
		return nil, err
	}
	creds.Account, creds.RoleARN, creds.ExternalID = ref.Account, ref.RoleARN, ref.ExternalID
	return a.enter(ctx, h, o, account, creds)
}

// Member returns an account of the organisation of a job's credentials: their own,
// or one that is reached through the organisation's role.
func (a *Accounts) Member(ctx context.Context, h Holder, account string) (Account, error) {
	o, creds, err := a.unseal(ctx, h)
	if err != nil {
		return nil, err
	}
	lent, err := a.lend(ctx, h.Tenant, creds)
	if err != nil {
		return nil, err
	}
	if r := o.known(account); r != nil {
		return r.Account, a.admit(ctx, h.Tenant, r)
	}
	own, err := a.reach(ctx, h, o, "", lent)
	if err != nil {
		return nil, err
	}
	id, err := own.who(ctx)
	if err != nil {
		return nil, err
	}
	if id == account {
		o.know(account, own)
		return own.Account, nil
	}
	creds.Account, creds.ExternalID = "", ""
	creds.RoleARN = own.Partition().ARN("iam", "", account, "role/"+a.Role)
	r, err := a.reach(ctx, h, o, account, creds)
	if err != nil {
		return nil, err
	}
	return r.Account, nil
}

// enter returns an account that is reached with the credentials of a job or plan, or
// with what the server's own identity is lent for.
func (a *Accounts) enter(ctx context.Context, h Holder, o *opened, account string, creds tracker.Credentials) (Account, error) {
	creds, err := a.lend(ctx, h.Tenant, creds)
	if err != nil {
		return nil, err
	}
	r, err := a.reach(ctx, h, o, account, creds)
	if err != nil {
		return nil, err
	}
	return r.Account, nil
}

// known returns an account that is open, or nil.
func (o *opened) known(account string) *reached {
	o.mu.Lock()
	defer o.mu.Unlock()
	r := o.byAccount[account]
	if r != nil {
		r.used = time.Now()
	}
	return r
}

func (o *opened) know(account string, r *reached) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.byAccount[account] = r
}

// unseal returns what is open of a job, and its credentials.
func (a *Accounts) unseal(ctx context.Context, h Holder) (*opened, tracker.Credentials, error) {
	a.mu.Lock()
	if a.opened == nil {
		a.opened = map[string]*opened{}
	}
	o := a.opened[h.ID]
	if o == nil {
		o = &opened{byAccount: map[string]*reached{}}
		a.opened[h.ID] = o
	}
	o.used = time.Now()
	a.mu.Unlock()

	o.mu.Lock()
	defer o.mu.Unlock()
	if o.creds != nil && o.holder == h {
		return o, *o.creds, nil
	}
	if o.creds != nil {
		return nil, tracker.Credentials{}, tracker.Errorf(tracker.CodeConflict, "whose the %s is has changed since its credentials were opened", h.Kind)
	}
	sealed, err := a.Store.Sealed(ctx, h.ID)
	if err != nil {
		return nil, tracker.Credentials{}, err
	}
	creds, err := a.Opener.Open(sealed, h.seals()...)
	if err != nil {
		return nil, creds, err
	}
	o.holder, o.creds = h, &creds
	return o, creds, nil
}

// Prune drops the accounts of jobs that this process has had no work of for a
// while: another worker may have ended them. Of a job that goes on it drops the
// accounts that nobody has entered for as long, with the answers that their scanners
// share: an organisation has thousands.
func (a *Accounts) Prune(idle time.Duration, busy func(job string) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for job, o := range a.opened {
		if !busy(job) && time.Since(o.used) > idle {
			delete(a.opened, job)
			continue
		}
		o.prune(idle)
	}
}

func (o *opened) prune(idle time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for account, r := range o.byAccount {
		if account != "" && time.Since(r.used) > idle {
			delete(o.byAccount, account)
		}
	}
}

// Forget drops what the credentials of a job or plan opened.
func (a *Accounts) Forget(job string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.opened, job)
}
