package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

type relationsInput struct {
	ID  string `path:"id" maxLength:"128" doc:"The job"`
	Key string `path:"key" maxLength:"2048" doc:"account_id/region/resource_type/resource_id, each slash and whatever else needs it escaped" example:"111122223333%2Feu-west-1%2FEBS_Volume%2Fvol-0123456789abcdef0"`
}

// relationsAnswer has relations last, because they are streamed.
type relationsAnswer struct {
	Success   bool               `json:"success" doc:"Always true"`
	JobID     string             `json:"job_id"`
	Complete  bool               `json:"complete" doc:"Whether the scan saw everything"`
	Resource  row                `json:"resource"`
	Relations []reports.Relation `json:"relations" doc:"Those that name the resource, then those that it names"`
}

func (s *Server) registerRelations() {
	register(s, huma.Operation{
		OperationID: "get-relations", Method: http.MethodGet, Path: jobsPath + "/{id}/resources/{key}/relations", Tags: []string{"results"},
		Summary:     "List what a resource belongs together with",
		Description: "From tags and metadata: what it is attached to, in, made from, part of, and what is so to it. One step; ask again with a key that was answered.",
		Responses: map[string]*huma.Response{
			status(http.StatusOK): jsonAnswer("The resource and its relations", schema[relationsAnswer](s)),
		},
	}, s.getRelations)
}

func (s *Server) getRelations(ctx context.Context, in *relationsInput) (*huma.StreamResponse, error) {
	job, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	raw, r, err := s.findResource(ctx, job.ID, in.Key)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		out := newStream(w, "application/json")
		out.text(fmt.Sprintf(`{"success":true,"job_id":%q,"complete":%t,"resource":%s,"relations":[`, job.ID, job.Complete(), raw))
		first := true
		err := s.eachRelation(ctx, job.ID, r, func(rel reports.Relation) error {
			b, err := json.Marshal(rel)
			if err != nil {
				return err
			}
			if !first {
				out.text(",\n")
			}
			first = false
			return out.row(b)
		})
		out.text("]}\n")
		s.finish(ctx, out, err)
	}), nil
}

// findResource finds the resource with a key among those of a job.
func (s *Server) findResource(ctx context.Context, job, key string) (raw json.RawMessage, r tracker.Resource, err error) {
	notFound := tracker.Errorf(tracker.CodeNotFound, "no such resource in this job")
	part := strings.SplitN(key, "/", 4)
	if len(part) != 4 || slices.Contains(part, "") {
		return nil, r, notFound
	}
	f := filter.All(filter.Where(filter.FieldAccount, part[0]), filter.Where(filter.FieldRegion, part[1]),
		filter.Where(filter.FieldType, part[2]), filter.Where(filter.FieldID, part[3]))
	err = s.Results.Each(ctx, job, f, func(row []byte) error {
		raw = bytes.Clone(row)
		return errFound
	})
	switch {
	case err == nil:
		return nil, r, notFound
	case !errors.Is(err, errFound):
		return nil, r, err
	}
	r, err = rows.Resource(raw)
	return raw, r, err
}

// errFound ends a listing early.
var errFound = errors.New("found")

// eachRelation reads the listing once: it yields resources that name r as they
// come, and at the end those that r names, which are few.
func (s *Server) eachRelation(ctx context.Context, job string, r tracker.Resource, yield func(reports.Relation) error) error {
	relations := reports.RelationsOf(r)
	err := s.Results.Each(ctx, job, relations.Filter(), func(row []byte) error {
		if !relations.MayHold(row) {
			return nil
		}
		other, err := rows.Resource(row)
		if err != nil {
			return err
		}
		for _, rel := range relations.Add(other) {
			if err := yield(rel); err != nil {
				return err
			}
		}
		return nil
	})
	for _, rel := range relations.Outgoing() {
		if err == nil {
			err = yield(rel)
		}
	}
	return err
}
