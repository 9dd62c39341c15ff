package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// taken claims a job for the history, and returns what is to be taken in: outcomes and rows by cell.
func (f fixture) taken() (r store.Record, outcomes map[string]tracker.Outcome, rows map[string]int) {
	f.t.Helper()
	job, err := f.s.ClaimRecord(f.t.Context(), time.Minute)
	if err != nil || job != f.j.ID {
		f.t.Fatalf("claimed %q, %v; want %s", job, err, f.j.ID)
	}
	if r, err = f.s.Record(f.t.Context(), job); err != nil {
		f.t.Fatal(err)
	}
	outcomes, rows = map[string]tracker.Outcome{}, map[string]int{}
	for _, cells := range r.Cells {
		for _, c := range cells {
			outcomes[c.ID()] = c.Outcome
			err := f.s.EachOf(f.t.Context(), r, c, func(row []byte) error {
				var of tracker.Resource
				if err := json.Unmarshal(row, &of); err != nil || of.Type != c.Type || of.Region != c.Region {
					f.t.Errorf("a row of %s: %s, %v", c.ID(), row, err)
				}
				rows[c.ID()]++
				return nil
			})
			if err != nil {
				f.t.Fatal(err)
			}
		}
	}
	return r, outcomes, rows
}

func (f fixture) nothingToTake() {
	f.t.Helper()
	if job, err := f.s.ClaimRecord(f.t.Context(), time.Minute); job != "" || err != nil {
		f.t.Errorf("claimed %q, %v; want nothing", job, err)
	}
}

// TestRecords_EachRunOnce goes the way of a scan into the history: all cells once, then of a retry those that it ran.
func TestRecords_EachRunOnce(t *testing.T) {
	s, _ := open(t, store.Options{PageRows: 2, Records: true})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	la, lb := f.begin("1/a"), f.begin("1/b")
	f.write(la, "a", "EC2_Instance", 5, tracker.OutcomeOK)
	f.write(la, "a", "EBS_Volume", 0, tracker.OutcomeEmpty)
	f.write(lb, "b", "EC2_Instance", 1, tracker.OutcomeOK)
	f.write(lb, "b", "EBS_Volume", 2, tracker.OutcomeThrottled)
	f.nothingToTake()
	f.finish()
	if b, err := s.Backlog(t.Context()); b.Records != 1 || err != nil {
		t.Errorf("%d wait, %v", b.Records, err)
	}
	first, outcomes, rows := f.taken()
	wantOutcomes := map[string]tracker.Outcome{"1/a/EC2_Instance": "ok", "1/a/EBS_Volume": "empty", "1/b/EC2_Instance": "ok", "1/b/EBS_Volume": "throttled"}
	wantRows := map[string]int{"1/a/EC2_Instance": 5, "1/b/EC2_Instance": 1, "1/b/EBS_Volume": 2}
	if diff := cmp.Diff([]any{wantOutcomes, wantRows}, []any{outcomes, rows}); diff != "" || first.Run != 0 {
		t.Errorf("run %d: %s", first.Run, diff)
	}
	f.nothingToTake() // it is another's
	if err := s.PutOffRecord(t.Context(), "j", 0); err != nil {
		t.Fatal(err)
	}
	again, outcomes, _ := f.taken() // who claimed it has died
	if diff := cmp.Diff(wantOutcomes, outcomes); diff != "" || again.Run != 0 || !again.At.Equal(first.At) {
		t.Errorf("run %d: %s", again.Run, diff)
	}
	if err := s.Recorded(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := s.PutOffRecord(t.Context(), "j", 0); err != nil {
		t.Fatal(err)
	}
	f.nothingToTake()

	next, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, []byte("new"))
	if err != nil || len(next) != 1 {
		t.Fatal(next, err)
	}
	if _, err := s.Record(t.Context(), "j"); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("the record of a job that runs: %v", err)
	}
	l, err := s.Begin(t.Context(), "j", next[0])
	if err != nil {
		t.Fatal(err)
	}
	f.write(l, "b", "EBS_Volume", 3, tracker.OutcomeOK)
	f.finish()
	second, outcomes, rows := f.taken()
	if diff := cmp.Diff([]any{map[string]tracker.Outcome{"1/b/EBS_Volume": "ok"}, map[string]int{"1/b/EBS_Volume": 3}}, []any{outcomes, rows}); diff != "" {
		t.Error(diff)
	}
	if second.Run != 1 || !second.At.After(first.At) {
		t.Errorf("the retry is run %d of %s, want 1 after %s", second.Run, second.At, first.At)
	}
}

// TestRecords_RetriedBeforeTaken holds that a retry which comes first brings the cells of the first run along.
func TestRecords_RetriedBeforeTaken(t *testing.T) {
	s, _ := open(t, store.Options{Records: true})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	l := f.begin("1/a")
	f.write(l, "a", "EC2_Instance", 5, tracker.OutcomeOK)
	f.write(l, "a", "EBS_Volume", 0, tracker.OutcomeDenied)
	f.finish()
	next, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, []byte("new"))
	if err != nil {
		t.Fatal(err)
	}
	if l, err = s.Begin(t.Context(), "j", next[0]); err != nil {
		t.Fatal(err)
	}
	f.write(l, "a", "EBS_Volume", 3, tracker.OutcomeOK)
	f.finish()
	r, _, rows := f.taken()
	if diff := cmp.Diff(map[string]int{"1/a/EC2_Instance": 5, "1/a/EBS_Volume": 3}, rows); diff != "" || r.Run != 1 {
		t.Errorf("run %d: %s", r.Run, diff)
	}
}

// TestRecords_Off holds that where no history is kept nothing waits for one.
func TestRecords_Off(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	l := f.begin("1/a")
	f.write(l, "a", "EC2_Instance", 1, tracker.OutcomeOK)
	f.write(l, "a", "EBS_Volume", 0, tracker.OutcomeOK)
	f.finish()
	f.nothingToTake()
}
