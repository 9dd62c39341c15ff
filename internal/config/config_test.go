package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write .env.example")

const (
	key      = "MARKER-key-0123456789"
	otherKey = "MARKER-key-9876543210"
	signing  = "MARKER-0123456789abcdef0123456789abcdef"
	secret   = "AGE-SECRET-KEY-1MARKER"
	public   = "age1qqqq"
	redis    = "redis://:MARKER@127.0.0.1:6379/0"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

func TestDefaults(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/cache")
	got, err := Load(env(nil), API)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Program: API, Host: "127.0.0.1", Port: 5000, MaxBodyBytes: 32 << 20, MaxConnections: 2048, MaxConnectionsPerAddress: 256, MaxStreams: 2000, MaxStreamsPerTenant: 200,
		JWTExpiration: 24 * time.Hour, OIDCScopes: []string{"openid", "profile", "email"}, OIDCGroupsClaim: "groups", SessionLife: 12 * time.Hour, MonitoringLocked: true,
		DatabaseMigrate: true, HistoryRetention: 400 * 24 * time.Hour, TrendRetention: 3650 * 24 * time.Hour, FindingsRetention: 400 * 24 * time.Hour,
		LogFormat: "text", DataDir: "/cache/resource-tracker", ScanTimeout: 10 * time.Minute, ScanRetention: 24 * time.Hour,
		AWSRequestTimeout: 30 * time.Second, AWSMaxAttempts: 3, PriceRefresh: "off", WorkerConcurrency: 32, CellConcurrency: 256,
		ActionWait: 15 * time.Second, ActionMaxItems: 200, ActionMaxShare: 50, ProtectTags: []string{"protected", "do-not-delete"},
		PlanExpiry: 24 * time.Hour, PlanRetention: 30 * 24 * time.Hour, AuditRetention: 365 * 24 * time.Hour,
		Quotas: tracker.DefaultLimits(), QueuePoll: 20 * time.Millisecond, ShutdownGrace: 25 * time.Second,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}), cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Error(diff)
	}
	if !got.Embedded() {
		t.Error("not embedded")
	}
}

