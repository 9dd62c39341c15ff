package store_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestLostAnswers: what a worker has written counts once, and stays, when the answer to
// every command of its is lost.
func TestLostAnswers(t *testing.T) {
	s, rdb := open(t, store.Options{PageRows: 10})
	f := create(t, s, "j", tracker.ScanRequest{})
	rdb.AddHook(twice{})
	f.begin("self/*")
	cells := []store.Found{{Unit: "1/a", Types: []tracker.Type{"EC2_Instance", "EBS_Volume"}}}
	if _, err := s.Expand(t.Context(), "j", tracker.Cell{AccountID: "self", Region: "*", Type: "*"}, cells); err != nil {
		t.Fatal(err)
	}
	l := f.begin("1/a")
	for n, typ := range cells[0].Types {
		if won, finish, _ := f.write(l, "a", typ, 25, tracker.OutcomeOK); !won || finish != (n == 1) {
			t.Errorf("%s: won %t, the job is to be finished %t", typ, won, finish)
		}
	}
	if claim, _, err := s.ClaimFindings(t.Context(), "j", "w", time.Minute); claim != store.ClaimMine || err != nil {
		t.Fatal(claim, err)
	}
	w := s.FindingWriter("j", "w", time.Now().Add(time.Hour))
	if err := w.Add(t.Context(), tracker.Finding{ID: "one"}); err != nil {
		t.Fatal(err)
	}
	if won, err := w.Close(t.Context(), tracker.FindingsReport{}, nil); !won || err != nil {
		t.Errorf("findings: won %t, %v", won, err)
	}
	f.finish()
	j := f.job()
	rows, _ := found(t, s, "j", "")
	if n := len(f.ids(filter.Filter{})); j.State != tracker.JobSucceeded || j.Summary.TotalResources != 50 || n != 50 || len(rows) != 1 {
		t.Errorf("%s, %d resources in the summary, %d in the pages, %d findings", j.State, j.Summary.TotalResources, n, len(rows))
	}
}

// TestLostPages: a Redis that is killed may lose the last second of what it acknowledged.
// What was written into it counts only when all of it is there.
func TestLostPages(t *testing.T) {
	s, rdb := open(t, store.Options{PageRows: 10})
	f, _ := expanded(t, s, "j", tracker.ScanRequest{}, "a")
	l := f.begin("1/a")
	cell := tracker.Cell{AccountID: "1", Region: "a", Type: "EC2_Instance"}
	pages := s.Pages("j", cell, l.Run, time.Now().Add(time.Hour))
	for i := range 25 {
		if err := pages.Add(t.Context(), resource(cell, i)); err != nil {
			t.Fatal(err)
		}
	}
	written, err := pages.Close(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lose(t, rdb, "rt:{j}:p:"+cell.ID()+":1:1")
	if won, _, _, err := s.Close(t.Context(), "j", store.Closing{Cell: cell, Outcome: tracker.OutcomeOK, Run: l.Run, Written: written}); won || err == nil {
		t.Errorf("a cell without its second page: won %t, %v", won, err)
	}
	again := f.begin("1/a")
	f.write(again, "a", "EC2_Instance", 25, tracker.OutcomeOK)
	f.write(again, "a", "EBS_Volume", 0, tracker.OutcomeEmpty)
	if n := len(f.ids(filter.Filter{})); n != 25 {
		t.Errorf("%d resources after the unit ran again, want 25", n)
	}

	if _, _, err := s.ClaimFindings(t.Context(), "j", "w", time.Minute); err != nil {
		t.Fatal(err)
	}
	w := s.FindingWriter("j", "w", time.Now().Add(time.Hour))
	for i := range 15 {
		if err := w.Add(t.Context(), tracker.Finding{ID: string(rune('a' + i))}); err != nil {
			t.Fatal(err)
		}
	}
	lose(t, rdb, "rt:{j}:p:findings:w:0")
	if won, err := w.Close(t.Context(), tracker.FindingsReport{}, nil); won || err == nil {
		t.Errorf("findings without their first page: won %t, %v", won, err)
	}
}

func lose(t *testing.T, rdb redis.UniversalClient, key string) {
	t.Helper()
	if n, err := rdb.Del(t.Context(), key).Result(); n != 1 || err != nil {
		t.Fatalf("%s is not there: %v", key, err)
	}
}
