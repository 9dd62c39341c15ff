package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// tagPrefix begins the query parameters tag.KEY.
const tagPrefix = "tag."

// FilterQuery selects resources; all that is given must hold, exactly. Empty
// values are absent, except those of tags.
type FilterQuery struct {
	Filter    string       `query:"filter" maxLength:"16384" example:"type:EBS_Volume state:available -tag:env=prod age>30d" doc:"A filter as a short query, or in JSON as the schema Filter. The other parameters must hold too"`
	Type      tracker.Type `query:"resource_type" maxLength:"100" doc:"Only resources of this type"`
	Region    string       `query:"region" maxLength:"64" doc:"Only resources in this region"`
	State     string       `query:"state" maxLength:"64" doc:"Only resources in this state, such as running"`
	AccountID string       `query:"account_id" maxLength:"12" doc:"Only resources of this account"`
	Tag       []string     `query:"tag,explode" maxItems:"50" maxLength:"400" doc:"KEY=VALUE, repeated for several tags. The parameter tag.KEY=VALUE also takes keys that contain ="`

	tags map[string]string
}

// Resolve implements huma.Resolver: it reads both forms of tags.
func (f *FilterQuery) Resolve(ctx huma.Context) (errs []error) {
	f.tags, errs = readTags(ctx)
	return errs
}

// readTags reads both forms of tags.
func readTags(ctx huma.Context) (tags map[string]string, errs []error) {
	u := ctx.URL()
	tags = map[string]string{}
	for name, values := range u.Query() {
		if key, ok := strings.CutPrefix(name, tagPrefix); ok {
			if key == "" {
				errs = append(errs, &huma.ErrorDetail{Location: "query.tag.", Message: "a tag needs a key"})
			}
			tags[key] = values[0]
		}
		if name != "tag" {
			continue
		}
		for _, v := range values {
			key, value, ok := strings.Cut(v, "=")
			if !ok || key == "" {
				errs = append(errs, &huma.ErrorDetail{Location: "query.tag", Message: "expected KEY=VALUE"})
			}
			tags[key] = value
		}
	}
	return tags, errs
}

func (f *FilterQuery) fields() FilterFields {
	return FilterFields{Type: f.Type, Region: f.Region, State: f.State, AccountID: f.AccountID, Tags: f.tags}
}

// PageQuery asks for one page.
type PageQuery struct {
	Cursor string `query:"cursor" maxLength:"2048" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"The most rows of a page"`

	given []string // the names of those that the request has
}

// Resolve implements huma.Resolver: a limit that is given and one by default
// look the same.
func (q *PageQuery) Resolve(ctx huma.Context) []error {
	q.given = nil
	for _, name := range []string{"cursor", "limit"} {
		if ctx.Query(name) != "" {
			q.given = append(q.given, name)
		}
	}
	return nil
}

// ListingQuery asks for resources: which, how they are written, and where they
// come in pages, for one page.
type ListingQuery struct {
	FilterQuery
	FormatQuery
	PageQuery
}

// Resolve implements huma.Resolver, so that neither of two parts hides the
// other's.
func (q *ListingQuery) Resolve(ctx huma.Context) []error {
	return append(q.FilterQuery.Resolve(ctx), q.PageQuery.Resolve(ctx)...)
}

type jobResourcesInput struct {
	ID string `path:"id" maxLength:"128" doc:"The job"`
	ListingQuery
}

type latestInput struct {
	ListingQuery
}

