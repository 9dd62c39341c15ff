package schedules

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// changed names a change for the audit: what happened, and which members differ.
func changed(before, after tracker.Schedule, credentials bool) (what, detail string) {
	a, b := members(before), members(after)
	var names []string
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if !reflect.DeepEqual(a[name], b[name]) {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if _, still := b[name]; !still {
			names = append(names, name)
		}
	}
	if credentials {
		names = append(names, "credentials")
	}
	switch {
	case len(names) == 1 && names[0] == "paused" && after.Paused:
		return "schedule.paused", ""
	case len(names) == 1 && names[0] == "paused":
		return "schedule.resumed", ""
	case len(names) == 0:
		return "schedule.changed", "nothing differs"
	}
	return "schedule.changed", strings.Join(names, ", ")
}

// members are what a person writes of a schedule.
func members(sc tracker.Schedule) map[string]any {
	sc.NextAt, sc.NextRuns, sc.LastRun, sc.LastGood, sc.Wanted = nil, nil, "", "", nil
	sc.Failures, sc.LastError, sc.LastErrorAt, sc.PausedReason = 0, "", nil, ""
	out := map[string]any{}
	b, err := json.Marshal(sc)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		return nil
	}
	return out
}

// Sweep makes changes whole whose makers died within them: the schedule is due, and
// the audit is told.
func (c *Client) Sweep(ctx context.Context) error {
	changes, err := c.schedules().Unsettled(ctx)
	if err != nil {
		return err
	}
	var errs error
	for change, id := range changes {
		errs = errors.Join(errs, c.makeWhole(ctx, change, id))
	}
	return errs
}

func (c *Client) makeWhole(ctx context.Context, change, id string) error {
	sc, err := c.schedules().LookupSchedule(ctx, id)
	switch {
	case tracker.CodeOf(err) == tracker.CodeNotFound:
		err = c.schedules().SetDue(ctx, id, nil)
	case err == nil && sc.NextAt == nil && !sc.Paused:
		if t, bad := timesOf(sc); bad == nil {
			next := t.next(c.Store.Now())
			err = c.schedules().SetDue(ctx, id, &next)
		}
	}
	if err != nil {
		return err
	}
	if err := c.schedules().TellSchedule(ctx, id); err != nil {
		return err
	}
	return c.schedules().Settled(ctx, change)
}
