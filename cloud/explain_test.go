package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/tracker"
)

func describeInstances(ctx context.Context, cfg aws.Config) error {
	_, err := ec2.NewFromConfig(cfg).DescribeInstances(ctx, &ec2.DescribeInstancesInput{MaxResults: aws.Int32(1000)})
	return err
}

func describeDatabases(ctx context.Context, cfg aws.Config) error {
	_, err := rds.NewFromConfig(cfg).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{})
	return err
}

func describeBalancers(ctx context.Context, cfg aws.Config) error {
	_, err := elasticloadbalancingv2.NewFromConfig(cfg).DescribeLoadBalancers(ctx, &elasticloadbalancingv2.DescribeLoadBalancersInput{})
	return err
}

func describeLogGroups(ctx context.Context, cfg aws.Config) error {
	_, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	return err
}

func getResources(ctx context.Context, cfg aws.Config) error {
	_, err := resourcegroupstaggingapi.NewFromConfig(cfg).GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{})
	return err
}

func listFunctions(ctx context.Context, cfg aws.Config) error {
	_, err := lambda.NewFromConfig(cfg).ListFunctions(ctx, &lambda.ListFunctionsInput{})
	return err
}

func listBuckets(ctx context.Context, cfg aws.Config) error {
	_, err := s3.NewFromConfig(cfg).ListBuckets(ctx, &s3.ListBucketsInput{})
	return err
}

const scp = "User: arn:aws:iam::1:user/u is not authorized to perform: ec2:DescribeInstances with an explicit deny in a service control policy"

