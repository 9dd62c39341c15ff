package schedules

import (
	"testing"
	"time"
)

// FuzzCron reads cron lines in zones whose clocks are put forward and back: the next time
// of one is after the moment that it is asked for, and the newest is not.
func FuzzCron(f *testing.F) {
	for _, seed := range []string{
		"0 6 * * 1-5", "*/15 * * * *", "30 2 29 2 *", "0 0 31 2 *", "59 23 31 12 7", "0 2 * * 0#1", "0-59/7 1,2,3 * JAN-DEC SUN", "@daily", "TZ=UTC 0 0 * * *", "* * * * * *", "0 0 * * 0-7",
	} {
		f.Add(seed, int64(1_774_746_000))
	}
	var zones []*time.Location
	for _, name := range []string{"UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			f.Fatal(err)
		}
		zones = append(zones, zone)
	}
	f.Fuzz(func(t *testing.T, line string, seconds int64) {
		if len(line) > 200 {
			return // the API refuses it
		}
		for _, zone := range zones {
			w, ok := parseCron(line, zone)
			if !ok {
				continue
			}
			at := time.Unix(seconds%(1<<34), 0)
			if next := w.next(at); !next.IsZero() && !next.After(at) {
				t.Errorf("%q in %s: after %s comes %s", line, zone, at, next)
			}
		}
	})
}
