package api

import (
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// errNoHistory is the answer of a server that keeps no history.
var errNoHistory = tracker.Errorf(tracker.CodeUnavailable, "this server keeps no history: it needs DATABASE_URL")

// kept is the history, or why there is none.
func (s *Server) kept() (*history.Store, error) {
	if s.History == nil {
		return nil, errNoHistory
	}
	return s.History, nil
}

// momentDoc says what a query parameter that is a moment may hold.
const momentDoc = "A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w"

// readMoment reads a moment. Empty is the moment otherwise; what cannot be read is a fault of the field.
func readMoment(field, text string, now, otherwise time.Time) (time.Time, []FieldError) {
	if text == "" {
		return otherwise, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	for unit, length := range map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour} {
		number, ok := strings.CutSuffix(text, unit)
		if n, err := strconv.ParseUint(number, 10, 16); ok && err == nil {
			return now.Add(-time.Duration(n) * length), nil
		}
	}
	return time.Time{}, []FieldError{{field, "expected " + strings.ToLower(momentDoc[:1]) + momentDoc[1:]}}
}
