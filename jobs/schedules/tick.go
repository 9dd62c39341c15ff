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
)

// ticks returns the function from a time to the schedule's next tick after it.
func ticks(sc tracker.Schedule) (func(time.Time) time.Time, error) {
	if (sc.Cron == "") == (sc.EverySeconds == 0) {
		return nil, tracker.Invalid("cron", "give either cron or every_seconds")
	}
	if sc.EverySeconds != 0 {
		every := time.Duration(sc.EverySeconds) * time.Second
		if every < minEvery || every > maxEvery {
			return nil, tracker.Invalid("every_seconds", "must be from %.0f to %.0f", minEvery.Seconds(), maxEvery.Seconds())
		}
		if sc.TimeZone != "" {
			return nil, tracker.Invalid("time_zone", "belongs to cron, not to every_seconds")
		}
		start := sc.CreatedAt
		return func(t time.Time) time.Time {
			return start.Add((t.Sub(start)/every + 1) * every).UTC()
		}, nil
	}
	zone, err := time.LoadLocation(sc.TimeZone) // "" is UTC
	if err != nil || sc.TimeZone == "Local" {
		return nil, tracker.Invalid("time_zone", "is not a name of the time zone database, such as Europe/Berlin")
	}
	line, ok := parseCron(sc.Cron, zone)
	if !ok {
		return nil, tracker.Invalid("cron", "is not a cron line of five fields (minute hour day month weekday), such as \"0 6 * * 1-5\"")
	}
	return line.next, nil
}

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
