// Package parts builds what the programs are made of and connects it. It is the
// one place, besides the programs themselves, that knows more than one package.
package parts

import (
	"context"

	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// account is an AWS account as jobs see it: a session, and the answers that its
// scanners share.
type account struct {
	*cloud.Session
	share  *scanners.Share
	prices prices
}

// prices is asked, before resources are priced, to learn what they need.
type prices func(ctx context.Context, a account, rs []tracker.Resource)

// OpenAccount returns how jobs reach accounts through c.
func OpenAccount(c *cloud.Cloud) func(context.Context, tracker.Credentials) (jobs.Account, error) {
	return openAccount(c, nil)
}

// openAccount is OpenAccount with prices to be learnt; nil learns none.
func openAccount(c *cloud.Cloud, learn prices) func(context.Context, tracker.Credentials) (jobs.Account, error) {
	return func(ctx context.Context, creds tracker.Credentials) (jobs.Account, error) {
		session, err := c.Session(ctx, creds)
		if err != nil {
			return nil, err
		}
		return account{session, scanners.NewShare(), learn}, nil
	}
}

func (a account) Identity(ctx context.Context) (string, error) { return a.Verify(ctx) }

func (a account) Members(ctx context.Context) ([]string, error) { return a.Organization(ctx) }

func (a account) Scan(ctx context.Context, c tracker.Cell, w jobs.Wanted, emit func(...tracker.Resource) error) error {
	s, ok := scanners.Find(c.Type)
	if !ok {
		return tracker.Invalid("types", "this worker has no scanner for %s: it is older than the API", c.Type)
	}
	// Every worker pays for the account's calls from the account's budget, also one
	// that did not discover the account itself.
	a.SetAccount(c.AccountID)
	target := scanners.Target{
		Config: a.Config(c.Region), AccountID: c.AccountID,
		Regions: w.Regions, ExcludeRegions: w.ExcludeRegions, Types: w.Types, Share: a.share,
	}
	if a.prices == nil {
		return s.Run(cloud.Chain(ctx), target, emit)
	}
	return s.Run(cloud.Chain(ctx), target, func(rs ...tracker.Resource) error {
		a.prices(ctx, a, rs)
		return emit(rs...)
	})
}
