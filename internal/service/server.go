package service

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/internal/sealing"
	"github.com/consolesensei/resource-tracker/internal/signin"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/telemetry/monitoring"
	"github.com/consolesensei/resource-tracker/web"
)

// newServer builds the API on a store, the queues of its Redis, and a history, which may be nil.
func newServer(cfg config.Config, st *store.Store, h *history.Store, rdb redis.UniversalClient, metrics *telemetry.Metrics, log *slog.Logger) (*api.Server, error) {
	sealer, err := sealing.NewSealer(cfg.CredentialsRecipient)
	if err != nil {
		return nil, fmt.Errorf("CREDENTIALS_RECIPIENT: %w", err)
	}
	client := jobs.NewClient(jobs.ClientOptions{
		Store: st, Queue: asynq.NewClientFromRedisClient(rdb), Timeout: cfg.ScanTimeout, Organization: cfg.OrganizationRole != "",
		Actions: actions.Catalog(), Rules: parts.Rules(cfg), Ended: metrics.Job,
		Sealer: sealer, Guard: parts.Guard(cfg), Mail: cfg.SMTPURL != "",
	})
	o := api.Options{
		Jobs: client, Results: st, Plans: store.Plans{Store: st}, Audit: store.Audit{Store: st}, Keys: store.Keys{Store: st}, Tenants: store.Tenants{Store: st}, Accounts: store.Accounts{Store: st},
		Sessions: store.Sessions{Store: st, Life: cfg.SessionLife},
		Sealer:   sealer, Types: parts.Types(), Uncovered: parts.Uncovered(),
		APIKeys: cfg.ValidAPIKeys.Reveal(), NamelessTokens: cfg.Compatibility != "", SecretKey: cfg.SecretKey.Reveal(), OldSecretKey: cfg.OldSecretKey.Reveal(), CORSOrigins: cfg.CORSOrigins, TrustedProxies: cfg.TrustedProxies,
		Actions: actions.Catalog(), Approvers: cfg.ActionApprovers, MaxItems: cfg.ActionMaxItems, ActionWait: cfg.ActionWait,
		Wait: cfg.ScanWait, MaxWorkers: cfg.MaxWorkers, ScanTimeout: cfg.ScanTimeout, MaxScanTimeout: cfg.ScanTimeout,
		ServerCredentials: cfg.ServerCredentials, Log: log, MaxFilterBody: cfg.MaxBodyBytes,
		MaxStreams: cfg.MaxStreams, MaxStreamsEach: cfg.MaxStreamsPerTenant,
		MaxTokenLife: cfg.JWTExpiration, TokenIssuer: cfg.JWTIssuer, TokenAudience: cfg.JWTAudience, Transient: store.Transient,
		Quotas: store.NewQuotas(st), AddressLimits: cfg.Quotas,
		OperatorKeys: cfg.OperatorAPIKeys.Reveal(), Observe: metrics.Request,
		Console: web.Files(),
		Setup:   parts.SetUp, Principal: cfg.ServerPrincipal,
		Policy: func(permissions []string) json.RawMessage { return policy.JSON(policy.Grant(permissions)) },
	}
	o.Operations = parts.Operations(metrics, st, log)
	if cfg.OIDCIssuer != "" {
		o.Issuer = signin.New(signin.Options{
			URL: cfg.OIDCIssuer, ClientID: cfg.OIDCClientID, ClientSecret: cfg.OIDCClientSecret.Reveal(), RedirectURL: cfg.OIDCRedirectURL, DeviceClientID: cfg.DeviceClient(),
			Scopes: cfg.OIDCScopes, GroupsClaim: cfg.OIDCGroupsClaim, Roles: cfg.OIDCRoles, MaxLife: cfg.JWTExpiration,
		})
		o.Device = api.DeviceLogin{Issuer: cfg.OIDCIssuer, ClientID: cfg.DeviceClient(), Scopes: cfg.OIDCScopes}
	}
	if len(o.OperatorKeys) > 0 || o.Issuer != nil {
		o.Metrics = metrics.Handler()
	}
	if h != nil {
		o.History, o.Noisy = h, scanners.Noise
		o.Ready = append(o.Ready, api.Check{Name: "history", Run: h.Ping})
	}
	if cfg.MonitoringOn {
		o.Monitoring = monitoring.New(rdb, cfg.MonitoringLocked)
	}
	return api.New(o)
}
