package cloud

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

const roleARN = "arn:aws:iam::222222222222:role/path/reader"

func TestIdentityIsAskedOnceAndRemembered(t *testing.T) {
	noSettings(t)
	sim := &fake{reply: func(_ string, n int) answer {
		if n == 1 {
			return queryError(403, "InvalidClientTokenId", "The security token included in the request is invalid.")
		}
		return identity("123456789012")
	}}
	s := session(t, open(t, Options{Configure: sim.use}), someKeys)
	if _, err := s.Identity(t.Context()); Explain(err) == nil || Explain(err).Outcome != tracker.OutcomeBadCreds {
		t.Errorf("bad keys: %v", err)
	}
	for range 3 {
		if id, err := s.Identity(t.Context()); id != "123456789012" || err != nil {
			t.Errorf("%q, %v", id, err)
		}
	}
	if len(sim.calls) != 2 {
		t.Errorf("asked %d times", len(sim.calls))
	}
	s.SetAccount("999999999999")
	if id, _ := s.Identity(t.Context()); id != "999999999999" || len(sim.calls) != 2 {
		t.Errorf("%s after %d calls", id, len(sim.calls))
	}
}

func TestRegionsAreTheEnabledOnesOfThePartition(t *testing.T) {
	noSettings(t)
	var body strings.Builder
	for _, r := range []string{
		"us-west-2 opt-in-not-required", "eu-south-1 opted-in", "me-south-1 not-opted-in", "cn-north-1 opt-in-not-required",
		"us-gov-west-1 opt-in-not-required", "ap-south-1 opt-in-not-required",
	} {
		name, status, _ := strings.Cut(r, " ")
		fmt.Fprintf(&body, `<item><regionName>%s</regionName><optInStatus>%s</optInStatus></item>`, name, status)
	}
	sim := &fake{reply: func(string, int) answer {
		return answer{body: `<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>` + body.String() + `</regionInfo></DescribeRegionsResponse>`}
	}}
	got, err := session(t, open(t, Options{Configure: sim.use}), someKeys).Regions(t.Context())
	if diff := cmp.Diff([]string{"ap-south-1", "eu-south-1", "us-west-2"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if strings.Contains(sim.bodies[0], "AllRegions") {
		t.Error(sim.bodies[0])
	}
}

// TestRegionsAreAskedElsewhere: where one region refuses the list, another gives it.
func TestRegionsAreAskedElsewhere(t *testing.T) {
	noSettings(t)
	const list = `<DescribeRegionsResponse><regionInfo><item><regionName>eu-west-1</regionName></item></regionInfo></DescribeRegionsResponse>`
	only := func(regions ...string) func(string) answer {
		return func(region string) answer {
			if slices.Contains(regions, region) {
				return answer{body: list}
			}
			return ec2Error(403, "UnauthorizedOperation", scp)
		}
	}
	for _, tt := range []struct {
		name  string
		home  string
		reply func(region string) answer
		asked []string
		err   string
	}{
		{"home answers", "us-east-1", only("us-east-1"), []string{"us-east-1"}, ""},
		{"home is denied", "us-east-1", only("eu-west-1"), []string{"us-east-1", "us-west-2", "eu-west-1"}, ""},
		{"all are denied", "us-east-1", only(), append([]string{"us-east-1"}, othersToAsk...), `name the regions to scan in "regions": us-east-1, us-west-2, eu-west-1,`},
		{"GovCloud", "us-gov-west-1", only("us-gov-east-1"), []string{"us-gov-west-1", "us-gov-east-1"}, ""},
		{"China denies", "cn-north-1", only(), []string{"cn-north-1", "cn-northwest-1"}, `name the regions to scan in "regions": cn-north-1, cn-northwest-1 refused`},
		{"home is out of order", "us-east-1", func(string) answer { return ec2Error(500, "InternalError", "oops") }, []string{"us-east-1"}, "InternalError: oops"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("AWS_REGION", tt.home)
			var asked []string
			sim := doer(func(r *http.Request) (*http.Response, error) {
				region := awsmiddleware.GetRegion(r.Context())
				asked = append(asked, region)
				return (&fake{reply: func(string, int) answer { return tt.reply(region) }}).Do(r)
			})
			c := open(t, Options{MaxAttempts: 1, Configure: func(cfg *aws.Config) { cfg.HTTPClient = sim }})
			s := session(t, c, someKeys)
			_, err := s.Regions(t.Context())
			if diff := cmp.Diff(tt.asked, asked); diff != "" {
				t.Error(diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(s.Explain(err, "").Error(), tt.err) {
				t.Errorf("error %v", s.Explain(err, ""))
			}
		})
	}
}

// doer is a transport that is a function.
type doer func(*http.Request) (*http.Response, error)

func (f doer) Do(r *http.Request) (*http.Response, error) { return f(r) }

func TestOrganizationReadsAllPages(t *testing.T) {
	noSettings(t)
	var tokens []string
	sim := &fake{}
	sim.reply = func(_ string, n int) answer {
		var in struct{ NextToken string }
		_ = json.Unmarshal([]byte(sim.bodies[len(sim.bodies)-1]), &in)
		tokens = append(tokens, in.NextToken)
		return []answer{
			{body: `{"Accounts":[{"Id":"333","Status":"ACTIVE"},{"Id":"111","State":"ACTIVE"}],"NextToken":"a"}`},
			{body: `{"Accounts":[],"NextToken":"b"}`},
			{body: `{"Accounts":[{"Id":"222","Status":"SUSPENDED"},{"Id":"444","Status":"ACTIVE"}]}`},
		}[n-1]
	}
	got, err := session(t, open(t, Options{Configure: sim.use}), someKeys).Organization(t.Context())
	if diff := cmp.Diff([]string{"111", "333", "444"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if want := []string{"", "a", "b"}; !slices.Equal(tokens, want) {
		t.Errorf("tokens %q", tokens)
	}
}

func TestSessionRefuses(t *testing.T) {
	noSettings(t)
	c := open(t, Options{})
	for _, tt := range []struct {
		name  string
		creds tracker.Credentials
		field string
	}{
		{"nothing", tracker.Credentials{}, "access_key_id"},
		{"no secret", tracker.Credentials{AccessKeyID: "AKIA"}, "access_key_id"},
		{"server", tracker.Credentials{Server: true}, "ALLOW_SERVER_CREDENTIALS"},
		{"role from server", tracker.Credentials{Server: true, RoleARN: roleARN}, "ALLOW_SERVER_CREDENTIALS"},
		{"user for a role", tracker.Credentials{AccessKeyID: "a", SecretAccessKey: "b", RoleARN: "arn:aws:iam::1:user/u"}, "role_arn"},
		{"unknown partition", tracker.Credentials{AccessKeyID: "a", SecretAccessKey: "b", RoleARN: "arn:mars:iam::1:role/r"}, "role_arn"},
	} {
		_, err := c.Session(t.Context(), tt.creds)
		if e, ok := errors.AsType[*tracker.Error](err); !ok || e.Code != tracker.CodeInvalid || e.Field != tt.field {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestServerCredentialsWhereAllowed(t *testing.T) {
	noSettings(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIASERVER")
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	sim := &fake{reply: func(string, int) answer { return answer{body: instances} }}
	s := session(t, open(t, Options{Configure: sim.use, ServerCredentials: true}), tracker.Credentials{Server: true})
	if err := describeInstances(t.Context(), s.Config("us-east-1")); err != nil {
		t.Fatal(err)
	}
	if sim.keys[0] != "AKIASERVER" {
		t.Errorf("signed by %s", sim.keys[0])
	}
}

func TestServerWithoutCredentialsSaysSo(t *testing.T) {
	noSettings(t)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	s := session(t, open(t, Options{ServerCredentials: true}), tracker.Credentials{Server: true})
	f := Explain(describeInstances(t.Context(), s.Config("us-east-1")))
	if f == nil || f.Outcome != tracker.OutcomeBadCreds {
		t.Errorf("%+v", f)
	}
}

func TestSettingsOfTheSDK(t *testing.T) {
	noSettings(t)
	t.Setenv("AWS_MAX_ATTEMPTS", "9")
	t.Setenv("AWS_REGION", "cn-northwest-1")
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	s := session(t, open(t, Options{MaxAttempts: 2}), someKeys)
	cfg := s.Config("")
	if cfg.Region != "cn-northwest-1" || aws.ToString(cfg.BaseEndpoint) != "http://127.0.0.1:1" || cfg.RetryMaxAttempts != 0 || cfg.Retryer().MaxAttempts() != 2 {
		t.Errorf("region %s, endpoint %v, attempts %d", cfg.Region, cfg.BaseEndpoint, cfg.RetryMaxAttempts)
	}
	t.Setenv("AWS_REGION", "ap-southeast-7")
	if got := session(t, open(t, Options{}), someKeys).Config(tracker.Global).Region; got != "us-east-1" {
		t.Errorf("home is %s", got)
	}
}

func TestConfigIsACopy(t *testing.T) {
	noSettings(t)
	s := session(t, open(t, Options{}), someKeys)
	a := s.Config("eu-west-1")
	a.Region, a.APIOptions[0] = "x", nil
	if b := s.Config("eu-west-1"); b.Region != "eu-west-1" || b.APIOptions[0] == nil {
		t.Error("a caller's change reached the session")
	}
}

func TestTransportIsShared(t *testing.T) {
	noSettings(t)
	var connections atomic.Int64
	srv := httptest.NewUnstartedServer(&fake{reply: func(string, int) answer { return answer{body: instances} }})
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	c := open(t, Options{EndpointURL: srv.URL})
	for i := range 50 {
		creds := someKeys
		creds.AccessKeyID += fmt.Sprint(i)
		s := session(t, c, creds)
		for _, region := range []string{"us-east-1", "eu-west-1"} {
			if err := describeInstances(t.Context(), s.Config(region)); err != nil {
				t.Fatal(err)
			}
		}
	}
	// A connection may still be on its way back to the pool when the next call
	// starts. A transport for each session would need at least one connection
	// for each.
	if n := connections.Load(); n >= 50 {
		t.Errorf("%d connections for 100 calls in turn", n)
	}
}

func TestRequestTimeoutIsRetriedAndNamed(t *testing.T) {
	noSettings(t)
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	defer close(release)
	attempts := 0 // counted here: on a busy machine the server may not see one in time
	s := session(t, open(t, Options{
		EndpointURL: srv.URL, RequestTimeout: 50 * time.Millisecond, MaxAttempts: 2,
		Observe: func(context.Context, Call) { attempts++ },
	}), someKeys)
	f := Explain(describeInstances(t.Context(), s.Config("us-east-1")))
	if f == nil || f.Outcome != tracker.OutcomeTimeout || attempts != 2 {
		t.Errorf("%+v after %d attempts", f, attempts)
	}
}

func TestSessionsAreForgottenWhenIdle(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		c := open(t, Options{})
		a := session(t, c, someKeys)
		time.Sleep(sessionIdle - time.Second)
		if session(t, c, someKeys) != a {
			t.Error("a session in use was replaced")
		}
		time.Sleep(sessionIdle + time.Second)
		synctest.Wait()
		if len(c.sessions) != 0 {
			t.Errorf("%d sessions kept", len(c.sessions))
		}
	})
}

// Nothing that a session prints, logs or fails with holds its secret, even where
// AWS repeats it.
func TestNoSecretIsShown(t *testing.T) {
	noSettings(t)
	log, lines := recorder()
	token := strings.Repeat("MARKERTOKEN", 30)
	creds := tracker.Credentials{AccessKeyID: "AKIA", SecretAccessKey: secret, SessionToken: token}
	for _, reply := range []answer{
		ec2Error(403, "AuthFailure", "you sent "+secret+" and "+token),
		{status: 403, body: secret + token},
		{body: "<html>" + secret},
		{status: 500, body: token},
	} {
		sim := &fake{reply: func(string, int) answer { return reply }}
		s := session(t, open(t, Options{Configure: sim.use, MaxAttempts: 1, Log: log}), creds)
		err := describeInstances(context.Background(), s.Config("us-east-1"))
		f := s.Explain(err, "us-east-1")
		encoded, _ := json.Marshal(f)
		all := f.Error() + string(encoded) + lines.String()
		if strings.Contains(all, "MARKER") {
			t.Errorf("%d: %s", reply.status, all)
		}
	}
}

func recorder() (*slog.Logger, *bytes.Buffer) {
	var b bytes.Buffer
	return slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug})), &b
}

func count(list []string, s string) int {
	n := 0
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}
