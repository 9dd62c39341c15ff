package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func open(t *testing.T, o store.Options) (*store.Store, redis.UniversalClient) {
	t.Helper()
	rdb := redistest.Start(t).Client(t)
	return store.New(rdb, o), rdb
}

// fixture is a job with helpers that fail the test.
type fixture struct {
	t *testing.T
	s *store.Store
	j tracker.Job
}

func create(t *testing.T, s *store.Store, id string, r tracker.ScanRequest, accounts ...string) fixture {
	t.Helper()
	j := tracker.Job{ID: id, Kind: "scan", Owner: "alice", Lane: tracker.LaneInteractive, Request: r, DeadlineAt: time.Now().Add(time.Hour)}
	if len(accounts) == 0 {
		accounts = []string{"self"}
	}
	d, _, err := s.Create(t.Context(), store.NewJob{Job: j, Sealed: []byte("sealed"), Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	if len(d) == 0 {
		t.Fatal("nothing to dispatch")
	}
	return fixture{t, s, j}
}

// expanded is a job of one account whose regions are known.
func expanded(t *testing.T, s *store.Store, id string, r tracker.ScanRequest, regions ...string) (fixture, []store.Dispatch) {
	t.Helper()
	f := create(t, s, id, r)
	f.begin("self/*")
	var found []store.Found
	for _, region := range regions {
		found = append(found, store.Found{Unit: "1/" + region, Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}})
	}
	next, err := s.Expand(t.Context(), id, tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, found)
	if err != nil {
		t.Fatal(err)
	}
	return f, next
}

func (f fixture) begin(unit string) store.Lease {
	f.t.Helper()
	l, err := f.s.Begin(f.t.Context(), f.j.ID, store.Dispatch{Unit: unit})
	if err != nil {
		f.t.Fatal(err)
	}
	return l
}

func (f fixture) job() tracker.Job {
	f.t.Helper()
	j, err := f.s.Lookup(f.t.Context(), f.j.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return j
}

// write closes a cell with n resources.
func (f fixture) write(l store.Lease, region string, typ tracker.Type, n int, o tracker.Outcome) (won, finish bool, next []store.Dispatch) {
	f.t.Helper()
	cell := tracker.Cell{AccountID: "1", Region: region, Type: typ}
	w := f.s.Pages(f.j.ID, cell, l.Run, time.Now().Add(time.Hour))
	for i := range n {
		if err := w.Add(f.t.Context(), resource(cell, i)); err != nil {
			f.t.Fatal(err)
		}
	}
	written, err := w.Close(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	c := store.Closing{Cell: cell, Outcome: o, Run: l.Run, Written: written}
	if !o.Complete() {
		c.Failure = &tracker.Failure{Outcome: o, Code: "Code", Message: "why"}
	}
	if won, finish, next, err = f.s.Close(f.t.Context(), f.j.ID, c); err != nil {
		f.t.Fatal(err)
	}
	return won, finish, next
}

func (f fixture) finish() bool {
	f.t.Helper()
	ended, err := f.s.Finish(f.t.Context(), f.j.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	return ended
}

func resource(c tracker.Cell, i int) tracker.Resource {
	r := tracker.Resource{
		ID: fmt.Sprintf("%s-%d", c.Type, i), Type: c.Type, AccountID: c.AccountID, Region: c.Region,
		ARN: "arn:aws:ec2:" + c.Region + ":1:x/" + fmt.Sprint(i), Name: tracker.Named(fmt.Sprintf("name-%d", i)),
		State: []string{"running", "stopped"}[i%2], Tags: map[string]string{"i": fmt.Sprint(i), "ключ/a:b": ""},
		Created: new(epoch.AddDate(0, 0, i)), Metadata: tracker.Metadata{"size": i, "nested": map[string]any{"list": []string{`x"y`}}},
	}
	if i > 0 {
		r.MonthlyCost = new(tracker.Dollars(float64(i)))
	}
	return r
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func query(t *testing.T, text string) filter.Filter {
	t.Helper()
	f, err := filter.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (f fixture) ids(want filter.Filter) []string {
	f.t.Helper()
	var ids []string
	err := f.s.Each(f.t.Context(), f.j.ID, want, func(row []byte) error {
		var r tracker.Resource
		if err := json.Unmarshal(row, &r); err != nil {
			return err
		}
		ids = append(ids, r.Key())
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return ids
}

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
		if won, _, _ := f.write(l, region, "EC2_Instance", 25, tracker.OutcomeOK); won {
			t.Error("the second close won too")
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
	if _, err := s.Reopen(t.Context(), f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a running job was reopened: %v", err)
	}
	f.finish()
	if n := f.job().Summary.TotalResources; n != 11 {
		t.Errorf("%d resources, want 11 with those of the failed cell", n)
	}
	next, err := s.Reopen(t.Context(), f.job(), time.Hour, []byte("new"))
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/b", Epoch: 1}}, next); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if _, err := s.Reopen(t.Context(), f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
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
	if _, err := s.Reopen(t.Context(), f.job(), time.Hour, nil); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("a complete job was reopened: %v", err)
	}
}

func TestWindow_LimitsUnitsAtOnce(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, next := expanded(t, s, "j", tracker.ScanRequest{MaxWorkers: 2}, "a", "b", "c", "d")
	if len(next) != 2 {
		t.Fatalf("%d units dispatched, want 2", len(next))
	}
	a := f.begin("1/a")
	if again, err := s.Window(t.Context(), "j"); len(again) != 0 || err != nil {
		t.Errorf("the window let %v in, %v", again, err)
	}
	// A unit that waits makes room for another, and then waits for room itself.
	freed, err := s.Release(t.Context(), "j", a)
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/c"}}, freed); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if l := f.begin("1/a"); l.Verdict != store.Wait {
		t.Errorf("verdict %s, want wait", l.Verdict)
	}
	b := f.begin("1/b")
	f.write(b, "b", "EC2_Instance", 0, tracker.OutcomeEmpty)
	_, _, next = f.write(b, "b", "EBS_Volume", 0, tracker.OutcomeEmpty)
	if diff := cmp.Diff([]store.Dispatch{{Unit: "1/d"}}, next); diff != "" {
		t.Error(diff)
	}
}

func TestStrikes_EndAUnitThatKillsWorkers(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	for range 4 {
		if l := f.begin("1/a"); l.Verdict != store.Run {
			t.Fatal(l.Verdict)
		}
	}
	if l := f.begin("1/a"); l.Verdict != store.Finalize {
		t.Errorf("verdict %s, want finalize", l.Verdict)
	}
	f.finish()
	if j := f.job(); j.State != tracker.JobFailed || j.Progress.ByOutcome[tracker.OutcomeError] != 2 {
		t.Errorf("%s, %v", j.State, j.Progress.ByOutcome)
	}
}

func TestStrikes_AreTakenBackByRelease(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	for i := range 20 {
		l := f.begin("1/a")
		if l.Verdict != store.Run {
			t.Fatalf("run %d: %s", i, l.Verdict)
		}
		for range 2 { // twice is once
			if _, err := s.Release(t.Context(), "j", l); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestRedispatch_Once(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	f.begin("1/a")
	var claimed atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, ok, err := s.Redispatch(t.Context(), "j", store.Dispatch{Unit: "1/a"}); err != nil {
				t.Error(err)
			} else if ok {
				claimed.Add(1)
			}
		})
	}
	wg.Wait()
	if n := claimed.Load(); n != 1 {
		t.Errorf("claimed %d times, want once", n)
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
			if err := s.PutBack(t.Context(), name, volumes, &tracker.Failure{Outcome: tracker.OutcomeThrottled}); err != nil {
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

func TestCreate_TwiceIsOnce(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	before := f.job()
	if d, created, err := s.Create(t.Context(), store.NewJob{Job: f.j, Accounts: []string{"self"}}); created || len(d) > 0 || err != nil {
		t.Error(created, d, err)
	}
	if diff := cmp.Diff(before, f.job()); diff != "" {
		t.Error(diff)
	}
}

func TestPage_WalksEverythingOnceWithAnyLimit(t *testing.T) {
	s, _ := open(t, store.Options{PageRows: 7})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b", "c")
	for _, region := range []string{"c", "a", "b"} {
		l := f.begin("1/" + region)
		f.write(l, region, "EC2_Instance", 20, tracker.OutcomeOK)
		f.write(l, region, "EBS_Volume", 5, tracker.OutcomeOK)
	}
	want := f.ids(filter.Filter{})
	for _, limit := range []int{1, 3, 7, 20, 1000} {
		var got []string
		cursor := ""
		for {
			rows, next, err := s.Page(t.Context(), "j", filter.Filter{}, cursor, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				var r tracker.Resource
				if err := json.Unmarshal(row, &r); err != nil {
					t.Fatal(err)
				}
				got = append(got, r.Key())
			}
			if cursor = next; cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
	}
	for _, bad := range []string{"x", "1.2", "1.2.3.4", "-1.0.0"} {
		if _, _, err := s.Page(t.Context(), "j", filter.Filter{}, bad, 1); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

func TestFilter(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	for _, region := range []string{"a", "b"} {
		l := f.begin("1/" + region)
		f.write(l, region, "EC2_Instance", 4, tracker.OutcomeOK)
		f.write(l, region, "EBS_Volume", 4, tracker.OutcomeOK)
	}
	for text, want := range map[string]int{
		``:                                     16,
		`type:EBS_Volume`:                      8,
		`region:a state:stopped`:               4,
		`tag:i=3`:                              4,
		`tag:"ключ/a:b"="" tag:i=1`:            4,
		`tag:j=""`:                             0,
		`tag:j!`:                               16,
		`account:2`:                            0,
		`-region:a type:EC2*`:                  4,
		`region:b (tag:i=1,2 or -tag:i~0)`:     6,
		`service:ec2 name~NAME-2 arn~:a:1:`:    2,
		`id:EC2_Instance-1`:                    2,
		`cost>=1`:                              12,
		`-cost>=1`:                             0,
		`cost:unknown`:                         4,
		`created<2026-01-02`:                   4,
		`age>36h`:                              4,
		`meta.size>=2 meta.nested.list:"x\"y"`: 8,
	} {
		if got := f.ids(query(t, text).At(epoch.Add(48 * time.Hour))); len(got) != want {
			t.Errorf("%s: %d, want %d", text, len(got), want)
		}
	}
}

func TestFilter_SkipsPagesThatCannotMatch(t *testing.T) {
	s, rdb := open(t, store.Options{PageRows: 10})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	f.write(f.begin("1/a"), "a", "EC2_Instance", 95, tracker.OutcomeOK)
	reads := func() int64 {
		t.Helper()
		info, err := rdb.InfoMap(t.Context(), "commandstats").Result()
		if err != nil {
			t.Fatal(err)
		}
		var n int64
		_, _ = fmt.Sscanf(info["Commandstats"]["cmdstat_get"], "calls=%d,", &n)
		return n
	}
	before := reads()
	if ids := f.ids(filter.WhereTag("i", "42")); len(ids) != 1 {
		t.Errorf("%d resources, want 1", len(ids))
	}
	// One to resolve the ID, the page that holds it, and the last, which is not full.
	if n := reads() - before; n > 4 {
		t.Errorf("%d reads for one row of ten pages", n)
	}
	for i := range 95 { // no false negatives
		if ids := f.ids(query(t, fmt.Sprintf("state:%s tag:i=%d", []string{"running", "stopped"}[i%2], i))); len(ids) != 1 {
			t.Errorf("row %d: %d resources, want 1", i, len(ids))
		}
	}
}

// Whatever is pruned, a listing is what Match selects of all rows.
func TestFilter_PrunesNothingThatMatches(t *testing.T) {
	s, _ := open(t, store.Options{PageRows: 4})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b")
	var all []tracker.Resource
	for _, region := range []string{"a", "b"} {
		l := f.begin("1/" + region)
		for _, typ := range []tracker.Type{"EC2_Instance", "EBS_Volume"} {
			f.write(l, region, typ, 14, tracker.OutcomeOK)
			for i := range 14 {
				all = append(all, resource(tracker.Cell{AccountID: "1", Region: region, Type: typ}, i))
			}
		}
	}
	for _, text := range []string{
		`state:running or tag:i=3`, `-(state:running or tag:i=3)`, `-(state:running tag:i=3)`, `tag:i=3,9 -tag:i=9`, `-(-tag:i=3 or -region:a)`,
		`(region:a type:EC2*) or (region:b tag:i=13)`, `tag:i=5 or cost>12`, `state~RUN tag:i=2,3`, `region!`, `account:1 -account:1`,
		`tag:i!`, `-tag:i!`, `tag:i=1*`, `type!=EC2_Instance region!=a`, `age<240h or state:none`,
	} {
		wanted := query(t, text).At(epoch.AddDate(0, 0, 20))
		var want []string
		for _, r := range all {
			if wanted.Match(&r) {
				want = append(want, r.Key())
			}
		}
		got := f.ids(wanted)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
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
	if jobs, _, err := s.Jobs(t.Context(), "mallory", "", 10); len(jobs) != 0 || err != nil {
		t.Error(jobs, err)
	}
	var got []string
	cursor := ""
	for {
		jobs, next, err := s.Jobs(t.Context(), "alice", cursor, 2)
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

func TestShardFor_KeepsTenantsApart(t *testing.T) {
	s, _ := open(t, store.Options{Shards: 3})
	shards := map[int]string{}
	for _, owner := range []string{"a", "b", "c"} {
		shard, err := s.ShardFor(t.Context(), owner, tracker.LaneInteractive)
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := shards[shard]; taken {
			t.Errorf("%s shares with %s", owner, other)
		}
		shards[shard] = owner
		j := tracker.Job{ID: owner, Owner: owner, Lane: tracker.LaneInteractive, Shard: shard, DeadlineAt: time.Now().Add(time.Hour)}
		if _, _, err := s.Create(t.Context(), store.NewJob{Job: j, Accounts: []string{"self"}}); err != nil {
			t.Fatal(err)
		}
		if again, _ := s.ShardFor(t.Context(), owner, tracker.LaneInteractive); again != shard {
			t.Errorf("%s moved from %d to %d", owner, shard, again)
		}
	}
}

func TestFlight(t *testing.T) {
	s, _ := open(t, store.Options{})
	sub := tracker.Submission{Owner: "alice", CredentialsDigest: "d", Request: tracker.ScanRequest{Regions: []string{"a"}}}
	flight, err := store.FlightKey(sub)
	if err != nil {
		t.Fatal(err)
	}
	sub.CredentialsDigest = "e"
	if other, _ := store.FlightKey(sub); other == flight {
		t.Error("other credentials, same flight")
	}
	take := func(job string) string {
		holder, err := s.TakeFlight(t.Context(), flight, job, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return holder
	}
	if holder := take("j1"); holder != "j1" {
		t.Error(holder)
	}
	if holder := take("j2"); holder != "j2" {
		t.Errorf("%s holds the flight, but was never created", holder)
	}
	create(t, s, "j2", tracker.ScanRequest{})
	if holder := take("j3"); holder != "j2" {
		t.Error(holder)
	}
	if err := s.Alias(t.Context(), "j3", "j2", time.Hour); err != nil {
		t.Fatal(err)
	}
	if j, err := s.Job(t.Context(), "alice", "j3"); j.ID != "j2" || err != nil {
		t.Error(j.ID, err)
	}
}

func TestIdempotency(t *testing.T) {
	s, _ := open(t, store.Options{})
	sub := tracker.Submission{Owner: "alice", IdempotencyKey: "k"}
	for range 2 {
		if job, err := s.ClaimIdempotency(t.Context(), sub, "j1"); job != "j1" || err != nil {
			t.Error(job, err)
		}
	}
	sub.Request.Regions = []string{"a"}
	if _, err := s.ClaimIdempotency(t.Context(), sub, "j2"); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Errorf("the same key for another request: %v", err)
	}
	sub.Owner = "bob"
	if job, err := s.ClaimIdempotency(t.Context(), sub, "j3"); job != "j3" || err != nil {
		t.Error(job, err)
	}
}

func TestBudget(t *testing.T) {
	s, _ := open(t, store.Options{})
	b := store.Budget{Store: s}
	take := func(longest time.Duration) (time.Duration, bool) {
		t.Helper()
		wait, ok, err := b.Take(t.Context(), "k", 10, 2, longest)
		if err != nil {
			t.Fatal(err)
		}
		return wait, ok
	}
	for i := range 2 {
		if wait, ok := take(0); wait != 0 || !ok {
			t.Errorf("call %d of the burst: wait %v, %v", i, wait, ok)
		}
	}
	first, _ := take(time.Second)
	second, _ := take(time.Second)
	if first <= 0 || second <= first {
		t.Errorf("waits %v and %v: each call in debt waits longer", first, second)
	}
	if wait, ok := take(time.Millisecond); ok || wait <= time.Millisecond {
		t.Errorf("paid for a call that comes too late: %v", wait)
	}
	before, _ := take(time.Hour)
	if err := b.Throttled(t.Context(), "k"); err != nil {
		t.Fatal(err)
	}
	if after, _ := take(time.Hour); after <= before {
		t.Errorf("wait %v after a throttle, %v before", after, before)
	}
}

func TestBudget_SharedByMany(t *testing.T) {
	s, _ := open(t, store.Options{})
	b := store.Budget{Store: s}
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var paid atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if _, ok, err := b.Take(t.Context(), "k", 1, 5, 0); err != nil {
					t.Error(err)
					return
				} else if ok {
					paid.Add(1)
				}
			}
		})
	}
	wg.Wait()
	refilled := int32(time.Since(began)/time.Second) + 1
	if n := paid.Load(); n < 5 || n > 5+refilled {
		t.Errorf("%d calls paid, want 5 and at most %d that refilled", n, refilled)
	}
}
