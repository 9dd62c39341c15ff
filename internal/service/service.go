// Package service runs the API: alone with a Redis that is configured, or with a private
// Redis and a worker in the same process. cmd/api is such a service, and the command line
// without a server starts one for itself.
package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/edge"
	"github.com/consolesensei/resource-tracker/internal/embedded"
	"github.com/consolesensei/resource-tracker/internal/older"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/redisurl"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
)

// Options are what a service is started with. All but Demo, Keep and Bare are needed.
type Options struct {
	Config config.Config
	Demo   parts.Demo          // only where Config names no Redis
	Keep   bool                // what a private Redis in memory holds, in a file when it ends well
	Bare   bool                // a demo without examples of what a service has that is in use
	Getenv func(string) string // what the exporters of traces are configured by
	Log    *slog.Logger
}

// Service is a running API, with all that it brings along.
type Service struct {
	// URL is where it listens.
	URL string
	// Redis says in a line what its Redis is, and where that keeps its data.
	Redis string
	// Key is the API key that a service with a private Redis made at its first start, and
	// KeyFile where it is kept. Both are empty when the settings name keys.
	Key, KeyFile string
	// Kept says whether the data of a private Redis survives a restart.
	Kept bool

	grace   time.Duration
	signIn  string // the key that a sign-in link stands for; empty where there is none
	store   *store.Store
	history *history.Store // nil where none is kept
	api     *api.Server
	http    *http.Server
	served  chan error      // how serving ended
	gone    <-chan struct{} // closed when a private Redis has ended
	undo    []func()        // in the order in which things were started
}

// errRedisGone ends a program whose private Redis has ended: it has nothing to work on.
var errRedisGone = errors.New("the private Redis ended by itself: start again, on the same data")

// Start starts a service and returns when it listens. The caller calls Wait.
func Start(ctx context.Context, o Options) (_ *Service, err error) {
	if o.Demo.Wanted() && !o.Config.Embedded() {
		return nil, errors.New("-demo runs the worker in this process; with REDIS_URL, give it to cmd/worker")
	}
	if o.Demo.Wanted() {
		o.Config.ServerCredentials = true // those of the simulated account
	}
	s := &Service{grace: o.Config.ShutdownGrace, served: make(chan error, 1)}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	parts.WarnOpen(ctx, o.Config, o.Log)

	// Take the port first: nothing has to be undone when it is not free.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(o.Config.Host, strconv.Itoa(o.Config.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("PORT: %d is taken by another program: set PORT to another one, or to 0 for a free one", o.Config.Port)
	}
	if err != nil {
		return nil, fmt.Errorf("HOST and PORT: %w", err)
	}
	s.later(func() { _ = listener.Close() })
	s.URL = "http://" + listener.Addr().String()

	stopTracing, err := parts.Tracing(ctx, o.Getenv, config.API, o.Log)
	if err != nil {
		return nil, err
	}
	s.later(stopTracing)
	if s.history, err = parts.History(ctx, o.Config); err != nil {
		return nil, err
	}
	if s.history != nil {
		s.later(func() { _ = s.history.Close() })
	}
	rdb, metrics, err := s.connect(ctx, &o)
	if err != nil {
		return nil, err
	}
	stopMetrics, err := parts.ServeMetrics(ctx, o.Config, metrics, rdb, o.Log)
	if err != nil {
		return nil, err
	}
	s.later(stopMetrics)
	if o.Config.Embedded() && len(o.Config.ValidAPIKeys) == 0 && len(o.Config.OperatorAPIKeys) == 0 {
		if s.Key, err = ownKey(o.Config.DataDir); err != nil {
			return nil, err
		}
		s.KeyFile = filepath.Join(o.Config.DataDir, ownKeyFile)
		o.Config.OperatorAPIKeys = config.Secrets{config.Secret(s.Key)}
	}
	s.signIn = cmp.Or(slices.Concat(o.Config.OperatorAPIKeys.Reveal(), o.Config.ValidAPIKeys.Reveal())...)
	s.store = parts.Store(o.Config, rdb)
	if s.api, err = newServer(o.Config, s.store, s.history, rdb, metrics, o.Log); err != nil {
		return nil, err
	}
	handler := http.Handler(s.api)
	if o.Config.Compatibility != "" {
		handler = older.Handler(handler, older.Times{Most: o.Config.ScanTimeout})
	}
	s.serve(edge.Listener(listener, edge.Limits{
		Connections: o.Config.MaxConnections, PerAddress: o.Config.MaxConnectionsPerAddress, Trusted: o.Config.TrustedProxies,
	}), handler)
	if o.Demo.On && o.Demo.Options == "" && !o.Bare {
		s.beside(ctx, func(ctx context.Context) {
			if err := s.fillDemo(ctx, o.Config); err != nil && ctx.Err() == nil {
				o.Log.ErrorContext(ctx, "the demo lacks some of its examples", "err", err)
			}
		})
	}
	return s, nil
}

