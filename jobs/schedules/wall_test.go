package schedules

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func clock(t *testing.T, line, zone string) wallClock {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	w, ok := parseCron(line, loc)
	if !ok {
		t.Fatalf("%q is no cron line", line)
	}
	return w
}

// TestWallClock has lines at times that a clock jumps over, and at times that it shows
// twice. The clock of Lord Howe changes by half an hour.
func TestWallClock(t *testing.T) {
	const ny, berlin, howe, tokyo = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo"
	for _, tc := range []struct{ name, zone, line, from, want string }{
		{"New York jumps over it", ny, "30 2 * * *", "2026-03-07T03:00:00-05:00", "2026-03-08T03:00:00-04:00 2026-03-09T02:30:00-04:00"},
		{"New York shows it twice", ny, "30 1 * * *", "2026-10-31T02:00:00-04:00", "2026-11-01T01:30:00-04:00 2026-11-02T01:30:00-05:00"},
		{"from between the two", ny, "30 1 * * *", "2026-11-01T01:45:00-04:00", "2026-11-02T01:30:00-05:00"},
		{"from within the second", ny, "30 1 * * *", "2026-11-01T01:10:00-05:00", "2026-11-02T01:30:00-05:00"},
		{"after the hour that comes twice", ny, "15 2 * * *", "2026-11-01T01:10:00-04:00", "2026-11-01T02:15:00-05:00"},
		{"Berlin jumps over it", berlin, "0 2 * * *", "2026-03-28T03:00:00+01:00", "2026-03-29T03:00:00+02:00 2026-03-30T02:00:00+02:00"},
		{"two that Berlin jumps over are one", berlin, "10,50 2 * * *", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00 2026-03-30T02:10:00+02:00"},
		{"what it jumps over, and where it lands", berlin, "0,30 2,3 * * *", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00"},
		{"Berlin shows it twice", berlin, "*/30 2 * * *", "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00 2026-10-25T02:30:00+02:00 2026-10-26T02:00:00+01:00"},
		{"where Berlin is put back", berlin, "0 3 * * *", "2026-10-25T01:00:00+02:00", "2026-10-25T03:00:00+01:00 2026-10-26T03:00:00+01:00"},
		{"every hour, forward", berlin, "30 * * * *", "2026-03-29T01:00:00+01:00", "2026-03-29T01:30:00+01:00 2026-03-29T03:00:00+02:00 2026-03-29T03:30:00+02:00"},
		{"every hour, back", berlin, "0 * * * *", "2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00 2026-10-25T02:00:00+01:00 2026-10-25T03:00:00+01:00"},
		{"Lord Howe jumps over it", howe, "15 2 * * *", "2026-10-03T03:00:00+10:30", "2026-10-04T02:30:00+11:00 2026-10-05T02:15:00+11:00"},
		{"Lord Howe lands on it", howe, "30 2 * * *", "2026-10-03T03:00:00+10:30", "2026-10-04T02:30:00+11:00 2026-10-05T02:30:00+11:00"},
		{"Lord Howe shows it twice", howe, "45 1 * * *", "2026-04-04T02:00:00+11:00", "2026-04-05T01:45:00+11:00 2026-04-06T01:45:00+10:30"},
		{"Lord Howe shows it once", howe, "15 1 * * *", "2026-04-04T02:00:00+11:00", "2026-04-05T01:15:00+11:00 2026-04-06T01:15:00+10:30"},
		{"Tokyo", tokyo, "30 2 * * *", "2026-03-28T03:00:00+09:00", "2026-03-29T02:30:00+09:00 2026-03-30T02:30:00+09:00"},
		{"midnight that does not exist", "America/Santiago", "0 0 * * *", "2026-09-05T01:00:00-04:00", "2026-09-06T01:00:00-03:00 2026-09-07T00:00:00-03:00"},
		{"a month later", berlin, "30 2 1 * *", "2026-03-15T00:00:00+01:00", "2026-04-01T02:30:00+02:00 2026-05-01T02:30:00+02:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := clock(t, tc.line, tc.zone)
			at, err := time.Parse(time.RFC3339, tc.from)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range strings.FieldsSeq(tc.want) {
				at = w.next(at)
				got = append(got, at.In(w.zone).Format(time.RFC3339))
			}
			if diff := cmp.Diff(strings.Fields(tc.want), got); diff != "" {
				t.Error("(-want +got):", diff)
			}
		})
	}
}

// TestWallClock_OnceADay has a line of one time of day tick exactly once on each day of
// a year, wherever the wait begins: at the first instant of the day at which the
// clock shows that time or a later one.
func TestWallClock_OnceADay(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Tokyo", "America/Santiago", "Africa/Casablanca"} {
		for _, hm := range [][2]int{{0, 0}, {1, 30}, {1, 59}, {2, 0}, {2, 15}, {2, 45}, {3, 0}, {19, 0}} {
			w := clock(t, fmt.Sprintf("%d %d * * *", hm[1], hm[0]), zone)
			at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
			for end := at.AddDate(1, 0, 0); at.Before(end); {
				next := w.next(at)
				if got := w.next(next.Add(-time.Nanosecond)); !got.Equal(next) {
					t.Fatalf("%s %v: after %s comes %s, and right before it %s", zone, hm, at, next, got)
				}
				local := next.In(w.zone)
				day := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, w.zone)
				want := day.Add(-14 * time.Hour)
				for want.In(w.zone).Day() != local.Day() || want.In(w.zone).Hour()*60+want.In(w.zone).Minute() < hm[0]*60+hm[1] {
					want = want.Add(time.Minute)
				}
				if !next.Equal(want) || next.Sub(at) > 38*time.Hour {
					t.Fatalf("%s %v: after %s comes %s, want %s", zone, hm, at, local, want.In(w.zone))
				}
				at = next
			}
		}
	}
}

func TestSunday(t *testing.T) {
	for line, want := range map[string]string{
		"0": "Sun", "7": "Sun", "sun": "Sun", "7-7": "Sun", "0,7": "Sun", "5-7": "Fri Sat Sun", "fri-sun": "Fri Sat Sun", "1-7/2": "Mon Wed Fri Sun",
		"1-7/3": "Mon Thu Sun", "2-7/2": "Tue Thu Sat", "1-5": "Mon Tue Wed Thu Fri", "0-6": "Mon Tue Wed Thu Fri Sat Sun", "1-7": "Mon Tue Wed Thu Fri Sat Sun",
		"0-7": "Mon Tue Wed Thu Fri Sat Sun", "sun-sat": "Mon Tue Wed Thu Fri Sat Sun", "8": "", "6-5": "", "x-7": "",
	} {
		w, ok := parseCron("0 12 * * "+line, time.UTC)
		var got []string
		for at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC); ok && len(got) < 7; { // a Monday
			if at = w.next(at); at.Month() > time.November || at.Day() > 29 {
				break
			}
			got = append(got, at.Format("Mon"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", line, got, want)
		}
	}
}
