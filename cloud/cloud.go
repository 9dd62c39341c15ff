// Package cloud turns credentials, an account and a region into an aws.Config.
// It owns role sessions, the shared transport, retries and the call budget, and
// decides what an AWS error means for the outcome of a cell.
package cloud

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/logging"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	defaultTimeout  = 30 * time.Second
	defaultAttempts = 3
	maxBackoff      = 5 * time.Second
	// sessionIdle is how long an unused session stays. The region tasks of one
	// scan share a role session, and its keys leave memory soon after the scan.
	sessionIdle = 10 * time.Minute
)

// Options configure a Cloud. The zero value works.
type Options struct {
	// EndpointURL replaces the endpoints of AWS. When it is empty, calls go to
	// AWS_ENDPOINT_URL or to AWS.
	EndpointURL string
	// RequestTimeout bounds one attempt, the reading of its answer included; 0: 30 s.
	RequestTimeout time.Duration
	// MaxAttempts is how often one call is sent at most; 0: 3.
	MaxAttempts int
	// ServerCredentials allows requests to use the server's own credentials.
	ServerCredentials bool
	// Budget pays for every attempt; nil: unlimited.
	Budget Budget
	// Limits are the budget's rates; nil: DefaultLimits.
	Limits Limits
	// Configure changes the configuration that all sessions start from; nil
	// leaves it as it is.
	Configure func(*aws.Config)
	// Names tells what IAM calls what is called; nil: services are called as by the SDK.
	Names Names
	// Observe is told of every attempt; nil: nobody is. It must be quick and
	// safe for concurrent use.
	Observe func(context.Context, Call)
	// Log receives the errors that reach no caller; nil discards them.
	Log *slog.Logger
}

// Call is one attempt of one call to AWS.
type Call struct {
	Service   string // as in IAM actions, such as "ec2"
	Operation string // such as "DescribeInstances"
	Action    string // of IAM, that the call needs, such as "ec2:DescribeInstances"
	Region    string
	AccountID string // empty while unknown
	// Code is empty when AWS answered well, and AWS's error code when it
	// refused. It is the tracker.Outcome when there was no answer, and
	// CodeBudget when the call was not sent.
	Code string
	// Throttled says that AWS refused the call as one too many.
	Throttled bool
	Attempt   int // counted from 1
	// Sent is false where the call budget, or the end of its time, held the call back.
	Sent bool
	// Waited is the time spent waiting for the call budget; Elapsed comes after it.
	Waited, Elapsed time.Duration
}

// Cloud makes sessions that share one transport and one budget.
type Cloud struct {
	options Options
	log     *slog.Logger
	base    aws.Config // never handed out: sessions copy it
	server  aws.CredentialsProvider
	home    string // the region of calls that belong to no region

	answered   atomic.Int64 // when AWS last answered anything, in Unix nanoseconds
	complained atomic.Int64 // when a budget error was last logged, likewise

	mu       sync.Mutex
	sessions map[[sha256.Size]byte]*cached
}

type cached struct {
	session *Session
	forget  *time.Timer
}

