package cloud

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/aws/organizations"
	orgtypes "github.com/consolesensei/resource-tracker/internal/aws/organizations/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	roleSessionName = "resource-tracker"
	// roleDuration is the longest that a role assumed from another role may
	// last. No role allows less.
	roleDuration = time.Hour
	// expiryWindow renews a role session this long before its end. No call of a
	// long page chain is then signed with keys that are about to expire.
	expiryWindow = 5 * time.Minute
	// renewPause keeps the many calls that meet the same expired session from
	// discarding its replacement.
	renewPause = 10 * time.Second
)

// Session is one set of credentials at work in one account. It is safe for
// concurrent use.
type Session struct {
	cloud   *Cloud
	config  aws.Config
	keys    *keys
	account atomic.Pointer[string]
	caller  atomic.Pointer[string] // the ARN that AWS knows the keys by
	role    string                 // that the session has assumed, if any
	payer   string                 // stands for the account in the budget while that is unknown
	secrets []string               // never to be shown
	proof   proof
}

func (c *Cloud) newSession(creds tracker.Credentials) (*Session, error) {
	s, err := c.baseSession(creds)
	if err != nil || creds.RoleARN == "" {
		return s, err
	}
	role, err := arn.Parse(creds.RoleARN)
	if err != nil || role.Service != "iam" || !strings.HasPrefix(role.Resource, "role/") {
		return nil, tracker.Invalid("role_arn", "is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name")
	}
	region := s.config.Region
	if p := tracker.Partition(role.Partition); tracker.PartitionOf(region) != p {
		region = p.Home()
	}
	if region == "" {
		return nil, tracker.Invalid("role_arn", "is in partition %s; set AWS_REGION to one of its regions", role.Partition)
	}
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(s.Config(region)), creds.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = roleSessionName
		o.Duration = roleDuration
		if creds.ExternalID != "" {
			o.ExternalID = aws.String(creds.ExternalID)
		}
	})
	cache := aws.NewCredentialsCache(provider, func(o *aws.CredentialsCacheOptions) {
		o.ExpiryWindow = expiryWindow
		o.ExpiryWindowJitterFrac = 0.5
	})
	assumed := c.session(&keys{provider: cache, cache: cache}, role.AccountID)
	assumed.config.Region = region
	assumed.role = creds.RoleARN
	assumed.secrets = s.secrets
	return assumed, nil
}

// baseSession is the session of the keys or of the server, before any role.
func (c *Cloud) baseSession(creds tracker.Credentials) (*Session, error) {
	switch {
	case creds.Server && !c.options.ServerCredentials:
		return nil, errServer()
	case creds.Server:
		cache, _ := c.server.(*aws.CredentialsCache)
		return c.session(&keys{provider: c.server, cache: cache}, "server"), nil
	case creds.AccessKeyID == "" || creds.SecretAccessKey == "":
		return nil, tracker.Invalid("access_key_id", "AWS credentials are missing: send keys, or ask for the server's own")
	}
	provider := credentials.NewStaticCredentialsProvider(creds.AccessKeyID, creds.SecretAccessKey, creds.SessionToken)
	id := sha256.Sum256([]byte(creds.AccessKeyID))
	s := c.session(&keys{provider: provider}, "key-"+hex.EncodeToString(id[:6]))
	for _, secret := range []string{creds.SecretAccessKey, creds.SessionToken} {
		if secret != "" {
			s.secrets = append(s.secrets, secret)
		}
	}
	return s, nil
}

func (c *Cloud) session(k *keys, payer string) *Session {
	s := &Session{cloud: c, config: c.base.Copy(), keys: k, payer: payer}
	s.config.Credentials = k
	s.config.APIOptions = append(slices.Clone(c.base.APIOptions), sdk.Whole, func(stack *middleware.Stack) error {
		if _, ok := stack.Finalize.Get("Retry"); !ok {
			return nil // presigning sends nothing
		}
		return stack.Finalize.Insert(&attempt{session: s}, "Retry", middleware.After)
	})
	return s
}

// Config returns a configuration for one region, or for no particular region
// when region is empty or tracker.Global. It is the caller's own copy.
func (s *Session) Config(region string) aws.Config {
	cfg := s.config.Copy()
	cfg.APIOptions = slices.Clone(cfg.APIOptions)
	if region != "" && region != tracker.Global {
		cfg.Region = region
	}
	return cfg
}

