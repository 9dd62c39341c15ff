package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// inStates walks alice's jobs in some states to the end, and returns them page by page.
func inStates(t *testing.T, s *store.Store, limit int, states ...tracker.JobState) (pages []string) {
	t.Helper()
	for cursor := ""; ; {
		jobs, next, err := s.Jobs(t.Context(), "alice", cursor, limit, tracker.JobsWanted{States: states})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, j := range jobs {
			ids = append(ids, j.ID)
		}
		pages = append(pages, strings.Join(ids, " "))
		if cursor = next; next == "" {
			return pages
		}
	}
}

func TestJobs_InStates(t *testing.T) {
	s, rdb := open(t, store.Options{})
	for i, state := range []string{"running", "partial", "failed", "succeeded", "partial"} {
		id := fmt.Sprint("j", i)
		create(t, s, id, tracker.ScanRequest{})
		if err := rdb.HSet(t.Context(), "rt:{"+id+"}:m", "state", state).Err(); err != nil {
			t.Fatal(err)
		}
	}
	all := strings.Fields(strings.Join(inStates(t, s, 10), " "))
	if len(all) != 5 {
		t.Fatal(all)
	}
	for _, limit := range []int{1, 2, 10} {
		got := strings.Fields(strings.Join(inStates(t, s, limit, tracker.JobPartial, tracker.JobFailed), " "))
		want := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return id == "j0" || id == "j3" })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d a page (-want +got):\n%s", limit, diff)
		}
	}
	if got := inStates(t, s, 10, tracker.JobCancelled); strings.Join(got, "") != "" {
		t.Error(got)
	}
}

// TestJobs_InRareStates: a page looks at a bounded number of jobs, and the next goes on where it ended.
func TestJobs_InRareStates(t *testing.T) {
	s, rdb := open(t, store.Options{})
	create(t, s, "rare", tracker.ScanRequest{})
	lists, err := rdb.Keys(t.Context(), "rt:owner:*:jobs").Result()
	if err != nil || len(lists) != 1 {
		t.Fatal(lists, err)
	}
	_, err = rdb.Pipelined(t.Context(), func(p redis.Pipeliner) error {
		for i := range 1200 {
			id := fmt.Sprint("other-", i)
			p.HSet(t.Context(), "rt:{"+id+"}:m", "state", "succeeded")
			p.ZAdd(t.Context(), lists[0], redis.Z{Member: fmt.Sprintf("9%012d:%s", i, id)})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"", "", "rare"}, inStates(t, s, 20, tracker.JobQueued)); diff != "" {
		t.Error(diff)
	}
}
