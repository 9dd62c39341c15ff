package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestRefused_IsCounted(t *testing.T) {
	s, rdb := open(t, store.Options{})
	audit := store.Audit{Store: s}
	details := func() (all []string) {
		t.Helper()
		lines, err := audit.AuditTrail(t.Context(), "alice", "", time.Time{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			all = append(all, l.Who+" "+l.Detail)
		}
		return all
	}
	refuse := func(from, detail string) {
		t.Helper()
		e := tracker.AuditEvent{At: time.Now(), Who: "alice", From: from, What: "plan.refused", Detail: detail}
		if err := audit.Refused(t.Context(), "alice", e); err != nil {
			t.Fatal(err)
		}
	}
	for range 150 {
		refuse("10.0.0.1", "no")
	}
	refuse("10.0.0.2", "no")
	want := []string{"alice no", "alice no (10 times within an hour)", "alice no (100 times within an hour)", "alice no"}
	if diff := cmp.Diff(want, details()); diff != "" {
		t.Error(diff)
	}
	for i := range 500 {
		refuse("10.0.0.1", fmt.Sprint("reason ", i))
	}
	lines := details()
	if len(lines) > 110 || !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "different reasons (100 times within an hour)") }) {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
	for _, k := range rdb.Keys(t.Context(), "*:refused").Val() {
		if ttl := rdb.PTTL(t.Context(), k).Val(); ttl <= 0 || ttl > time.Hour {
			t.Errorf("%s lives for %v", k, ttl)
		}
	}
	if check, err := audit.CheckAudit(t.Context(), "alice", "", 1000); !check.Holds || err != nil {
		t.Errorf("the chain: %+v, %v", check, err)
	}
}

func TestFailedLogins_AreCounted(t *testing.T) {
	s, _ := open(t, store.Options{})
	audit := store.Audit{Store: s}
	for range 15 {
		if err := audit.FailedLogin(t.Context(), "203.0.113.7", "an API key that is not accepted"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 200 {
		if err := audit.FailedLogin(t.Context(), fmt.Sprint("203.0.113.", i), "no credentials"); err != nil {
			t.Fatal(err)
		}
	}
	lines, err := audit.AuditTrail(t.Context(), tracker.DefaultTenant, "", time.Time{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) > 30 {
		t.Errorf("%d lines within a minute", len(lines))
	}
	first, tenth := lines[0], lines[1]
	if first.What != "auth.failed" || first.Who != "unknown" || first.From != "203.0.113.7" || first.Detail != "an API key that is not accepted" ||
		tenth.Detail != first.Detail+" (10 times within a minute)" {
		t.Errorf("%+v\n%+v", first, tenth)
	}
}
