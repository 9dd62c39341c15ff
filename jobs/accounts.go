package jobs

import (
	"context"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// accounts keeps the accounts of running jobs open: their credentials are
// unsealed once, and live in this map only, until the job ends.
type accounts struct {
	store  *store.Store
	opener Opener
	open   func(context.Context, tracker.Credentials) (Account, error)
	role   string // the role to assume in accounts of an organisation

	mu     sync.Mutex
	opened map[string]*opened // by job
}

type opened struct {
	used      time.Time // guarded by accounts.mu
	mu        sync.Mutex
	creds     *tracker.Credentials
	byAccount map[string]Account
}

// get returns the account of a job that id names: a number, or one of the words
// that stand for an account before it is known.
func (a *accounts) get(ctx context.Context, j tracker.Job, id string) (Account, error) {
	a.mu.Lock()
	o := a.opened[j.ID]
	if o == nil {
		o = &opened{byAccount: map[string]Account{}}
		a.opened[j.ID] = o
	}
	o.used = time.Now()
	a.mu.Unlock()

	o.mu.Lock()
	defer o.mu.Unlock()
	if o.creds == nil {
		sealed, err := a.store.Sealed(ctx, j.ID)
		if err != nil {
			return nil, err
		}
		creds, err := a.opener.Open(sealed)
		if err != nil {
			return nil, err
		}
		o.creds = &creds
	}
	creds, name := *o.creds, selfAccount
	if ref, ok := refOf(j.Request, id); ok {
		creds.RoleARN, creds.ExternalID, name = ref.RoleARN, ref.ExternalID, id
	}
	if acct, ok := o.byAccount[name]; ok && !j.Request.Organization {
		return acct, nil
	}
	if j.Request.Organization && id != organizationAccount {
		return a.member(ctx, o, creds, id)
	}
	acct, err := a.open(ctx, creds)
	if err != nil {
		return nil, err
	}
	o.byAccount[name] = acct
	return acct, nil
}

// member returns an account of the organisation: the credentials' own, or one
// that is reached through the organisation's role.
func (a *accounts) member(ctx context.Context, o *opened, creds tracker.Credentials, id string) (Account, error) {
	if acct, ok := o.byAccount[id]; ok {
		return acct, nil
	}
	base, err := a.open(ctx, creds)
	if err != nil {
		return nil, err
	}
	own, err := base.Identity(ctx)
	if err != nil {
		return nil, err
	}
	acct := base
	if own != id {
		creds.RoleARN = base.Partition().ARN("iam", "", id, "role/"+a.role)
		if acct, err = a.open(ctx, creds); err != nil {
			return nil, err
		}
	}
	o.byAccount[id] = acct
	return acct, nil
}

// prune drops the accounts of jobs that this process has had no work of for a
// while: another worker may have ended them.
func (a *accounts) prune(idle time.Duration, busy func(job string) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for job, o := range a.opened {
		if !busy(job) && time.Since(o.used) > idle {
			delete(a.opened, job)
		}
	}
}

// forget drops what a job's credentials opened.
func (a *accounts) forget(job string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.opened, job)
}
