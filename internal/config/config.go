// Package config reads the settings of both programs from the environment, once.
// It reports every problem at the same time and prints itself without secrets.
// The table in table.go is the one source of the defaults, of .env.example and
// of the documents.
package config

import (
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/redisurl"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Program is one of the programs that read settings.
type Program string

// The programs. The API without REDIS_URL runs the worker within itself, and
// then reads the worker's settings as well.
const (
	API    Program = "api"
	Worker Program = "worker"
)

// Config is every setting, read and checked.
type Config struct {
	Program Program

	Host         string
	Port         int
	MaxBodyBytes int64
	CORSOrigins  []string

	MaxConnections           int
	MaxConnectionsPerAddress int
	MaxStreams               int
	MaxStreamsPerTenant      int
	TrustedProxies           []netip.Prefix

	Compatibility   string // "v1", or empty
	SecretKey       Secret
	OldSecretKey    Secret
	ValidAPIKeys    Secrets
	OperatorAPIKeys Secrets
	JWTExpiration   time.Duration
	JWTIssuer       string // empty: any
	JWTAudience     string // empty: any

	OIDCIssuer       string // empty: nobody but keys signs in
	OIDCClientID     string
	OIDCClientSecret Secret // empty: a public client
	OIDCRedirectURL  string
	OIDCDeviceClient string // empty: OIDCClientID, where that is a public one
	OIDCScopes       []string
	OIDCGroupsClaim  string
	OIDCRoles        []tracker.GroupRole
	SessionLife      time.Duration

	MonitoringOn     bool
	MonitoringLocked bool // asynqmon shows and changes nothing
	MetricsAddr      string

	LogLevel  slog.Level
	LogFormat string // "text" or "json"
	LogFile   string

	RedisURL             Secret
	DatabaseURL          Secret // empty: a file in DataDir where Embedded, else no history
	DatabaseMigrate      bool
	HistoryTags          []string
	HistoryRetention     time.Duration // of versions
	TrendRetention       time.Duration
	FindingsRetention    time.Duration // of resolved ones
	HistoryExport        string        // a folder or an s3:// URL; empty exports nothing
	BilledFiles          string        // the same, of files that AWS writes; empty reads none
	DataDir              string
	CredentialsRecipient string
	CredentialsIdentity  Secret

	ScanTimeout   time.Duration
	ScanRetention time.Duration
	ScanWait      time.Duration
	MaxWorkers    int // 0: what the workers have

	AWSEndpointURL    string
	AWSRequestTimeout time.Duration
	AWSMaxAttempts    int
	AWSCallLimits     string
	ServerCredentials bool
	ServerPrincipal   string // ARN; empty: setups ask for it
	OrganizationRole  string // empty: scans of an organisation are refused
	PriceRefresh      string // "off" or "job"

	ActionWait        time.Duration
	ActionMaxItems    int
	ActionMaxShare    int // percent
	ActionApproval    bool
	ActionApprovers   []string
	ScheduleAnyAction bool
	ProtectTags       []string
	PlanExpiry        time.Duration
	PlanRetention     time.Duration
	AuditRetention    time.Duration

	Quotas tracker.Limits // complete: the defaults, and what is set

	WebhookAllow  []netip.Prefix
	WebhookCAFile string
	PublicURL     string
	SMTPURL       Secret
	SMTPFrom      string

	WorkerConcurrency int
	CellConcurrency   int
	QueuePoll         time.Duration
	ShutdownGrace     time.Duration

	shown []shown
}

// shown is a setting as it may be printed.
type shown struct{ name, value string }

// Embedded reports whether the program brings its own Redis and worker.
func (c Config) Embedded() bool { return c.Program == API && c.RedisURL == "" }

// Sentinel reports whether the Redis is one that Sentinel puts a replica in the place of.
func (c Config) Sentinel() bool {
	u, err := redisurl.Parse(c.RedisURL.Reveal())
	return err == nil && u.Sentinel()
}

// Load reads the settings of a program. Its error is a *Problems. Load ignores
// settings that the program does not use.
func Load(getenv func(string) string, program Program) (Config, error) {
	c := Config{Program: program}
	var problems Problems
	embedded := program == API && strings.TrimSpace(getenv("REDIS_URL")) == ""
	for _, s := range table(&c) {
		if !embedded && !slices.Contains(s.Programs, program) {
			continue
		}
		given := strings.TrimSpace(getenv(s.Name))
		value := given
		if value == "" {
			value = s.Default
		}
		c.shown = append(c.shown, shown{s.Name, s.show(value)})
		if value == "" {
			continue
		}
		if err := s.read(value); err != nil {
			problems.add(s.Name, s.complaint(value, err))
		}
	}
	c.check(&problems)
	if len(problems.List) > 0 {
		return Config{}, &problems
	}
	return c, nil
}

// check finds faults that only several settings together can have.
func (c *Config) check(problems *Problems) {
	switch {
	case c.Program == Worker && c.RedisURL == "":
		problems.need("REDIS_URL", "a worker takes its work from the Redis that it shares with the API; without one, run cmd/api alone, which works by itself")
	case c.Program == API && c.RedisURL != "":
		if c.CredentialsRecipient == "" {
			problems.need("CREDENTIALS_RECIPIENT", "with REDIS_URL the API seals credentials to the workers' key; make a pair with: go run ./cmd/api keygen")
		}
		if len(c.ValidAPIKeys)+len(c.OperatorAPIKeys) == 0 && c.SecretKey == "" && c.OIDCIssuer == "" && !problems.have("SECRET_KEY") {
			problems.need("VALID_API_KEYS", "with REDIS_URL the API makes no key itself; set VALID_API_KEYS, OPERATOR_API_KEYS, SECRET_KEY or OIDC_ISSUER, otherwise nobody can call it")
		}
	}
	if c.Program == Worker && c.CredentialsIdentity == "" {
		problems.need("CREDENTIALS_IDENTITY", "a worker opens credentials with it; make a pair with: go run ./cmd/api keygen")
	}
	c.checkPeople(problems)
	if c.MonitoringOn && len(c.OperatorAPIKeys) == 0 && c.OIDCIssuer == "" {
		problems.need("OPERATOR_API_KEYS", "with MONITORING_ENABLED somebody has to be allowed to look")
	}
	if c.SMTPURL != "" && c.SMTPFrom == "" && !problems.have("SMTP_FROM") {
		problems.need("SMTP_FROM", "with SMTP_URL e-mails have to come from somebody")
	}
	if c.ScanWait > c.ScanTimeout {
		problems.add("SCAN_WAIT_SECONDS", "is longer than SCAN_TIMEOUT_SECONDS")
	}
	if c.Embedded() && c.DataDir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			problems.need("DATA_DIR", "this user has no cache directory to keep data in")
			return
		}
		c.DataDir = filepath.Join(cache, "resource-tracker")
	}
}

