package store_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

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

// keys reads a listing to its end, limit rows at a time.
func (f fixture) keys(limit int) (keys []string) {
	f.t.Helper()
	for cursor := ""; ; {
		rows, next, err := f.s.Page(f.t.Context(), f.j.ID, filter.Filter{}, cursor, limit)
		if err != nil {
			f.t.Fatal(err)
		}
		for _, row := range rows {
			var r tracker.Resource
			if err := json.Unmarshal(row, &r); err != nil {
				f.t.Fatal(err)
			}
			keys = append(keys, r.Key())
		}
		if cursor = next; cursor == "" {
			return keys
		}
	}
}

// calls is how often Redis was asked by a command.
func calls(t *testing.T, rdb redis.UniversalClient, command string) (n int64) {
	t.Helper()
	info, err := rdb.InfoMap(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Sscanf(info["Commandstats"]["cmdstat_"+command], "calls=%d,", &n)
	return n
}

// TestPage_ReadsTheCellsThatItNeeds: an organisation has a hundred thousand cells, and a
// listing of it a thousand pages.
func TestPage_ReadsTheCellsThatItNeeds(t *testing.T) {
	s, rdb := open(t, store.Options{})
	var regions []string
	for i := range 40 {
		regions = append(regions, fmt.Sprint("r", i))
	}
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, regions...)
	for _, region := range regions {
		l := f.begin("1/" + region)
		f.write(l, region, "EC2_Instance", 2, tracker.OutcomeOK)
		f.write(l, region, "EBS_Volume", 0, tracker.OutcomeEmpty)
	}
	before := calls(t, rdb, "hgetall")
	if keys := f.keys(7); len(keys) != 80 {
		t.Errorf("%d resources, want 80", len(keys))
	}
	if n := calls(t, rdb, "hgetall") - before; n > 0 {
		t.Errorf("all cells were read %d times", n)
	}
}

// TestPage_AfterARetry: a cell that was closed twice is listed once, where it was closed
// last, and nothing is lost beside it.
func TestPage_AfterARetry(t *testing.T) {
	s, _ := open(t, store.Options{})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a", "b", "c")
	for _, region := range []string{"b", "a", "c"} {
		l := f.begin("1/" + region)
		outcome := tracker.OutcomeOK
		if region == "a" {
			outcome = tracker.OutcomeDenied
		}
		f.write(l, region, "EC2_Instance", 3, tracker.OutcomeOK)
		f.write(l, region, "EBS_Volume", 2, outcome)
	}
	f.finish()
	first, cursor, err := s.Page(t.Context(), "j", filter.Filter{}, "", 7)
	if err != nil || len(first) != 7 {
		t.Fatal(len(first), err)
	}
	next, err := s.Reopen(t.Context(), tracker.Principal{Tenant: "alice"}, f.job(), time.Hour, []byte("sealed"))
	if err != nil || len(next) != 1 {
		t.Fatal(next, err)
	}
	if keys := f.keys(3); len(keys) != 13 {
		t.Errorf("while the cell is open: %d resources, want 13", len(keys))
	}
	l, err := s.Begin(t.Context(), "j", next[0])
	if err != nil {
		t.Fatal(err)
	}
	f.write(l, "a", "EBS_Volume", 4, tracker.OutcomeOK)
	want := f.ids(filter.Filter{})
	if len(want) != 17 {
		t.Errorf("%d resources, want 17", len(want))
	}
	for _, limit := range []int{1, 2, 5, 100} {
		if diff := cmp.Diff(want, f.keys(limit)); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
	}
	rest, _, err := s.Page(t.Context(), "j", filter.Filter{}, cursor, 100)
	if err != nil || len(rest) != 17-7 {
		t.Errorf("from a place before the retry on: %d resources, %v", len(rest), err)
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
	before := calls(t, rdb, "get")
	if ids := f.ids(filter.WhereTag("i", "42")); len(ids) != 1 {
		t.Errorf("%d resources, want 1", len(ids))
	}
	// One to resolve the ID, the page that holds it, and the last, which is not full.
	if n := calls(t, rdb, "get") - before; n > 4 {
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
