package simulator_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	taggingtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	lambdatypes "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/simulator"
)

// probes call one operation of each protocol.
var probes = map[string]list{
	"ec2": listVolumes, "rds": listDBInstances, "iam": listUsers, "logs": listLogGroups,
	"lambda": listFunctions, "s3": listBuckets, "tag": listTagged, "organizations": listAccounts,
}

func probe(ctx context.Context, cfg aws.Config, service string) error {
	_, _, err := probes[service](ctx, cfg, 0, "")
	return err
}

func TestFaultsAnswerAsAWSDoes(t *testing.T) {
	const scp = "with an explicit deny in a service control policy"
	for _, row := range []struct {
		kind    simulator.Kind
		service string
		status  int
		code    string
		message string
	}{
		{simulator.Denied, "ec2", 403, "UnauthorizedOperation", "ec2:DescribeVolumes because no identity-based policy"},
		{simulator.Denied, "rds", 403, "AccessDenied", "rds:DescribeDBInstances"},
		{simulator.Denied, "iam", 403, "AccessDenied", "iam:ListUsers"},
		{simulator.Denied, "logs", 400, "AccessDeniedException", "logs:DescribeLogGroups"},
		{simulator.Denied, "lambda", 403, "AccessDeniedException", "lambda:ListFunctions"},
		{simulator.Denied, "s3", 403, "AccessDenied", "s3:ListAllMyBuckets"},
		{simulator.DeniedSCP, "ec2", 403, "UnauthorizedOperation", scp},
		{simulator.DeniedSCP, "logs", 400, "AccessDeniedException", scp},
		{simulator.NotOptedIn, "ec2", 403, "OptInRequired", ""},
		{simulator.InvalidCredentials, "ec2", 401, "AuthFailure", ""},
		{simulator.InvalidCredentials, "rds", 403, "InvalidClientTokenId", ""},
		{simulator.InvalidCredentials, "logs", 400, "UnrecognizedClientException", ""},
		{simulator.InvalidCredentials, "s3", 403, "InvalidAccessKeyId", ""},
		{simulator.ExpiredCredentials, "ec2", 400, "RequestExpired", ""},
		{simulator.ExpiredCredentials, "iam", 403, "ExpiredToken", ""},
		{simulator.ExpiredCredentials, "lambda", 403, "ExpiredTokenException", ""},
		{simulator.Throttled, "ec2", 503, "RequestLimitExceeded", ""},
		{simulator.Throttled, "iam", 400, "Throttling", ""},
		{simulator.Throttled, "logs", 400, "ThrottlingException", ""},
		{simulator.Throttled, "lambda", 429, "TooManyRequestsException", ""},
		{simulator.Throttled, "s3", 503, "SlowDown", ""},
		{simulator.Throttled, "tag", 400, "ThrottledException", ""},
		{simulator.Throttled, "organizations", 400, "TooManyRequestsException", ""},
		{simulator.Outage, "ec2", 503, "Unavailable", ""},
		{simulator.Outage, "rds", 503, "ServiceUnavailable", ""},
		{simulator.Outage, "s3", 500, "InternalError", ""},
		{simulator.Outage, "lambda", 500, "ServiceException", ""},
	} {
		t.Run(string(row.kind)+" "+row.service, func(t *testing.T) {
			a := simulator.New(simulator.Options{})
			a.Inject(simulator.Fault{Kind: row.kind, Service: row.service})
			err := probe(t.Context(), patient(a.Config(home)), row.service)
			if got := code(err); got != row.code || !strings.Contains(err.Error(), row.message) {
				t.Errorf("got %q, want %q with %q: %v", got, row.code, row.message, err)
			}
			response, ok := errors.AsType[*awshttp.ResponseError](err)
			if !ok || response.HTTPStatusCode() != row.status || len(response.ServiceRequestID()) != 36 {
				t.Errorf("wrapped as %T with %+v", err, response)
			}
		})
	}
}

func TestModelledErrorsHaveTheirTypes(t *testing.T) {
	a := simulator.New(simulator.Options{Faults: []simulator.Fault{{Kind: simulator.Throttled}}})
	cfg := patient(a.Config(home))
	if _, ok := errors.AsType[*lambdatypes.TooManyRequestsException](probe(t.Context(), cfg, "lambda")); !ok {
		t.Error("lambda")
	}
	if _, ok := errors.AsType[*taggingtypes.ThrottledException](probe(t.Context(), cfg, "tag")); !ok {
		t.Error("tag")
	}
}

