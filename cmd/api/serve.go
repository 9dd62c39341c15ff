package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/edge"
	"github.com/consolesensei/resource-tracker/internal/embedded"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/internal/signin"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/telemetry/monitoring"
)

// serve runs the API, and without REDIS_URL all that it needs, until ctx ends.
func serve(ctx context.Context, demo parts.Demo, getenv func(string) string, stdout, stderr io.Writer) error {
	cfg, err := config.Load(getenv, config.API)
	if err != nil {
		return err
	}
	if (demo.On || demo.Options != "") && !cfg.Embedded() {
		return errors.New("-demo runs the worker in this process; with REDIS_URL, give it to cmd/worker")
	}
	log, closeLog, err := parts.Log(cfg, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = closeLog() }()

	parts.WarnOpen(ctx, cfg, log)

	// Take the port first: nothing has to be undone when it is not free.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(cfg.Host, strconv.Itoa(cfg.Port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("PORT: %d is taken by another program: set PORT to another one, or to 0 for a free one", cfg.Port)
	}
	if err != nil {
		return fmt.Errorf("HOST and PORT: %w", err)
	}
	defer func() { _ = listener.Close() }()

	stopTracing, err := parts.Tracing(ctx, getenv, config.API, log)
	if err != nil {
		return err
	}
	defer stopTracing()

	var rdb redis.UniversalClient
	var metrics *telemetry.Metrics
	about := "results are kept in the Redis that REDIS_URL names"
	var gone <-chan struct{} // closed when a Redis of our own has ended
	if cfg.Embedded() {
		own, err := startOwn(ctx, &cfg, demo, log)
		if err != nil {
			return err
		}
		defer own.stop(log)
		rdb, metrics, about = own.redis.Client(), own.metrics, own.redis.Describe()
		gone = own.redis.Done()
	} else {
		if rdb, err = embedded.Connect(cfg.RedisURL.Reveal(), parts.PoolSize(cfg)); err != nil {
			return fmt.Errorf("REDIS_URL: %w", err)
		}
		defer func() { _ = rdb.Close() }()
		if err := parts.CheckRedis(ctx, rdb, log); err != nil {
			return err
		}
		metrics = parts.Metrics(config.API, cfg, rdb, log)
	}
	stopMetrics, err := parts.ServeMetrics(ctx, cfg, metrics, rdb, log)
	if err != nil {
		return err
	}
	defer stopMetrics()
	madeKey := ""
	if cfg.Embedded() && len(cfg.ValidAPIKeys) == 0 && len(cfg.OperatorAPIKeys) == 0 {
		if madeKey, err = ownKey(cfg.DataDir); err != nil {
			return err
		}
		cfg.OperatorAPIKeys = config.Secrets{config.Secret(madeKey)}
	}
	server, err := newServer(cfg, rdb, metrics, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "AWS Resource Tracker listens on http://%s\n", listener.Addr())
	fmt.Fprintf(stdout, "Redis: %s\n", about)
	if demo.On || demo.Options != "" {
		fmt.Fprintln(stdout, "Demo: scans see a simulated AWS account; any keys will do")
	}
	if madeKey != "" {
		fmt.Fprintf(stdout, "The API key is kept in %s. Paste the next two lines into another terminal:\n", filepath.Join(cfg.DataDir, ownKeyFile))
		fmt.Fprintf(stdout, "export TRACKER_URL=http://%s TRACKER_API_KEY=%s\n%s\n", listener.Addr(), madeKey, firstCommand)
	}
	bounded := edge.Listener(listener, edge.Limits{
		Connections: cfg.MaxConnections, PerAddress: cfg.MaxConnectionsPerAddress, Trusted: cfg.TrustedProxies,
	})
	return listen(ctx, bounded, server, cfg.ShutdownGrace, gone)
}

// firstCommand is what a stranger tries first.
const firstCommand = `curl -s "$TRACKER_URL/api/v1/whoami" -H "X-API-Key: $TRACKER_API_KEY"`