// SetAccount tells the session the account of its credentials, when an earlier
// call has found it. Identity then makes no call.
func (s *Session) SetAccount(id string) {
	if id != "" {
		s.account.Store(&id)
	}
}

// AccountID returns the account if it is known, or nothing.
func (s *Session) AccountID() string {
	if id := s.account.Load(); id != nil {
		return *id
	}
	return ""
}

// Identity returns the account that the credentials belong to. It asks AWS
// once, with sts:GetCallerIdentity, which no IAM policy can deny.
func (s *Session) Identity(ctx context.Context) (accountID string, err error) {
	if id := s.AccountID(); id != "" {
		return id, nil
	}
	return s.Verify(ctx)
}

// Verify is Identity, but asks AWS every time: it shows whether the credentials
// still work.
func (s *Session) Verify(ctx context.Context) (accountID string, err error) {
	out, err := sts.NewFromConfig(s.Config("")).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("ask whose the credentials are: %w", err)
	}
	if aws.ToString(out.Account) == "" {
		return "", errors.New("ask whose the credentials are: sts:GetCallerIdentity answered without an account")
	}
	s.SetAccount(*out.Account)
	s.caller.Store(out.Arn)
	return *out.Account, nil
}

// Caller returns the ARN of the user or of the role's session behind the
// credentials. It asks AWS once, as Identity does.
func (s *Session) Caller(ctx context.Context) (string, error) {
	if id := s.caller.Load(); id != nil {
		return *id, nil
	}
	if _, err := s.Verify(ctx); err != nil {
		return "", err
	}
	return aws.ToString(s.caller.Load()), nil
}

// Partition returns the partition of the credentials: that of the caller's ARN where
// AWS has told it, and otherwise that of the session's region.
func (s *Session) Partition() tracker.Partition {
	if id := s.caller.Load(); id != nil {
		if caller, err := arn.Parse(*id); err == nil {
			return tracker.Partition(caller.Partition)
		}
	}
	return tracker.PartitionOf(s.config.Region)
}

// Organization returns the IDs of the organisation's active accounts, sorted.
// It calls organizations:ListAccounts, which the management account and
// delegated administrators may.
func (s *Session) Organization(ctx context.Context) ([]string, error) {
	client := organizations.NewFromConfig(s.Config(""))
	var ids []string
	for in := (&organizations.ListAccountsInput{}); ; {
		out, err := client.ListAccounts(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list the organisation's accounts: %w", err)
		}
		for _, a := range out.Accounts {
			if a.Status == orgtypes.AccountStatusActive || a.State == orgtypes.AccountStateActive {
				ids = append(ids, aws.ToString(a.Id))
			}
		}
		// An empty page may still carry a token.
		if aws.ToString(out.NextToken) == "" {
			slices.Sort(ids)
			return ids, nil
		}
		in.NextToken = out.NextToken
	}
}

// keys provides a session's credentials, and renews those that can be renewed.
type keys struct {
	provider aws.CredentialsProvider
	cache    *aws.CredentialsCache // nil when the keys cannot be renewed
	renewed  atomic.Int64          // when they last were, in Unix nanoseconds
}

// Retrieve implements aws.CredentialsProvider.
func (k *keys) Retrieve(ctx context.Context) (aws.Credentials, error) {
	c, err := k.provider.Retrieve(ctx)
	if err != nil {
		return aws.Credentials{}, &credentialsError{err}
	}
	return c, nil
}

// renew drops an expired session so that the next attempt makes a new one. It
// reports whether that can help.
func (k *keys) renew() bool {
	if k.cache == nil {
		return false
	}
	now, last := time.Now().UnixNano(), k.renewed.Load()
	if now-last > int64(renewPause) && k.renewed.CompareAndSwap(last, now) {
		k.cache.Invalidate()
	}
	return true
}

// credentialsError says that there were no credentials to sign a call with.
type credentialsError struct{ err error }

func (e *credentialsError) Error() string { return "get credentials: " + e.err.Error() }
func (e *credentialsError) Unwrap() error { return e.err }