func TestFaultsStrikeOnlyWhatTheyName(t *testing.T) {
	a := simulator.New(simulator.Options{})
	member := a.Member(a.Members()[0])
	west := patient(a.Config("us-west-2"))
	stranger := patient(a.Config(home))
	stranger.Credentials = credentials.NewStaticCredentialsProvider("AKIASTRANGER", "x", "")
	for name, row := range map[string]struct {
		fault simulator.Fault
		cfg   aws.Config
	}{
		"service":   {simulator.Fault{Service: "rds"}, patient(a.Config(home))},
		"operation": {simulator.Fault{Operation: "DescribeInstances"}, patient(a.Config(home))},
		"region":    {simulator.Fault{Region: home}, west},
		"account":   {simulator.Fault{AccountID: a.ID()}, patient(member.Config(home))},
		"key":       {simulator.Fault{AccessKeyID: "AKIAOTHER"}, stranger},
	} {
		row.fault.Kind = simulator.Denied
		remove := a.Inject(row.fault)
		if err := probe(t.Context(), row.cfg, "ec2"); err != nil {
			t.Errorf("%s: struck: %v", name, err)
		}
		remove()
	}

	remove := a.Inject(simulator.Fault{Kind: simulator.InvalidCredentials, AccessKeyID: "AKIASTRANGER"})
	if err := probe(t.Context(), stranger, "ec2"); code(err) != "AuthFailure" {
		t.Errorf("bad key: %v", err)
	}
	remove()
	if err := probe(t.Context(), stranger, "ec2"); err != nil {
		t.Errorf("after remove: %v", err)
	}
}

func TestFaultsEnd(t *testing.T) {
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Clock: func() time.Time { return now }})
	cfg := patient(a.Config(home))
	a.Inject(simulator.Fault{Kind: simulator.Outage, For: time.Minute})
	if probe(t.Context(), cfg, "ec2") == nil {
		t.Error("not in force")
	}
	now = now.Add(time.Minute)
	if err := probe(t.Context(), cfg, "ec2"); err != nil {
		t.Errorf("lasts too long: %v", err)
	}

	a.Inject(simulator.Fault{Kind: simulator.Outage, Count: 2})
	failures := 0
	for range 5 {
		if probe(t.Context(), cfg, "ec2") != nil {
			failures++
		}
	}
	if failures != 2 {
		t.Errorf("Count 2 struck %d times", failures)
	}

	a.Inject(simulator.Fault{Kind: simulator.Outage, Probability: 0.25})
	failures = 0
	for range 400 {
		if probe(t.Context(), cfg, "ec2") != nil {
			failures++
		}
	}
	if failures < 60 || failures > 140 {
		t.Errorf("a quarter of 400 is not %d", failures)
	}
}

func TestRetriesReachTheSimulator(t *testing.T) {
	a := simulator.New(simulator.Options{})
	cfg := a.Config(home)
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	a.Inject(simulator.Fault{Kind: simulator.Throttled, Count: 2})
	if err := probe(t.Context(), cfg, "ec2"); err != nil {
		t.Fatal(err)
	}
	if calls, throttled := a.Calls()["ec2:DescribeVolumes"], a.Throttled()["ec2:DescribeVolumes"]; calls != 3 || throttled != 2 {
		t.Errorf("%d calls, %d throttled", calls, throttled)
	}
	a.ResetCalls()
	if len(a.Calls()) != 0 {
		t.Errorf("after ResetCalls: %v", a.Calls())
	}
}

func TestNoEndpoint(t *testing.T) {
	a := simulator.New(simulator.Options{})
	a.Inject(simulator.Fault{Kind: simulator.NoEndpoint, Region: "eu-west-3"})
	err := probe(t.Context(), patient(a.Config("eu-west-3")), "ec2")
	if e, ok := errors.AsType[*net.DNSError](err); !ok || !e.IsNotFound {
		t.Errorf("not an unknown host: %v", err)
	}
}

func TestTimeoutHangsAndSlowDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := simulator.New(simulator.Options{Latency: 50 * time.Millisecond})
		cfg := patient(a.Config(home))
		remove := a.Inject(simulator.Fault{Kind: simulator.Timeout})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		if err := probe(ctx, cfg, "ec2"); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Minute {
			t.Errorf("Timeout after %s: %v", time.Since(start), err)
		}
		remove()

		a.Inject(simulator.Fault{Kind: simulator.Slow, Delay: time.Second})
		a.Inject(simulator.Fault{Kind: simulator.Slow, Delay: time.Minute, Service: "rds"})
		a.Inject(simulator.Fault{Kind: simulator.Outage, Service: "rds"})
		for service, want := range map[string]struct {
			took time.Duration
			code string
		}{"ec2": {1050 * time.Millisecond, ""}, "rds": {61050 * time.Millisecond, "ServiceUnavailable"}} {
			start = time.Now()
			if err := probe(t.Context(), cfg, service); code(err) != want.code || time.Since(start) != want.took {
				t.Errorf("Slow %s after %s: %v", service, time.Since(start), err)
			}
		}
	})
}

func TestHookIsAskedFirst(t *testing.T) {
	var calls []string
	a := simulator.New(simulator.Options{Hook: func(_ context.Context, c simulator.Call) error {
		calls = append(calls, c.Region+" "+c.API())
		if c.Service == "rds" {
			return c.Fail(simulator.Throttled)
		}
		return nil
	}})
	cfg := patient(a.Config(home))
	if err := probe(t.Context(), cfg, "iam"); err != nil {
		t.Error(err)
	}
	if err := probe(t.Context(), cfg, "rds"); code(err) != "Throttling" {
		t.Error(err)
	}
	if want := []string{"global iam:ListUsers", home + " rds:DescribeDBInstances"}; !slices.Equal(calls, want) {
		t.Errorf("calls = %q, want %q", calls, want)
	}
}
