package scans

import (
	"context"
	"fmt"
	"slices"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// account opens the account of a job that id names: a number, or one of the words
// that stand for an account before it is known.
func (w *Worker) account(ctx context.Context, j tracker.Job, id string) (kernel.Account, error) {
	if ref, ok := refOf(j.Request, id); ok {
		return w.o.Accounts.Assumed(ctx, kernel.HolderOf(j), id, ref)
	}
	if j.Request.Organization && id != tracker.OrganizationAccount {
		return w.o.Accounts.Member(ctx, kernel.HolderOf(j), id)
	}
	return w.o.Accounts.Own(ctx, kernel.HolderOf(j))
}

// accountsOf names what a scan discovers first.
func (c *Client) accountsOf(r tracker.ScanRequest) ([]string, error) {
	switch {
	case r.Organization && !c.Organization:
		return nil, tracker.Invalid("organization", "is switched off here: ORGANIZATION_ROLE is not set")
	case r.Organization && len(r.Accounts) > 0:
		return nil, tracker.Invalid("organization", "cannot be combined with accounts")
	case r.Organization:
		return []string{tracker.OrganizationAccount}, nil
	case len(r.Accounts) == 0:
		return []string{tracker.SelfAccount}, nil
	}
	seen := map[string]int{}
	var ids []string
	for i, a := range r.Accounts {
		id := tracker.AccountOfRole(a.RoleARN)
		if id == "" {
			return nil, tracker.Invalid(fmt.Sprintf("accounts[%d].role_arn", i), "is not the ARN of an IAM role")
		}
		if j, ok := seen[id]; ok {
			return nil, tracker.Invalid(fmt.Sprintf("accounts[%d].role_arn", i), "is in account %s, as accounts[%d] is: give one role for each account", id, j)
		}
		seen[id] = i
		ids = append(ids, id)
	}
	return ids, nil
}

func refOf(r tracker.ScanRequest, account string) (tracker.AccountRef, bool) {
	i := slices.IndexFunc(r.Accounts, func(a tracker.AccountRef) bool { return tracker.AccountOfRole(a.RoleARN) == account })
	if i < 0 {
		return tracker.AccountRef{}, false
	}
	return r.Accounts[i], true
}

// regionsOf returns the regions that a request names for an account; none means
// all that the account has.
func regionsOf(r tracker.ScanRequest, account string) []string {
	if ref, ok := refOf(r, account); ok && len(ref.Regions) > 0 {
		return ref.Regions
	}
	return r.Regions
}

// wanted is what a request asks for of an account.
func wanted(r tracker.ScanRequest, account string) kernel.Wanted {
	w := kernel.Wanted{Types: r.Types, Regions: regionsOf(r, account), ExcludeRegions: r.ExcludeRegions, NoListeners: r.NoListeners, Details: r.Details}
	if len(r.Types) > 0 {
		w.Types = slices.Concat(r.Types, r.ExcludeTypes)
	}
	return w
}
