package tracker

import "time"

// Schedule starts a scan, or a plan, again and again.
type Schedule struct {
	ID    string `json:"schedule_id"`
	Name  string `json:"name"`
	Owner string `json:"-"`
	// Cron is five fields in TimeZone; or EverySeconds is set instead.
	Cron         string `json:"cron,omitempty"`
	TimeZone     string `json:"time_zone,omitempty"`
	EverySeconds int    `json:"every_seconds,omitempty"`
	Paused       bool   `json:"paused"`
	// Keep is how many results are kept. The newest complete one always is.
	Keep    int         `json:"keep"`
	Request ScanRequest `json:"request"`
	// Plan, when it is set, is carried out in place of a scan, on what its selection
	// finds at the time.
	Plan    *PlanRequest `json:"plan,omitempty"`
	RoleARN string       `json:"role_arn,omitempty"`

	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at"` // nil while paused
	// NextRuns are the next times that it will start, as far as asked for.
	NextRuns []time.Time `json:"next_runs,omitempty"`
	// LastRun and LastGood are job IDs, or plan IDs: the newest run, and the newest that
	// succeeded. A failed run never replaces the last good one.
	LastRun  string `json:"last_run,omitempty"`
	LastGood string `json:"last_good,omitempty"`
}
