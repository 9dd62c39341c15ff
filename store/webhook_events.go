package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What webhooks are told of is noted for each of them before it is forgotten that it is
// to be told: a job before it leaves the index of those that run, a plan and a schedule
// before the line for the audit that it follows from is dropped. Whoever dies before has
// a sweep do it again, under the same ID.

const (
	topFindings = 5
	longestText = 500 // of a reason
	longestName = 200
)

// EventID names what happened: the same for whoever tells of the same.
func EventID(what ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(what, "\x00")))
	return "evt_" + hex.EncodeToString(sum[:16])
}

// tellWebhooks notes an event for every webhook of owner that wants it. data is asked
// only when one does.
func (s *Store) tellWebhooks(ctx context.Context, owner, typ, id string, data func() (time.Time, tracker.EventData, error)) error {
	kind, known := tracker.EventTypeOf(typ)
	if !known {
		return nil
	}
	hooks, err := Webhooks{s}.Webhooks(ctx, owner)
	if err != nil {
		return err
	}
	hooks = slices.DeleteFunc(hooks, func(h WebhookRecord) bool { return !h.Enabled || !h.Wants(kind) })
	if len(hooks) == 0 {
		return nil
	}
	at, d, err := data()
	if err != nil {
		return kindlyGone(err)
	}
	body, err := json.Marshal(tracker.WebhookEvent{Type: typ, Timestamp: at, Data: d})
	if err != nil {
		return fmt.Errorf("encode event %s: %w", typ, err)
	}
	for _, h := range hooks {
		if err := (Webhooks{s}).AddDelivery(ctx, DeliveryRef{owner, h.ID, id}, typ, body); err != nil {
			return err
		}
	}
	return nil
}

// kindlyGone is nil for what has expired: there is nothing to tell of it any more.
func kindlyGone(err error) error {
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	return err
}

// jobEnd is what a job's end is known by: one that was retried ends again.
type jobEnd struct{ job, owner, state, number string }

// tellEnd tells webhooks that a job has ended, and what was found.
func (s *Store) tellEnd(ctx context.Context, e jobEnd) error {
	var j tracker.Job
	ended := func() (at time.Time, d tracker.EventData, err error) {
		if j, err = s.Lookup(ctx, e.job); err != nil {
			return at, d, err
		}
		if at = s.o.Now().UTC(); j.FinishedAt != nil {
			at = *j.FinishedAt
		}
		d = jobData(j)
		d.State = e.state
		return at, d, nil
	}
	if err := s.tellWebhooks(ctx, e.owner, "job."+e.state, EventID("job", e.job, e.number), ended); err != nil {
		return err
	}
	return s.tellWebhooks(ctx, e.owner, "findings.found", EventID("findings", e.job, e.number), func() (at time.Time, d tracker.EventData, err error) {
		if at, d, err = ended(); err != nil {
			return at, d, err
		}
		err = s.findingsData(ctx, j, &d)
		return at, d, err
	})
}

func jobData(j tracker.Job) tracker.EventData {
	seen := j.Progress.ByOutcome[tracker.OutcomeOK] + j.Progress.ByOutcome[tracker.OutcomeEmpty]
	incomplete := j.Progress.CellsTotal - seen
	return tracker.EventData{
		JobID: j.ID, ScheduleID: j.Schedule, Kind: j.Kind, State: string(j.State), Reason: cutText(j.Reason, longestText),
		StartedAt: j.StartedAt, FinishedAt: j.FinishedAt, Resources: &j.Summary.TotalResources, Cells: &j.Progress.CellsTotal, Incomplete: &incomplete,
		Links: map[string]string{"job": "/api/v1/jobs/" + j.ID},
	}
}

// findingsData adds what was found about a scan. It is CodeNotFound where nothing was.
func (s *Store) findingsData(ctx context.Context, j tracker.Job, d *tracker.EventData) error {
	r, err := s.Findings(ctx, j.ID)
	if err != nil {
		return err
	}
	if r.Findings == 0 {
		return tracker.Errorf(tracker.CodeNotFound, "nothing was found")
	}
	d.Findings, d.MonthlySaving, d.Unpriced = &r.Findings, r.MonthlySaving, &r.Unpriced
	d.Links["findings"] = "/api/v1/jobs/" + j.ID + "/findings"
	top, err := s.topFindings(ctx, j.ID)
	if Transient(err) {
		return err
	}
	d.Top = top // what cannot be read is missing here, and its own request says why
	return nil
}

// topFindings returns the counted findings that save most.
func (s *Store) topFindings(ctx context.Context, job string) (top []tracker.EventFinding, err error) {
	saves := func(f tracker.EventFinding) tracker.Money {
		if f.MonthlySaving == nil {
			return -1
		}
		return *f.MonthlySaving
	}
	err = s.EachFinding(ctx, job, "", func(_ string, row []byte) error {
		var f struct {
			tracker.EventFinding
			Counted bool `json:"counted"`
		}
		if err := json.Unmarshal(row, &f); err != nil {
			return fmt.Errorf("decode a finding of job %s: %w", job, err)
		}
		if !f.Counted || len(top) == topFindings && saves(f.EventFinding) <= saves(top[topFindings-1]) {
			return nil
		}
		f.Title, f.ResourceID = cutText(f.Title, longestName), cutText(f.ResourceID, longestName)
		top = append(top, f.EventFinding)
		slices.SortStableFunc(top, func(a, b tracker.EventFinding) int { return cmp.Compare(saves(b), saves(a)) })
		top = top[:min(len(top), topFindings)]
		return nil
	})
	return top, err
}

