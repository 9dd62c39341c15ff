package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const operationsPath = "/api/v1/operations"

type operationsAnswer struct {
	Success    bool               `json:"success" doc:"Always true"`
	Operations tracker.Operations `json:"operations"`
}

func (s *Server) registerOperations() {
	register(s, huma.Operation{
		OperationID: "get-operations", Method: http.MethodGet, Path: operationsPath, Tags: []string{"service"},
		Summary: "Read how the service is: queues, workers, Redis and calls to AWS",
		Description: "It is of all tenants. What is not known is absent or null, and 0 is a figure: a Redis that others run may refuse to tell of itself, " +
			"and a part that does not answer leaves the others as they are. Looks are ten seconds old at most; each says when it was.",
	}, func(ctx context.Context, _ *struct{}) (*struct{ Body operationsAnswer }, error) {
		if s.Operations == nil {
			return nil, tracker.Errorf(tracker.CodeUnavailable, "this server does not look at how it is")
		}
		return &struct{ Body operationsAnswer }{operationsAnswer{true, s.Operations(ctx)}}, nil
	})
}
