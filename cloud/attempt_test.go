package cloud

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// purse is a Budget that gives prepared answers and remembers what it was asked.
type purse struct {
	mu        sync.Mutex
	waits     []time.Duration // answered in order, then 0
	err       error
	taken     []string
	throttled []string
}

func (p *purse) Take(_ context.Context, key string, rate tracker.CallRate, longest time.Duration) (time.Duration, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = append(p.taken, fmt.Sprintf("%s %g/%d", key, rate.PerSecond, rate.Burst))
	if p.err != nil || len(p.waits) == 0 {
		return 0, true, p.err
	}
	wait := p.waits[0]
	p.waits = p.waits[1:]
	return wait, wait <= longest, nil
}

func (p *purse) Throttled(_ context.Context, key string, _ tracker.CallRate) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.throttled = append(p.throttled, key)
	return p.err
}

const instances = `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet/></DescribeInstancesResponse>`

func TestEveryAttemptIsPaidAndObserved(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		aws := &fake{reply: func(_ string, n int) answer {
			if n < 3 {
				return ec2Error(503, "RequestLimitExceeded", "slow")
			}
			return answer{body: instances}
		}}
		var calls []Call
		budget := &purse{waits: []time.Duration{300 * time.Millisecond}}
		c := open(t, Options{Budget: budget, Configure: aws.use, Observe: func(_ context.Context, call Call) { calls = append(calls, call) }})
		s := session(t, c, someKeys)
		s.SetAccount("123456789012")

		if err := describeInstances(t.Context(), s.Config("eu-west-1")); err != nil {
			t.Fatal(err)
		}
		const key = "123456789012:eu-west-1:ec2:DescribeInstances"
		if want := slices.Repeat([]string{key + " 16/80"}, 3); !slices.Equal(budget.taken, want) {
			t.Errorf("taken %q", budget.taken)
		}
		if want := []string{key, key}; !slices.Equal(budget.throttled, want) {
			t.Errorf("throttled %q", budget.throttled)
		}
		call := Call{Service: "ec2", Operation: "DescribeInstances", Action: "ec2:DescribeInstances", Region: "eu-west-1", AccountID: "123456789012", Sent: true}
		first, second, third := call, call, call
		first.Code, first.Throttled, first.Attempt, first.Waited = "RequestLimitExceeded", true, 1, 300*time.Millisecond
		second.Code, second.Throttled, second.Attempt = "RequestLimitExceeded", true, 2
		third.Attempt = 3
		if diff := cmp.Diff([]Call{first, second, third}, calls); diff != "" {
			t.Error(diff)
		}
	})
}

func TestShortWaitIsWaitedLongWaitYields(t *testing.T) {
	noSettings(t)
	for _, tt := range []struct {
		name  string
		waits []time.Duration
		slept time.Duration
		yield time.Duration
	}{
		{"nothing to wait for", nil, 0, 0},
		{"short wait", []time.Duration{time.Second}, time.Second, 0},
		{"the longest wait", []time.Duration{maxWait}, maxWait, 0},
		{"long wait", []time.Duration{time.Minute}, 0, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				aws := &fake{reply: func(string, int) answer { return answer{body: instances} }}
				var codes []string
				sent := false
				c := open(t, Options{
					Budget: &purse{waits: tt.waits}, Configure: aws.use,
					Observe: func(_ context.Context, call Call) { codes, sent = append(codes, call.Code), call.Sent },
				})
				s := session(t, c, someKeys)
				start := time.Now()
				f := s.Explain(describeInstances(t.Context(), s.Config("us-east-1")), "us-east-1")
				if slept := time.Since(start); slept != tt.slept {
					t.Errorf("slept %s", slept)
				}
				if sent != (tt.yield == 0) {
					t.Errorf("observed as sent: %t", sent)
				}
				switch {
				case tt.yield == 0 && (f != nil || len(aws.calls) != 1):
					t.Errorf("failure %v after %d calls", f, len(aws.calls))
				case tt.yield > 0 && (f == nil || f.Outcome != tracker.OutcomeThrottled || f.RetryAfter != tt.yield || len(aws.calls) > 0):
					t.Errorf("failure %+v after %d calls", f, len(aws.calls))
				case tt.yield > 0 && !slices.Equal(codes, []string{CodeBudget}):
					t.Errorf("observed %q", codes)
				}
			})
		})
	}
}