// String prints the settings as NAME=value lines, secrets masked.
func (c Config) String() string {
	var b strings.Builder
	for _, s := range c.shown {
		fmt.Fprintf(&b, "%s=%s\n", s.name, s.value)
	}
	return b.String()
}

// GoString prints the same as String.
func (c Config) GoString() string { return c.String() }

// LogValue logs the settings, secrets masked.
func (c Config) LogValue() slog.Value {
	attrs := make([]slog.Attr, len(c.shown))
	for i, s := range c.shown {
		attrs[i] = slog.String(s.name, s.value)
	}
	return slog.GroupValue(attrs...)
}

// Problems is the error of Load: everything that is wrong, in the order of the
// table. It never repeats a secret.
type Problems struct {
	List []*tracker.Error
}

func (p *Problems) add(name, message string) {
	p.List = append(p.List, tracker.Invalid(name, "%s", message))
}

// need reports that name is missing, unless its value was already complained
// about.
func (p *Problems) need(name, why string) {
	if !p.have(name) {
		p.add(name, "is needed: "+why)
	}
}

func (p *Problems) have(name string) bool {
	return slices.ContainsFunc(p.List, func(e *tracker.Error) bool { return e.Field == name })
}

func (p *Problems) Error() string {
	var b strings.Builder
	if len(p.List) == 1 {
		b.WriteString("a setting is wrong:")
	} else {
		fmt.Fprintf(&b, "%d settings are wrong:", len(p.List))
	}
	for _, e := range p.List {
		b.WriteString("\n  " + e.Error())
	}
	return b.String()
}