func TestExplainAnswersOfAWS(t *testing.T) {
	noSettings(t)
	type call = func(context.Context, aws.Config) error
	const opted = "ap-east-1"
	for _, tt := range []struct {
		name   string
		call   call
		region string
		answer answer
		want   tracker.Failure
	}{
		{"ec2query denied", describeInstances, "us-east-1", ec2Error(403, "UnauthorizedOperation", "You are not authorized."), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "You are not authorized."}},
		{"encoded message trimmed", describeInstances, "us-east-1", ec2Error(403, "UnauthorizedOperation", "Not authorized. Encoded authorization failure message: "+strings.Repeat("Zx9_-", 200)), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "Not authorized."}},
		{"denied by the organisation", describeInstances, "us-east-1", ec2Error(403, "UnauthorizedOperation", scp), tracker.Failure{Outcome: tracker.OutcomeDeniedSCP, Code: "UnauthorizedOperation", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: scp}},
		{"query denied", describeDatabases, "us-east-1", queryError(403, "AccessDenied", "no"), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: "rds:DescribeDBInstances", RequestID: "r-query", Message: "no"}},
		{"query opt-in", describeBalancers, "us-east-1", queryError(403, "OptInRequired", "no"), tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "OptInRequired", API: "elasticloadbalancing:DescribeLoadBalancers", RequestID: "r-query", Message: "no"}},
		{"json denied", describeLogGroups, "us-east-1", jsonError(400, "AccessDeniedException", "no"), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDeniedException", API: "logs:DescribeLogGroups", RequestID: "r-json", Message: "no"}},
		{"json namespaced code", getResources, "us-east-1", jsonError(400, "com.amazon.coral.service#AccessDeniedException", "no"), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDeniedException", API: "tag:GetResources", RequestID: "r-json", Message: "no"}},
		{"json unknown operation", describeLogGroups, "us-east-1", jsonError(400, "UnknownOperationException", "no"), tracker.Failure{Outcome: tracker.OutcomeUnsupported, Code: "UnknownOperationException", API: "logs:DescribeLogGroups", RequestID: "r-json", Message: "no"}},
		{"json expired", describeLogGroups, "us-east-1", jsonError(400, "ExpiredTokenException", "expired"), tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "ExpiredTokenException", API: "logs:DescribeLogGroups", RequestID: "r-json", Message: "expired"}},
		{"rest-json denied", listFunctions, "us-east-1", restJSONError(403, "AccessDeniedException", "no"), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDeniedException", API: "lambda:ListFunctions", RequestID: "r-rest", Message: "no"}},
		{"rest-json throttled", listFunctions, "us-east-1", restJSONError(429, "TooManyRequestsException", "slow"), tracker.Failure{Outcome: tracker.OutcomeThrottled, Code: "TooManyRequestsException", API: "lambda:ListFunctions", RequestID: "r-rest", Message: "slow", RetryAfter: throttlePause}},
		{"rest-xml denied", listBuckets, "us-east-1", s3Error(403, "AccessDenied", "Access Denied"), tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: "s3:ListBuckets", RequestID: "r-s3", Message: "Access Denied"}},
		{"rest-xml slow down", listBuckets, "us-east-1", s3Error(503, "SlowDown", "Please reduce your request rate."), tracker.Failure{Outcome: tracker.OutcomeThrottled, Code: "SlowDown", API: "s3:ListBuckets", RequestID: "r-s3", Message: "Please reduce your request rate.", RetryAfter: throttlePause}},
		{"rest-xml bad key", listBuckets, "us-east-1", s3Error(403, "InvalidAccessKeyId", "unknown key"), tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "InvalidAccessKeyId", API: "s3:ListBuckets", RequestID: "r-s3", Message: "unknown key"}},
		{"good keys, region off", describeInstances, opted, ec2Error(401, "AuthFailure", "AWS was not able to validate the provided access credentials"), tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "AuthFailure", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "the region is not enabled for the account: AWS was not able to validate the provided access credentials"}},
		{"good keys, region off, query", describeDatabases, opted, queryError(403, "InvalidClientTokenId", "no"), tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "InvalidClientTokenId", API: "rds:DescribeDBInstances", RequestID: "r-query", Message: "the region is not enabled for the account: no"}},
		{"good keys, region off, json", describeLogGroups, opted, jsonError(400, "UnrecognizedClientException", "no"), tracker.Failure{Outcome: tracker.OutcomeNotOptedIn, Code: "UnrecognizedClientException", API: "logs:DescribeLogGroups", RequestID: "r-json", Message: "the region is not enabled for the account: no"}},
		{"good keys, region always on", describeInstances, "us-east-1", ec2Error(401, "AuthFailure", "AWS was not able"), tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "AuthFailure", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "AWS was not able"}},
		{"wrong signature is not a region", describeInstances, opted, ec2Error(403, "SignatureDoesNotMatch", "no"), tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "SignatureDoesNotMatch", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "no"}},
		{"not in this region", describeInstances, "us-east-1", ec2Error(400, "UnsupportedOperation", "The functionality is not available in this region."), tracker.Failure{Outcome: tracker.OutcomeUnsupported, Code: "UnsupportedOperation", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "The functionality is not available in this region."}},
		{"throttled with a wait", describeInstances, "us-east-1", answer{503, map[string]string{"Retry-After": "7"}, ec2Error(0, "RequestLimitExceeded", "slow").body}, tracker.Failure{Outcome: tracker.OutcomeThrottled, Code: "RequestLimitExceeded", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "slow", RetryAfter: 7 * time.Second}},
		{"internal error", describeInstances, "us-east-1", ec2Error(500, "InternalError", "oops"), tracker.Failure{Outcome: tracker.OutcomeError, Code: "InternalError", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "oops"}},
		{"bare 403", listFunctions, "us-east-1", answer{status: 403}, tracker.Failure{Outcome: tracker.OutcomeDenied, API: "lambda:ListFunctions"}},
		{"a proxy's page as an answer", describeInstances, "us-east-1", answer{body: "<html><p>log in<br></html>"}, tracker.Failure{Outcome: tracker.OutcomeError, API: "ec2:DescribeInstances"}},
		{"a page where JSON was due", describeLogGroups, "us-east-1", answer{body: "<html>"}, tracker.Failure{Outcome: tracker.OutcomeError, API: "logs:DescribeLogGroups"}},
		{"secret in the answer", describeInstances, "us-east-1", ec2Error(403, "SignatureDoesNotMatch", "we calculated with "+secret), tracker.Failure{Outcome: tracker.OutcomeBadCreds, Code: "SignatureDoesNotMatch", API: "ec2:DescribeInstances", RequestID: "r-ec2", Message: "we calculated with [hidden]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(&fake{reply: func(op string, _ int) answer {
				if op == "GetCallerIdentity" {
					return identity("123456789012")
				}
				return tt.answer
			}})
			defer srv.Close()
			s := session(t, open(t, Options{EndpointURL: srv.URL, MaxAttempts: 1}), someKeys)
			got := s.Explain(tt.call(t.Context(), s.Config(tt.region)), tt.region)
			if got == nil {
				t.Fatal("no error")
			}
			// An answer of the 500s, or an unknown one, proves nothing.
			tt.want.Harmless = tt.answer.status >= 400 && tt.answer.status < 500 || tt.want.Outcome == tracker.OutcomeThrottled
			ignore := []string{"Err"}
			if tt.want.Message == "" {
				ignore = append(ignore, "Message", "RequestID")
			}
			if diff := cmp.Diff(&tt.want, got, cmpopts.IgnoreFields(tracker.Failure{}, ignore...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestRegionIsOffOnlyForGoodKeys: a region that does not know the keys proves nothing
// of itself. One call elsewhere does, and it is made once for many refusals.
func TestRegionIsOffOnlyForGoodKeys(t *testing.T) {
	noSettings(t)
	for _, tt := range []struct {
		name  string
		keys  answer // what the home region says of them
		want  tracker.Outcome
		asked int
	}{
		{"good", identity("123456789012"), tracker.OutcomeNotOptedIn, 1},
		{"unknown", queryError(403, "InvalidClientTokenId", "no"), tracker.OutcomeBadCreds, 1},
		{"not known to be good", queryError(500, "InternalFailure", "oops"), tracker.OutcomeBadCreds, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := &fake{reply: func(op string, _ int) answer {
				if op == "GetCallerIdentity" {
					return tt.keys
				}
				return ec2Error(401, "AuthFailure", "no")
			}}
			s := session(t, open(t, Options{Configure: sim.use, MaxAttempts: 1}), someKeys)
			s.SetAccount("123456789012") // what another worker has found proves nothing here
			for _, region := range []string{"ap-east-1", "me-south-1", "mx-central-1"} {
				if f := s.Explain(describeInstances(t.Context(), s.Config(region)), region); f.Outcome != tt.want {
					t.Errorf("%s: %s", region, f.Outcome)
				}
			}
			asked := len(slices.DeleteFunc(sim.calls, func(op string) bool { return op != "GetCallerIdentity" }))
			if asked != tt.asked {
				t.Errorf("asked %d times whose the keys are", asked)
			}
		})
	}
}

// TestAside tells another region that is off from what a cell is judged by.
func TestAside(t *testing.T) {
	noSettings(t)
	sim := &fake{reply: func(op string, _ int) answer {
		if op == "GetCallerIdentity" {
			return identity("123456789012")
		}
		return jsonError(400, "UnrecognizedClientException", "The security token included in the request is invalid.")
	}}
	s := session(t, open(t, Options{Configure: sim.use, MaxAttempts: 1}), someKeys)
	off := func(region string, ids ...string) error {
		return &tracker.Elsewhere{Region: region, Resources: ids, Err: fmt.Errorf("tags: %w", getResources(t.Context(), s.Config(region)))}
	}
	denied := &tracker.Failure{Outcome: tracker.OutcomeDenied}
	why := "the region is not enabled for the account: The security token included in the request is invalid."
	note := func(region string, count int, ids ...string) tracker.Note {
		return tracker.Note{Region: region, Outcome: tracker.OutcomeNotOptedIn, Resources: ids, Count: count, Message: why}
	}
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("b%02d", i))
	}
	for _, tt := range []struct {
		name  string
		err   error
		rest  tracker.Outcome // of what is left; none when nothing is
		notes []tracker.Note
	}{
		{"nothing", nil, "", nil},
		{"no other region", denied, tracker.OutcomeDenied, nil},
		{"one region off", fmt.Errorf("scan: %w", errors.Join(off("me-south-1", "b"), off("me-south-1", "b"))), "", []tracker.Note{note("me-south-1", 1, "b")}},
		{"two regions off", errors.Join(off("me-south-1", "b"), off("af-south-1", "c")), "", []tracker.Note{note("af-south-1", 1, "c"), note("me-south-1", 1, "b")}},
		{"one off and a denial", errors.Join(off("me-south-1", "b"), denied), tracker.OutcomeDenied, []tracker.Note{note("me-south-1", 1, "b")}},
		{"a region that is always on", off("eu-west-1", "b"), tracker.OutcomeBadCreds, nil},
		{"many resources", off("me-south-1", many...), "", []tracker.Note{note("me-south-1", 30, many[:tracker.MaxNoted]...)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			notes, rest := s.Aside(tt.err)
			outcome := tracker.Outcome("")
			if f := s.Explain(rest, tracker.Global); f != nil {
				outcome = f.Outcome
			}
			if diff := cmp.Diff(tt.notes, notes); diff != "" || outcome != tt.rest {
				t.Errorf("rest %q, want %q; notes (-want +got):\n%s", outcome, tt.rest, diff)
			}
		})
	}
}

