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
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/sealing"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/store"
)

// system is the API and a worker in this process, on a redis-server of their
// own and a simulated account, whose calls can be counted.
type system struct {
	account *simulator.Account
	url     string
}

func newSystem(t testing.TB, o simulator.Options) *system {
	t.Helper()
	account := simulator.New(o)
	rdb := socketRedis(t)
	s := store.New(rdb, store.Options{})
	c, err := cloud.New(t.Context(), cloud.Options{Configure: account.Install, Budget: store.Budget{Store: s}})
	if err != nil {
		t.Fatal(err)
	}
	sealer, opener := keyPair(t)

	worker := jobs.NewWorker(jobs.Options{
		Store: s, Redis: rdb, Opener: opener, Types: scanners.Types(),
		Open: parts.OpenAccount(c, []string{"protected"}), Actions: actions.Catalog(), Confirm: time.Millisecond,
		Price: pricing.Embedded().Price, Findings: parts.Findings(pricing.Embedded()),
	})
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(worker.Stop)

	handler, err := api.New(api.Options{
		Jobs:    &jobs.Client{Store: s, Queue: asynq.NewClientFromRedisClient(rdb), Actions: actions.Catalog()},
		Results: s, Sealer: sealer,
		Types: parts.Types(), Actions: actions.Catalog(), CheckAction: parts.CheckAction, APIKeys: []string{apiKey},
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
