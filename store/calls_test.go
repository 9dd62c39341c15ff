package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func callsOf(t *testing.T, s *store.Store) (tracker.CallsToAWS, tracker.LostUnits) {
	t.Helper()
	c, lost, err := s.CallsToAWS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c, lost
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCallsToAWS_AddUp(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 5, 0, 0, time.UTC)
	s, rdb := open(t, store.Options{Now: func() time.Time { return now }})
	limits := []tracker.CallLimit{{API: "ec2:*", PerSecond: 16, Burst: 80}}
	one, two := s.NewTally(limits), s.NewTally(limits)
	one.Count(store.Attempt{Service: "ec2", Waited: 1500 * time.Millisecond})
	one.Count(store.Attempt{Service: "ec2", Throttled: true})
	one.Redispatched()
	two.Count(store.Attempt{Service: "ec2", Failed: true, Waited: 500 * time.Millisecond})
	two.Count(store.Attempt{Service: "s3", Unsent: true})
	must(t, one.Tell(t.Context()))
	must(t, two.Tell(t.Context()))
	must(t, two.Tell(t.Context())) // nothing new

	ec2 := tracker.CallCount{Calls: 3, Throttled: 1, Failed: 1, WaitedSeconds: 2}
	c, lost := callsOf(t, s)
	if diff := cmp.Diff([]tracker.CallCounts{
		{Service: "ec2", Today: ec2, LastHour: ec2},
		{Service: "s3", Today: tracker.CallCount{Unsent: 1}, LastHour: tracker.CallCount{Unsent: 1}},
	}, c.Services); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(limits, c.Limits); diff != "" || !c.LimitsAgree || len(c.Processes) != 2 || lost != (tracker.LostUnits{Today: 1, LastHour: 1}) {
		t.Error(diff, c, lost)
	}

	t.Run("two hours later the day has them, the hour has not, and who died is not named", func(t *testing.T) {
		now = now.Add(2 * time.Hour)
		three := s.NewTally([]tracker.CallLimit{{API: "ec2:*", PerSecond: 5, Burst: 5}})
		three.Count(store.Attempt{Service: "ec2"})
		must(t, three.Tell(t.Context()))
		must(t, one.Tell(t.Context()))
		c, lost := callsOf(t, s)
		want := tracker.CallCounts{Service: "ec2", Today: ec2, LastHour: tracker.CallCount{Calls: 1}}
		want.Today.Calls++
		if diff := cmp.Diff(want, c.Services[0]); diff != "" || lost.LastHour != 0 || lost.Today != 1 {
			t.Error(diff, lost)
		}
		if len(c.Processes) != 2 || !c.Processes[0].ToldAt.Equal(now) || c.LimitsAgree || c.Limits[0].PerSecond != 5 {
			t.Errorf("%+v", c)
		}
		must(t, three.Leave(t.Context()))
		if c, _ := callsOf(t, s); len(c.Processes) != 1 || c.Services[0].Today.Calls != 4 {
			t.Errorf("what a process that ended has counted stays: %+v", c)
		}
	})
	t.Run("all keys expire", func(t *testing.T) {
		keys := rdb.Keys(t.Context(), "*").Val()
		if len(keys) == 0 {
			t.Fatal("no keys")
		}
		for _, key := range keys {
			if ttl := rdb.TTL(t.Context(), key).Val(); ttl <= 0 {
				t.Errorf("%s lives for ever", key)
			}
		}
	})
	t.Run("a new day begins at nothing", func(t *testing.T) {
		now = now.Add(12 * time.Hour)
		if c, _ := callsOf(t, s); len(c.Services) != 0 || len(c.Processes) != 0 {
			t.Errorf("%+v", c)
		}
	})
}

// lossy runs scripts and loses the first answers.
type lossy struct{ lose int }

func (l *lossy) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l *lossy) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (l *lossy) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if err == nil && l.lose > 0 {
			l.lose--
			err = errors.New("the connection broke")
			cmd.SetErr(err)
		}
		return err
	}
}

func TestTally_IsToldOnce(t *testing.T) {
	s, rdb := open(t, store.Options{})
	tally := s.NewTally(nil)
	tally.Count(store.Attempt{Service: "ec2"})
	must(t, tally.Tell(t.Context())) // Redis knows the script from now on
	rdb.AddHook(&lossy{1})
	tally.Count(store.Attempt{Service: "ec2"})
	if tally.Tell(t.Context()) == nil {
		t.Fatal("the answer was not lost")
	}
	tally.Count(store.Attempt{Service: "ec2"})
	must(t, tally.Tell(t.Context()))
	must(t, tally.Tell(t.Context()))
	if c, _ := callsOf(t, s); c.Services[0].Today.Calls != 3 {
		t.Errorf("%d calls, want 3", c.Services[0].Today.Calls)
	}
}

func TestTally_IsBounded(t *testing.T) {
	s, _ := open(t, store.Options{})
	tally := s.NewTally(nil)
	for i := range 500 {
		tally.Count(store.Attempt{Service: fmt.Sprintf("service-%d|x", i)})
	}
	must(t, tally.Tell(t.Context()))
	c, _ := callsOf(t, s)
	want := tracker.CallCounts{Service: "other", Today: tracker.CallCount{Calls: 300}, LastHour: tracker.CallCount{Calls: 300}}
	if diff := cmp.Diff(want, c.Services[0]); diff != "" || len(c.Services) != 201 {
		t.Error(diff, len(c.Services))
	}
	if diff := cmp.Diff(tracker.CallsToAWS{LimitsAgree: true}, c, cmpopts.IgnoreFields(tracker.CallsToAWS{}, "Since", "HourSince", "Services", "Processes", "Limits")); diff != "" {
		t.Error(diff)
	}
}
