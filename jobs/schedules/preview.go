package schedules

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// NextRuns returns the next five times of a schedule that is not written: its Cron and TimeZone, EverySeconds or OffHours
// count, and nothing else. One with an ID is to replace that schedule of its owner, so its distances count from when that
// one was made. What is wrong is refused as it is when a schedule is written.
func (c *Client) NextRuns(ctx context.Context, sc tracker.Schedule) ([]time.Time, error) {
	now := c.Store.Now().UTC()
	sc.CreatedAt = now.Truncate(time.Second)
	if sc.ID != "" {
		before, err := c.schedules().Schedule(ctx, sc.Owner, sc.ID)
		if err != nil {
			return nil, err
		}
		sc.CreatedAt = before.CreatedAt
	}
	t, first, err := coming(sc, now)
	if err != nil {
		return nil, err
	}
	return t.from(first), nil
}

// coming reads when a schedule ticks, and when it does so next after a time. It refuses times that never come, such as
// 30 February.
func coming(sc tracker.Schedule, now time.Time) (t times, first time.Time, err error) {
	if t, err = timesOf(sc); err != nil {
		return t, first, err
	}
	first = t.next(now)
	switch {
	case t.end == nil && first.IsZero():
		return t, first, tracker.Invalid("cron", "never comes")
	case t.end != nil && t.begin(now).IsZero():
		return t, first, tracker.Invalid("off_hours.begin", "never comes")
	case t.end != nil && t.end(now).IsZero():
		return t, first, tracker.Invalid("off_hours.end", "never comes")
	}
	return t, first, nil
}

// from are the next runs, the first of which is known.
func (t times) from(first time.Time) (runs []time.Time) {
	for at := first; len(runs) < nextRunCount && !at.IsZero(); at = t.next(at) {
		runs = append(runs, at)
	}
	return runs
}