// New reads the SDK's own settings once and returns a Cloud.
func New(ctx context.Context, o Options) (*Cloud, error) {
	o.RequestTimeout = cmp.Or(o.RequestTimeout, defaultTimeout)
	o.MaxAttempts = cmp.Or(o.MaxAttempts, defaultAttempts)
	if o.Limits == nil {
		o.Limits = DefaultLimits()
	}
	c := &Cloud{options: o, log: o.Log, sessions: map[[sha256.Size]byte]*cached{}}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}

	// With AWS_CA_BUNDLE set, LoadDefaultConfig accepts a BuildableClient only.
	client := awshttp.NewBuildableClient().WithTimeout(o.RequestTimeout).WithTransportOptions(func(t *http.Transport) {
		// A scan talks to hundreds of hosts, to each in bursts; a smaller pool
		// repeats TLS handshakes.
		t.MaxIdleConns = 2048
		t.MaxIdleConnsPerHost = 100
	})
	load := []func(*config.LoadOptions) error{config.WithHTTPClient(client), config.WithLogger(c.sdkLogger())}
	if !o.ServerCredentials {
		load = append(load,
			config.WithEC2IMDSClientEnableState(imds.ClientDisabled),
			config.WithCredentialsProvider(aws.CredentialsProviderFunc(refuseServer)))
	}
	base, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("load the AWS settings: %w", err)
	}
	if b, ok := base.HTTPClient.(*awshttp.BuildableClient); ok {
		base.HTTPClient = b.Freeze()
	}
	c.home = "us-east-1"
	if tracker.PartitionOf(base.Region) != tracker.PartitionOf(c.home) {
		c.home = base.Region
	}
	c.server = base.Credentials
	base.Region = c.home
	base.Credentials = nil
	base.RetryMaxAttempts = 0 // else it would override the retryer's
	base.Retryer = c.retryer
	if o.EndpointURL != "" {
		base.BaseEndpoint = aws.String(o.EndpointURL)
	}
	if o.Configure != nil {
		o.Configure(&base)
		if base.Credentials != nil && o.ServerCredentials {
			c.server = base.Credentials // such as those of a simulated account
		}
	}
	c.base = base
	return c, nil
}

// retryer makes the retryer of one client. The SDK's retry quota is off: it
// fails calls of a busy scan that would succeed at one more try, and the budget
// already bounds the calls that are sent.
func (c *Cloud) retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = c.options.MaxAttempts
		o.MaxBackoff = maxBackoff
		o.RateLimiter = ratelimit.None
		o.Retryables = append(o.Retryables,
			retry.RetryableHTTPStatusCode{Codes: map[int]struct{}{http.StatusTooManyRequests: {}}},
			retry.RetryableErrorCode{Codes: throttleCodes})
	})
}

func (c *Cloud) sdkLogger() logging.Logger {
	return logging.LoggerFunc(func(_ logging.Classification, format string, v ...any) {
		c.log.Debug("aws sdk", "message", bounded(fmt.Sprintf(format, v...)))
	})
}

// answeredLately reports whether some endpoint of AWS answered in the last
// minutes. Names then resolve and the network is up.
func (c *Cloud) answeredLately() bool {
	return time.Since(time.Unix(0, c.answered.Load())) < 5*time.Minute
}

// complain logs a failing budget at most once a minute.
func (c *Cloud) complain(ctx context.Context, err error) {
	now, last := time.Now().UnixNano(), c.complained.Load()
	if now-last > int64(time.Minute) && c.complained.CompareAndSwap(last, now) {
		c.log.WarnContext(ctx, "call budget unavailable, calls go unpaid", "error", err)
	}
}

// Session returns the session of creds. It is the same one for the same
// credentials while it is in use. Session makes no call.
func (c *Cloud) Session(_ context.Context, creds tracker.Credentials) (*Session, error) {
	key := digest(creds)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.sessions[key]; ok {
		e.forget.Reset(sessionIdle)
		return e.session, nil
	}
	s, err := c.newSession(creds)
	if err != nil {
		return nil, err
	}
	c.sessions[key] = &cached{session: s, forget: time.AfterFunc(sessionIdle, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.sessions, key)
	})}
	return s, nil
}

// digest tells credentials apart without keeping them.
func digest(creds tracker.Credentials) [sha256.Size]byte {
	fields := []string{
		creds.AccessKeyID, creds.SecretAccessKey, creds.SessionToken,
		fmt.Sprint(creds.Server), creds.RoleARN, creds.ExternalID,
	}
	return sha256.Sum256([]byte(strings.Join(fields, "\x00")))
}

func refuseServer(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, errServer()
}

func errServer() error {
	return tracker.Invalid("ALLOW_SERVER_CREDENTIALS",
		"the server's own AWS credentials may not be used by requests; set it to true to allow that, or send keys")
}