func TestExplainErrorsWithoutAnAnswer(t *testing.T) {
	op := func(err error) error {
		return &smithy.OperationError{ServiceID: "EC2", OperationName: "DescribeVolumes", Err: err}
	}
	denied := op(&smithy.GenericAPIError{Code: "UnauthorizedOperation", Message: "no"})
	throttled := op(&smithy.GenericAPIError{Code: "Throttling", Message: "slow"})
	cancelled := op(&smithy.CanceledError{Err: context.Canceled})
	role := op(&credentialsError{&smithy.OperationError{ServiceID: "STS", OperationName: "AssumeRole", Err: &smithy.GenericAPIError{Code: "AccessDenied", Message: "not yours"}}})
	settled := &tracker.Failure{Outcome: tracker.OutcomeUnsupported, Message: "settled"}
	for _, tt := range []struct {
		name string
		err  error
		want *tracker.Failure
	}{
		{"nil", nil, nil},
		{"a failure passes through", fmt.Errorf("scan: %w", settled), settled},
		{"cancelled", cancelled, &tracker.Failure{Outcome: tracker.OutcomeCancelled, API: "ec2:DescribeVolumes", Message: "cancelled before AWS answered"}},
		{"deadline", op(&smithy.CanceledError{Err: context.DeadlineExceeded}), &tracker.Failure{Outcome: tracker.OutcomeTimeout, API: "ec2:DescribeVolumes", Message: "AWS did not answer in time"}},
		{"network timeout", op(&net.OpError{Op: "read", Err: timeoutError{}}), &tracker.Failure{Outcome: tracker.OutcomeTimeout, API: "ec2:DescribeVolumes", Message: "AWS did not answer in time"}},
		{"no such host", op(&net.DNSError{Err: "no such host", Name: "ec2.mars-1.amazonaws.com", IsNotFound: true}), &tracker.Failure{Outcome: tracker.OutcomeError, Code: "NoSuchHost", API: "ec2:DescribeVolumes", Message: "lookup ec2.mars-1.amazonaws.com: no such host", Harmless: true}},
		{"role denied", role, &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "AccessDenied", API: "sts:AssumeRole", Message: "not yours", Harmless: true}},
		{"server without credentials", op(&credentialsError{errors.New("no credential process")}), &tracker.Failure{Outcome: tracker.OutcomeBadCreds, API: "ec2:DescribeVolumes", Message: "get credentials: no credential process", Harmless: true}},
		{"server may not be used", errServer(), &tracker.Failure{Outcome: tracker.OutcomeBadCreds, Message: errServer().Error(), Harmless: true}},
		{"budget", op(&BudgetError{API: "ec2:DescribeVolumes", Wait: time.Minute}), &tracker.Failure{Outcome: tracker.OutcomeThrottled, Code: CodeBudget, API: "ec2:DescribeVolumes", Message: "the call budget is spent", RetryAfter: time.Minute, Unsent: true, Harmless: true}},
		{"joined: the gravest", fmt.Errorf("scan: %w", errors.Join(cancelled, errors.Join(throttled, denied))), &tracker.Failure{Outcome: tracker.OutcomeDenied, Code: "UnauthorizedOperation", API: "ec2:DescribeVolumes", Message: "no (and 2 more)"}},
		{"anything else", errors.New("disk full"), &tracker.Failure{Outcome: tracker.OutcomeError, Message: "disk full"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Explain(tt.err), cmpopts.IgnoreFields(tracker.Failure{}, "Err", "Harmless")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHarmless distinguishes failures after which a call may be sent again, or
// is known to have changed nothing, from those that prove neither.
func TestHarmless(t *testing.T) {
	noSettings(t)
	for _, tt := range []struct {
		name   string
		call   func(context.Context, aws.Config) error
		answer answer
		want   bool
	}{
		{"refused", describeInstances, ec2Error(403, "UnauthorizedOperation", "no"), true},
		{"conflict", listBuckets, s3Error(409, "BucketNotEmpty", "no"), true},
		{"throttled with 400", describeLogGroups, jsonError(400, "ThrottlingException", "slow"), true},
		{"throttled by EC2, with 503", describeInstances, ec2Error(503, "RequestLimitExceeded", "slow"), true},
		{"throttled by S3, with 503", listBuckets, s3Error(503, "SlowDown", "slow"), true},
		{"unavailable", describeInstances, ec2Error(503, "Unavailable", "no"), false},
		{"broken", describeInstances, ec2Error(500, "InternalError", "oops"), false},
		{"no answer of AWS's", describeInstances, answer{body: "<html><p>log in<br></html>"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := httptest.NewServer(&fake{reply: func(string, int) answer { return tt.answer }})
			defer srv.Close()
			s := session(t, open(t, Options{EndpointURL: srv.URL, MaxAttempts: 1}), someKeys)
			if got := Explain(tt.call(t.Context(), s.Config("us-east-1"))); got.Harmless != tt.want {
				t.Errorf("harmless is %v, want %v: %+v", got.Harmless, tt.want, got)
			}
		})
	}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"never reached", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		{"cut off", &net.OpError{Op: "read", Err: errors.New("connection reset")}, false},
		{"timed out", context.DeadlineExceeded, false},
		{"no such host", &net.DNSError{IsNotFound: true}, true},
		{"over the budget", &BudgetError{API: "ec2:StopInstances"}, true},
		{"never signed", &credentialsError{errors.New("no credentials")}, true},
		{"never written", &smithy.OperationError{Err: smithy.InvalidParamsError{}}, true},
		{"refused here", tracker.Errorf(tracker.CodeConflict, "there is no snapshot of it"), true},
		{"unknown", errors.New("disk full"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Explain(tt.err); got.Harmless != tt.want {
				t.Errorf("harmless is %v, want %v: %+v", got.Harmless, tt.want, got)
			}
		})
	}
}

// A name that does not resolve means "not in this region" only while others do.
func TestNoSuchHostIsUnsupportedWhileOthersAnswer(t *testing.T) {
	noSettings(t)
	c := open(t, Options{})
	s := session(t, c, someKeys)
	err := &net.DNSError{Err: "no such host", Name: "x.mars-1.amazonaws.com", IsNotFound: true}
	if got := s.Explain(err, "mars-1").Outcome; got != tracker.OutcomeError {
		t.Errorf("nothing has answered: %s", got)
	}
	c.answered.Store(time.Now().UnixNano())
	if got := s.Explain(err, "mars-1").Outcome; got != tracker.OutcomeUnsupported {
		t.Errorf("others answer: %s", got)
	}
}

func TestMessagesAreBounded(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"control characters", "a\x00b\r\n\x7fc", "a b c"},
		{"token", "token " + strings.Repeat("IQoJb3JpZ2lu", 20) + " bad", "token … bad"},
		{"secret-length words stay", "user " + strings.Repeat("u", 64), "user " + strings.Repeat("u", 64)},
	} {
		if got := bounded(tt.in); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	long := bounded(strings.Repeat("é ", 400))
	if len(long) > maxMessage || !utf8.ValidString(long) {
		t.Errorf("%d bytes: %q", len(long), long)
	}
}

func TestNames(t *testing.T) {
	for _, row := range []struct{ service, operation, prefix, action string }{
		{"CloudWatch Logs", "DescribeLogGroups", "logs", "logs:DescribeLogGroups"},
		{"Secrets Manager", "ListSecrets", "secretsmanager", "secretsmanager:ListSecrets"},
		{"Cost Explorer", "GetCostAndUsage", "ce", "ce:GetCostAndUsage"},
	} {
		if prefix, action := Names(names).of(row.service, row.operation); prefix != row.prefix || action != row.action {
			t.Errorf("%s %s: %s, %s", row.service, row.operation, prefix, action)
		}
	}
	if prefix, action := Names(nil).of("Route 53", "ListHostedZones"); prefix != "route53" || action != "route53:ListHostedZones" {
		t.Errorf("known to nobody: %s, %s", prefix, action)
	}
}

type timeoutError struct{}

func (timeoutError) Error() string { return "i/o timeout" }
func (timeoutError) Timeout() bool { return true }
