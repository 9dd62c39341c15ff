package client

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
)

// JobEvent is what happened to a job. One of Job, Cells and Done is set.
type JobEvent struct {
	ID    string       // of the last event that it tells of; [Tracker.FollowAfter] goes on after it
	Job   *JobItem     // how the job stands: first, and when its state changes
	Cells []CellReport // that have closed
	Done  *DoneEvent   // the end, and the last event
}

// PlanEvent is what happened to a plan. One of Plan, Lines and Done is set.
type PlanEvent struct {
	ID    string       // of the last line that it tells of
	Plan  *PlanView    // how the plan stands: first, and when its state changes
	Lines []AuditEvent // of the audit
	Done  *PlanView    // the end, and the last event
}

// Follow tells what happens to a job as it happens, from its beginning until it has ended. It
// connects again when the connection is lost, the server restarts or the computer has slept, and
// tells of each cell once. Where streams are not let through, it asks how the job stands instead.
func (t *Tracker) Follow(ctx context.Context, jobID string) iter.Seq2[JobEvent, error] {
	return t.FollowAfter(ctx, jobID, "")
}

// FollowAfter is Follow from after an event on.
func (t *Tracker) FollowAfter(ctx context.Context, jobID, eventID string) iter.Seq2[JobEvent, error] {
	s := stream{t: t, path: path("/api/v1/jobs/%s", jobID), head: "job", ended: JobEnded}
	return decoded(s.messages(ctx, eventID), func(m message) (JobEvent, error) {
		e := JobEvent{ID: m.id}
		switch m.event {
		case "job":
			return e, json.Unmarshal(m.data, &e.Job)
		case "cells":
			return e, json.Unmarshal(m.data, &struct{ Cells *[]CellReport }{&e.Cells})
		}
		return e, json.Unmarshal(m.data, &e.Done)
	})
}

// FollowPlan tells what happens to a plan as it happens, until it has ended, as [Tracker.Follow]
// does of a job. A plan that waits for somebody to approve or apply it has not ended.
func (t *Tracker) FollowPlan(ctx context.Context, planID string) iter.Seq2[PlanEvent, error] {
	s := stream{t: t, path: path("/api/v1/plans/%s", planID), head: "plan", ended: PlanEnded}
	return decoded(s.messages(ctx, ""), func(m message) (PlanEvent, error) {
		e := PlanEvent{ID: m.id}
		switch m.event {
		case "plan":
			return e, json.Unmarshal(m.data, &e.Plan)
		case "audit":
			return e, json.Unmarshal(m.data, &struct{ Events *[]AuditEvent }{&e.Lines})
		}
		return e, json.Unmarshal(m.data, &e.Done)
	})
}

// decoded makes events of messages.
func decoded[E any](messages iter.Seq2[message, error], decode func(message) (E, error)) iter.Seq2[E, error] {
	return func(yield func(E, error) bool) {
		for m, err := range messages {
			var e E
			if err == nil {
				if e, err = decode(m); err != nil {
					err = fmt.Errorf("message %s: %w", m.event, err)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
