package api

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestGuard_WaitsGrowAndAreForgiven(t *testing.T) {
	g := newGuard(tracker.Limits{tracker.QuotaAddressFailures: 2})
	now := time.Now()
	g.now = func() time.Time { return now }
	var waits []string
	for range 9 {
		g.failed("203.0.113.7")
		w := g.waits("203.0.113.7", [sha256.Size]byte{})
		waits = append(waits, w.Round(time.Second).String())
		now = now.Add(w)
	}
	if diff := cmp.Diff([]string{"0s", "0s", "2s", "4s", "8s", "15s", "30s", "56s", "1m0s"}, waits); diff != "" {
		t.Error(diff)
	}
	now = now.Add(time.Hour)
	g.failed("203.0.113.7")
	if w := g.waits("203.0.113.7", [sha256.Size]byte{}); w != 0 {
		t.Errorf("%v after an hour", w)
	}
}

func TestGuard_IsBounded(t *testing.T) {
	g := newGuard(tracker.Limits{tracker.QuotaAddressRequests: 5, tracker.QuotaAddressFailures: 2})
	for i := range maxVisitors + 1000 {
		g.comes(fmt.Sprintf("2001:db8:%x:%x::1", i>>16, i&0xffff))
	}
	if len(g.known) != maxVisitors || g.seen.Len() != maxVisitors {
		t.Errorf("%d and %d visitors are known, want %d", len(g.known), g.seen.Len(), maxVisitors)
	}
	for i := range 2 * maxGood {
		g.passed("203.0.113.7", sha256.Sum256(fmt.Append(nil, i)))
	}
	if n := len(g.visitor("203.0.113.7").good); n != maxGood {
		t.Errorf("%d credentials are known, want %d", n, maxGood)
	}
}