func TestEverySettingIsRead(t *testing.T) {
	given := map[string]string{
		"HOST": "0.0.0.0", "PORT": "0", "COMPATIBILITY": "V1", "VALID_API_KEYS": key + ", " + otherKey + ",", "OPERATOR_API_KEYS": key, "SECRET_KEY": signing, "OLD_SECRET_KEY": signing,
		"JWT_EXPIRATION_HOURS": "1", "CORS_ORIGINS": "https://a.example, http://localhost:3000", "MAX_BODY_BYTES": "2048",
		"MAX_CONNECTIONS": "99", "MAX_CONNECTIONS_PER_ADDRESS": "9", "MAX_STREAMS": "98", "MAX_STREAMS_PER_TENANT": "8", "TRUSTED_PROXIES": "10.0.0.7, 192.168.0.0/16, fd00::/8",
		"MONITORING_ENABLED": "TRUE", "MONITORING_READ_ONLY": "no", "METRICS_ADDR": ":9090",
		"LOG_LEVEL": "WARNING", "LOG_FORMAT": "JSON", "LOG_FILE": "/var/log/x", "REDIS_URL": "", "DATA_DIR": "/data",
		"DATABASE_URL": "postgres://tracker:MARKER@db.example.com/tracker", "DATABASE_MIGRATE": "false", "HISTORY_TAGS": "team, cost:center",
		"HISTORY_RETENTION_DAYS": "90", "HISTORY_TREND_RETENTION_DAYS": "91", "HISTORY_FINDINGS_RETENTION_DAYS": "92", "HISTORY_EXPORT": "s3://lake/tracker/", "BILLED_FILES": "/focus",
		"CREDENTIALS_RECIPIENT": public, "CREDENTIALS_IDENTITY": secret + "," + secret,
		"SCAN_TIMEOUT_SECONDS": "60", "SCAN_CACHE_TTL_HOURS": "2", "SCAN_WAIT_SECONDS": "30", "AWS_MAX_WORKERS": "5",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:5001", "AWS_REQUEST_TIMEOUT": "5", "AWS_MAX_RETRIES": "4",
		"AWS_CALL_LIMITS": "ec2:DescribeInstances=20/100,logs:*=10.5", "ALLOW_SERVER_CREDENTIALS": "1", "ORGANIZATION_ROLE": "audit", "PRICE_REFRESH": "job",
		"SERVER_PRINCIPAL_ARN": "arn:aws:iam::999999999999:role/tracker",
		"ACTION_WAIT_SECONDS":  "7", "ACTION_MAX_ITEMS": "8", "ACTION_MAX_SHARE_PERCENT": "9", "ACTIONS_REQUIRE_APPROVAL": "true",
		"ACTION_APPROVERS": "jwt:bob, key:0a1b2c3d, oidc:42",
		"OIDC_ISSUER":      "https://login.example.com/x", "OIDC_CLIENT_ID": "tracker", "OIDC_CLIENT_SECRET": "MARKER", "OIDC_REDIRECT_URL": "https://tracker.example.com/api/v1/auth/callback",
		"OIDC_DEVICE_CLIENT_ID": "tracker-cli",
		"OIDC_SCOPES":           "openid, groups", "OIDC_GROUPS_CLAIM": "roles", "OIDC_ROLES": "platform admins=default/admin, cn=devs=acme/operator", "SESSION_HOURS": "8",
		"JWT_ISSUER": "https://issuer.example.com", "JWT_AUDIENCE": "tracker", "SCHEDULE_ANY_ACTION": "true", "PROTECT_TAGS": "keep", "PLAN_EXPIRY_HOURS": "10",
		"PLAN_RETENTION_DAYS": "11", "AUDIT_RETENTION_DAYS": "12",
		"PUBLIC_URL": "https://tracker.example.com", "WEBHOOK_ALLOW": "10.0.0.0/8", "WEBHOOK_CA_FILE": "/ca.pem",
		"SMTP_URL": "smtps://u:MARKER@mail.example.com", "SMTP_FROM": "tracker@example.com",
		"QUOTAS": "jobs=3, address.failures=0", "WORKER_CONCURRENCY": "3", "CELL_CONCURRENCY": "4", "QUEUE_POLL_MS": "50", "SHUTDOWN_GRACE_SECONDS": "6",
	}
	for _, s := range Settings() {
		if _, ok := given[s.Name]; !ok {
			t.Errorf("%s is not in this test", s.Name)
		}
	}
	got, err := Load(env(given), API)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Program: API, Host: "0.0.0.0", Port: 0, Compatibility: "v1", MaxBodyBytes: 2048, CORSOrigins: []string{"https://a.example", "http://localhost:3000"},
		MaxConnections: 99, MaxConnectionsPerAddress: 9, MaxStreams: 98, MaxStreamsPerTenant: 8, TrustedProxies: []netip.Prefix{
			netip.MustParsePrefix("10.0.0.7/32"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fd00::/8"),
		},
		SecretKey: signing, OldSecretKey: signing, ValidAPIKeys: Secrets{key, otherKey}, OperatorAPIKeys: Secrets{key}, JWTExpiration: time.Hour,
		MonitoringOn: true, MetricsAddr: ":9090", LogLevel: slog.LevelWarn, LogFormat: "json", LogFile: "/var/log/x", DataDir: "/data",
		CredentialsRecipient: public, CredentialsIdentity: secret + "," + secret,
		DatabaseURL: "postgres://tracker:MARKER@db.example.com/tracker", HistoryTags: []string{"team", "cost:center"},
		HistoryRetention: 90 * 24 * time.Hour, TrendRetention: 91 * 24 * time.Hour, FindingsRetention: 92 * 24 * time.Hour, HistoryExport: "s3://lake/tracker", BilledFiles: "/focus",
		ScanTimeout: time.Minute, ScanRetention: 2 * time.Hour, ScanWait: 30 * time.Second, MaxWorkers: 5,
		AWSEndpointURL: "http://127.0.0.1:5001", AWSRequestTimeout: 5 * time.Second, AWSMaxAttempts: 4,
		AWSCallLimits: "ec2:DescribeInstances=20/100,logs:*=10.5", ServerCredentials: true, OrganizationRole: "audit", PriceRefresh: "job", ServerPrincipal: "arn:aws:iam::999999999999:role/tracker",
		JWTIssuer: "https://issuer.example.com", JWTAudience: "tracker",
		ActionWait: 7 * time.Second, ActionMaxItems: 8, ActionMaxShare: 9, ActionApproval: true, ActionApprovers: []string{"jwt:bob", "key:0a1b2c3d", "oidc:42"},
		OIDCIssuer: "https://login.example.com/x", OIDCClientID: "tracker", OIDCClientSecret: "MARKER", OIDCRedirectURL: "https://tracker.example.com/api/v1/auth/callback",
		OIDCDeviceClient: "tracker-cli", OIDCScopes: []string{"openid", "groups"}, OIDCGroupsClaim: "roles", SessionLife: 8 * time.Hour,
		OIDCRoles:         []tracker.GroupRole{{Group: "platform admins", Tenant: "default", Role: "admin"}, {Group: "cn=devs", Tenant: "acme", Role: "operator"}},
		ScheduleAnyAction: true, ProtectTags: []string{"keep"}, PlanExpiry: 10 * time.Hour, PlanRetention: 11 * 24 * time.Hour,
		AuditRetention: 12 * 24 * time.Hour, PublicURL: "https://tracker.example.com", WebhookAllow: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		WebhookCAFile: "/ca.pem", SMTPURL: "smtps://u:MARKER@mail.example.com", SMTPFrom: "tracker@example.com",
		Quotas:            tracker.DefaultLimits().With(tracker.Limits{tracker.QuotaJobs: 3, tracker.QuotaAddressFailures: 0}),
		WorkerConcurrency: 3, CellConcurrency: 4, QueuePoll: 50 * time.Millisecond, ShutdownGrace: 6 * time.Second,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Config{}), cmpopts.EquateComparable(netip.Prefix{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{key, otherKey}, got.ValidAPIKeys.Reveal()); diff != "" {
		t.Error(diff)
	}
}

func TestEachProblemIsNamed(t *testing.T) {
	shared := map[string]string{"REDIS_URL": redis, "VALID_API_KEYS": key, "CREDENTIALS_RECIPIENT": public, "CREDENTIALS_IDENTITY": secret}
	for _, tt := range []struct {
		program     Program
		name, value string
		want        string
	}{
		{API, "HOST", "http://x", `HOST: "http://x" is not a host`},
		{API, "PORT", "five", `PORT: "five" is not a whole number; allowed: 0 to 65535`},
		{API, "PORT", "65536", "is out of range"},
		{API, "DATABASE_URL", "mysql://u:MARKER@h/d", "DATABASE_URL: is not the URL of a PostgreSQL"},
		{API, "DATABASE_URL", "postgres://u:MARKER@h", "names no database"},
		{Worker, "HISTORY_EXPORT", "lake", `"lake" is neither an absolute path nor an s3:// URL`},
		{Worker, "BILLED_FILES", "s3:///x", `"s3:///x" names no bucket`},
		{API, "COMPATIBILITY", "v2", `"v2" is not among the choices; allowed: v1`},
		{API, "VALID_API_KEYS", key + ",MARKER", "VALID_API_KEYS: key 2 is shorter than 16 characters"},
		{API, "VALID_API_KEYS", key + "," + key, "key 2 repeats an earlier key"},
		{API, "VALID_API_KEYS", "MARKER with a space in it", "key 1 has characters"},
		{API, "SECRET_KEY", "MARKER", "SECRET_KEY: is shorter than 32 bytes"},
		{API, "SECRET_KEY", "your-secret-key-here-change-in-production", "is a placeholder"},
		{API, "JWT_EXPIRATION_HOURS", "0", "allowed: 1 to 8760"},
		{API, "OIDC_ISSUER", "http://login.example.com", "is not https"},
		{API, "OIDC_REDIRECT_URL", "https://tracker.example.com/", "does not end with /api/v1/auth/callback"},
		{API, "OIDC_SCOPES", "profile", "lacks openid"},
		{API, "OIDC_ROLES", "devs", `holds "devs", which is not group=tenant/role`},
		{API, "OIDC_ROLES", "devs=acme/root", "does not end with a tenant, / and a role"},
		{API, "OIDC_ROLES", "devs=Acme/admin", "does not end with a tenant, / and a role"},
		{API, "CORS_ORIGINS", "*,https://a.example", "mixes * with origins"},
		{API, "CORS_ORIGINS", "https://a.example/", `holds "https://a.example/", which is not an origin`},
		{API, "CORS_ORIGINS", "a.example", "is not an origin"},
		{API, "MAX_BODY_BYTES", "1", "allowed: 1024 to 1073741824"},
		{API, "MAX_CONNECTIONS", "15", "allowed: 16 to 100000"},
		{API, "WEBHOOK_ALLOW", "localhost", "which is no address and no network"},
		{API, "SMTP_URL", "smtp://u:MARKER@mail.example.com", "SMTP_URL: is not the URL of a mail server with TLS"},
		{API, "SMTP_URL", "MARKER", "SMTP_URL: is not the URL of a mail server;"},
		{API, "SMTP_URL", "smtps://u:MARKER@mail.example.com", "SMTP_FROM: is needed"},
		{API, "SMTP_FROM", "Tracker <a@example.com>", "is not an address"},
		{API, "TRUSTED_PROXIES", "10.0.0.1/8", `holds "10.0.0.1/8", which is no address and no network`},
		{API, "TRUSTED_PROXIES", "proxy.example", "is no address and no network"},
		{API, "MONITORING_ENABLED", "maybe", "is neither true nor false"},
		{API, "MONITORING_ENABLED", "true", "OPERATOR_API_KEYS: is needed"},
		{API, "CREDENTIALS_RECIPIENT", secret, "CREDENTIALS_RECIPIENT: is not a recipient"},
		{API, "CREDENTIALS_RECIPIENT", "", "CREDENTIALS_RECIPIENT: is needed"},
		{API, "VALID_API_KEYS", "", "VALID_API_KEYS: is needed"},
		{API, "SCAN_TIMEOUT_SECONDS", "9", "allowed: 10 to 86400"},
		{API, "SCAN_WAIT_SECONDS", "61", "allowed: 0 to 60"},
		{API, "AWS_MAX_WORKERS", "21", "allowed: 0 to 20"},
		{API, "REDIS_URL", "http://MARKER", "REDIS_URL: is not the URL of a Redis"},
		{API, "REDIS_URL", "MARKER", "REDIS_URL: is not a URL: address 1 has neither a scheme nor a port"},
		{API, "REDIS_URL", "redis://a,rediss://:MARKER@b", "REDIS_URL: address 2 has another scheme than address 1"},
		{API, "REDIS_URL", "redis+sentinel://a:1,b:1", "names no master"},
		{API, "LOG_LEVEL", "loud", "is not a level"},
		{API, "LOG_FORMAT", "xml", "is not among the choices"},
		{Worker, "REDIS_URL", "", "REDIS_URL: is needed"},
		{Worker, "CREDENTIALS_IDENTITY", "", "CREDENTIALS_IDENTITY: is needed"},
		{Worker, "CREDENTIALS_IDENTITY", public + "MARKER", "CREDENTIALS_IDENTITY: key 1 is not an identity"},
		{Worker, "METRICS_ADDR", "9090", "is not host:port"},
		{Worker, "AWS_ENDPOINT_URL", "https://u:MARKER@x", "AWS_ENDPOINT_URL: holds credentials"},
		{Worker, "AWS_ENDPOINT_URL", "127.0.0.1:5001", "is not a web address"},
		{Worker, "AWS_REQUEST_TIMEOUT", "1.5", "is not a whole number"},
		{Worker, "AWS_MAX_RETRIES", "11", "allowed: 1 to 10"},
		{Worker, "AWS_CALL_LIMITS", "ec2=5", `holds "ec2=5", which is not service:Operation=rate/burst`},
		{Worker, "WORKER_CONCURRENCY", "0", "allowed: 1 to 1000"},
		{Worker, "QUEUE_POLL_MS", "1", "allowed: 5 to 5000"},
	} {
		t.Run(tt.name+"="+tt.value, func(t *testing.T) {
			given := maps.Clone(shared)
			given[tt.name] = tt.value
			_, err := Load(env(given), tt.program)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v", err)
			}
			if p, ok := errors.AsType[*Problems](err); !ok || len(p.List) != 1 {
				t.Errorf("more than one problem: %v", err)
			}
			if strings.Contains(err.Error(), "MARKER") {
				t.Errorf("repeats a secret: %v", err)
			}
		})
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Load(env(map[string]string{"PORT": "x", "SECRET_KEY": "MARKER", "LOG_LEVEL": "loud", "REDIS_URL": redis}), API)
	const want = `4 settings are wrong:
  PORT: "x" is not a whole number; allowed: 0 to 65535
  SECRET_KEY: is shorter than 32 bytes; allowed: 32 bytes or more, not a placeholder
  LOG_LEVEL: "loud" is not a level; allowed: debug, info, warn or error
  CREDENTIALS_RECIPIENT: is needed: with REDIS_URL the API seals credentials to the workers' key; make a pair with: go run ./cmd/api keygen`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// A worker and an API may share one environment: each reads its own part.
func TestProgramsLookAtTheirOwnSettings(t *testing.T) {
	worker, err := Load(env(map[string]string{"REDIS_URL": redis, "CREDENTIALS_IDENTITY": secret, "PORT": "x", "SECRET_KEY": "x"}), Worker)
	if err != nil || worker.SecretKey != "" {
		t.Errorf("worker: %v", err)
	}
	api, err := Load(env(map[string]string{"REDIS_URL": redis, "CREDENTIALS_RECIPIENT": public, "VALID_API_KEYS": key, "CREDENTIALS_IDENTITY": secret, "QUEUE_POLL_MS": "x"}), API)
	if err != nil || api.CredentialsIdentity != "" || api.Embedded() {
		t.Errorf("the API holds the identity, or: %v", err)
	}
}

func TestRedisURLForms(t *testing.T) {
	for _, v := range []string{
		redis, "rediss://user:p%40ss@redis.example:6380/2", "unix:///run/redis.sock", "redis://a:6379,redis://b:6379", "a:6379,b:6379", "redis+cluster://a",
		"redis+sentinel://:pass@h1:26379,h2:26379/main/1", "rediss+sentinel://h1/main",
	} {
		if _, err := Load(env(map[string]string{"REDIS_URL": v, "CREDENTIALS_IDENTITY": secret}), Worker); err != nil {
			t.Errorf("%s: %v", v, err)
		}
	}
}

func TestNothingPrintsASecret(t *testing.T) {
	c, err := Load(env(map[string]string{
		"REDIS_URL": "", "VALID_API_KEYS": key, "OPERATOR_API_KEYS": otherKey, "SECRET_KEY": signing, "CREDENTIALS_IDENTITY": secret, "DATA_DIR": "/d",
	}), API)
	if err != nil {
		t.Fatal(err)
	}
	c.RedisURL = redis
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("settings", "config", c, "key", c.SecretKey, "keys", c.ValidAPIKeys, "redis", c.RedisURL)
	printed := fmt.Sprintf("%v %+v %#v %s %v %#v %q", c, c, c, c, c.ValidAPIKeys, c.ValidAPIKeys, c.SecretKey) + log.String()
	if b, err := json.Marshal(c); err == nil {
		printed += string(b)
	}
	if strings.Contains(printed, "MARKER") {
		t.Error(printed)
	}
	if !strings.Contains(c.String(), "SECRET_KEY=[set]\n") || !strings.Contains(c.String(), "PORT=5000\n") || !strings.Contains(c.String(), "REDIS_URL=\n") {
		t.Error(c.String())
	}
}

// Defaults must pass their own checks, and every row must have all texts that
// the documents print.
func TestTableIsWhole(t *testing.T) {
	var c Config
	var names []string
	for _, r := range table(&c) {
		if r.Meaning == "" || r.Allowed == "" || len(r.Programs) == 0 || r.read == nil || !strings.HasSuffix(r.Meaning, ".") {
			t.Errorf("%s: %+v", r.Name, r.Setting)
		}
		if r.Default != "" {
			if err := r.read(r.Default); err != nil {
				t.Errorf("%s: %v", r.Name, err)
			}
		}
		if strings.Contains(r.Meaning+r.Allowed, "|") {
			t.Errorf("%s breaks the table in the documents", r.Name)
		}
		names = append(names, r.Name)
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(Settings()) {
		t.Error("a setting is there twice")
	}
}

func TestEnvExample(t *testing.T) {
	const path = "../../.env.example"
	if *update {
		if err := os.WriteFile(path, []byte(Example()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Example(), string(got)); diff != "" {
		t.Errorf("%s differs from the table; run go test ./internal/config -update\n%s", path, diff)
	}
}

func TestMarkdownNamesEverySetting(t *testing.T) {
	doc := Markdown()
	for _, s := range Settings() {
		if !strings.Contains(doc, "| `"+s.Name+"` |") {
			t.Errorf("%s is missing", s.Name)
		}
	}
}

// TestOperatorsKeysAreEnough: a server that only operators call has nobody else's keys.
func TestOperatorsKeysAreEnough(t *testing.T) {
	cfg, err := Load(env(map[string]string{"REDIS_URL": redis, "OPERATOR_API_KEYS": key, "CREDENTIALS_RECIPIENT": public}), API)
	if err != nil || len(cfg.OperatorAPIKeys) != 1 {
		t.Errorf("%v %v", cfg.OperatorAPIKeys, err)
	}
}

func TestDeviceClient(t *testing.T) {
	for _, tc := range []struct {
		c    Config
		want string
	}{
		{Config{OIDCClientID: "public"}, "public"},
		{Config{OIDCClientID: "tracker", OIDCClientSecret: "s"}, ""},
		{Config{OIDCClientID: "tracker", OIDCClientSecret: "s", OIDCDeviceClient: "cli"}, "cli"},
		{Config{OIDCClientID: "public", OIDCDeviceClient: "cli"}, "cli"},
	} {
		if got := tc.c.DeviceClient(); got != tc.want {
			t.Errorf("%q, want %q", got, tc.want)
		}
	}
}
