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
	"github.com/consolesensei/resource-tracker/relations"
	"github.com/consolesensei/resource-tracker/tracker"
)

type relationsInput struct {
	ID  string `path:"id" doc:"The job"`
	Key string `path:"key" maxLength:"2048" doc:"account_id/region/resource_type/resource_id, each slash and whatever else needs it escaped" example:"111122223333%2Feu-west-1%2FEBS_Volume%2Fvol-0123456789abcdef0"`
}

// relation is one resource that another belongs together with.
type relation struct {
	Relation  string       `json:"relation" doc:"Such as attached_to, in the words of the resource that names the other"`
	Direction string       `json:"direction" enum:"in,out" doc:"out: the resource names the other; in: the other names it"`
	Key       string       `json:"key,omitempty" doc:"Of the other; absent when the scan did not find it"`
	Type      tracker.Type `json:"resource_type"`
	ID        string       `json:"resource_id" doc:"Of the other; its ARN where it is named by that and was not found"`
	Name      *string      `json:"name"`
	Found     bool         `json:"found" doc:"False when the scan did not find the other: it is gone, or was not scanned"`
}

// relationsAnswer has relations last, because they are streamed.
type relationsAnswer struct {
	Success   bool       `json:"success" doc:"Always true"`
	JobID     string     `json:"job_id"`
	Complete  bool       `json:"complete" doc:"Whether the scan saw everything"`
	Resource  row        `json:"resource"`
	Relations []relation `json:"relations" doc:"Those that name the resource, then those that it names"`
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
		err := s.eachRelation(ctx, job.ID, r, func(rel relation) error {
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
func (s *Server) eachRelation(ctx context.Context, job string, r tracker.Resource, yield func(relation) error) error {
	refs := relations.Outgoing(r)
	outgoing := make([]relation, len(refs))
	for i, ref := range refs {
		outgoing[i] = relation{Relation: ref.Relation, Direction: "out", Type: ref.Type, ID: ref.ID}
	}
	signs := signsOf(r, refs)
	err := s.Results.Each(ctx, job, concerned(r, refs), func(row []byte) error {
		// Decoding is most of the work, and nearly every row is of others.
		if !slices.ContainsFunc(signs, func(sign []byte) bool { return bytes.Contains(row, sign) }) {
			return nil
		}
		other, err := rows.Resource(row)
		if err != nil {
			return err
		}
		for i, ref := range refs {
			if ref.Is(other) {
				outgoing[i].Key, outgoing[i].ID, outgoing[i].Name, outgoing[i].Found = other.Key(), other.ID, other.Name, true
			}
		}
		if other.Key() == r.Key() {
			return nil // what names itself is an outgoing relation already
		}
		for _, ref := range relations.Outgoing(other) {
			if !ref.Is(r) {
				continue
			}
			rel := relation{ref.Relation, "in", other.Key(), other.Type, other.ID, other.Name, true}
			if err := yield(rel); err != nil {
				return err
			}
		}
		return nil
	})
	for _, rel := range outgoing {
		if err == nil {
			err = yield(rel)
		}
	}
	return err
}

// concerned selects the types that can be related to r.
func concerned(r tracker.Resource, refs []relations.Ref) filter.Filter {
	types, every := relations.Sources(r.Type)
	if every {
		return filter.Filter{}
	}
	names := []string{string(r.Type)} // never none, which would be all
	for _, t := range types {
		names = append(names, string(t))
	}
	for _, ref := range refs {
		names = append(names, string(ref.Type))
	}
	return filter.Where(filter.FieldType, names...)
}

// signsOf are texts of which the row of everything related to r has one.
func signsOf(r tracker.Resource, refs []relations.Ref) [][]byte {
	texts := []string{r.ID, r.ARN}
	for _, ref := range refs {
		texts = append(texts, ref.ID)
	}
	var signs [][]byte
	for _, text := range texts {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false) // as rows are written
		if err := enc.Encode(text); err == nil && text != "" {
			signs = append(signs, bytes.TrimRight(b.Bytes(), "\n"))
		}
	}
	return signs
}
