package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestScan_FromCreateToEnd(t *testing.T) {
	s, rdb := open(t, store.Options{PageRows: 10})
	f, next := expanded(t, s, "j", tracker.ScanRequest{}, "eu-west-1", "us-east-1")
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/eu-west-1"}, {Unit: "1/us-east-1"}}, next); diff != "" {
		t.Error(diff)
	}
	for _, region := range []string{"eu-west-1", "us-east-1"} {
		l := f.begin("1/" + region)
		if won, _, _ := f.write(l, region, "EC2_Instance", 25, tracker.OutcomeOK); !won {
			t.Error("the first close did not win")
		}
		if won, _, _ := f.write(f.begin("1/"+region), region, "EC2_Instance", 25, tracker.OutcomeOK); won {
			t.Error("the close of another run won too")
		}
		_, finish, _ := f.write(l, region, "EBS_Volume", 0, tracker.OutcomeEmpty)
		if want := region == "us-east-1"; finish != want {
			t.Errorf("%s: finish %v, want %v", region, finish, want)
		}
	}
	if got := f.job().State; got != tracker.JobFinalizing {
		t.Errorf("state %s, want finalizing", got)
	}
	if !f.finish() || f.finish() {
		t.Error("a job ends once")
	}
	j := f.job()
	want := tracker.Summary{
		TotalResources: 50, ByType: map[tracker.Type]int{"EC2_Instance": 50},
		ByRegion: map[string]int{"eu-west-1": 25, "us-east-1": 25}, ByState: map[string]int{"running": 26, "stopped": 24},
		Cost: tracker.CostSummary{
			MonthlyTotal: 600 * tracker.Dollar, ByResourceType: map[tracker.Type]tracker.Money{"EC2_Instance": 600 * tracker.Dollar},
			ByRegion:  map[string]tracker.Money{"eu-west-1": 300 * tracker.Dollar, "us-east-1": 300 * tracker.Dollar},
			ByAccount: map[string]tracker.Money{"1": 600 * tracker.Dollar}, ByService: map[string]tracker.Money{},
			ByBasis: map[tracker.CostBasis]int{tracker.CostUnknown: 50}, Known: 48, Unknown: 2,
		},
	}
	if diff := cmp.Diff(want, j.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if j.State != tracker.JobSucceeded || j.Reason != "" || j.Progress.CellsTotal != 4 || j.Progress.CellsClosed != 4 {
		t.Errorf("job %+v", j)
	}
	if ids := f.ids(filter.Filter{}); len(ids) != 50 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 50 {
		t.Errorf("%d resources, want 50 different ones", len(ids))
	}
	if rdb.Exists(t.Context(), "rt:{j}:x").Val() != 0 {
		t.Error("the credentials outlived the job")
	}
	for _, k := range rdb.Keys(t.Context(), "rt:{j}:*").Val() {
		if rdb.TTL(t.Context(), k).Val() <= 0 {
			t.Errorf("%s lives for ever", k)
		}
	}
	if active, _ := s.Active(t.Context()); len(active) != 0 {
		t.Errorf("still active: %v", active)
	}
	if id, err := s.Latest(t.Context(), "alice"); id != "j" || err != nil {
		t.Errorf("latest %q, %v", id, err)
	}
	var states []tracker.JobState
	cells := 0
	events, err := s.Events(t.Context(), "j", 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range events {
		if e.ID != int64(i)+1 {
			t.Errorf("event %d has ID %d", i, e.ID)
		}
		if e.Cell != nil {
			cells++
		} else {
			states = append(states, e.State)
		}
	}
	if diff := cmp.Diff([]tracker.JobState{"queued", "running", "running", "finalizing", "succeeded"}, states); diff != "" || cells != 4 {
		t.Errorf("%d cell events; states %s", cells, diff)
	}
}

func TestFinalState(t *testing.T) {
	s, _ := open(t, store.Options{})
	for name, tc := range map[string]struct {
		outcomes [2]tracker.Outcome
		rows     int
		want     tracker.JobState
	}{
		"all seen":            {[2]tracker.Outcome{"ok", "empty"}, 1, tracker.JobSucceeded},
		"one denied":          {[2]tracker.Outcome{"ok", "denied"}, 1, tracker.JobPartial},
		"none seen":           {[2]tracker.Outcome{"denied", "throttled"}, 0, tracker.JobFailed},
		"rows of failed cell": {[2]tracker.Outcome{"denied", "throttled"}, 3, tracker.JobPartial},
		"empty is seen":       {[2]tracker.Outcome{"empty", "error"}, 0, tracker.JobPartial},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := expanded(t, s, name, tracker.ScanRequest{}, "r")
			f.t = t
			l := f.begin("1/r")
			f.write(l, "r", "EC2_Instance", tc.rows, tc.outcomes[0])
			f.write(l, "r", "EBS_Volume", 0, tc.outcomes[1])
			f.finish()
			if j := f.job(); j.State != tc.want || (j.Reason == "") != (tc.want == tracker.JobSucceeded) {
				t.Errorf("state %s because %q, want %s", j.State, j.Reason, tc.want)
			}
		})
	}
}

