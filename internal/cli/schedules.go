package cli

import (
	"encoding/json"
	"fmt"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type schedulesCmd struct {
	List    schedulesListCmd    `cmd:"" default:"withargs" help:"List the schedules."`
	Add     schedulesAddCmd     `cmd:"" help:"Scan, or carry out a plan, again and again."`
	Show    schedulesShowCmd    `cmd:"" help:"Show a schedule, and its runs."`
	Pause   schedulesPauseCmd   `cmd:"" help:"Start no runs until it is resumed."`
	Resume  schedulesResumeCmd  `cmd:"" help:"Start runs again."`
	Run     schedulesRunCmd     `cmd:"" help:"Start a run now."`
	Delete  schedulesDeleteCmd  `cmd:"" help:"Delete a schedule; its results stay until they expire."`
	History schedulesHistoryCmd `cmd:"" help:"List what happened to a schedule."`
}

type schedulesListCmd struct{ ofAccount }

// oneSchedule is the argument of verbs about one.
type oneSchedule struct {
	ID string `arg:"" help:"The schedule."`
}

type (
	schedulesShowCmd    struct{ oneSchedule }
	schedulesPauseCmd   struct{ oneSchedule }
	schedulesResumeCmd  struct{ oneSchedule }
	schedulesRunCmd     struct{ oneSchedule }
	schedulesDeleteCmd  struct{ oneSchedule }
	schedulesHistoryCmd struct{ oneSchedule }
)

type schedulesAddCmd struct {
	Name           string            `arg:"" help:"What people know it by."`
	Cron           string            `help:"Minute, hour, day, month and weekday, such as '0 6 * * 1-5'." placeholder:"LINE"`
	Every          time.Duration     `help:"Time from one run to the next, in place of --cron." placeholder:"TIME"`
	Begin          string            `help:"Off-hours: the cron line at which the action of --plan is carried out." placeholder:"LINE"`
	End            string            `help:"Off-hours: the cron line at which its opposite is." placeholder:"LINE"`
	TimeZone       string            `help:"Where the hours are, such as Europe/Berlin; none is UTC." placeholder:"ZONE"`
	Late           time.Duration     `help:"How long after its time a run may still start." name:"starting-deadline" placeholder:"TIME"`
	Keep           int               `help:"How many results are kept." placeholder:"N"`
	Paused         bool              `help:"Start no runs by itself."`
	Plan           string            `help:"Carry out a verb on what --filter selects, in place of a scan." placeholder:"VERB"`
	Param          map[string]string `help:"What the verb takes." placeholder:"NAME=VALUE"`
	Lift           []string          `help:"Rules that must not stop it." placeholder:"RULE"`
	Notify         string            `help:"Have webhooks that want inventory.changed told what a run saw otherwise than the runs before it, of what this filter selects; all is everything." name:"notify-filter" placeholder:"FILTER"`
	NotifyChanges  []string          `help:"Of this, only added, removed, changed." placeholder:"KIND"`
	NotifySelected []string          `help:"Of this, only what the filter selects before, now, or both: now is what has come to be so, such as a public address that has appeared." placeholder:"WHEN"`
	limits
	scope
	Account string `help:"Registered account to work in; none is the server's own." placeholder:"NAME"`
	Key     string `help:"Adding again with the same key answers the same schedule." name:"idempotency-key" placeholder:"KEY"`
}

var scheduleColumns = []output.Column{
	{Name: "id", Path: "schedule_id", Kind: output.ID},
	{Name: "name"},
	{Name: "when"},
	{Name: "does"},
	{Name: "next", Path: "next_at", Kind: output.Time},
	{Name: "paused"},
	{Name: "account", Wide: true},
	{Name: "failures", Kind: output.Number, Wide: true},
	{Name: "last_error", Wide: true},
}

var historyColumns = []output.Column{
	{Name: "at", Kind: output.Time}, {Name: "what", Kind: output.ID}, {Name: "who"}, {Name: "detail"}, {Name: "job", Path: "job_id", Wide: true}, {Name: "plan", Path: "plan_id", Wide: true},
}

// scheduleRow is a schedule with its times and its work in words.
type scheduleRow struct {
	client.ScheduleItem
	When string `json:"when"`
	Does string `json:"does"`
}

func scheduleOf(s client.ScheduleItem) scheduleRow {
	row := scheduleRow{ScheduleItem: s, When: s.Cron, Does: "scan"}
	switch {
	case s.OffHours != nil:
		row.When = s.OffHours.Begin + " until " + s.OffHours.End
	case s.EverySeconds > 0:
		row.When = fmt.Sprintf("every %s", time.Duration(s.EverySeconds)*time.Second)
	}
	if s.TimeZone != "" {
		row.When += " " + s.TimeZone
	}
	if s.Plan != nil && s.Plan.Select != nil {
		row.Does = s.Plan.Select.Action
	}
	return row
}

func (c *schedulesListCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	rows := pages(0, func(cursor string, limit int) ([]scheduleRow, string, error) {
		a, err := t.ListSchedules(e.ctx, &client.ListSchedulesParams{AccountID: c.AccountID, Cursor: cursor, Limit: min(limit, 100)})
		if err != nil {
			return nil, "", err
		}
		rows := make([]scheduleRow, len(a.Schedules))
		for i, s := range a.Schedules {
			rows[i] = scheduleOf(s)
		}
		return rows, a.NextCursor, nil
	})
	return e.print(scheduleColumns, output.Each(uncertain(e, rows, func(s scheduleRow) bool { return s.AccountUnknown })))
}

func (c *schedulesAddCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	body, err := c.schedule()
	if err != nil {
		return err
	}
	a, err := t.AddSchedule(e.ctx, &client.AddScheduleParams{IdempotencyKey: c.Key}, body)
	if err != nil {
		return err
	}
	return e.schedule(a)
}

// schedule is the request.
func (c *schedulesAddCmd) schedule() (client.ScheduleBody, error) {
	var body client.ScheduleBody
	filter := c.Filter
	if c.Plan != "" {
		c.Filter = "" // selects what the plan changes, not what a scan keeps
	}
	scan, err := c.body(keys{account: c.Account})
	if err != nil {
		return body, err
	}
	// A schedule is a scan's request with times: they have the same members.
	raw, err := json.Marshal(scan) //nolint:gosec // without keys, which schedules do not take
	if err == nil {
		err = json.Unmarshal(raw, &body)
	}
	if err != nil {
		return body, err
	}
	body.Name, body.Cron, body.TimeZone, body.Paused = c.Name, c.Cron, c.TimeZone, flagged(c.Paused)
	body.EverySeconds, body.Keep, body.StartingDeadlineSeconds = set(int(c.Every.Seconds())), set(c.Keep), set(int(c.Late.Seconds()))
	if c.Begin != "" || c.End != "" {
		body.OffHours = &client.OffHours{Begin: c.Begin, End: c.End}
	}
	if body.Notify, err = c.notice(); err != nil {
		return body, err
	}
	if c.Plan != "" {
		if filter == "" {
			return body, usage("--plan needs --filter, which selects what %s is carried out on", c.Plan)
		}
		body.Plan = &client.SchedulePlan{
			Select:   client.SelectionBody{Action: c.Plan, Filter: filter, Params: params(c.Param), Lift: c.Lift, Regions: c.Regions},
			MaxItems: set(c.MaxItems), MaxSharePercent: set(c.MaxSharePercent), MaxFailurePercent: set(c.MaxFailurePercent),
		}
		body.Regions, body.Findings = nil, nil
	}
	return body, nil
}

// notice is what is told of a run; nil is nothing.
func (c *schedulesAddCmd) notice() (*client.NoticeBody, error) {
	if c.Notify == "" {
		if len(c.NotifyChanges)+len(c.NotifySelected) > 0 {
			return nil, usage("--notify-changes and --notify-selected need --notify-filter; all is everything")
		}
		return nil, nil //nolint:nilnil // nothing is told
	}
	n := client.NoticeBody{Changes: c.NotifyChanges, Selected: c.NotifySelected}
	if c.Notify != "all" {
		n.Filter = c.Notify
	}
	return &n, nil
}

// schedule prints one.
func (e *env) schedule(a *client.ScheduleAnswer) error {
	raw, err := output.Encode(a)
	if err != nil {
		return err
	}
	var item client.ScheduleItem
	if err := json.Unmarshal(raw, &item); err != nil {
		return err
	}
	row := scheduleOf(item)
	return e.one(row, scheduleColumns, func() error {
		e.say("Schedule %s, %q: %s %s.", row.ScheduleID, row.Name, row.Does, row.When)
		switch {
		case row.Paused:
			e.say("It is paused.%s", because(row.PausedReason))
		case row.NextAt != nil:
			e.say("It runs next at %s.", when(*row.NextAt))
		}
		if row.Notify != nil {
			e.say("Webhooks are told what a run sees otherwise than the runs before it.")
		}
		if row.Wanted != nil {
			e.say("Wanted now: %s, since %s.", row.Wanted.Action, when(row.Wanted.Since))
		}
		if row.LastError != "" {
			e.say("Its newest run could not be started: %s", row.LastError)
		}
		return nil
	})
}

func (c *schedulesShowCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.GetSchedule(e.ctx, c.ID)
	if err != nil {
		return err
	}
	if err := e.schedule(a); err != nil || e.Output != output.Table {
		return err
	}
	runs, err := t.ListScheduleRuns(e.ctx, c.ID)
	if err != nil {
		return err
	}
	if len(runs.Runs) > 0 {
		e.say("")
		return e.table(jobColumns, output.Of(runs.Runs))
	}
	if len(runs.Plans) > 0 {
		e.say("")
		return e.table(planColumns, output.Of(runs.Plans))
	}
	return nil
}

func (c *schedulesPauseCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.PauseSchedule(e.ctx, c.ID)
	if err != nil {
		return err
	}
	return e.schedule(a)
}

func (c *schedulesResumeCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.ResumeSchedule(e.ctx, c.ID)
	if err != nil {
		return err
	}
	return e.schedule(a)
}

func (c *schedulesRunCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.RunSchedule(e.ctx, c.ID, nil)
	if err != nil {
		return err
	}
	return e.one(a, []output.Column{{Name: "job_id"}, {Name: "state"}}, func() error {
		e.say("Run %s of the schedule is %s.", a.JobID, a.State)
		return nil
	})
}

func (c *schedulesDeleteCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	if err := t.DeleteSchedule(e.ctx, c.ID); err != nil {
		return err
	}
	e.note("schedule %s is deleted", c.ID)
	return nil
}

func (c *schedulesHistoryCmd) Run(e *env) error {
	t, err := e.remote()
	if err != nil {
		return err
	}
	a, err := t.ListScheduleHistory(e.ctx, c.ID)
	if err != nil {
		return err
	}
	return e.print(historyColumns, output.Of(a.History))
}
