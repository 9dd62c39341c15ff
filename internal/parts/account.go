// Package parts builds what the programs are made of and connects it. It is the
// one place, besides the programs themselves, that knows more than one package.
package parts

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/cloud/billing"
	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// account is an AWS account as jobs see it: a session, and the answers that its
// scanners share.
type account struct {
	*cloud.Session
	share       *scanners.Share
	allowed     *allowed
	protectTags []string
	learn       learner
	looks       *actions.Looks
}

var (
	_ scans.Meter  = account{}
	_ scans.Biller = account{}
)

// learner is told of resources before they are priced, to learn the prices that they
// need.
type learner func(ctx context.Context, a account, rs []tracker.Resource)

// OpenAccount returns how jobs reach accounts through c, where tags of these keys
// protect resources.
func OpenAccount(c *cloud.Cloud, protectTags []string) func(context.Context, tracker.Credentials) (kernel.Account, error) {
	return openAccount(c, protectTags, nil)
}

// openAccount is OpenAccount with prices to be learnt; nil learns none.
func openAccount(c *cloud.Cloud, protectTags []string, learn learner) func(context.Context, tracker.Credentials) (kernel.Account, error) {
	return func(ctx context.Context, creds tracker.Credentials) (kernel.Account, error) {
		session, err := c.Session(ctx, creds)
		if err != nil {
			return nil, err
		}
		return account{session, scanners.NewShare(), &allowed{byRegion: map[string]map[string]bool{}}, protectTags, learn, actions.NewLooks()}, nil
	}
}

func (a account) Identity(ctx context.Context) (string, error) { return a.Verify(ctx) }

func (a account) Members(ctx context.Context) ([]string, error) { return a.Organization(ctx) }

func (a account) Scan(ctx context.Context, c tracker.Cell, w kernel.Wanted, emit func(...tracker.Resource) error) error {
	s, ok := scanners.Find(c.Type)
	if !ok {
		return tracker.Invalid("types", "this worker has no scanner for %s: it is older than the API", c.Type)
	}
	// Every worker pays for the account's calls from the account's budget, also one
	// that did not discover the account itself.
	a.SetAccount(c.AccountID)
	target := scanners.Target{
		Config: a.Config(c.Region), AccountID: c.AccountID,
		Regions: w.Regions, ExcludeRegions: w.ExcludeRegions, Types: w.Types, NoListeners: w.NoListeners, Details: w.Details, Share: a.share,
	}
	if a.learn == nil {
		return s.Run(cloud.Chain(ctx), target, emit)
	}
	return s.Run(cloud.Chain(ctx), target, func(rs ...tracker.Resource) error {
		a.learn(ctx, a, rs)
		return emit(rs...)
	})
}

func (a account) Probe(ctx context.Context, c tracker.Cell, w kernel.Wanted) (resources int, allowed []string, err error) {
	a.learn = nil // nothing is kept
	ctx = cloud.Listen(sdk.FirstPages(ctx), func(action string) { a.allowed.add(c.Region, action) })
	err = a.Scan(ctx, c, w, func(rs ...tracker.Resource) error {
		resources += len(rs)
		return nil
	})
	return resources, a.allowed.in(c.Region), err
}

func (a account) Simulate(ctx context.Context, region string, actions []string) (denied []string, err error) {
	return a.SimulateIn(ctx, region, actions)
}

func (a account) Metrics(ctx context.Context, id, region string, queries []tracker.MetricQuery) tracker.MetricValues {
	a.SetAccount(id)
	// The error joins what the values say one by one.
	values, _ := metrics.Fetch(ctx, a.Config(region), time.Now(), queries)
	return values
}

func (a account) Billed(
	ctx context.Context, id string, r tracker.BilledRequest, by string, spend func(context.Context) (bool, error),
) tracker.BilledSum {
	a.SetAccount(id)
	return billing.Fetch(ctx, a.Config(billing.Region), r, by, spend)
}

// allowed are the IAM actions that AWS has let through, by the region of the
// cells that called them: of cells that share an answer, one has asked for it.
type allowed struct {
	mu       sync.Mutex
	byRegion map[string]map[string]bool
}

func (a *allowed) add(region, action string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byRegion[region] == nil {
		a.byRegion[region] = map[string]bool{}
	}
	a.byRegion[region][action] = true
}

func (a *allowed) in(region string) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Collect(maps.Keys(a.byRegion[region]))
}
