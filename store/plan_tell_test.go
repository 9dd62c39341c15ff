package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// trail is what the audit says of a plan, a word for each line.
func (f planFixture) trail() []string {
	f.t.Helper()
	lines, err := store.Audit{Store: f.s.Store}.AuditTrail(f.t.Context(), "alice", "", time.Time{}, 1000)
	f.must(err)
	what := []string{}
	for _, l := range lines {
		if l.PlanID != f.id || l.At.IsZero() || l.Who == "" || (l.Item == nil) != (l.Target == nil) {
			f.t.Errorf("line %+v", l)
		}
		word := l.What
		if l.Item != nil {
			word += fmt.Sprintf(" %d %s", *l.Item, l.Target.ResourceID)
		}
		if l.From != "" {
			word += " by " + l.Who + " from " + l.From
		}
		what = append(what, word)
	}
	return what
}

// TestTell_WhatTheDeadDidNot has a process die right after each script that changes a
// plan: the lines are with the plan, and whoever sweeps tells them, once.
func TestTell_WhatTheDeadDidNot(t *testing.T) {
	f := planning(t, 3)
	if got := f.trail(); len(got) > 0 {
		t.Fatalf("told already: %v", got)
	}
	what := frozenOf("run", 3, false, map[int][]int{2: {1}})
	what.Items[0].Ledger.State, what.Order = tracker.ItemRefused, []int{1, 2}
	f.freeze(what)
	f.s.By = tracker.Principal{Who: "bob", From: "203.0.113.9"}
	f.apply()
	f.s.By = tracker.Principal{}
	_, _, ok, err := f.s.StartItem(t.Context(), f.id, 1, tracker.Resource{ID: "i-1"})
	f.must(err)
	for range 2 { // as an answer that was lost has it done twice
		f.must(f.s.AcceptStep(t.Context(), f.id, 1, tracker.Step{Name: "stop"}, tracker.Receipt{RequestID: "r"}))
	}
	want := []string{"plan.created", "item.refused 0 i-0", "plan.planned", "plan.applied by bob from 203.0.113.9", "item.accepted 1 i-1"}
	var wg sync.WaitGroup
	for range 4 { // sweepers, and whoever else is at the plan
		wg.Go(func() {
			if err := f.s.Tell(t.Context(), f.id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(want, f.trail()); diff != "" || !ok {
		t.Fatal("(-want +got):", diff)
	}
	// The end is told before the plan leaves the index that sweepers read.
	_, _, _, err = f.s.SettleItem(t.Context(), f.id, 1, tracker.ItemLedger{State: tracker.ItemFailed}, nil)
	f.must(err)
	want = append(want, "item.failed 1 i-1", "item.blocked 2 i-2", "plan.failed")
	if diff := cmp.Diff(want, f.trail()); diff != "" {
		t.Error("(-want +got):", diff)
	}
	if c := check(t, store.Audit{Store: f.s.Store}, "alice", 3); !c.Holds || c.Lines != len(want) {
		t.Errorf("%+v", c)
	}
}

// TestTell_Thousands has more lines than one script appends.
func TestTell_Thousands(t *testing.T) {
	f := planning(t, 1234)
	what := frozenOf("run", 1234, false, nil)
	for i := range what.Items {
		what.Items[i].Ledger.State = tracker.ItemRefused
	}
	what.Order = nil
	f.freeze(what)
	f.must(f.s.Tell(t.Context(), f.id))
	c := check(t, store.Audit{Store: f.s.Store}, "alice", 1000)
	if !c.Holds || c.Lines != 1236 {
		t.Errorf("%+v", c)
	}
}

func TestTell_ScriptsRunTwice(t *testing.T) {
	rdb := startRedis(t)
	rdb.AddHook(twice{})
	f := planFixture{t, store.Plans{Store: store.New(rdb, store.Options{})}, rdb, "p"}
	f.create(1)
	f.must(f.s.CancelPlan(t.Context(), f.id, "no more"))
	if got := strings.Join(f.trail(), " "); got != "plan.created plan.cancelled" && got != "" {
		t.Errorf("told %q", got)
	}
	f.must(f.s.Tell(t.Context(), f.id))
	if got := strings.Join(f.trail(), " "); got != "plan.created plan.cancelled" {
		t.Errorf("told %q", got)
	}
}

func TestPlan_KnowsWhatUndoesIt(t *testing.T) {
	f := planned(t, 1, false, nil)
	for range 2 {
		_, err := f.s.CreatePlan(t.Context(), tracker.Plan{ID: "q", Owner: "alice", UndoOf: f.id, ExpiresAt: time.Now().Add(time.Hour)}, nil)
		f.must(err)
	}
	if by := f.plan().UndoneBy; by != "q" {
		t.Errorf("undone by %q", by)
	}
}
