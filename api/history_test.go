package api

import (
	"testing"
	"time"
)

func TestReadMoment(t *testing.T) {
	now := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	otherwise := now.Add(-time.Minute)
	for text, want := range map[string]time.Time{
		"":                          otherwise,
		"2026-11-01":                time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		"2026-11-01T08:00:00+02:00": time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC),
		"12h":                       now.Add(-12 * time.Hour),
		"7d":                        now.AddDate(0, 0, -7),
		"4w":                        now.AddDate(0, 0, -28),
	} {
		if got, faults := readMoment("query.at", text, now, otherwise); len(faults) > 0 || !got.Equal(want) {
			t.Errorf("%q: %v, %v", text, got, faults)
		}
	}
	for _, text := range []string{"yesterday", "7", "d", "-7d", "7.5d", "99999999w", "2026-13-01"} {
		if got, faults := readMoment("query.at", text, now, otherwise); len(faults) != 1 || faults[0].Location != "query.at" {
			t.Errorf("%q: %v, %v", text, got, faults)
		}
	}
}
