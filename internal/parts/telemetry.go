package parts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
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
	m.WatchMemory(rdb, log)
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

func observeCalls(m *telemetry.Metrics) func(context.Context, cloud.Call) {
	return func(ctx context.Context, c cloud.Call) {
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