type resourcesAnswer struct {
	Success    bool             `json:"success" doc:"Always true"`
	JobID      string           `json:"job_id,omitempty"`
	State      tracker.JobState `json:"state,omitempty"`
	Complete   bool             `json:"complete" doc:"False while the scan runs, and when it could not see everything"`
	FinishedAt *time.Time       `json:"finished_at"`
	Total      *int             `json:"total,omitempty" doc:"Resources found so far; absent with a filter"`
	Pending    []string         `json:"pending_scans,omitempty" doc:"Of what all scans saw last: scans that have ended and are not in it yet"`
	Resources  []row            `json:"resources"`
	Next       string           `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

const listingDescription = `filter is a short query such as type:EBS_Volume -tag:env=prod cost>5 age>30d, or JSON. Ages are counted from the time
of the first page, and a cursor is valid for its filter only. JSON comes in pages. Every other format streams all resources that meet the
filters, without cursor and limit.

` + exportDescription

func (s *Server) registerResources() {
	register(s, huma.Operation{
		OperationID: "list-job-resources", Method: http.MethodGet, Path: jobsPath + "/{id}/resources", Tags: []string{"results"},
		Summary: "Page through what a scan has found, or export it, also while it runs", Description: listingDescription,
		Errors: []int{http.StatusConflict}, Responses: exports(s, "A page, or all of it", schema[resourcesAnswer](s)),
	}, s.listJobResources)
	latest := exports(s, "A page, or all of it", schema[resourcesAnswer](s))
	latest[status(http.StatusOK)].Headers[headerPending] = stringHeader(pendingDoc)
	register(s, huma.Operation{
		OperationID: "list-resources", Method: http.MethodGet, Path: "/api/v1/resources", Tags: []string{"results"},
		Summary: "Page through what there is, or export it",
		Description: "What your scans saw of every cell last, where the server keeps a history: a scan of one type hides nothing. job_id and state are then those of your newest " +
			"finished scan, absent where it is not kept any more, and complete says whether the last look at every cell saw all. GET " + inventoryPath + " has more. Without a history, and before a " +
			"scan is in it, what your newest finished scan found. A cursor stays with its moment, or its scan. Answers 404 before the first scan has ended.\n\n" + listingDescription,
		Errors: []int{http.StatusNotFound, http.StatusConflict}, Responses: latest,
	}, s.listLatest)

	s.registerRelations()

	filter := huma.Operation{
		OperationID: "filter-resources", Method: http.MethodPost, Path: "/api/v1/resources/filter", Tags: []string{"results"},
		Summary: "Filter resources of the request or of a job",
		Description: `Takes either resources, which come back as they were sent, or job_id. All of filters must hold, exactly. A member of
filters that is null or an empty string counts as absent. filter, beside filters or in their place, is a short query or an object of the
schema Filter.`,
		MaxBodyBytes: s.MaxFilterBody, BodyReadTimeout: time.Minute, SkipValidateBody: true,
		Errors: []int{http.StatusNotFound, http.StatusConflict},
		Responses: map[string]*huma.Response{
			status(http.StatusOK): jsonAnswer("The resources that meet all filters", schema[filterAnswer](s)),
		},
	}
	register(s, filter, s.filterResources)

	alias := filter
	alias.OperationID, alias.Path, alias.Tags = "filter-resources-alias", "/filter-resources", []string{"compatibility"}
	alias.Summary = "Filter resources, as POST /api/v1/resources/filter"
	register(s, alias, s.filterResources)
}

func (s *Server) listJobResources(ctx context.Context, in *jobResourcesInput) (*huma.StreamResponse, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	job, err := s.scanned(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, job, in.ListingQuery, "")
}

// check refuses to page through what comes as one stream: an ignored limit
// would answer too much.
func (q ListingQuery) check() error {
	if q.chosen() == formatJSON {
		return nil
	}
	var faults []FieldError
	for _, name := range q.given {
		faults = append(faults, FieldError{"query." + name, fmt.Sprintf("works with format json only: %s has everything in one answer", q.chosen())})
	}
	if len(faults) > 0 {
		return invalid(faults...)
	}
	return nil
}

// list answers a page, whose cursor begins with prefix, or in another format than
// JSON all of it.
func (s *Server) list(ctx context.Context, job tracker.Job, q ListingQuery, prefix string) (*huma.StreamResponse, error) {
	f, faults := s.readFilter(q.Filter)
	faults = append(faults, s.checkFields("query.", q.fields())...)
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	f = filter.All(q.fields().filter(), f).At(time.Now())
	if format := q.chosen(); format != formatJSON {
		return streamed(func(ctx context.Context, w http.ResponseWriter) { s.streamLines(ctx, w, job, f, format) }), nil
	}
	cursor, f, err := openCursor(q.Cursor, f)
	if err != nil {
		return nil, err
	}
	raw, next, err := s.Results.Page(ctx, job.ID, f, cursor, q.Limit)
	if err != nil {
		return nil, located("query.", err)
	}
	out := resourcesAnswer{
		Success: true, JobID: job.ID, State: job.State, Complete: job.Complete(), FinishedAt: job.FinishedAt,
		Resources: rowsOf(raw),
	}
	if next != "" {
		out.Next = prefix + sealCursor(next, f)
	}
	if f.IsZero() {
		out.Total = &job.Summary.TotalResources
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) { writeJSON(w, http.StatusOK, out) }), nil
}

// listLatest puts the job's ID before the cursor, so that the pages of one scan
// are not mixed with those of the next.
func (s *Server) listLatest(ctx context.Context, in *latestInput) (*huma.StreamResponse, error) {
	const separator = "~"
	if err := in.check(); err != nil {
		return nil, err
	}
	id, cursor, paging := strings.Cut(in.Cursor, separator)
	if !paging {
		if out, err := s.listNow(ctx, in.ListingQuery); out != nil || err != nil {
			return out, err
		}
	}
	switch {
	case in.Cursor == "":
		latest, err := s.Results.Latest(ctx, owner(ctx))
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			return nil, newProblem(http.StatusNotFound, "no scan of yours has ended yet: start one with POST /api/v1/scan")
		}
		if err != nil {
			return nil, err
		}
		id = latest
	case !paging || cursor == "":
		return nil, invalid(FieldError{"query.cursor", "not a cursor of this listing"})
	}
	job, err := s.scanned(ctx, id)
	if err != nil {
		return nil, err
	}
	in.Cursor = cursor
	return s.list(ctx, job, in.ListingQuery, id+separator)
}

// maxResources is how many resources a request can have filtered.
const maxResources = 200_000

// resourceList is resources as they came. They share one copy of what was sent.
type resourceList []json.RawMessage

// UnmarshalJSON implements json.Unmarshaler. It reads one more than is allowed at most,
// so that many small ones cost little.
func (l *resourceList) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch b[0] {
	case 'n':
		*l = nil
		return nil
	case '[':
	default:
		return &json.UnmarshalTypeError{Value: "no list", Type: reflect.TypeFor[[]json.RawMessage]()}
	}
	text, depth, start := bytes.Clone(b[1:len(b)-1]), 0, 0
	list := resourceList{}
	add := func(end int) {
		if r := bytes.TrimSpace(text[start:end]); len(r) > 0 {
			list = append(list, json.RawMessage(r))
		}
		start = end + 1
	}
	for i := 0; i < len(text) && len(list) <= maxResources; i++ {
		switch text[i] {
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',':
			if depth == 0 {
				add(i)
			}
		}
	}
	if len(list) <= maxResources {
		add(len(text))
	}
	*l = list
	return nil
}

type filterInput struct{ Body FilterBody }

// FilterBody is what to filter, and by what.
type FilterBody struct {
	_         struct{}     `additionalProperties:"false"`
	Resources resourceList `json:"resources,omitempty" maxItems:"200000" doc:"Resources to filter"`
	JobID     string       `json:"job_id,omitempty" maxLength:"128" doc:"The job whose resources are filtered, in place of resources"`
	Filters   FilterFields `json:"filters,omitzero" doc:"All must hold, exactly"`
	Filter    filterBody   `json:"filter,omitzero" doc:"A filter that must hold too"`
}

// FilterFields are the filters of the wire contract, and account_id.
type FilterFields struct {
	_         struct{}     `additionalProperties:"false"`
	Type      tracker.Type `json:"resource_type,omitempty" maxLength:"100"`
	Region    string       `json:"region,omitempty" maxLength:"64"`
	State     string       `json:"state,omitempty" maxLength:"64"`
	AccountID string       `json:"account_id,omitempty" maxLength:"12"`
	Tags      tagsBody     `json:"tags,omitempty" maxProperties:"50"`
}

// filterAnswer has total last, where a stream knows it.
type filterAnswer struct {
	Success   bool   `json:"success" doc:"Always true"`
	JobID     string `json:"job_id,omitempty"`
	Complete  *bool  `json:"complete,omitempty" doc:"With job_id: whether the scan saw everything"`
	Resources []sent `json:"resources" doc:"As they were sent, or as the scan found them"`
	Total     int    `json:"total"`
}

// sent is a resource that is answered as somebody sent it, with what members it has.
type sent struct{}

// Schema implements huma.SchemaProvider.
func (sent) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

func (s *Server) filterResources(ctx context.Context, in *filterInput) (*huma.StreamResponse, error) {
	b := in.Body
	f, faults := s.readFilterBody("body.filter", b.Filter)
	faults = append(faults, s.checkFields("body.filters.", b.Filters)...)
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	f = filter.All(b.Filters.filter(), f).At(time.Now())
	if len(b.Resources) > maxResources {
		return nil, invalid(FieldError{"body.resources", fmt.Sprintf("expected at most %d", maxResources)})
	}
	if (b.JobID == "") == (b.Resources == nil) {
		return nil, invalid(FieldError{"body", "expected either resources or job_id"})
	}
	if b.JobID != "" {
		job, err := s.scanned(ctx, b.JobID)
		if err != nil {
			return nil, err
		}
		return s.streamFiltered(fmt.Sprintf(`"job_id":%q,"complete":%t,`, job.ID, job.Complete()), func(ctx context.Context, row func([]byte) error) error {
			return s.Results.Each(ctx, job.ID, f, row)
		}), nil
	}
	selected, err := selectRows(b.Resources, f)
	if err != nil {
		return nil, err
	}
	return s.streamFiltered("", func(_ context.Context, row func([]byte) error) error {
		for _, r := range selected {
			if err := row(r); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

func (s *Server) streamFiltered(members string, each func(context.Context, func([]byte) error) error) *huma.StreamResponse {
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		out := newStream(w, "application/json")
		out.text(`{"success":true,` + members + `"resources":[`)
		total := 0
		err := each(ctx, func(row []byte) error {
			if total++; total > 1 {
				out.text(",\n")
			}
			return out.row(row)
		})
		out.text(fmt.Sprintf("],\"total\":%d}\n", total))
		s.finish(ctx, out, err)
	})
}
