package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestTransient_OfTheServer: what a Redis that is full or gone makes of a submission
// passes, and what is wrong with a request does not.
func TestTransient_OfTheServer(t *testing.T) {
	s, rdb := open(t, store.Options{})
	if err := rdb.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(t.Context(), scanOf("a"), []string{"self"}, time.Hour); !store.Transient(err) {
		t.Errorf("full: %v", err)
	}
	if err := s.Ping(t.Context()); !store.Transient(err) {
		t.Errorf("full, and well: %v", err)
	}
	if _, err := (store.Audit{Store: s}).CheckAudit(t.Context(), "a", "", 10); !store.Transient(err) {
		t.Errorf("full, in a transaction: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := rdb.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(ctx, scanOf("a"), []string{"self"}, time.Hour); !store.Transient(err) {
		t.Errorf("gone: %v", err)
	}
}

// TestWorkers_CountsThoseThatLive: one counts until its time is over.
func TestWorkers_CountsThoseThatLive(t *testing.T) {
	now := time.Now()
	s, _ := open(t, store.Options{Now: func() time.Time { return now }})
	for _, want := range []int{0, 1, 2} {
		if n, err := s.Workers(t.Context()); n != want || err != nil {
			t.Errorf("%d workers, want %d: %v", n, want, err)
		}
		if err := s.Alive(t.Context(), string(rune('a'+want)), 10*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(10 * time.Second)
	if n, err := s.Workers(t.Context()); n != 0 || err != nil {
		t.Errorf("%d workers live on: %v", n, err)
	}
}

// TestCursorsAreChecked: one that no listing gave out is refused, not taken for the start.
func TestCursorsAreChecked(t *testing.T) {
	s, _ := open(t, store.Options{})
	for _, cursor := range []string{"x", "abcdefghijklm:x", "1234567890123:", "123:x"} {
		if _, _, err := s.Jobs(t.Context(), "alice", cursor, 10, tracker.JobsWanted{}); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("jobs after %q: %v", cursor, err)
		}
	}
	hash := strings.Repeat("0", 64)
	for _, cursor := range []string{"x.1." + hash, "1-0.x." + hash, "1-0.0." + hash, "99999999999999999999-0.1." + hash, "1-0.1.x"} {
		if _, err := (store.Audit{Store: s}).CheckAudit(t.Context(), "alice", cursor, 10); tracker.CodeOf(err) != tracker.CodeInvalid {
			t.Errorf("audit after %q: %v", cursor, err)
		}
	}
}
