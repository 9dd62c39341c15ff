package store_test

import (
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

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
