package jobs_test

import (
	"testing"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestSchedule_AddedOncePerKey(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{})
	add := func(key, digest string, every int) (tracker.Schedule, bool, error) {
		return s.client.AddSchedule(t.Context(), tracker.Schedule{Owner: "alice", Name: "n", EverySeconds: every}, func(string) ([]byte, error) { return []byte("AKIA"), nil }, key, digest)
	}
	if _, _, err := add("k", "a", 1); tracker.CodeOf(err) != tracker.CodeInvalid {
		t.Fatal("a second is too short:", err)
	}
	first, created, err := add("k", "b", 3600)
	if err != nil || !created {
		t.Fatal("a refused request uses its key up:", created, err)
	}
	if again, created, err := add("k", "b", 3600); again.ID != first.ID || created || err != nil {
		t.Error(again.ID, created, err)
	}
	if _, _, err := add("k", "c", 7200); tracker.CodeOf(err) != tracker.CodeConflict {
		t.Error("the same key for another request:", err)
	}
	if other, created, err := add("", "b", 3600); other.ID == first.ID || !created || err != nil {
		t.Error(other.ID, created, err)
	}
	if all, _, err := s.client.Schedules(t.Context(), "alice", "", 10, ""); len(all) != 2 || err != nil {
		t.Error(all, err)
	}
}

func TestSchedule_RunsOncePerKey(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{})
	sc := s.schedule(tracker.Schedule{EverySeconds: 3600})
	run := func(key string, want bool) string {
		j, created, err := s.client.RunScheduleOnce(t.Context(), as("alice"), sc.ID, key)
		if err != nil || created != want {
			t.Fatalf("created %t, want %t: %v", created, want, err)
		}
		return j.ID
	}
	first := run("k", true)
	if again := run("k", false); again != first {
		t.Errorf("the same key ran %s and %s", first, again)
	}
	if other := run("l", true); other == first {
		t.Error("another key is another run")
	}
	s.untilRuns(sc.ID, 2)
	if _, _, err := s.client.RunScheduleOnce(t.Context(), as("bob"), sc.ID, ""); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Error("of somebody else:", err)
	}
}
