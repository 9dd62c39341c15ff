package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestFailureIsNeverEmpty scans with credentials that do not work, in each way
// that AWS says so: no such job may succeed or look empty, and the coverage
// says of each cell why.
func TestFailureIsNeverEmpty(t *testing.T) {
	a := seededAccount(t)
	// What the API answers to each key, in the words of each protocol.
	rule := func(_ context.Context, c call) fault {
		switch {
		case c.Key == "AKIADEAD":
			return fault{403, map[string]string{"ec2": "AuthFailure", "s3": "InvalidAccessKeyId", "logs": "UnrecognizedClientException", "lambda": "UnrecognizedClientException"}[c.Service]}.or("InvalidClientTokenId")
		case c.Key == "AKIAEXPIRED":
			return fault{400, map[string]string{"ec2": "RequestExpired", "logs": "ExpiredTokenException", "lambda": "ExpiredTokenException"}[c.Service]}.or("ExpiredToken")
		case c.Service == "sts" || c.Action == "DescribeRegions":
			return fault{}
		case c.Key == "AKIADENIED":
			return fault{403, map[string]string{"ec2": "UnauthorizedOperation", "logs": "AccessDeniedException", "lambda": "AccessDeniedException"}[c.Service]}.or("AccessDenied")
		case c.Key == "AKIATHROTTLED":
			return fault{400, map[string]string{"ec2": "RequestLimitExceeded", "s3": "SlowDown", "logs": "ThrottlingException", "lambda": "TooManyRequestsException"}[c.Service]}.or("Throttling")
		}
		return fault{}
	}
	c := newStack(t, newProxy(t, a.url, rule).url).client(apiKey)
	rows := []struct {
		name, key string
		outcome   tracker.Outcome
	}{
		{"unknown key", "AKIADEAD", tracker.OutcomeBadCreds},
		{"expired token", "AKIAEXPIRED", tracker.OutcomeBadCreds},
		{"no permission", "AKIADENIED", tracker.OutcomeDenied},
		{"throttled throughout", "AKIATHROTTLED", tracker.OutcomeThrottled},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			request := with(keys(row.key, "any"), "regions", seedRegions[1:3])
			request = with(with(request, "types", seededTypes), "timeout_seconds", 30)
			job := c.scan(request)
			if job.State != tracker.JobFailed && job.State != tracker.JobPartial {
				t.Errorf("the job ended %s, want failed or partial", job.State)
			}
			if job.Reason == "" {
				t.Error("the job gives no reason")
			}
			cov := c.coverage(job.ID)
			if cov.Complete || len(cov.Cells) == 0 {
				t.Errorf("coverage: complete is %t with %d cells", cov.Complete, len(cov.Cells))
			}
			for _, cell := range cov.Cells {
				if cell.Outcome != row.outcome {
					t.Errorf("%s ended %q, want %q", cell.ID(), cell.Outcome, row.outcome)
				}
				if cell.Error == nil || cell.Error.API == "" || cell.Error.Code == "" {
					t.Errorf("%s does not say which call failed and how: %+v", cell.ID(), cell.Error)
				}
			}
			r := c.result(job.ID)
			if len(r.Resources) != 0 || len(r.Errors) == 0 {
				t.Errorf("the result has %d resources and %d errors", len(r.Resources), len(r.Errors))
			}
		})
	}
}

func (f fault) or(code string) fault {
	if f.code == "" {
		f.code = code
	}
	return f
}

// TestPolicyDecides lets moto check policies for real: the user may list
// instances and nothing else.
func TestPolicyDecides(t *testing.T) {
	t.Parallel()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	client := iam.NewFromConfig(m.config(seedRegions[0]))
	name := aws.String("reader")
	if _, err := client.CreateUser(t.Context(), &iam.CreateUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	_, err = client.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: name, PolicyName: aws.String("read"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:DescribeInstances","sts:GetCallerIdentity"],"Resource":"*"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: name})
	if err != nil {
		t.Fatal(err)
	}
	m.enforce(t)

	c := newStack(t, m.url).client(apiKey)
	reader := keys(*made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey)
	types := []tracker.Type{"EC2_Instance", "EBS_Volume", "RDS_Instance", "IAM_User"}

	t.Run("some types denied", func(t *testing.T) {
		job := c.scan(with(with(reader, "regions", []string{"eu-west-1"}), "types", types))
		if job.State != tracker.JobPartial {
			t.Errorf("the job ended %s, want partial: %s", job.State, job.Reason)
		}
		for _, cell := range c.coverage(job.ID).Cells {
			want := tracker.OutcomeDenied
			if cell.Type == "EC2_Instance" {
				want = tracker.OutcomeEmpty
			}
			if cell.Outcome != want {
				t.Errorf("%s ended %q, want %q: %v", cell.ID(), cell.Outcome, want, cell.Error)
			}
		}
	})
	t.Run("region list denied", func(t *testing.T) {
		job := c.scan(with(reader, "types", types))
		if job.State != tracker.JobFailed {
			t.Errorf("the job ended %s, want failed", job.State)
		}
		if !strings.Contains(job.Reason, "DescribeRegions") {
			t.Errorf("the reason does not name ec2:DescribeRegions: %q", job.Reason)
		}
	})
	t.Run("wrong secret", func(t *testing.T) {
		job := c.scan(with(with(keys(*made.AccessKey.AccessKeyId, "wrong"), "regions", []string{"eu-west-1"}), "types", types))
		if job.State != tracker.JobFailed {
			t.Errorf("the job ended %s, want failed", job.State)
		}
	})
}
