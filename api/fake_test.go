package api_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// fake is a job engine and a store in memory.
type fake struct {
	mu          sync.Mutex
	jobs        []tracker.Job // oldest first
	cells       map[string][]tracker.CellReport
	found       map[string][]tracker.Resource
	events      map[string][]tracker.Event
	reads       int // of events
	submissions []tracker.Submission
	schedules   []tracker.Schedule
	previewed   []tracker.Schedule
	digests     map[string]string // of requests, by idempotency key
	sealed      []tracker.Credentials
	sealedFor   []tracker.SealedFor
	accounts    []tracker.RegisteredAccount // of alice, by name
	allowed     []string
	forgotten   []string // TENANT/ACCOUNT
	plans       plans
	findings    findings
	webhooks    webhooks
	unrecorded  func() []tracker.Job // nil: none
	idle        bool                 // no worker is alive
	err         error                // what every call answers, if set
	refusal     error                // what Submit answers, if set

	failedLogins []string

	asked string // the list that was asked for last: of which account, from where, how much
	next  string // what lists answer as their cursor
}

var epoch = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func (f *fake) add(owner, id string, state tracker.JobState) *tracker.Job {
	if f.cells == nil {
		f.cells, f.found, f.events = map[string][]tracker.CellReport{}, map[string][]tracker.Resource{}, map[string][]tracker.Event{}
	}
	f.jobs = append(f.jobs, tracker.Job{ID: id, Kind: "scan", State: state, Owner: owner, Lane: tracker.LaneInteractive, CreatedAt: epoch})
	return &f.jobs[len(f.jobs)-1]
}

// happen appends an event; a state becomes the job's.
func (f *fake) happen(id string, state tracker.JobState, cell *tracker.CellReport) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events[id] = append(f.events[id], tracker.Event{ID: int64(len(f.events[id]) + 1), State: state, Cell: cell})
	if i := f.index(id); state != "" {
		f.jobs[i].State = state
	}
}

func (f *fake) index(id string) int {
	return slices.IndexFunc(f.jobs, func(j tracker.Job) bool { return j.ID == id })
}

func (f *fake) Seal(c tracker.Credentials, of tracker.SealedFor) ([]byte, error) {
	f.sealed, f.sealedFor = append(f.sealed, c), append(f.sealedFor, of)
	return []byte("sealed"), f.err
}

func (f *fake) Recipient() string { return "age1fake" }

func (f *fake) Submit(_ context.Context, s tracker.Submission) (tracker.Job, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(f.err, f.refusal); err != nil {
		return tracker.Job{}, false, err
	}
	id := fmt.Sprintf("new-%d", len(f.submissions)+1)
	var err error
	if s.Sealed, err = s.Seal(id); err != nil {
		return tracker.Job{}, false, err
	}
	s.Seal = nil
	f.submissions = append(f.submissions, s)
	if i := f.index(id); i >= 0 {
		return f.jobs[i], true, nil
	}
	j := f.add(s.Owner, id, tracker.JobQueued)
	j.Kind = s.Kind
	return *j, true, nil
}

func (f *fake) Cancel(ctx context.Context, by tracker.Principal, id string) (tracker.Job, error) {
	return f.Job(ctx, by.Tenant, id)
}

func (f *fake) Retry(ctx context.Context, by tracker.Principal, id string, _ []byte) (tracker.Job, error) {
	return f.Job(ctx, by.Tenant, id)
}

func (f *fake) Job(_ context.Context, owner, id string) (tracker.Job, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.index(id)
	if f.err == nil && (i < 0 || f.jobs[i].Owner != owner) {
		return tracker.Job{}, tracker.Errorf(tracker.CodeNotFound, "no such job")
	}
	if f.err != nil {
		return tracker.Job{}, f.err
	}
	return f.jobs[i], nil
}

func (f *fake) Jobs(_ context.Context, owner, cursor string, limit int, want tracker.JobsWanted) (jobs []tracker.Job, next string, err error) {
	if cursor == "bad" {
		return nil, "", tracker.Invalid("cursor", "not a cursor")
	}
	for _, j := range slices.Backward(f.jobs) {
		if j.Owner == owner && len(jobs) < limit && (len(want.States) == 0 || slices.Contains(want.States, j.State)) {
			j.AccountUnknown = want.Account != ""
			jobs = append(jobs, j)
		}
	}
	f.asked = fmt.Sprintf("jobs %s %q %d", want.Account, cursor, limit)
	return jobs, f.next, f.err
}

func (f *fake) Latest(_ context.Context, owner string) (string, error) {
	for _, j := range slices.Backward(f.jobs) {
		if j.Owner == owner && j.State.Terminal() {
			return j.ID, f.err
		}
	}
	return "", tracker.Errorf(tracker.CodeNotFound, "no finished scan")
}

func (f *fake) Unrecorded(context.Context, string) ([]tracker.Job, error) {
	if f.unrecorded == nil {
		return nil, f.err
	}
	return f.unrecorded(), f.err
}

func (f *fake) Failed(ctx context.Context, id string) ([]tracker.CellReport, error) {
	cells, err := f.Coverage(ctx, id)
	return slices.DeleteFunc(slices.Clone(cells), func(c tracker.CellReport) bool { return c.Outcome == "" || c.Outcome.Complete() }), err
}

func (f *fake) Coverage(_ context.Context, id string) ([]tracker.CellReport, error) {
	return slices.SortedFunc(slices.Values(f.cells[id]), func(a, b tracker.CellReport) int { return tracker.CompareCells(a.Cell, b.Cell) }), f.err
}