func TestChainThatHasBegunWaits(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		aws := &fake{reply: func(string, int) answer { return answer{body: instances} }}
		budget := &purse{waits: []time.Duration{30 * time.Second, 0, 30 * time.Second, 2 * time.Minute}}
		s := session(t, open(t, Options{Budget: budget, Configure: aws.use}), someKeys)
		ctx := Chain(t.Context())
		for i, refused := range []bool{true, false, false, true} {
			if f := Explain(describeInstances(ctx, s.Config("us-east-1"))); (f != nil) != refused || refused && !f.Unsent {
				t.Errorf("call %d: %+v", i, f)
			}
		}
	})
}

func TestWaitForBudgetEndsWithTheContext(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		aws := &fake{reply: func(string, int) answer { return answer{body: instances} }}
		s := session(t, open(t, Options{Budget: &purse{waits: []time.Duration{maxWait}}, Configure: aws.use}), someKeys)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := Explain(describeInstances(ctx, s.Config("us-east-1")))
		if f == nil || f.Outcome != tracker.OutcomeTimeout || len(aws.calls) > 0 {
			t.Errorf("%+v after %d calls", f, len(aws.calls))
		}
	})
}

func TestFailingBudgetFailsNoCallAndIsLoggedOnce(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		aws := &fake{reply: func(string, int) answer { return answer{body: instances} }}
		log, lines := recorder()
		s := session(t, open(t, Options{Budget: &purse{err: errors.New("redis is away")}, Configure: aws.use, Log: log}), someKeys)
		for range 5 {
			if err := describeInstances(t.Context(), s.Config("us-east-1")); err != nil {
				t.Fatal(err)
			}
		}
		if n := strings.Count(lines.String(), "redis is away"); n != 1 {
			t.Errorf("logged %d times:\n%s", n, lines)
		}
	})
}

func TestRetries(t *testing.T) {
	noSettings(t)
	for _, tt := range []struct {
		name     string
		answer   answer
		attempts int
	}{
		{"denied", ec2Error(403, "UnauthorizedOperation", "no"), 1},
		{"throttled", ec2Error(503, "RequestLimitExceeded", "slow"), 4},
		{"429 without a code", answer{status: 429}, 4},
		{"internal error", ec2Error(500, "InternalError", "oops"), 4},
		{"nothing with HTTP 200", answer{}, 4},
		{"a proxy's page with HTTP 200", answer{body: "<html><p>log in<br></html>"}, 4},
		{"expired keys that cannot be renewed", ec2Error(400, "RequestExpired", "old"), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				aws := &fake{reply: func(string, int) answer { return tt.answer }}
				s := session(t, open(t, Options{MaxAttempts: 4, Configure: aws.use}), someKeys)
				start := time.Now()
				if err := describeInstances(t.Context(), s.Config("us-east-1")); err == nil {
					t.Fatal("no error")
				}
				if len(aws.calls) != tt.attempts {
					t.Errorf("%d attempts", len(aws.calls))
				}
				if wait := time.Since(start); wait > 3*maxBackoff {
					t.Errorf("backed off %s", wait)
				}
			})
		})
	}
}

// The SDK's own quota fails the 101st retry of a client.
func TestNoRetryQuota(t *testing.T) {
	noSettings(t)
	synctest.Test(t, func(t *testing.T) {
		aws := &fake{reply: func(_ string, n int) answer {
			if n%3 != 0 {
				return ec2Error(503, "RequestLimitExceeded", "slow")
			}
			return answer{body: instances}
		}}
		s := session(t, open(t, Options{Configure: aws.use}), someKeys)
		client := s.Config("us-east-1")
		for i := range 200 {
			if err := describeInstances(t.Context(), client); err != nil {
				t.Fatalf("call %d: %v", i, err)
			}
		}
	})
}

func TestBudgetKeys(t *testing.T) {
	noSettings(t)
	budget := &purse{}
	aws := &fake{reply: func(string, int) answer { return answer{status: 403} }}
	s := session(t, open(t, Options{Budget: budget, Configure: aws.use}), someKeys)
	cfg := s.Config("us-east-1")
	_ = describeBalancers(t.Context(), cfg)
	s.SetAccount("1")
	_ = describeBalancers(t.Context(), cfg)
	_ = listFunctions(t.Context(), cfg)
	_ = listBuckets(t.Context(), cfg)
	want := []string{
		s.payer + ":us-east-1:elasticloadbalancing 8/32",
		"1:us-east-1:elasticloadbalancing 8/32",
		"1:us-east-1:lambda 12/12",
		"1:us-east-1:s3:ListBuckets 40/80",
	}
	if diff := cmp.Diff(want, budget.taken); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(s.payer, someKeys.AccessKeyID) {
		t.Errorf("payer %s", s.payer)
	}
}
