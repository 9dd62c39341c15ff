package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

type planEventsInput struct {
	ID    string `path:"id" maxLength:"128" doc:"The plan"`
	After string `query:"after" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"Begin after this line of the audit"`
	Last  string `header:"Last-Event-ID" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"As browsers send when they reconnect; wins over after"`
}

// lastLine is how long a stream waits for the line that tells of a plan's end.
const lastLine = 2 * time.Second

// auditMessage is the lines of the audit since the message before.
type auditMessage struct {
	Events []tracker.AuditEvent `json:"events"`
}

func (s *Server) registerPlanEvents() {
	register(s, huma.Operation{
		OperationID: "follow-plan", Method: http.MethodGet, Path: plansPath + "/{id}/events", Tags: []string{"actions"},
		Summary: "Follow a plan as server-sent events",
		Description: `Messages are plan (the plan, on connecting and when its state changes), audit (what has happened since: items that were
sent, accepted, verified, refused) and done, after which the stream ends. The id of a message is that of its last line of the audit;
Last-Event-ID or ?after resumes behind it.`,
		Errors: []int{http.StatusBadRequest, http.StatusNotFound},
		Responses: map[string]*huma.Response{status(http.StatusOK): answers("The events", map[string]*huma.Schema{eventStream: {
			Type: huma.TypeArray,
			Items: &huma.Schema{OneOf: []*huma.Schema{
				identified("plan", huma.TypeString, schema[planView](s)), identified("audit", huma.TypeString, schema[auditMessage](s)),
				identified("done", huma.TypeString, schema[planView](s)),
			}},
		}})},
	}, s.followPlan)
}

func (s *Server) followPlan(ctx context.Context, in *planEventsInput) (*huma.StreamResponse, error) {
	p, err := s.planOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	after, at := in.After, "query.after"
	if in.Last != "" {
		after, at = in.Last, "header.Last-Event-ID"
	}
	if err := checkLine(at, after); err != nil {
		return nil, err
	}
	return s.follow(func(ctx context.Context, f *follower) error { return f.plan(ctx, p, after) }), nil
}

// plan writes the events of a plan until it has ended. What happens to it is in
// its owner's audit, from the time on that it was made.
func (f *follower) plan(ctx context.Context, p tracker.Plan, after string) error {
	if err := f.write("retry: 1000\n\n"); err != nil {
		return err
	}
	if err := f.send(ctx, "plan", "", planViewOf(p)); err != nil {
		return err
	}
	id, ended, told := after, time.Time{}, false
	for {
		now, err := f.s.Plans.Plan(ctx, p.Owner, p.ID)
		if err != nil {
			return err
		}
		since := now.CreatedAt.Add(-time.Second) // clocks of two programs
		lines, err := f.s.Audit.AuditTrail(ctx, now.Owner, after, since, eventBatch)
		if err != nil {
			return err
		}
		message := auditMessage{}
		for _, l := range lines {
			after = l.ID
			if l.PlanID == p.ID {
				message.Events = append(message.Events, l)
				id = l.ID
				told = told || l.What == "plan."+string(now.State)
			}
		}
		if len(message.Events) > 0 {
			if err := f.send(ctx, "audit", id, message); err != nil {
				return err
			}
		}
		if now.State != p.State {
			p = now
			if err := f.send(ctx, "plan", id, planViewOf(p)); err != nil {
				return err
			}
		}
		if p.State.Terminal() && ended.IsZero() {
			ended = time.Now()
		}
		switch {
		case len(lines) > 0:
			continue
		// The line that tells of the end is written after it, if its writer lives.
		case p.State.Terminal() && (told || time.Since(ended) > lastLine):
			return f.send(ctx, "done", id, planViewOf(p))
		case !f.s.sleep(ctx, eventPoll):
			return f.goodbye(ctx)
		case time.Since(f.last) >= heartbeat:
			if err := f.write(": heartbeat\n\n"); err != nil {
				return err
			}
		}
	}
}
