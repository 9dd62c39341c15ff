package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// AcknowledgeBody says why a finding stays open.
type AcknowledgeBody struct {
	_      struct{}   `additionalProperties:"false"`
	Reason string     `json:"reason" minLength:"1" maxLength:"500" doc:"Why it stays as it is"`
	Until  *time.Time `json:"until,omitempty" doc:"When it is to count again by itself; absent: never"`
}

// FindingInput names a finding.
type FindingInput struct {
	ID string `path:"id" maxLength:"2048" doc:"The finding_id, escaped: it holds slashes" example:"unattached_volume/123456789012/eu-west-1/EBS_Volume/vol-1"`
}

type (
	acknowledgeInput struct {
		FindingInput
		Body AcknowledgeBody
	}
	liveFindingAnswer struct {
		Success bool        `json:"success" doc:"Always true"`
		Finding liveFinding `json:"finding"`
	}
	liveFindingOutput struct{ Body liveFindingAnswer }
)

func (s *Server) registerAcknowledgements() {
	const path = liveFindingsPath + "/{id}/acknowledgement"
	register(s, huma.Operation{
		OperationID: "acknowledge-finding", Method: http.MethodPost, Path: path, Tags: []string{"savings"},
		Summary: "Say why a finding stays as it is",
		Description: `Until then it is no waste, and is not among the open ones. A finding that is resolved and comes back is open anew. The audit tells
who said so. An acknowledgement takes the place of the one before. 409 when the finding is resolved.`,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable, http.StatusUnsupportedMediaType},
	}, s.acknowledge)
	register(s, huma.Operation{
		OperationID: "unacknowledge-finding", Method: http.MethodDelete, Path: path, Tags: []string{"savings"},
		Summary: "Take an acknowledgement back", Description: "The finding is open again. 409 when it is resolved.", DefaultStatus: http.StatusNoContent,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusServiceUnavailable},
	}, s.unacknowledge)
}

func (s *Server) acknowledge(ctx context.Context, in *acknowledgeInput) (*liveFindingOutput, error) {
	now := time.Now()
	if strings.TrimSpace(in.Body.Reason) == "" {
		return nil, invalid(FieldError{"body.reason", "expected a reason"})
	}
	a := history.Acknowledgement{By: new(caller(ctx).Who), Why: &in.Body.Reason, At: new(now.UnixMilli())}
	detail := in.Body.Reason
	if until := in.Body.Until; until != nil {
		if !until.After(now) {
			return nil, invalid(FieldError{"body.until", "expected a time to come"})
		}
		a.Until = new(until.UnixMilli())
		detail += " (until " + until.UTC().Format(time.RFC3339) + ")"
	}
	f, err := s.acknowledged(ctx, in.ID, "finding.acknowledged", detail, a, now)
	if err != nil {
		return nil, err
	}
	return &liveFindingOutput{liveFindingAnswer{true, f}}, nil
}

func (s *Server) unacknowledge(ctx context.Context, in *FindingInput) (*struct{}, error) {
	_, err := s.acknowledged(ctx, in.ID, "finding.unacknowledged", "", history.Acknowledgement{}, time.Now())
	return nil, err
}

// acknowledged puts an acknowledgement in the place of the one before, and answers the finding. The audit has a line
// before the change: a line of a change that failed is better than a change without one.
func (s *Server) acknowledged(ctx context.Context, id, what, detail string, a history.Acknowledgement, now time.Time) (liveFinding, error) {
	h, err := s.kept()
	if err != nil {
		return liveFinding{}, err
	}
	f, err := finding(ctx, h, id, now)
	if err != nil {
		return f, err
	}
	resolved := tracker.Errorf(tracker.CodeConflict, "the finding is resolved")
	if f.State == history.StateResolved {
		return f, resolved
	}
	err = s.Audit.Write(ctx, owner(ctx), tracker.AuditEvent{
		At: now.UTC(), Who: caller(ctx).Who, From: origin(ctx), What: what, Detail: strings.TrimSuffix(f.Rule+": "+detail, ": "),
		Target: &tracker.ActionRef{ResourceID: f.ResourceID, Type: f.Type, Region: f.Region, AccountID: f.AccountID},
	})
	if err != nil {
		return f, err
	}
	ok, err := h.Acknowledge(ctx, owner(ctx), id, a, now.UnixMilli())
	if err != nil {
		return f, err
	}
	if !ok {
		return f, resolved
	}
	return finding(ctx, h, id, now)
}

// finding is one of the caller's findings.
func finding(ctx context.Context, h *history.Store, id string, now time.Time) (liveFinding, error) {
	page, err := h.Findings(ctx, owner(ctx), history.FindingQuery{ID: id, Now: now.UnixMilli()}, "opened", false, history.Mark{}, 1)
	if err != nil {
		return liveFinding{}, err
	}
	if len(page) == 0 {
		return liveFinding{}, tracker.Errorf(tracker.CodeNotFound, "no such finding")
	}
	return liveOf(page[0])
}