// tellPlan tells webhooks what lines for the audit say of a plan as a whole. first is
// the number of the first line.
func (s Plans) tellPlan(ctx context.Context, id, owner string, first int64, lines []tracker.AuditEvent) error {
	for i, l := range lines {
		if _, known := tracker.EventTypeOf(l.What); !known || l.Item != nil {
			continue
		}
		p, err := s.LookupPlan(ctx, id)
		if err != nil {
			return kindlyGone(err)
		}
		state, _ := strings.CutPrefix(l.What, "plan.")
		event := EventID("plan", id, l.What, fmt.Sprint(first+int64(i)))
		if tracker.PlanState(state).Terminal() {
			// Two lines may tell of one end: that it is wanted, and that it has come.
			if event = EventID("plan", id, l.What); !p.State.Terminal() {
				continue
			}
		}
		data := func() (time.Time, tracker.EventData, error) { return l.At, planData(p, state, l.Detail), nil }
		if err := s.tellWebhooks(ctx, owner, l.What, event, data); err != nil {
			return err
		}
		if l.What == "plan.planned" && p.Approval.Required && p.Approval.By == "" && p.State == tracker.PlanPlanned {
			if err := s.tellWebhooks(ctx, owner, "plan.approval_wanted", EventID("plan", id, "approval"), data); err != nil {
				return err
			}
		}
	}
	return nil
}

func planData(p tracker.Plan, state, detail string) tracker.EventData {
	return tracker.EventData{
		PlanID: p.ID, ScheduleID: p.Schedule, State: state, Reason: cutText(cmp.Or(detail, p.Reason), longestText), Digest: p.Digest,
		StartedAt: p.AppliedAt, FinishedAt: p.FinishedAt, Items: &p.Totals.Items, ByState: p.Totals.ByState, MonthlySaving: &p.Totals.MonthlySaving,
		Links: map[string]string{"plan": "/api/v1/plans/" + p.ID},
	}
}

// tellScheduleEvent tells webhooks what a line of a schedule's history says.
func (s Schedules) tellScheduleEvent(ctx context.Context, id string, l scheduleLine) error {
	return s.tellWebhooks(ctx, l.Owner, l.What, EventID("schedule", id, l.Name), func() (time.Time, tracker.EventData, error) {
		name, err := s.scheduleName(ctx, id)
		return l.At, tracker.EventData{
			ScheduleID: id, Name: name, JobID: l.Job, PlanID: l.PlanID, Reason: cutText(l.Detail, longestText),
			Links: map[string]string{"schedule": "/api/v1/schedules/" + id},
		}, err
	})
}

// TellChanges tells webhooks what a run of a schedule saw otherwise than the runs before it; of nothing there is nothing to
// tell. changes is asked only when a webhook wants to know.
func (s Schedules) TellChanges(ctx context.Context, sc tracker.Schedule, r Record, changes func() (tracker.EventChanges, error)) error {
	run := fmt.Sprint(r.Run)
	return s.tellWebhooks(ctx, sc.Owner, "inventory.changed", EventID("inventory", sc.ID, r.Job.ID, run), func() (at time.Time, d tracker.EventData, err error) {
		c, err := changes()
		if err != nil {
			return at, d, err
		}
		if c.Count() == 0 {
			return at, d, tracker.Errorf(tracker.CodeNotFound, "nothing has changed")
		}
		for i, t := range c.Top {
			c.Top[i].ResourceID, c.Top[i].Name = cutText(t.ResourceID, longestName), cutText(t.Name, longestName)
			for n, field := range t.Fields {
				t.Fields[n] = cutText(field, longestName)
			}
		}
		return s.o.Now().UTC(), tracker.EventData{
			ScheduleID: sc.ID, Name: cutText(sc.Name, longestName), JobID: r.Job.ID, StartedAt: &r.At, Changes: &c,
			Links: map[string]string{
				"schedule": "/api/v1/schedules/" + sc.ID, "job": "/api/v1/jobs/" + r.Job.ID,
				"changes": "/api/v1/diff?" + sc.Notify.Query(r.Job.ID+"."+run),
			},
		}, nil
	})
}

// TellBudget tells webhooks that a threshold of a budget was crossed. id names the crossing.
func (s *Store) TellBudget(ctx context.Context, owner, id string, at time.Time, d tracker.EventData) error {
	return s.tellWebhooks(ctx, owner, "budget.crossed", id, func() (time.Time, tracker.EventData, error) { return at, d, nil })
}

// scheduleName returns the name of a schedule, or "" where it cannot be read.
func (s Schedules) scheduleName(ctx context.Context, id string) (string, error) {
	text, err := s.rdb.HGet(ctx, scheduleKey(id), "d").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return "", fmt.Errorf("read the name of schedule %s: %w", id, err)
	}
	var of struct{ Name string }
	_ = json.Unmarshal([]byte(text), &of) // what cannot be read has a line of its own
	return cutText(of.Name, longestName), nil
}

// cutText cuts a text at a rune.
func cutText(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}
