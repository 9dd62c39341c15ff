package parts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Metrics builds the metrics of a program, with those of its Redis and of the
// queues in it.
func Metrics(program config.Program, cfg config.Config, rdb redis.UniversalClient, log *slog.Logger) *telemetry.Metrics {
	m := telemetry.NewMetrics(string(program))
	m.WatchRedis(rdb)
	st := Store(cfg, rdb)
	m.WatchQueues(rdb, kernel.QueueNames(st.Shards()), log)
	m.WatchBacklog(func(ctx context.Context) (telemetry.Backlog, error) { return backlog(ctx, st) }, log)
	m.WatchNodes(rdb, cfg.Sentinel(), log)
	return m
}

func backlog(ctx context.Context, st *store.Store) (telemetry.Backlog, error) {
	workers, err := st.Workers(ctx)
	if err != nil {
		return telemetry.Backlog{}, err
	}
	b, err := st.Backlog(ctx)
	jobs := map[tracker.Lane]telemetry.OpenJobs{}
	for lane, n := range b.Jobs {
		jobs[lane] = telemetry.OpenJobs{Count: n, Oldest: b.Oldest[lane]}
	}
	return telemetry.Backlog{Workers: workers, Jobs: jobs, Plans: b.Plans, Late: b.Late, Records: b.Records}, err
}

// Operations answers how the service is: what metrics have looked at, and what workers told
// of their calls to AWS.
func Operations(m *telemetry.Metrics, st *store.Store, log *slog.Logger) func(context.Context) tracker.Operations {
	return func(ctx context.Context) tracker.Operations {
		ctx, cancel := context.WithTimeout(ctx, operationsTime)
		defer cancel()
		o := m.Operations(ctx)
		o.At = st.Now().UTC()
		calls, lost, err := st.CallsToAWS(ctx)
		if err != nil {
			log.WarnContext(ctx, "calls to AWS are not known", "err", err)
			return o
		}
		o.Calls, o.Lost = &calls, &lost
		return o
	}
}

// operationsTime is how long looks may take whose answer is waited for.
const operationsTime = 8 * time.Second

// callLimits are limits of calls as they are told, in the order of their names.
func callLimits(limits cloud.Limits) []tracker.CallLimit {
	var out []tracker.CallLimit
	for _, api := range slices.Sorted(maps.Keys(limits)) {
		l := limits[api]
		out = append(out, tracker.CallLimit{API: api, PerSecond: l.PerSecond, Burst: l.Burst, Most: l.Most, Budget: l.Bucket})
	}
	return out[:min(len(out), mostLimits)]
}

// mostLimits bounds what a process tells of its limits.
const mostLimits = 300

// well are AWS's answers that are errors in form only.
var well = map[string]bool{"": true, "DryRunOperation": true}

func observeCalls(m *telemetry.Metrics, tally *store.Tally) func(context.Context, cloud.Call) {
	return func(ctx context.Context, c cloud.Call) {
		if c.Sent {
			kernel.Called(ctx)
		}
		tally.Count(store.Attempt{
			Service: c.Service, Unsent: !c.Sent, Throttled: c.Throttled, Failed: c.Sent && !c.Throttled && !well[c.Code], Waited: c.Waited,
		})
		m.Call(ctx, telemetry.Call{
			Service: c.Service, Operation: c.Operation, Code: c.Code, Throttled: c.Throttled, Unsent: c.Code == cloud.CodeBudget,
			Waited: c.Waited, Elapsed: c.Elapsed,
		})
	}
}

// ServeMetrics serves the metrics on METRICS_ADDR, if it is set, until stop is
// called.
func ServeMetrics(ctx context.Context, cfg config.Config, m *telemetry.Metrics, rdb redis.UniversalClient, log *slog.Logger) (stop func(), err error) {
	if cfg.MetricsAddr == "" {
		return func() {}, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.MetricsAddr)
	if err != nil {
		return nil, fmt.Errorf("METRICS_ADDR: %w", err)
	}
	srv := &http.Server{
		Handler:           m.Pages(func(ctx context.Context) error { return rdb.Ping(ctx).Err() }),
		ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are not served any more", "err", err)
		}
	}()
	log.InfoContext(ctx, "metrics are served", "address", listener.Addr().String())
	return func() {
		_ = srv.Close() // a scrape that is cut off is repeated
		<-done
	}, nil
}

// Tracing starts tracing where the environment asks for it. stop sends what is
// left, within a few seconds.
func Tracing(ctx context.Context, getenv func(string) string, program config.Program, log *slog.Logger) (stop func(), err error) {
	shutdown, err := telemetry.StartTracing(ctx, getenv, string(program), log)
	if err != nil {
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := shutdown(ctx); err != nil {
			log.Warn("some traces were not sent", "err", err)
		}
	}, nil
}