func TestRetry_RunsFailedCellsOnly(t *testing.T) {
	s, _ := open(t, store.Options{PageRows: 2})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	la, lb := f.begin("1/a"), f.begin("1/b")
	f.write(la, "a", "EC2_Instance", 3, tracker.OutcomeOK)
	f.write(la, "a", "EBS_Volume", 3, tracker.OutcomeOK)
	f.write(lb, "b", "EC2_Instance", 3, tracker.OutcomeOK)
	f.write(lb, "b", "EBS_Volume", 2, tracker.OutcomeThrottled) // found two before it was throttled
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a running job was reopened: %v", err)
	}
	f.finish()
	if n := f.job().Summary.TotalResources; n != 11 {
		t.Errorf("%d resources, want 11 with those of the failed cell", n)
	}
	next, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, []byte("new"))
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/b", Epoch: 1}}, next); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("reopened twice: %v", err)
	}
	if n := f.job().Summary.TotalResources; n != 9 {
		t.Errorf("%d resources while the cell is open, want 9", n)
	}
	l, err := s.Begin(t.Context(), "j", next[0])
	if err != nil || l.Verdict != store.Run || l.Run != 2 {
		t.Fatal(l, err)
	}
	if old := f.begin("1/b"); old.Verdict != store.Superseded {
		t.Errorf("the task of the first run got %s", old.Verdict)
	}
	f.write(l, "b", "EBS_Volume", 5, tracker.OutcomeOK)
	f.finish()
	if j := f.job(); j.State != tracker.JobSucceeded || j.Summary.TotalResources != 14 {
		t.Errorf("%s with %d resources, want succeeded with 14", j.State, j.Summary.TotalResources)
	}
	if ids := f.ids(filter.Filter{}); len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 14 || len(ids) != 14 {
		t.Errorf("%d resources listed, want 14 different ones", len(ids))
	}
	if _, err := s.Reopen(t.Context(), tracker.Principal{}, f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a complete job was reopened: %v", err)
	}
}

func TestDrain(t *testing.T) {
	s, _ := open(t, store.Options{})
	timeout := tracker.Failure{Outcome: tracker.OutcomeTimeout, Message: "time is up"}
	for name, tc := range map[string]struct {
		with tracker.Failure
		want map[tracker.Outcome]int
		end  tracker.JobState
	}{
		"cancelled": {tracker.Failure{Outcome: tracker.OutcomeCancelled}, map[tracker.Outcome]int{"ok": 1, "cancelled": 3}, tracker.JobCancelled},
		"timeout":   {timeout, map[tracker.Outcome]int{"ok": 1, "timeout": 2, "throttled": 1}, tracker.JobPartial},
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := expanded(t, s, name, tracker.ScanRequest{}, "a", "b")
			f.t = t
			l := f.begin("1/a")
			f.write(l, "a", "EC2_Instance", 1, tracker.OutcomeOK)
			volumes := tracker.Cell{AccountID: "1", Region: "a", Type: "EBS_Volume"}
			if err := s.PutBack(t.Context(), name, volumes, &tracker.Failure{Outcome: tracker.OutcomeThrottled}, 0); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, err := s.Drain(t.Context(), name, "because", tc.with); err != nil {
					t.Fatal(err)
				}
			}
			if won, _, _ := f.write(l, "a", "EBS_Volume", 1, tracker.OutcomeOK); won {
				t.Error("a late close won")
			}
			if wanted, err := s.Beat(t.Context(), name, l); wanted || err != nil {
				t.Errorf("the work is still wanted: %v", err)
			}
			f.finish()
			j := f.job()
			if diff := cmp.Diff(tc.want, j.Progress.ByOutcome); diff != "" || j.State != tc.end || j.Reason != "because" {
				t.Errorf("%s because %q: %s", j.State, j.Reason, diff)
			}
		})
	}
}

func TestDrain_BeforeTheFirstWorker(t *testing.T) {
	s, _ := open(t, store.Options{})
	f := create(t, s, "j", tracker.ScanRequest{})
	if _, err := s.Drain(t.Context(), "j", "because", tracker.Failure{Outcome: tracker.OutcomeCancelled}); err != nil {
		t.Fatal(err)
	}
	f.finish()
	if j := f.job(); j.State != tracker.JobCancelled || j.Progress.Discovering != 0 {
		t.Errorf("%+v", j)
	}
	if l := f.begin("self/*"); l.Verdict != store.Gone {
		t.Errorf("verdict %s, want gone", l.Verdict)
	}
}

