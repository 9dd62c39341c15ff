package tracker

import "time"

// Schedule starts a scan, or a plan, again and again.
type Schedule struct {
	ID    string `json:"schedule_id"`
	Name  string `json:"name"`
	Owner string `json:"-"`
	// Author is who wrote it last: its runs are theirs, and narrowed as they were. By is
	// who asks for a change, where that is not the author.
	Author Principal `json:"-"`
	By     Principal `json:"-"`
	// Cron is five fields in TimeZone; or EverySeconds is set instead.
	Cron         string `json:"cron,omitempty"`
	TimeZone     string `json:"time_zone,omitempty"`
	EverySeconds int    `json:"every_seconds,omitempty"`
	// OffHours is set instead of both where the plan has two times.
	OffHours *OffHours `json:"off_hours,omitempty"`
	// Deadline is how many seconds after its time a run may still start; 0 is an hour.
	Deadline int  `json:"starting_deadline_seconds,omitempty" doc:"How long after its time a run may still start; absent is 3600"`
	Paused   bool `json:"paused"`
	// PausedReason says why it paused itself.
	PausedReason string `json:"paused_reason,omitempty" doc:"Why it paused itself; absent where a person did"`
	// Keep is how many results are kept. The newest complete one always is.
	Keep    int         `json:"keep"`
	Request ScanRequest `json:"request"`
	// Plan, when it is set, is carried out in place of a scan, on what its selection
	// finds at the time.
	Plan *PlanRequest `json:"plan,omitempty"`
	// Notify has webhooks told of what has changed between runs; nil does not.
	Notify *Notice `json:"notify,omitempty" doc:"The changes between runs that webhooks are told of; absent is none"`
	// Account is the registered account that it works in, RoleARN its role.
	Account string `json:"account,omitempty"`
	RoleARN string `json:"role_arn,omitempty"`
	// AccountUnknown is set by a list of the schedules of one account.
	AccountUnknown bool `json:"account_unknown,omitempty" doc:"Only in a list of one account: neither the schedule nor its newest run says which accounts it is about, so that it may be about this one"`

	CreatedAt time.Time  `json:"created_at"`
	NextAt    *time.Time `json:"next_at"` // nil while paused
	// NextRuns are the next times that it will start, as far as asked for.
	NextRuns []time.Time `json:"next_runs,omitempty"`
	// LastRun and LastGood are job IDs, or plan IDs: the newest run, and the newest that
	// succeeded. A failed run never replaces the last good one.
	LastRun  string `json:"last_run,omitempty"`
	LastGood string `json:"last_good,omitempty"`
	// Wanted is what off-hours want at the time of reading.
	Wanted *WantedState `json:"wanted,omitempty"`
	// Failures counts the runs in a row that could not be started; LastError says why
	// the newest could not. A run that starts clears them.
	Failures    int        `json:"failures,omitempty" doc:"How many runs in a row could not be started"`
	LastError   string     `json:"last_error,omitempty" doc:"Why the newest run could not be started; absent once one is"`
	LastErrorAt *time.Time `json:"last_error_at,omitempty"`
}

// OffHours are two times of one plan: it is carried out when they begin, and when they
// end its opposite is. At each moment they want one of the two.
type OffHours struct {
	Begin string `json:"begin" minLength:"1" maxLength:"200" doc:"Cron line at which the plan's action is carried out, such as stop at 0 19 * * 1-5"`
	End   string `json:"end" minLength:"1" maxLength:"200" doc:"Cron line at which the opposite action is, such as start at 0 7 * * 1-5"`
}

// WantedState is what off-hours want.
type WantedState struct {
	Verb  string     `json:"action" doc:"The action whose time came last"`
	Since time.Time  `json:"since"`
	Until *time.Time `json:"until,omitempty" doc:"When the next of the two times comes"`
}

// ScheduleEvent is a line of a schedule's history.
type ScheduleEvent struct {
	At time.Time `json:"at"`
	// What happened, such as "schedule.fired".
	What string `json:"what" enum:"schedule.created,schedule.changed,schedule.paused,schedule.resumed,schedule.deleted,schedule.run,schedule.fired,schedule.missed,schedule.failed"`
	// Who is the principal that caused it, From its address where a request did.
	Who  string `json:"who"`
	From string `json:"from,omitempty"`
	// Tick is the time of the run that it is about.
	Tick   *time.Time `json:"tick,omitempty" doc:"The time of the run that it is about"`
	PlanID string     `json:"plan_id,omitempty"`
	Job    string     `json:"job_id,omitempty"`
	Detail string     `json:"detail,omitempty"`
}
