package aws_test

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/glue"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
)

var keys = credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "")

// A sender answers each request with an empty document, and keeps it.
type sender struct{ last *http.Request }

func (s *sender) Do(r *http.Request) (*http.Response, error) {
	s.last = r
	body := "<Response><ListRolesResult/></Response>"
	if strings.Contains(r.Header.Get("Content-Type"), "json") {
		body = "{}"
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestEndpoints(t *testing.T) {
	describe := func(cfg aws.Config) error {
		_, err := ec2.NewFromConfig(cfg).DescribeInstances(context.Background(), nil)
		return err
	}
	roles := func(cfg aws.Config) error {
		_, err := iam.NewFromConfig(cfg).ListRoles(context.Background(), nil)
		return err
	}
	jobs := func(cfg aws.Config) error {
		_, err := glue.NewFromConfig(cfg).GetJobs(context.Background(), nil)
		return err
	}
	for name, c := range map[string]struct {
		call         func(aws.Config) error
		region       string
		env, value   string
		host, signed string
	}{
		"a region":                      {call: describe, region: "eu-west-1", host: "ec2.eu-west-1.amazonaws.com", signed: "eu-west-1/ec2"},
		"China":                         {call: describe, region: "cn-north-1", host: "ec2.cn-north-1.amazonaws.com.cn", signed: "cn-north-1/ec2"},
		"GovCloud":                      {call: describe, region: "us-gov-west-1", host: "ec2.us-gov-west-1.amazonaws.com", signed: "us-gov-west-1/ec2"},
		"FIPS":                          {call: describe, region: "us-east-1", env: "AWS_USE_FIPS_ENDPOINT", value: "true", host: "ec2-fips.us-east-1.amazonaws.com", signed: "us-east-1/ec2"},
		"dual stack":                    {call: describe, region: "us-east-1", env: "AWS_USE_DUALSTACK_ENDPOINT", value: "true", host: "ec2.us-east-1.api.aws", signed: "us-east-1/ec2"},
		"an endpoint of the service":    {call: describe, region: "us-east-1", env: "AWS_ENDPOINT_URL_EC2", value: "http://one.test", host: "one.test", signed: "us-east-1/ec2"},
		"an endpoint of another":        {call: roles, region: "us-east-1", env: "AWS_ENDPOINT_URL_EC2", value: "http://one.test", host: "iam.amazonaws.com", signed: "us-east-1/iam"},
		"an endpoint of all":            {call: jobs, region: "us-east-1", env: "AWS_ENDPOINT_URL", value: "http://all.test", host: "all.test", signed: "us-east-1/glue"},
		"a global service":              {call: roles, region: "eu-west-1", host: "iam.amazonaws.com", signed: "us-east-1/iam"},
		"a global service of GovCloud":  {call: roles, region: "us-gov-east-1", host: "iam.us-gov.amazonaws.com", signed: "us-gov-west-1/iam"},
		"a service that speaks JSON":    {call: jobs, region: "cn-north-1", host: "glue.cn-north-1.amazonaws.com.cn", signed: "cn-north-1/glue"},
		"JSON, dual stack":              {call: jobs, region: "eu-west-1", env: "AWS_USE_DUALSTACK_ENDPOINT", value: "true", host: "glue.eu-west-1.api.aws", signed: "eu-west-1/glue"},
		"a region that nobody knows of": {call: describe, region: "xx-new-9", host: "ec2.xx-new-9.amazonaws.com", signed: "xx-new-9/ec2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("AWS_CONFIG_FILE", "/dev/null")
			t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
			t.Setenv(cmp.Or(c.env, "AWS_ENDPOINT_URL"), c.value)
			t.Setenv("AWS_CA_BUNDLE", "")
			to := &sender{}
			cfg, err := config.LoadDefaultConfig(t.Context(), config.WithRegion(c.region), config.WithCredentialsProvider(keys))
			if err != nil {
				t.Fatal(err)
			}
			cfg.HTTPClient = to
			if err := c.call(cfg); err != nil {
				t.Fatal(err)
			}
			if to.last.URL.Host != c.host {
				t.Errorf("asked %s, not %s", to.last.URL.Host, c.host)
			}
			if s := to.last.Header.Get("Authorization"); !strings.Contains(s, "/"+c.signed+"/aws4_request") {
				t.Errorf("signed for %s, not %s", s, c.signed)
			}
			if agent := to.last.Header.Get("User-Agent"); !strings.Contains(agent, "aws-sdk-go-v2/") || !strings.Contains(agent, " api/") {
				t.Errorf("user agent %q", agent)
			}
		})
	}
}

// The SDK finds by how much a clock is wrong from an answer that refuses a request for
// its time, and signs the next one for the server's. A client here does what the SDK's
// own do.
func TestWrongClock(t *testing.T) {
	for name, c := range map[string]struct {
		refusal, answer string
		call            func(aws.Config) error
	}{
		"the SDK's own": {
			refusal: `<ErrorResponse><Error><Code>RequestTimeTooSkewed</Code></Error></ErrorResponse>`,
			answer:  `<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>`,
			call: func(cfg aws.Config) error {
				_, err := sts.NewFromConfig(cfg).GetCallerIdentity(context.Background(), nil)
				return err
			},
		},
		"EC2": {
			refusal: `<Response><Errors><Error><Code>RequestTimeTooSkewed</Code></Error></Errors></Response>`,
			answer:  `<DescribeInstancesResponse/>`,
			call: func(cfg aws.Config) error {
				_, err := ec2.NewFromConfig(cfg).DescribeInstances(context.Background(), nil)
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			theirs := time.Now().Add(time.Hour).UTC()
			var signed []time.Time
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
				if err != nil {
					t.Error(err)
				}
				signed = append(signed, at)
				w.Header().Set("Date", theirs.Format(http.TimeFormat))
				body := c.answer
				if len(signed) == 1 {
					w.WriteHeader(http.StatusForbidden)
					body = c.refusal
				}
				_, _ = io.WriteString(w, body)
			}))
			defer server.Close()

			err := c.call(aws.Config{Region: "eu-west-1", Credentials: keys, BaseEndpoint: &server.URL})
			if err != nil {
				t.Fatal(err)
			}
			if len(signed) != 2 {
				t.Fatalf("%d requests, not 2", len(signed))
			}
			if off := signed[1].Sub(theirs).Abs(); off > time.Minute {
				t.Errorf("the second request is signed for a time %v away from the server's", off)
			}
		})
	}
}