func TestExpand_TwiceIsOnce(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	next, err := s.Expand(t.Context(), "j", tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, []store.Found{{Unit: "1/b", Types: []tracker.Type{"X"}}})
	if len(next) != 0 || err != nil || f.job().Progress.CellsTotal != 2 {
		t.Errorf("%v %v %+v", next, err, f.job().Progress)
	}
}

func TestExpand_NothingToScanFinishes(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{})
	if !f.finish() || f.job().State != tracker.JobSucceeded {
		t.Errorf("%+v", f.job())
	}
}

func TestOwners_SeeTheirOwn(t *testing.T) {
	s, _ := open(t, store.Options{})
	for i := range 5 {
		create(t, s, fmt.Sprintf("j%d", i), tracker.ScanRequest{})
	}
	if _, err := s.Job(t.Context(), "mallory", "j1"); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("somebody else's job: %v", err)
	}
	if jobs, _, err := s.Jobs(t.Context(), "mallory", "", 10, tracker.JobsWanted{}); len(jobs) != 0 || err != nil {
		t.Error(jobs, err)
	}
	var got []string
	cursor := ""
	for {
		jobs, next, err := s.Jobs(t.Context(), "alice", cursor, 2, tracker.JobsWanted{})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			got = append(got, j.ID)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"j4", "j3", "j2", "j1", "j0"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestExpand_TooManyCells: a discovery that finds too many changes nothing, and says so.
func TestExpand_TooManyCells(t *testing.T) {
	s, _ := open(t, store.Options{MaxCells: 4})
	f := create(t, s, "j", tracker.ScanRequest{}, "self", "other")
	f.begin("self/*")
	self := tracker.Cell{AccountID: "self", Region: "*", Type: "*"}
	found := func(n int) []store.Found {
		types := make([]tracker.Type, n)
		for i := range types {
			types[i] = tracker.Type(fmt.Sprintf("T%d", i))
		}
		return []store.Found{{Unit: "1/a", Types: types}}
	}
	_, err := s.Expand(t.Context(), "j", self, found(4))
	if many, ok := errors.AsType[store.TooManyCells](err); !ok || many != (store.TooManyCells{Found: 4, Most: 4}) {
		t.Fatal(err)
	}
	if j := f.job(); j.Progress.CellsTotal != 2 {
		t.Errorf("%d cells after the refusal, want the two discoveries", j.Progress.CellsTotal)
	}
	if _, err := s.Expand(t.Context(), "j", self, found(3)); err != nil {
		t.Error(err)
	}
	if j := f.job(); j.Progress.CellsTotal != 4 {
		t.Errorf("%d cells, want 4", j.Progress.CellsTotal)
	}
}

// TestExpand_QuotaDecides: what the quota says of a job's cells holds, also where it is more
// than a job can have without one.
func TestExpand_QuotaDecides(t *testing.T) {
	for limit, want := range map[int64]bool{3: false, 8: true, 0: true} {
		s, _ := open(t, store.Options{MaxCells: 4, Quotas: tracker.Limits{tracker.QuotaCellsJob: limit}})
		create(t, s, "j", tracker.ScanRequest{}).begin("self/*")
		found := []store.Found{{Unit: "1/a", Types: []tracker.Type{"A", "B", "C", "D", "E", "F"}}}
		_, err := s.Expand(t.Context(), "j", tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, found)
		if many, ok := errors.AsType[store.TooManyCells](err); ok == want || ok && many.Most != int(limit) || !ok && err != nil {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

// TestFailed: what was not seen to its end is read alone, and is as in the coverage.
func TestFailed(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	la, lb := f.begin("1/a"), f.begin("1/b")
	f.write(lb, "b", "EC2_Instance", 1, tracker.OutcomeThrottled)
	f.write(la, "a", "EC2_Instance", 0, tracker.OutcomeDenied)
	f.write(la, "a", "EBS_Volume", 2, tracker.OutcomeOK)
	open := tracker.Cell{AccountID: "1", Region: "b", Type: "EBS_Volume"} // it failed once, and is tried again
	if err := s.PutBack(t.Context(), "j", open, &tracker.Failure{Outcome: tracker.OutcomeTimeout}, 3); err != nil {
		t.Fatal(err)
	}
	all, err := s.Coverage(t.Context(), "j")
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(all, func(c tracker.CellReport) bool { return c.Outcome == "" || c.Outcome.Complete() })
	got, err := s.Failed(t.Context(), "j")
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 2 || err != nil {
		t.Error(err, diff)
	}
}

// TestHead: it is the job without what grows with its accounts.
func TestHead(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}}, "a")
	f.write(f.begin("1/a"), "a", "EC2_Instance", 3, tracker.OutcomeOK)
	want := f.job()
	if want.Summary.TotalResources != 3 {
		t.Fatal(want.Summary)
	}
	want.Summary = tracker.NewSummary()
	got, err := s.Head(t.Context(), "j")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if _, err := s.Head(t.Context(), "none"); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Error(err)
	}
}
