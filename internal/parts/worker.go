package parts

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/pricing/live"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Demo says whether a program scans a simulated account in place of AWS.
type Demo struct {
	On      bool
	Options string // a file of simulator options in JSON; empty: the demo account
}

// Wanted reports whether the account is simulated.
func (d Demo) Wanted() bool { return d.On || d.Options != "" }

// account returns the simulated account, or nil.
func (d Demo) account() (*simulator.Account, error) {
	if !d.Wanted() {
		return nil, nil
	}
	if d.Options == "" {
		return simulator.New(simulator.Options{}), nil
	}
	f, err := os.Open(d.Options)
	if err != nil {
		return nil, fmt.Errorf("read the options of the simulated account: %w", err)
	}
	defer f.Close()
	o, err := simulator.FromJSON(f)
	if err != nil {
		return nil, fmt.Errorf("read the options of the simulated account from %s: %w", d.Options, err)
	}
	return simulator.New(o), nil
}

// Store builds the store that both programs use.
func Store(cfg config.Config, rdb redis.UniversalClient) *store.Store {
	return store.New(rdb, store.Options{
		Retention: cfg.ScanRetention, PlanRetention: cfg.PlanRetention, AuditRetention: cfg.AuditRetention,
		Failover: cfg.Sentinel(), Quotas: cfg.Quotas, Records: cfg.DatabaseURL != "" || cfg.Embedded(),
	})
}

// Rules returns the rules of plans that settings set.
func Rules(cfg config.Config) plans.Rules {
	return plans.Rules{
		Approval: cfg.ActionApproval, MaxItems: cfg.ActionMaxItems, MaxSharePercent: cfg.ActionMaxShare, Life: cfg.PlanExpiry,
		AnyScheduledVerb: cfg.ScheduleAnyAction,
	}
}

// Worker builds a worker that opens credentials with identity, has h take scans in where that is
// not nil, and counts what it does in metrics.
func Worker(ctx context.Context, cfg config.Config, rdb redis.UniversalClient, h *history.Store, identity string, demo Demo, metrics *telemetry.Metrics, log *slog.Logger) (*jobs.Worker, error) {
	limits, err := cloud.ParseLimits(cfg.AWSCallLimits)
	if err != nil {
		return nil, fmt.Errorf("AWS_CALL_LIMITS: %w", err)
	}
	keys, err := sealing.NewOpener(identity)
	if err != nil {
		return nil, fmt.Errorf("CREDENTIALS_IDENTITY: %w", err)
	}
	st := Store(cfg, rdb)
	tally := st.NewTally(callLimits(limits))
	options := cloud.Options{
		EndpointURL: cfg.AWSEndpointURL, RequestTimeout: cfg.AWSRequestTimeout, MaxAttempts: cfg.AWSMaxAttempts,
		ServerCredentials: cfg.ServerCredentials, Budget: store.Budget{Store: st}, Limits: limits, Log: log,
		Names: scanners.Action, Observe: observeCalls(metrics, tally),
	}
	sim, err := demo.account()
	if err != nil {
		return nil, err
	}
	if sim != nil {
		options.EndpointURL = ""
		options.Configure = sim.Install
	}
	c, err := cloud.New(ctx, options)
	if err != nil {
		return nil, err
	}
	list := live.New(pricing.Embedded(), store.Prices{Store: st}, time.Now)
	var learn learner
	if cfg.PriceRefresh == "job" {
		learn = func(ctx context.Context, a account, rs []tracker.Resource) {
			// Without an answer costs say so themselves: that prices are another region's, or unknown.
			if err := list.Learn(ctx, a.Config(live.Endpoint), rs); err != nil {
				log.WarnContext(ctx, "prices not refreshed", "account", a.AccountID(), "err", err)
			}
		}
	}
	for _, r := range savings.Catalog {
		metrics.KnowRule(r.Name)
	}
	for _, a := range actions.Catalog() {
		metrics.KnowVerb(a.Verb)
	}
	events, err := webhookSettings(cfg, keys)
	if err != nil {
		return nil, err
	}
	if h != nil {
		metrics.WatchEstate(func(ctx context.Context) (telemetry.Estate, error) { return estate(ctx, h) }, log)
	}
	return jobs.NewWorker(jobs.Options{
		History: keeping(cfg, h, st, demo, log), Store: st, Redis: rdb, Opener: keys, Open: openAccount(c, cfg.ProtectTags, learn), Types: scanners.Types(),
		Actions: actions.Catalog(), OrganizationRole: cfg.OrganizationRole, Price: list.Price, Saving: Saving(list), Findings: Findings(list, cfg.ProtectTags, h),
		Concurrency: cfg.WorkerConcurrency, Cells: cfg.CellConcurrency, Poll: cfg.QueuePoll,
		Rules: Rules(cfg),
		Grace: cfg.ShutdownGrace, Timeout: cfg.ScanTimeout, Log: log, Webhooks: events, Tally: tally,
		Metrics: jobs.Metrics{
			Scans: scans.Metrics{
				Cell: metrics.Cell, PutBack: metrics.PutBack, Job: metrics.Job, Scan: metrics.Scan, Found: metrics.Found,
				Redispatch: func() { metrics.Redispatch(); tally.Redispatched() },
			},
			Plans: plans.Metrics{Plan: metrics.Plan, Item: metrics.Item},
			Tick:  metrics.Tick,
			Kept:  metrics.Kept, Exported: metrics.Exported, Billed: metrics.Billed,
		},
	}), nil
}
