package schedules

import (
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// wallClock is a cron line on the clock on a wall of a time zone. The library asks an
// instant for its hour and minute, and so leaves out a time that the clock jumps over,
// and comes to one twice that the clock shows twice. Here it only ever sees a clock
// that is not put forward or back, which is the wall clock between two changes.
type wallClock struct {
	spec *cron.SpecSchedule
	zone *time.Location
	// hourly is a line of every hour of the day. It names no time of day, so it goes on
	// through an hour that comes twice.
	hourly bool
}

const everyHour = 1<<24 - 1

// fiveFields reads five fields and nothing else: no seconds, no @every, no TZ= prefix.
var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// parseCron reads a cron line; false is one that is none.
func parseCron(line string, zone *time.Location) (wallClock, bool) {
	fields := strings.Fields(line)
	if len(fields) != 5 || strings.Contains(line, "=") {
		return wallClock{}, false
	}
	fields[4] = sundays(fields[4])
	parsed, err := fiveFields.Parse(strings.Join(fields, " "))
	spec, ok := parsed.(*cron.SpecSchedule)
	if err != nil || !ok {
		return wallClock{}, false
	}
	spec.Location = time.UTC
	return wallClock{spec, zone, spec.Hour&everyHour == everyHour}, true
}

// next is the first tick after t; zero when none comes within five years. A time that
// the clock jumps over is the first instant after the jump, and one that it shows
// twice is the first of the two.
func (w wallClock) next(t time.Time) time.Time {
	for at, after := t, t; ; {
		start, end := at.In(w.zone).ZoneBounds()
		offset := offsetAt(at, w.zone)
		from := after.Add(offset)
		if !start.IsZero() && !w.hourly {
			// What the clock showed before it was put back has been.
			if shown := start.Add(offsetAt(start.Add(-1), w.zone) - 1); shown.After(from) {
				from = shown
			}
		}
		wall := w.spec.Next(from.UTC())
		if wall.IsZero() {
			return wall
		}
		if tick := wall.Add(-offset); end.IsZero() || tick.Before(end) {
			return tick
		}
		if wall.Before(end.Add(offsetAt(end, w.zone))) {
			return end.UTC() // the clock jumps over it
		}
		at, after = end, end.Add(-1)
	}
}

func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// sundays writes the weekdays of a cron line as the library reads them, which knows
// Sunday as 0 only, and not as 7 or as the end of a range.
func sundays(field string) string {
	parts := strings.Split(strings.ToLower(field), ",")
	for i, part := range parts {
		days, step, stepped := strings.Cut(part, "/")
		from, to, ranged := strings.Cut(days, "-")
		n := weekday(from)
		switch {
		case n == 7 && (!ranged || weekday(to) == 7):
			parts[i] = "0"
		case !ranged || n < 0 || weekday(to)%7 != 0 || n == 0 && to != "7":
			// Sunday is not its end.
		case !stepped:
			parts[i] = from + "-6,0"
		default:
			parts[i] = from + "-6/" + step
			if by, err := strconv.Atoi(step); err == nil && by > 0 && (7-n)%by == 0 {
				parts[i] += ",0"
			}
		}
	}
	return strings.Join(parts, ",")
}

// weekday is the number of a weekday; -1 is none.
func weekday(s string) int {
	for i, name := range weekdays {
		if s == name || s == strconv.Itoa(i) {
			return i
		}
	}
	if s == "7" {
		return 7
	}
	return -1
}
