package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// repeating is an item that runs, on a clock that the test sets.
func repeating(t *testing.T) (f planFixture, clock *time.Time, claim func(want store.Claim)) {
	t.Helper()
	now := time.Now()
	rdb := startRedis(t)
	f = planFixture{t, store.Plans{Store: store.New(rdb, store.Options{Now: func() time.Time { return now }})}, rdb, "p"}
	f.create(1)
	f.freeze(frozenOf("run", 1, false, nil))
	f.apply()
	f.start(0)
	n := 0
	claim = func(want store.Claim) {
		t.Helper()
		n++
		got, err := f.s.IntendStep(t.Context(), "p", 0, "empty", strconv.Itoa(n), true, tracker.Repeats{For: time.Hour, Idle: 3})
		if got != want || err != nil {
			t.Fatalf("claim is %d, want %d: %v", got, want, err)
		}
	}
	return f, &now, claim
}

// claimant is who claimed the item's first step last.
func (f planFixture) claimant() string {
	f.t.Helper()
	var steps []struct {
		By string `json:"b"`
	}
	f.must(json.Unmarshal([]byte(f.rdb.HGet(f.t.Context(), "rt:{p}:pt", "0").Val()), &steps))
	return steps[0].By
}

var empty = tracker.Step{Name: "empty", Repeats: tracker.Repeats{For: time.Hour, Idle: 3}}

// A step ends after so many calls in a row that bring nothing on, whoever sends them: the
// store opened anew knows as much.
func TestRepeats_Idle(t *testing.T) {
	f, _, claim := repeating(t)
	claim(store.ClaimSend)
	claim(store.ClaimAgain)
	f.must(f.s.AcceptStep(t.Context(), "p", 0, empty, tracker.Receipt{Changed: 7, Left: map[string]string{"n": "7"}}))
	claim(store.ClaimAgain)
	f.must(f.s.NoteStep(t.Context(), "p", 0, "empty", f.claimant(), store.StepThrottled, "", "slow down")) // is no call in vain
	f.s.Store = store.New(f.rdb, store.Options{})
	claim(store.ClaimAgain)
	claim(store.ClaimAgain)
	f.must(f.s.AcceptStep(t.Context(), "p", 0, empty, tracker.Receipt{Trouble: "k is locked", Left: map[string]string{"n": "7"}}))
	claim(store.ClaimAgain)
	claim(store.ClaimSpent)
	claim(store.ClaimSpent)
	step := f.item(0).Ledger.Steps[0]
	step.IntendedAt, step.AcceptedAt, step.FirstAt = nil, nil, nil
	want := tracker.StepRecord{Name: "empty", Calls: 6, Idle: 3, Trouble: "k is locked", Left: map[string]string{"n": "7"}}
	if diff := cmp.Diff(want, step); diff != "" {
		t.Error("(-want +got):", diff)
	}
	f.keysLive()
}

// Its time counts from the first call, however often its claim was given back.
func TestRepeats_Time(t *testing.T) {
	f, now, claim := repeating(t)
	claim(store.ClaimSend)
	first := f.item(0).Ledger.Steps[0].FirstAt
	for range 59 {
		f.must(f.s.NoteStep(t.Context(), "p", 0, "empty", f.claimant(), store.StepThrottled, "", "slow down"))
		*now = now.Add(time.Minute)
		claim(store.ClaimAgain)
	}
	f.must(f.s.NoteStep(t.Context(), "p", 0, "empty", f.claimant(), store.StepThrottled, "", "slow down"))
	*now = now.Add(time.Minute + time.Millisecond)
	claim(store.ClaimSpent)
	if step := f.item(0).Ledger.Steps[0]; step.Calls != 60 || step.FirstAt == nil || !step.FirstAt.Equal(*first) || step.Trouble != "slow down" {
		t.Errorf("step is %+v, first sent at %v", step, first)
	}
}

// A call that was never sent is not counted.
func TestRepeats_Unsent(t *testing.T) {
	f, _, claim := repeating(t)
	for range 10 {
		claim(store.ClaimSend)
		f.must(f.s.UnclaimStep(t.Context(), "p", 0, "empty", f.claimant()))
	}
	if steps := f.item(0).Ledger.Steps; len(steps) != 0 {
		t.Errorf("steps %+v", steps)
	}
}

// The audit tells of a step that repeats for an hour in a handful of lines, the last of
// which counts all its calls; the chain holds.
func TestRepeats_Audit(t *testing.T) {
	f, now, claim := repeating(t)
	began := *now
	for i := range 100 {
		claim([]store.Claim{store.ClaimSend, store.ClaimAgain}[min(i, 1)])
		if i%3 == 0 {
			f.must(f.s.NoteStep(t.Context(), "p", 0, "empty", f.claimant(), store.StepUnanswered, "r", "connection reset"))
		}
		f.must(f.s.AcceptStep(t.Context(), "p", 0, empty, tracker.Receipt{Changed: 1}))
		*now = now.Add(30 * time.Second)
	}
	for range 2 {
		_, _, _, err := f.s.SettleItem(t.Context(), "p", 0, tracker.ItemLedger{State: tracker.ItemFailed, Message: "enough"}, nil)
		f.must(err)
	}
	f.must(f.s.Tell(t.Context(), f.id))
	lines, err := store.Audit{Store: f.s.Store}.AuditTrail(t.Context(), "alice", "", time.Time{}, 1000)
	f.must(err)
	var got []string
	for _, l := range lines {
		if l.Item != nil {
			got = append(got, fmt.Sprintf("%s %d", l.What, l.Calls))
		}
		if l.What == "item.repeated" && (l.Since == nil || l.Since.UnixMilli() != began.UnixMilli() || l.Step != "empty") {
			t.Errorf("line %+v", l)
		}
	}
	want := []string{
		"item.sending 0", "item.unanswered 0", "item.accepted 0", "item.repeated 3", "item.repeated 5", "item.repeated 9", "item.repeated 17", "item.repeated 33", "item.repeated 65",
		"item.repeated 100", "item.failed 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	if c := check(t, store.Audit{Store: f.s.Store}, "alice", 3); !c.Holds {
		t.Errorf("%+v", c)
	}
}
