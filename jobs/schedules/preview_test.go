package schedules_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestNextRuns_AreThoseOfTheSchedule: what is told before a schedule is written is what the written one says, and what is
// refused is refused for the same field.
func TestNextRuns_AreThoseOfTheSchedule(t *testing.T) {
	w := newWorld(t, time.Date(2026, 10, 24, 12, 0, 30, 0, time.UTC))
	for name, sc := range map[string]tracker.Schedule{
		"over the end of summer": {Cron: "30 2 * * *", TimeZone: "Europe/Berlin"},
		"in UTC":                 {Cron: "0 6 * * 1-5"},
		"at a distance":          {EverySeconds: 5400},
		"rare":                   {Cron: "0 0 29 2 *"},
		"no line":                {Cron: "soon"},
		"no time":                {},
		"never":                  {Cron: "0 0 30 2 *"},
		"no zone":                {Cron: "0 6 * * *", TimeZone: "Mars/Base"},
		"too often":              {EverySeconds: 5},
	} {
		sc.Owner = "alice"
		runs, err := w.NextRuns(t.Context(), sc)
		written, err2 := w.PutSchedule(t.Context(), sc, []byte("sealed"))
		if place(err) != place(err2) || (err == nil) != (err2 == nil) {
			t.Errorf("%s: %v, and written: %v", name, err, err2)
			continue
		}
		if diff := cmp.Diff(written.NextRuns, runs); err == nil && diff != "" {
			t.Errorf("%s (-written +told):\n%s", name, diff)
		}
	}
}

func TestNextRuns_OfOffHours(t *testing.T) {
	w := newWorld(t, noon)
	runs, err := w.NextRuns(t.Context(), tracker.Schedule{OffHours: &tracker.OffHours{Begin: "0 19 * * *", End: "0 7 * * *"}})
	if err != nil || len(runs) != 5 || runs[0].Hour() != 19 || runs[1].Hour() != 7 {
		t.Errorf("%v %v", runs, err)
	}
	for _, of := range []tracker.OffHours{{Begin: "0 19 * * *"}, {Begin: "0 19 * * *", End: "0 0 30 2 *"}} {
		if _, err := w.NextRuns(t.Context(), tracker.Schedule{OffHours: &of}); place(err) != "off_hours.end" {
			t.Errorf("%+v: %v", of, err)
		}
	}
}

// TestNextRuns_OfAChange: a schedule that is changed counts its distances from when it was made.
func TestNextRuns_OfAChange(t *testing.T) {
	w := newWorld(t, noon)
	sc := w.put(tracker.Schedule{Cron: "0 6 * * *"})
	w.set(noon.Add(20 * time.Minute))
	runs, err := w.NextRuns(t.Context(), tracker.Schedule{Owner: "alice", ID: sc.ID, EverySeconds: 3600})
	if err != nil || !runs[0].Equal(noon.Add(time.Hour)) {
		t.Errorf("%v %v", runs, err)
	}
	if _, err := w.NextRuns(t.Context(), tracker.Schedule{Owner: "bob", ID: sc.ID, EverySeconds: 3600}); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Error(err)
	}
}

// place is the field that an error is about.
func place(err error) string {
	if e, ok := errors.AsType[*tracker.Error](err); ok {
		return e.Field
	}
	return ""
}
