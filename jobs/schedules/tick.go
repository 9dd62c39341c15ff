package schedules

import (
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	minEvery     = time.Minute
	maxEvery     = 366 * 24 * time.Hour
	nextRunCount = 5
	// missedAtMost bounds how many missed ticks are counted.
	missedAtMost = 10_000
)

// ticking is the function from a time to the first tick after it; zero is none.
type ticking func(time.Time) time.Time

// times are when a schedule ticks. Those of off-hours are of two kinds.
type times struct {
	next       ticking
	begin, end ticking // of off-hours
}

// timesOf reads when a schedule ticks.
func timesOf(sc tracker.Schedule) (times, error) {
	given := 0
	for _, is := range []bool{sc.Cron != "", sc.EverySeconds != 0, sc.OffHours != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return times{}, tracker.Invalid("cron", "give either cron or every_seconds, or off_hours for a plan")
	}
	if sc.EverySeconds != 0 {
		return every(sc)
	}
	zone, err := time.LoadLocation(sc.TimeZone) // "" is UTC
	if err != nil || sc.TimeZone == "Local" {
		return times{}, tracker.Invalid("time_zone", "is not a name of the time zone database, such as Europe/Berlin")
	}
	if sc.OffHours == nil {
		line, err := cronLine("cron", sc.Cron, zone)
		return times{next: line}, err
	}
	begin, err := cronLine("off_hours.begin", sc.OffHours.Begin, zone)
	if err != nil {
		return times{}, err
	}
	end, err := cronLine("off_hours.end", sc.OffHours.End, zone)
	return times{next: earlier(begin, end), begin: begin, end: end}, err
}

func cronLine(field, line string, zone *time.Location) (ticking, error) {
	w, ok := parseCron(line, zone)
	if !ok {
		return nil, tracker.Invalid(field, "is not a cron line of five fields (minute hour day month weekday), such as \"0 6 * * 1-5\"")
	}
	return w.next, nil
}

// every ticks at a distance, from when the schedule was made on.
func every(sc tracker.Schedule) (times, error) {
	every := time.Duration(sc.EverySeconds) * time.Second
	if every < minEvery || every > maxEvery {
		return times{}, tracker.Invalid("every_seconds", "must be from %.0f to %.0f", minEvery.Seconds(), maxEvery.Seconds())
	}
	if sc.TimeZone != "" {
		return times{}, tracker.Invalid("time_zone", "belongs to cron, not to every_seconds")
	}
	start := sc.CreatedAt
	return times{next: func(t time.Time) time.Time {
		return start.Add((t.Sub(start)/every + 1) * every).UTC()
	}}, nil
}

// earlier ticks when either of two does.
func earlier(a, b ticking) ticking {
	return func(t time.Time) time.Time {
		x, y := a(t), b(t)
		if x.IsZero() || !y.IsZero() && y.Before(x) {
			return y
		}
		return x
	}
}

// newest is the last tick until now, now included; zero where there was none for years.
func (next ticking) newest(now time.Time) time.Time {
	const day = 24 * time.Hour
	for _, back := range []time.Duration{time.Hour, day, 32 * day, 367 * day, 5 * 366 * day} {
		last := time.Time{}
		for at := next(now.Add(-back)); !at.IsZero() && !at.After(now); at = next(at) {
			last = at
		}
		if !last.IsZero() {
			return last
		}
	}
	return time.Time{}
}

// over reports whether off-hours are over at a time: the newest of their ticks is one of
// their end. Where both come at once, they are over.
func (t times) over(at time.Time) bool {
	return !t.end.newest(at).Before(t.begin.newest(at))
}

// passed says which ticks from the first on came before the last; "" is none.
func (next ticking) passed(first, last time.Time) string {
	n, newest := 0, time.Time{}
	for at := first; !at.IsZero() && at.Before(last) && n < missedAtMost; at = next(at) {
		n, newest = n+1, at
	}
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("the run of %s: a newer one came before any worker started it", stamp(first))
	case missedAtMost:
		return fmt.Sprintf("%d runs and more, from %s on: newer ones came before any worker started them", n, stamp(first))
	}
	return fmt.Sprintf("%d runs, from %s to %s: newer ones came before any worker started them", n, stamp(first), stamp(newest))
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// tick returns the job ID of a schedule's run: a UUID of version 7 at the time of
// the tick, so that it sorts by time and is the same for whoever makes it.
func tick(schedule string, at time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s@%d", schedule, at.UnixMilli()))
	var id uuid.UUID
	copy(id[:], sum[:])
	for i := range 6 {
		id[i] = byte(at.UnixMilli() >> (40 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}
