package api

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ApplyBody names what is applied.
type ApplyBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	Digest       string `json:"digest" minLength:"1" maxLength:"128" doc:"The plan's digest, as it was looked at"`
	Phrase       string `json:"phrase,omitempty" maxLength:"256" doc:"What was typed to confirm it. Where it is given it has to be the plan's phrase, as GET /api/v1/plans/{id} answers it"`
	AfterSeconds int    `json:"after_seconds,omitempty" minimum:"0" maximum:"2592000" doc:"Carry it out so much later"`
}

type applyInput struct {
	ID string `path:"id" maxLength:"128" doc:"The plan"`
	PlanParams
	Body ApplyBody
}

type approveInput struct {
	ID   string `path:"id" maxLength:"128" doc:"The plan"`
	Body struct {
		_      struct{} `additionalProperties:"false"`
		Digest string   `json:"digest" minLength:"1" maxLength:"128" doc:"The plan's digest, as it was looked at"`
	}
}

// ResumeBody may carry new credentials.
type ResumeBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
}

type resumeInput struct {
	ID string `path:"id" maxLength:"128" doc:"The plan"`
	PlanParams
	Body *ResumeBody
}

// UndoBody carries the credentials to undo with.
type UndoBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	Apply bool `json:"apply,omitempty" doc:"Carry it out as soon as it is planned"`
}

type undoInput struct {
	ID string `path:"id" maxLength:"128" doc:"The plan"`
	PlanParams
	Body *UndoBody
}

func (s *Server) applyPlan(ctx context.Context, in *applyInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	if err := s.checkPhrase(ctx, in.ID, in.Body); err != nil {
		return nil, err
	}
	sealed, err := s.sealGiven(ctx, in.ID, in.Body.CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	p, err := s.Jobs.ApplyPlan(ctx, caller(ctx), in.ID, in.Body.Digest, time.Duration(in.Body.AfterSeconds)*time.Second, sealed)
	if err != nil {
		return nil, located("body.", err)
	}
	wait := time.Duration(0)
	if in.Wait.set {
		wait = time.Duration(in.Wait.value) * time.Second
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, wait, planEnded))
}

// checkPhrase refuses a phrase that is given and is not that of the plan. Only a plan that is
// planned has one; others are for the engine to refuse.
func (s *Server) checkPhrase(ctx context.Context, id string, body ApplyBody) error {
	if body.Phrase == "" {
		return nil
	}
	p, err := s.planOf(ctx, id)
	if err != nil {
		return err
	}
	if p.State == tracker.PlanPlanning {
		return tracker.Invalid("body.phrase", "is not known yet: the plan is still being looked at")
	}
	if p.Digest != body.Digest {
		return nil // the engine refuses it, and tells the audit
	}
	want, err := s.phraseOf(ctx, p)
	if err != nil {
		return err
	}
	if want != "" && body.Phrase != want {
		return tracker.Invalid("body.phrase", "has to be %q", want)
	}
	return nil
}

// phraseOf is what a person types to confirm that a plan is carried out: its verb, or change
// where it has several, how many items would be carried out, and the account that they are
// of. It is "" where nothing is left to be applied.
func (s *Server) phraseOf(ctx context.Context, p tracker.Plan) (string, error) {
	const page = 1000
	verb, account, number := "", "", 0
	for from, next := 0, 1; p.State == tracker.PlanPlanned && next > 0; from = next {
		items, more, err := s.Plans.PlanItems(ctx, p.ID, from, page, tracker.ItemPlanned)
		if err != nil {
			return "", err
		}
		for _, it := range items {
			if number++; number > 1 && it.Verb != verb {
				verb = "change"
			} else {
				verb = it.Verb
			}
			account = cmp.Or(account, it.AccountID)
		}
		next = more
	}
	if number == 0 {
		return "", nil
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", verb, number, account)), nil
}

func (s *Server) approvePlan(ctx context.Context, in *approveInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	p, err := s.Jobs.ApprovePlan(ctx, caller(ctx), in.ID, in.Body.Digest)
	if err != nil {
		return nil, located("body.", err)
	}
	return s.planOutput(ctx, p)
}

func (s *Server) resumePlan(ctx context.Context, in *resumeInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	sealed, err := s.sealGiven(ctx, in.ID, given(in.Body).CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	p, err := s.Jobs.ResumePlan(ctx, caller(ctx), in.ID, sealed)
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, p)
}

func (s *Server) cancelPlan(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"128" doc:"The plan"`
},
) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	p, err := s.Jobs.CancelPlan(ctx, caller(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, p)
}

func (s *Server) undoPlan(ctx context.Context, in *undoInput) (*planOutput, error) {
	if err := checkPlanID(in.ID); err != nil {
		return nil, err
	}
	body := given(in.Body)
	sub, err := s.submission(ctx, in.PlanParams, body.CredentialFields)
	if err != nil {
		return nil, err
	}
	sub.UndoOf, sub.Request.Apply = in.ID, body.Apply
	p, _, err := s.Jobs.UndoPlan(ctx, sub)
	if err != nil {
		return nil, err
	}
	return s.planOutput(ctx, s.awaitPlan(ctx, p, s.planWait(in.PlanParams), planned))
}
