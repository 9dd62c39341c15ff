package cloud

import (
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var someRole = tracker.Credentials{
	AccessKeyID: someKeys.AccessKeyID, SecretAccessKey: secret, RoleARN: roleARN, ExternalID: "ext-1",
}

// assumed is the n-th session of a role, ending after life.
func assumed(n int, life time.Duration) answer {
	return answer{body: fmt.Sprintf(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>`+
		`<AssumedRoleUser><Arn>arn:aws:sts::222222222222:assumed-role/reader/resource-tracker</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>`+
		`<Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>%s</SecretAccessKey><SessionToken>token-%d</SessionToken><Expiration>%s</Expiration></Credentials>`+
		`</AssumeRoleResult></AssumeRoleResponse>`, n, secret, n, time.Now().Add(life).UTC().Format(time.RFC3339))}
}

func TestRoleIsAssumedOnceWithExternalID(t *testing.T) {
	noSettings(t)
	sim := &fake{reply: func(op string, n int) answer {
		if op == "AssumeRole" {
			return assumed(n, time.Hour)
		}
		return answer{body: instances}
	}}
	c := open(t, Options{Configure: sim.use})
	for range 3 {
		s := session(t, c, someRole)
		if err := describeInstances(t.Context(), s.Config("eu-west-1")); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"AssumeRole", "DescribeInstances", "DescribeInstances", "DescribeInstances"}; !slices.Equal(sim.calls, want) {
		t.Errorf("calls %q", sim.calls)
	}
	if want := []string{someKeys.AccessKeyID, "ASIA1", "ASIA1", "ASIA1"}; !slices.Equal(sim.keys, want) {
		t.Errorf("signed by %q", sim.keys)
	}
	form, err := url.ParseQuery(sim.bodies[0])
	if err != nil || form.Get("ExternalId") != "ext-1" || form.Get("RoleArn") != roleARN || form.Get("RoleSessionName") != "resource-tracker" {
		t.Errorf("asked %v, %v", form, err)
	}
}

func TestRoleSessionIsRenewedBeforeItEnds(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		sim := &fake{reply: func(op string, n int) answer {
			if op == "AssumeRole" {
				return assumed(n, time.Hour)
			}
			return answer{body: instances}
		}}
		s := session(t, open(t, Options{Configure: sim.use}), someRole)
		cfg := s.Config("eu-west-1")
		for range 4 {
			if err := describeInstances(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			time.Sleep(58 * time.Minute)
		}
		if n := count(sim.calls, "AssumeRole"); n != 4 {
			t.Errorf("assumed %d times", n)
		}
	})
}

func TestExpiredRoleSessionIsRenewedOnce(t *testing.T) {
	noSettings(t)
	for _, tt := range []struct {
		name    string
		dead    int // sessions that are refused as expired
		sent    int
		assumed int
		failed  bool
	}{
		{"the first", 1, 2, 2, false},
		{"all", 99, 2, 2, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sim := &fake{}
				sim.reply = func(op string, n int) answer {
					if op == "AssumeRole" {
						return assumed(n, time.Hour)
					}
					var id int
					_, _ = fmt.Sscanf(sim.keys[len(sim.keys)-1], "ASIA%d", &id)
					if id <= tt.dead {
						return ec2Error(400, "RequestExpired", "Request has expired.")
					}
					return answer{body: instances}
				}
				s := session(t, open(t, Options{Configure: sim.use}), someRole)
				err := describeInstances(t.Context(), s.Config("eu-west-1"))
				if (err != nil) != tt.failed {
					t.Error(err)
				}
				if f := Explain(err); tt.failed && f.Outcome != tracker.OutcomeBadCreds {
					t.Errorf("%+v", f)
				}
				if sent, n := count(sim.calls, "DescribeInstances"), count(sim.calls, "AssumeRole"); sent != tt.sent || n != tt.assumed {
					t.Errorf("sent %d times in %d sessions", sent, n)
				}
			})
		})
	}
}

// Many calls meet the end of a session at once; it is replaced once.
func TestManyExpiredCallsShareOneRenewal(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		sim := &fake{reply: func(op string, n int) answer {
			switch {
			case op == "AssumeRole":
				return assumed(n, time.Hour)
			case n <= 20:
				return ec2Error(400, "RequestExpired", "Request has expired.")
			}
			return answer{body: instances}
		}}
		s := session(t, open(t, Options{Configure: sim.use}), someRole)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := describeInstances(t.Context(), s.Config("eu-west-1")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(sim.calls, "AssumeRole"); n != 2 {
			t.Errorf("assumed %d times", n)
		}
	})
}

func TestRoleDenied(t *testing.T) {
	noSettings(t)
	sim := &fake{reply: func(string, int) answer {
		return queryError(403, "AccessDenied", "not authorized to perform: sts:AssumeRole")
	}}
	s := session(t, open(t, Options{Configure: sim.use}), someRole)
	f := s.Explain(describeInstances(t.Context(), s.Config("eu-west-1")), "eu-west-1")
	if f == nil || f.Outcome != tracker.OutcomeDenied || f.API != "sts:AssumeRole" {
		t.Errorf("%+v", f)
	}
}

func TestRolesOfOtherPartitionsUseTheirRegions(t *testing.T) {
	noSettings(t)
	c := open(t, Options{})
	for arn, want := range map[string]string{
		roleARN:                             "us-east-1",
		"arn:aws-cn:iam::1:role/r":          "cn-north-1",
		"arn:aws-us-gov:iam::1:role/reader": "us-gov-west-1",
	} {
		creds := someRole
		creds.RoleARN = arn
		if got := session(t, c, creds).Config("").Region; got != want {
			t.Errorf("%s: %s", arn, got)
		}
	}
}