// beside runs work until it is done or the service ends.
func (s *Service) beside(ctx context.Context, work func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	s.later(func() {
		cancel()
		<-done
	})
}

// Workers counts the workers that are alive.
func (s *Service) Workers(ctx context.Context) (int, error) { return s.store.Workers(ctx) }

// SignInLink is an address that signs a browser on this machine in to the console, once.
func (s *Service) SignInLink(ctx context.Context) (string, error) {
	if s.signIn == "" {
		return "", errors.New("a sign-in link stands for a key, and the settings name none")
	}
	return s.api.Link(ctx, s.URL, s.signIn)
}

// later notes what is undone when the service ends, the last first.
func (s *Service) later(undo func()) { s.undo = append(s.undo, undo) }

func (s *Service) stop() {
	for _, undo := range slices.Backward(s.undo) {
		undo()
	}
	s.undo = nil
}

// connect returns the Redis of the service: the configured one, or one of its own, which
// comes with a worker.
func (s *Service) connect(ctx context.Context, o *Options) (redis.UniversalClient, *telemetry.Metrics, error) {
	if o.Config.Embedded() {
		return s.startOwn(ctx, o)
	}
	url, err := redisurl.Parse(o.Config.RedisURL.Reveal())
	if err != nil {
		return nil, nil, fmt.Errorf("REDIS_URL: %w", err)
	}
	rdb := url.Client(parts.PoolSize(o.Config))
	s.later(func() { _ = rdb.Close() })
	if err := parts.CheckRedis(ctx, rdb, o.Log); err != nil {
		return nil, nil, err
	}
	s.Redis, s.Kept = "results are kept in the Redis that REDIS_URL names", true
	return rdb, parts.Metrics(config.API, o.Config, rdb, o.Log), nil
}

// startOwn starts a private Redis and a worker in this process, with the key pair of the
// data folder: what is sealed in that Redis can be opened after a restart.
func (s *Service) startOwn(ctx context.Context, o *Options) (redis.UniversalClient, *telemetry.Metrics, error) {
	recipient, identity, err := ownIdentity(o.Config.DataDir)
	if err != nil {
		return nil, nil, err
	}
	o.Config.CredentialsRecipient = recipient
	begin := embedded.Start
	if o.Keep {
		begin = embedded.StartKept
	}
	own, err := begin(ctx, o.Config.DataDir, o.Log)
	if err != nil {
		return nil, nil, err
	}
	s.later(func() {
		if err := own.Close(); err != nil {
			o.Log.Warn("the private Redis did not end well", "err", err)
		}
	})
	s.Redis, s.Kept, s.gone = own.Describe(), own.Persistent(), own.Done()
	metrics := parts.Metrics(config.API, o.Config, own.Client(), o.Log)
	var w *jobs.Worker
	if w, err = parts.Worker(ctx, o.Config, own.Client(), s.history, identity, o.Demo, metrics, o.Log); err == nil {
		err = w.Start()
	}
	if err != nil {
		return nil, nil, err
	}
	s.later(w.Stop)
	return own.Client(), metrics, nil
}

func (s *Service) serve(l net.Listener, handler http.Handler) {
	s.http = &http.Server{
		Handler: edge.Handler(handler, edge.DefaultTimes), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	s.http.RegisterOnShutdown(s.api.Close)
	go func() { s.served <- s.http.Serve(l) }()
}

// Wait waits until ctx ends, lets answers end within the grace period, and stops all that
// the service has started. It ends by itself, with an error, when serving fails or the
// private Redis has ended.
func (s *Service) Wait(ctx context.Context) error {
	defer s.stop()
	select {
	case err := <-s.served:
		return fmt.Errorf("serve: %w", err)
	case <-s.gone:
		return errors.Join(errRedisGone, s.http.Close())
	case <-ctx.Done():
	}
	shut, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
	defer cancel()
	if err := s.http.Shutdown(shut); err != nil {
		return fmt.Errorf("some answers did not end within the grace period: %w", errors.Join(err, s.http.Close()))
	}
	return nil
}
