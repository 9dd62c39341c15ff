package e2e

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// system is the API and a worker in this process, on a redis-server of their
// own and a simulated account, whose calls can be counted.
type system struct {
	account *simulator.Account
	url     string
}

// setup is what a system is built of, as far as tests change it.
type setup struct {
	cloud cloud.Options
	jobs  jobs.Options
	// wrap stands between the jobs and their account.
	wrap func(plans.Actor) kernel.Account
}

// unlimited lets the account be called as often as it can be.
func unlimited(s *setup) {
	s.cloud.Budget = nil
}

func newSystem(t testing.TB, o simulator.Options, changes ...func(*setup)) *system {
	t.Helper()
	account := simulator.New(o)
	rdb := socketRedis(t)
	s := store.New(rdb, store.Options{})
	sealer, opener := keyPair(t)
	built := setup{
		cloud: cloud.Options{Configure: account.Install, Budget: store.Budget{Store: s}, Names: scanners.Action},
		jobs: jobs.Options{
			Store: s, Redis: rdb, Opener: opener, Types: scanners.Types(), Actions: actions.Catalog(), Confirm: time.Millisecond,
			Price: pricing.Embedded().Price, Findings: parts.Findings(pricing.Embedded(), nil, nil), Saving: parts.Saving(pricing.Embedded()),
		},
		wrap: func(a plans.Actor) kernel.Account { return a },
	}
	for _, change := range changes {
		change(&built)
	}
	c, err := cloud.New(t.Context(), built.cloud)
	if err != nil {
		t.Fatal(err)
	}
	open := parts.OpenAccount(c, []string{"protected"})
	built.jobs.Open = func(ctx context.Context, creds tracker.Credentials) (kernel.Account, error) {
		a, err := open(ctx, creds)
		if err != nil {
			return nil, err
		}
		return built.wrap(a.(plans.Actor)), nil
	}
	worker := jobs.NewWorker(built.jobs)
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(worker.Stop)

	handler, err := api.New(api.Options{
		Jobs: jobs.NewClient(jobs.ClientOptions{
			Store: s, Queue: asynq.NewClientFromRedisClient(rdb), Actions: built.jobs.Actions, Rules: built.jobs.Rules,
		}),
		Results: s, Plans: store.Plans{Store: s}, Audit: store.Audit{Store: s}, Accounts: store.Accounts{Store: s}, Sealer: sealer, Types: parts.Types(), APIKeys: []string{apiKey},
		Actions: built.jobs.Actions,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(handler.Close)
	return &system{account, server.URL}
}

// keyPair is both ends of the sealing of credentials.
func keyPair(t testing.TB) (*sealing.Sealer, *sealing.Opener) {
	t.Helper()
	recipient, identity, err := sealing.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := sealing.NewSealer(recipient)
	if err != nil {
		t.Fatal(err)
	}
	opener, err := sealing.NewOpener(identity)
	if err != nil {
		t.Fatal(err)
	}
	return sealer, opener
}

func (s *system) client(t testing.TB) *client {
	t.Helper()
	return &client{t: t, url: s.url, key: apiKey}
}

// socketRedis is a redis-server on a unix socket.
func socketRedis(t testing.TB) redis.UniversalClient {
	t.Helper()
	dir := t.TempDir()
	socket := filepath.Join(dir, "redis.sock")
	p := start(t, nil, dir, "redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir,
		"--appendonly", "yes", "--maxmemory-policy", "noeviction")
	rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, PoolSize: 128})
	t.Cleanup(func() { _ = rdb.Close() })
	if err := p.ready(20*time.Second, func(ctx context.Context) bool { return rdb.Ping(ctx).Err() == nil }); err != nil {
		t.Fatal(err)
	}
	return rdb
}
