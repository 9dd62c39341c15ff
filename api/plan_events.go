package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
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
Last-Event-ID or ?after resumes behind it. A tenant follows a number of streams at once; one more is answered 429.`,
		Errors: []int{http.StatusBadRequest, http.StatusNotFound, http.StatusTooManyRequests},
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
	return s.follow(ctx, "plan:"+p.ID, s.planSource(p), after)
}

// planSource reads the events of a plan. What happens to it is in its owner's audit,
// from the time on that it was made.
func (s *Server) planSource(p tracker.Plan) source {
	since := p.CreatedAt.Add(-time.Second) // clocks of two programs
	return source{
		head: "plan", news: "audit", list: "events",
		// The line that tells of the end is written after it, if its writer lives.
		grace: lastLine,
		begin: func(context.Context) (string, error) { return "", nil },
		look: func(ctx context.Context) (standing, error) {
			now, err := s.Plans.Plan(ctx, p.Owner, p.ID)
			if err != nil {
				return standing{}, err
			}
			return stand(string(now.State), now.State.Terminal(), planViewOf(now), planViewOf(now))
		},
		read: func(ctx context.Context, after string) (batch []happening, end string, err error) {
			lines, err := s.Audit.AuditTrail(ctx, p.Owner, after, since, eventBatch)
			if err != nil {
				return nil, "", err
			}
			for _, l := range lines {
				after = l.ID
				if l.PlanID != p.ID {
					continue
				}
				data, err := json.Marshal(l)
				if err != nil {
					return nil, "", fmt.Errorf("encode line %s: %w", l.ID, err)
				}
				batch = append(batch, happening{id: l.ID, data: data, tells: strings.TrimPrefix(l.What, "plan.")})
			}
			return batch, after, nil
		},
	}
}