func newServer(cfg config.Config, rdb redis.UniversalClient, metrics *telemetry.Metrics, log *slog.Logger) (*api.Server, error) {
	sealer, err := sealing.NewSealer(cfg.CredentialsRecipient)
	if err != nil {
		return nil, fmt.Errorf("CREDENTIALS_RECIPIENT: %w", err)
	}
	st := parts.Store(cfg, rdb)
	client := jobs.NewClient(jobs.ClientOptions{
		Store: st, Queue: asynq.NewClientFromRedisClient(rdb), Timeout: cfg.ScanTimeout, Organization: cfg.OrganizationRole != "",
		Actions: actions.Catalog(), Rules: parts.Rules(cfg), Ended: metrics.Job,
		Sealer: sealer, Guard: parts.Guard(cfg), Mail: cfg.SMTPURL != "",
	})
	o := api.Options{
		Jobs: client, Results: st, Plans: store.Plans{Store: st}, Audit: store.Audit{Store: st}, Keys: store.Keys{Store: st}, Tenants: store.Tenants{Store: st}, Accounts: store.Accounts{Store: st},
		Sessions: store.Sessions{Store: st, Life: cfg.SessionLife},
		Sealer:   sealer, Types: parts.Types(), Uncovered: parts.Uncovered(),
		APIKeys: cfg.ValidAPIKeys.Reveal(), SecretKey: cfg.SecretKey.Reveal(), OldSecretKey: cfg.OldSecretKey.Reveal(), CORSOrigins: cfg.CORSOrigins, TrustedProxies: cfg.TrustedProxies,
		Actions: actions.Catalog(), Approvers: cfg.ActionApprovers, MaxItems: cfg.ActionMaxItems, ActionWait: cfg.ActionWait,
		Wait: cfg.ScanWait, MaxWorkers: cfg.MaxWorkers, ScanTimeout: cfg.ScanTimeout, MaxScanTimeout: cfg.ScanTimeout,
		ServerCredentials: cfg.ServerCredentials, Log: log, MaxFilterBody: cfg.MaxBodyBytes,
		MaxStreams: cfg.MaxStreams, MaxStreamsEach: cfg.MaxStreamsPerTenant,
		MaxTokenLife: cfg.JWTExpiration, TokenIssuer: cfg.JWTIssuer, TokenAudience: cfg.JWTAudience, Transient: store.Transient,
		Quotas: store.NewQuotas(st), AddressLimits: cfg.Quotas,
		OperatorKeys: cfg.OperatorAPIKeys.Reveal(), Observe: metrics.Request,
		Setup: setUp, Principal: cfg.ServerPrincipal,
		Policy: func(permissions []string) json.RawMessage { return policy.JSON(policy.Grant(permissions)) },
	}
	if cfg.OIDCIssuer != "" {
		o.Issuer = signin.New(signin.Options{
			URL: cfg.OIDCIssuer, ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret.Reveal(), RedirectURL: cfg.OIDCRedirectURL,
			Scopes: cfg.OIDCScopes, GroupsClaim: cfg.OIDCGroupsClaim, Roles: cfg.OIDCRoles, MaxLife: cfg.JWTExpiration,
		})
	}
	if len(o.OperatorKeys) > 0 || o.Issuer != nil {
		o.Metrics = metrics.Handler()
	}
	if cfg.MonitoringOn {
		o.Monitoring = monitoring.New(rdb, cfg.MonitoringLocked)
	}
	return api.New(o)
}

// errRedisGone ends a program whose private Redis has ended: it has nothing to work on.
var errRedisGone = errors.New("the private Redis ended by itself: start again, on the same data")

// listen serves until ctx ends, and then lets answers end within grace. It ends at once
// when gone is closed.
func listen(ctx context.Context, l net.Listener, server *api.Server, grace time.Duration, gone <-chan struct{}) error {
	srv := &http.Server{
		Handler: edge.Handler(server, edge.DefaultTimes), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	srv.RegisterOnShutdown(server.Close)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-gone:
		return errors.Join(errRedisGone, srv.Close())
	case <-ctx.Done():
	}
	shut, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := srv.Shutdown(shut); err != nil {
		return fmt.Errorf("some answers did not end within the grace period: %w", errors.Join(err, srv.Close()))
	}
	return nil
}

// own is what the API brings along when nothing is configured.
type own struct {
	redis   *embedded.Server
	worker  *jobs.Worker
	metrics *telemetry.Metrics
}

// startOwn starts a private Redis and a worker in this process, with the key pair of the
// data folder: what is sealed in that Redis can be opened after a restart.
func startOwn(ctx context.Context, cfg *config.Config, demo parts.Demo, log *slog.Logger) (*own, error) {
	recipient, identity, err := ownIdentity(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	cfg.CredentialsRecipient = recipient
	rdb, err := embedded.Start(ctx, cfg.DataDir, log)
	if err != nil {
		return nil, err
	}
	metrics := parts.Metrics(config.API, *cfg, rdb.Client(), log)
	w, err := parts.Worker(ctx, *cfg, rdb.Client(), identity, demo, metrics, log)
	if err == nil {
		err = w.Start()
	}
	if err != nil {
		return nil, errors.Join(err, rdb.Close())
	}
	return &own{rdb, w, metrics}, nil
}

func (o *own) stop(log *slog.Logger) {
	o.worker.Stop()
	if err := o.redis.Close(); err != nil {
		log.Warn("the private Redis did not end well", "err", err)
	}
}
