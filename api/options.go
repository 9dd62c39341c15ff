package api

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Sealer makes credentials readable by workers only, for one job, plan or schedule.
type Sealer interface {
	Seal(tracker.Credentials, tracker.SealedFor) ([]byte, error)
	// Recipient is the public key that clients can seal keys to themselves.
	Recipient() string
}

// Check is something that has to be well for the server to be ready.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// Options are what a Server is built from. Jobs, Results, Plans, Audit, Accounts,
// Sealer and Types are needed; of the rest, the zero value works.
type Options struct {
	Jobs    Jobs
	Results Results
	Plans   PlanResults
	Audit   Audit
	// Accounts are what tenants register, to name it in place of keys.
	Accounts Accounts
	Sealer   Sealer
	Types    []tracker.TypeInfo // the catalogue
	// Uncovered are the kinds that no scan lists, beside types of the catalogue.
	Uncovered []tracker.Uncovered
	// Actions are the verbs that resources have; none switches actions off.
	Actions []tracker.ActionInfo
	// MaxItems is how many items a plan may have; 0 is 200.
	MaxItems int
	// Approvers are the names, as in the audit, of those who have the role approver
	// besides what their key or token says.
	Approvers []string

	// APIKeys are keys of the tenant default that may do all but administrate it.
	APIKeys []string
	// OperatorKeys are keys of the tenant default with the role admin.
	OperatorKeys []string
	// Keys and Tenants are what is kept of keys and tenants; nil keeps none.
	Keys    Keys
	Tenants Tenants
	// Sessions keeps who is signed in; nil keeps nobody.
	Sessions Sessions
	// History is what scans saw until now; nil keeps none.
	History *history.Store
	// Noisy reports whether a member of metadata differs between scans although nobody has changed anything.
	Noisy func(key string) bool
	// Issuer says who people are; nil lets nobody but keys sign in.
	Issuer Issuer
	// Device is how programs sign people in with the issuer.
	Device DeviceLogin
	// SecretKey verifies JWTs, at least 32 bytes; empty refuses them all.
	SecretKey string
	// OldSecretKey is one before it, whose tokens are taken as well; empty is none.
	OldSecretKey string
	// NamelessTokens takes JWTs without a subject too. Those who have one are one principal.
	NamelessTokens bool
	// TokenIssuer and TokenAudience are what a JWT has to name; empty is anything.
	TokenIssuer, TokenAudience string
	// MaxTokenLife is the longest lifetime of a JWT, whoever made it; 0 is 24 hours.
	MaxTokenLife time.Duration
	// CORSOrigins are the exact origins that browsers may call from; "*" alone is all.
	CORSOrigins []string
	// TrustedProxies are whose X-Forwarded-For tells from where a request comes.
	TrustedProxies []netip.Prefix

	// Quotas counts what tenants use; nil has no quotas.
	Quotas Quotas
	// AddressLimits bound what an address may do before anybody is known: the quotas of
	// addresses. What is missing is not bounded.
	AddressLimits tracker.Limits

	// Policy writes the IAM policy document that allows permissions, for the answer
	// to an access check; nil leaves it out.
	Policy func(permissions []string) json.RawMessage
	// Setup writes the role of a registered account; nil writes none. Principal is what
	// the workers' own identity is to AWS; empty has it asked for.
	Setup     func(SetupWanted) (Setup, error)
	Principal string

	// Wait is how long POST /scan waits for the result when the request does
	// not say; 0 answers at once.
	Wait time.Duration
	// ActionWait is how long requests for plans and actions wait when they do not
	// say; 0 answers at once.
	ActionWait time.Duration
	// MaxWorkers is used where a request has none; 0 leaves it to the workers.
	MaxWorkers int
	// ScanTimeout is used where a request has none; 0 leaves it to the workers.
	ScanTimeout time.Duration
	// MaxScanTimeout bounds timeout_seconds; 0 is a day.
	MaxScanTimeout time.Duration
	// ServerCredentials lets requests use the workers' own AWS credentials,
	// directly or to assume a role.
	ServerCredentials bool

	// Version is the service's; empty is that of the program (tracker.Built).
	Version string
	Log     *slog.Logger // nil discards
	// MaxBody bounds request bodies, in bytes, lists of actions and resources left out;
	// 0 is 1 MiB.
	MaxBody int64
	// MaxFilterBody bounds every body, that of POST /resources/filter among them, which
	// carries resources; 0 is 64 MiB.
	MaxFilterBody int64
	// BodyBudget is how many bytes of bodies above 64 KiB are held at once, from their
	// reading to the end of the answer, half of them of one tenant; 0 is 64 MiB. Decoding takes several times as
	// much. A request waits BodyWait for its share, 0 is 5 s, and is then answered 503.
	BodyBudget int64
	BodyWait   time.Duration
	// Transient reports whether an error of Jobs, Results, Plans and Audit passes, such
	// as a database that does not answer: it is then answered 503. Nil is never.
	Transient func(error) bool
	// MaxStreams is how many event streams there may be at once, 0 is 2,000, and
	// MaxStreamsEach how many of one tenant, 0 is 200.
	MaxStreams, MaxStreamsEach int
	// RequestTimeout bounds answers that are not streamed; 0 is 30 s.
	RequestTimeout time.Duration

	// Console is the built console, which is served at /; nil has none, and / leads to the
	// documents.
	Console fs.FS

	// Operations says how the service itself is; nil does not.
	Operations func(context.Context) tracker.Operations

	Ready      []Check      // asked by GET /ready, beside Results.Ping
	Metrics    http.Handler // serves GET /metrics to operators; nil has none
	Monitoring http.Handler // serves /monitoring to operators; nil has none
	// Observe is told of every request that was answered. Its method and route
	// are of a known set, whatever clients send. Nil tells nobody.
	Observe func(ctx context.Context, method, route string, status int, elapsed time.Duration)
}

func (o *Options) setDefaults() {
	if o.Version == "" {
		o.Version = tracker.Built().Version
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxBody <= 0 {
		o.MaxBody = 1 << 20
	}
	if o.MaxItems <= 0 {
		o.MaxItems = 200
	}
	if o.MaxFilterBody <= 0 {
		o.MaxFilterBody = 64 << 20
	}
	if o.BodyBudget <= 0 {
		o.BodyBudget = 64 << 20
	}
	if o.BodyWait <= 0 {
		o.BodyWait = 5 * time.Second
	}
	if o.MaxStreams <= 0 {
		o.MaxStreams = 2000
	}
	if o.MaxStreamsEach <= 0 {
		o.MaxStreamsEach = 200
	}
	if o.Transient == nil {
		o.Transient = func(error) bool { return false }
	}
	if o.MaxTokenLife <= 0 {
		o.MaxTokenLife = 24 * time.Hour
	}
	if o.Observe == nil {
		o.Observe = func(context.Context, string, string, int, time.Duration) {}
	}
	if o.RequestTimeout <= 0 {
		o.RequestTimeout = 30 * time.Second
	}
	if o.MaxScanTimeout <= 0 {
		o.MaxScanTimeout = 24 * time.Hour
	}
}
