package tracker_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestParseLimits(t *testing.T) {
	for _, tc := range []struct {
		text string
		want tracker.Limits
		err  string
	}{
		{"", tracker.Limits{}, ""},
		{"jobs=20, principal.requests=5,", tracker.Limits{"jobs": 20, "principal.requests": 5}, ""},
		{"jobs=0", tracker.Limits{"jobs": 0}, ""},
		{"job=1", nil, `holds "job=1", which is not the name of a quota and a number, such as jobs=20`},
		{"jobs=1,jobs=2", nil, "names jobs twice"},
		{"jobs", nil, "gives jobs a limit that is not a whole number from 0 to 1125899906842624"},
		{"jobs=-1", nil, "gives jobs a limit that is not a whole number from 0 to 1125899906842624"},
	} {
		got, err := tracker.ParseLimits(tc.text)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || text != tc.err {
			t.Errorf("%q: %s%s", tc.text, text, diff)
		}
	}
	all := tracker.DefaultLimits()
	if again, err := tracker.ParseLimits(all.String()); err != nil || !cmp.Equal(all, again) {
		t.Errorf("what is written is not what is read: %v %s", err, cmp.Diff(all, again))
	}
}

func TestQuotaUse_Wait(t *testing.T) {
	now := time.Date(2026, 12, 31, 23, 59, 30, 0, time.UTC)
	for q, want := range map[tracker.Quota]time.Duration{
		tracker.QuotaJobs: 5 * time.Second, tracker.QuotaPlans.OfPrincipal(): 5 * time.Second, tracker.QuotaSchedules: time.Minute,
		tracker.QuotaJobsDay: 30 * time.Second, tracker.QuotaPaidCalls: 30 * time.Second, tracker.QuotaRequests: time.Second,
	} {
		if got := q.Use(1, 1, now).Wait(now); got != want {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}
