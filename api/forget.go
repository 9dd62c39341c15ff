package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

func (s *Server) registerForget() {
	register(s, huma.Operation{
		OperationID: "forget-history", Method: http.MethodDelete, Path: "/api/v1/inventory/accounts/{account_id}", Tags: []string{"inventory"},
		Summary: "Delete the history of an account",
		Description: `All that is known of an AWS account goes within seconds: what is in it, what it was, its findings and its part in totals. Scans that
have begun before do not bring it back; the next one begins anew. A registration stays, and so does the audit. Answers 503 where the server keeps
no history.`,
		DefaultStatus: http.StatusAccepted, Errors: []int{http.StatusNotFound},
	}, s.forgetHistory)
}

func (s *Server) forgetHistory(ctx context.Context, in *struct {
	Account string `path:"account_id" pattern:"^[0-9]{12}$" maxLength:"12" doc:"The AWS account"`
},
) (*struct{}, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	known, err := h.Knows(ctx, owner(ctx), in.Account)
	if err == nil && !known {
		err = tracker.Errorf(tracker.CodeNotFound, "nothing is known of an account %s", in.Account)
	}
	if err != nil {
		return nil, err
	}
	return nil, s.Accounts.ForgetHistory(ctx, caller(ctx), in.Account)
}
