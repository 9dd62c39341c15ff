package api

import (
	"context"
	"time"
)

// ApplyBody names what is applied.
type ApplyBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	Digest       string `json:"digest" minLength:"1" maxLength:"128" doc:"The plan's digest, as it was looked at"`
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