func (f *fake) Page(_ context.Context, id string, want filter.Filter, cursor string, limit int) (rows []json.RawMessage, next string, err error) {
	at, _ := strconv.Atoi(cursor)
	for i, r := range f.found[id] {
		if i < at || !want.Match(&r) {
			continue
		}
		if len(rows) == limit {
			return rows, fmt.Sprint(i), f.err
		}
		b, _ := json.Marshal(r)
		rows = append(rows, b)
	}
	return rows, "", f.err
}

func (f *fake) Each(_ context.Context, id string, want filter.Filter, row func([]byte) error) error {
	for _, r := range f.found[id] {
		if b, _ := json.Marshal(r); want.Match(&r) {
			if err := row(b); err != nil {
				return err
			}
		}
	}
	return f.err
}

func (f *fake) Events(_ context.Context, id string, after int64, limit int) ([]tracker.Event, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads++
	all := f.events[id]
	rest := all[min(int(after), len(all)):]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

func (f *fake) LastEvent(_ context.Context, id string) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.events[id])), f.err
}

func (f *fake) Ping(context.Context) error { return f.err }

func (f *fake) Workers(context.Context) (int, error) {
	if f.idle {
		return 0, f.err
	}
	return 1, f.err
}

func (f *fake) AddSchedule(_ context.Context, sc tracker.Schedule, seal tracker.Seal, key, digest string) (tracker.Schedule, bool, error) {
	if err := cmp.Or(f.err, f.refusal); err != nil {
		return sc, false, err
	}
	if before, ok := f.digests[key]; ok && key != "" {
		if before != digest {
			return sc, false, tracker.Errorf(tracker.CodeConflict, "was used before")
		}
		return f.schedules[0], false, nil
	}
	f.digests = map[string]string{key: digest}
	sc.ID, sc.CreatedAt = fmt.Sprintf("sc-%d", len(f.schedules)+1), epoch
	if _, err := seal(sc.ID); err != nil {
		return sc, false, err
	}
	f.schedules = append(f.schedules, f.timed(sc))
	return f.schedules[len(f.schedules)-1], true, nil
}

// timed gives a schedule the runs that the engine would plan.
func (f *fake) timed(sc tracker.Schedule) tracker.Schedule {
	sc.NextAt, sc.NextRuns = nil, nil
	if !sc.Paused {
		next := epoch.Add(time.Hour)
		sc.NextAt, sc.NextRuns = &next, []time.Time{next}
	}
	return sc
}

func (f *fake) NextRuns(_ context.Context, sc tracker.Schedule) ([]time.Time, error) {
	f.previewed = append(f.previewed, sc)
	return f.timed(sc).NextRuns, cmp.Or(f.err, f.refusal)
}

func (f *fake) PutSchedule(_ context.Context, sc tracker.Schedule, sealed []byte) (tracker.Schedule, error) {
	if err := cmp.Or(f.err, f.refusal); err != nil {
		return sc, err
	}
	if sealed == nil {
		f.sealed = append(f.sealed, tracker.Credentials{}) // left as they are
	}
	i := slices.IndexFunc(f.schedules, func(o tracker.Schedule) bool { return o.ID == sc.ID })
	f.schedules[i] = f.timed(sc)
	return f.schedules[i], nil
}

func (f *fake) Schedule(_ context.Context, owner, id string) (tracker.Schedule, error) {
	i := slices.IndexFunc(f.schedules, func(sc tracker.Schedule) bool { return sc.ID == id && sc.Owner == owner })
	if i < 0 {
		return tracker.Schedule{}, tracker.Errorf(tracker.CodeNotFound, "no such schedule")
	}
	return f.schedules[i], f.err
}

func (f *fake) Schedules(_ context.Context, owner, cursor string, limit int, account string) ([]tracker.Schedule, string, error) {
	f.asked = fmt.Sprintf("schedules %s %q %d", account, cursor, limit)
	all := slices.DeleteFunc(slices.Clone(f.schedules), func(sc tracker.Schedule) bool { return sc.Owner != owner || sc.ID <= cursor })
	if len(all) > limit {
		return all[:limit], all[limit-1].ID, f.err
	}
	return all, f.next, f.err
}

func (f *fake) ScheduleHistory(_ context.Context, _, id string) ([]tracker.ScheduleEvent, error) {
	return []tracker.ScheduleEvent{{At: epoch, What: "schedule.fired", Who: alice, Tick: &epoch, Job: "run-of-" + id}}, f.err
}

func (f *fake) DeleteSchedule(_ context.Context, _ tracker.Principal, id string) error {
	f.schedules = slices.DeleteFunc(f.schedules, func(sc tracker.Schedule) bool { return sc.ID == id })
	return f.err
}

func (f *fake) ScheduleRuns(_ context.Context, owner, id string) ([]tracker.Job, error) {
	return slices.DeleteFunc(slices.Clone(f.jobs), func(j tracker.Job) bool { return j.Owner != owner || j.Schedule != id }), f.err
}

func (f *fake) RunScheduleOnce(_ context.Context, by tracker.Principal, id, key string) (tracker.Job, bool, error) {
	job := "run-" + cmp.Or(key, "now")
	if i := f.index(job); i >= 0 {
		return f.jobs[i], false, f.err
	}
	j := f.add(by.Tenant, job, tracker.JobQueued)
	j.Schedule, j.Lane = id, tracker.LaneScheduled
	return *j, true, f.err
}
