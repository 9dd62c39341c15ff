package filter

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parseNumber reads a decimal number; none of Go's other spellings.
func parseNumber(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789.eE+-") != "" || strings.ContainsAny(text, "xXpP_") {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if n == 0 {
		n = 0 // no negative zero
	}
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// formatNumber writes integers as people do.
func formatNumber(n float64) string {
	format := byte('g')
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		format = 'f'
	}
	return strconv.FormatFloat(n, format, -1, 64)
}

// formatDollars is exact up to maxCost: that many nano-dollars have no more digits
// than a float holds.
func formatDollars(nanos int64) string {
	return strconv.FormatFloat(float64(nanos)/nanosPerDollar, 'f', -1, 64)
}

func parseTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t, err = time.Parse(time.RFC3339, text)
	}
	t = t.UTC()
	return t, err == nil && t.Year() > 0 && t.Year() < 10_000
}

func formatTime(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339Nano)
}

const (
	day    = 24 * time.Hour
	maxAge = 36_525 * day
)

// ageUnits are the units of ages, the ones that they are written in first.
var ageUnits = []struct {
	letter string
	unit   time.Duration
}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"w", 7 * day}}

func parseAge(text string) (time.Duration, bool) {
	for _, u := range ageUnits {
		digits, ok := strings.CutSuffix(text, u.letter)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 32)
		return time.Duration(n) * u.unit, err == nil && n <= uint64(maxAge/u.unit)
	}
	return 0, false
}

func formatAge(d time.Duration) string {
	for _, u := range ageUnits {
		if d%u.unit == 0 {
			return strconv.FormatInt(int64(d/u.unit), 10) + u.letter
		}
	}
	return d.String() // never: ages are whole seconds
}
