package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/api/humaecho4"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// OpenAPI returns the whole OpenAPI 3.1 document of the API, indented. It needs
// none of the options that a running server does.
func OpenAPI(o Options) ([]byte, error) {
	s, err := build(o)
	if err != nil {
		return nil, err
	}
	return s.spec()
}

func marshalSpec(spec *huma.OpenAPI) ([]byte, error) {
	b, err := json.MarshalIndent(spec, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the OpenAPI document: %w", err)
	}
	return append(b, '\n'), nil
}

const description = `Inventories AWS accounts. POST /api/v1/scan starts a scan and answers at once with a job;
read the job, follow its events, page through its resources while it runs, or fetch the whole result when it has ended.

Nothing is silently missing: a scan is complete only when every cell (account, region, type) was seen to its end, and
/coverage names each one that was not. What a quota refuses is answered 429, and GET /api/v1/quota tells what is left. Every error is application/problem+json and carries success:false and error.`

func (s *Server) newHuma() huma.API {
	installErrors()
	cfg := huma.DefaultConfig("AWS Resource Tracker", s.Version)
	// Huma's pages load scripts from elsewhere, and its hooks add $schema to
	// every body.
	cfg.DocsPath, cfg.SchemasPath, cfg.OpenAPIPath, cfg.CreateHooks = "", "", "", nil
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: decodeJSON}
	cfg.Formats = map[string]huma.Format{"application/json": format, "json": format}
	// Answers may grow members; requests may not have unknown ones, and say so
	// themselves.
	cfg.AllowAdditionalPropertiesByDefault = true
	cfg.Info.Description = description
	cfg.Info.License = &huma.License{Name: "MIT", Identifier: "MIT"}
	cfg.Tags = []*huma.Tag{
		{Name: "scans", Description: "Start scans, follow them, stop them"},
		{Name: "results", Description: "What scans found, and what they could not see"},
		{Name: "inventory", Description: "What there is and was, over all scans"},
		{Name: "savings", Description: "What resources could cost less, and how they carry their tags"},
		{Name: "trends", Description: "What there was by day, what it costs this month, and what stands out"},
		{Name: "actions", Description: "Plan changes, carry them out, undo them, and read what was done"},
		{Name: "accounts", Description: "Register accounts, to name them in place of keys"},
		{Name: "schedules", Description: "Start scans again and again, and read the results that are kept"},
		{Name: "webhooks", Description: "Have events sent, and see what became of them"},
		{Name: "people", Description: "Who may do what: keys, roles, tenants"},
		{Name: "service", Description: "About the service itself"},
		{Name: "compatibility", Description: "Paths that clients of the earlier service call"},
	}
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"apiKey":  {Type: "apiKey", In: "header", Name: "X-API-Key"},
		"jwt":     {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "HS256, with exp and sub; an ID token of the issuer that people sign in with; or the token of a session. Wins over X-API-Key"},
		"session": {Type: "apiKey", In: "cookie", Name: secureCookie, Description: "A session, where neither of the others is sent. What changes something needs Sec-Fetch-Site or Origin, as browsers send them, of this server's own pages"},
	}
	schemas := cfg.Components.Schemas
	schemas.RegisterTypeAlias(reflect.TypeFor[tracker.Money](), reflect.TypeFor[float64]())
	schemas.RegisterTypeAlias(reflect.TypeFor[filter.Filter](), reflect.TypeFor[filterBody]())
	api := humaecho4.New(s.echo, cfg)
	api.UseMiddleware(s.guardLogin, s.authenticate, s.limitRate, s.auditRefusals, strictQuery, jsonOnly, s.bodies.spend)
	schemas.Schema(reflect.TypeFor[tracker.Resource](), true, "")
	return api
}

// moneyCanBeUnknown marks the members that are pointers to money, whose alias loses the
// pointer, and what a resource costs, which a reference cannot say can be null.
func moneyCanBeUnknown(schemas huma.Registry) {
	for name, schema := range schemas.Map() {
		t := schemas.TypeFromRef("#/components/schemas/" + name)
		if t == nil || t.Kind() != reflect.Struct {
			continue
		}
		for _, f := range reflect.VisibleFields(t) {
			member, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if p := schema.Properties[member]; p != nil && f.Type == reflect.TypeFor[*tracker.Money]() {
				p.Nullable = true
			} else if p != nil && f.Type == reflect.TypeFor[*tracker.Cost]() {
				schema.Properties[member] = &huma.Schema{AnyOf: []*huma.Schema{p, {Type: "null"}}}
			}
		}
	}
}

// schema is the schema of T, by reference.
func schema[T any](s *Server) *huma.Schema {
	return s.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// answers describes an answer by media type.
func answers(description string, content map[string]*huma.Schema) *huma.Response {
	r := &huma.Response{Description: description, Content: map[string]*huma.MediaType{}}
	for media, schema := range content {
		r.Content[media] = &huma.MediaType{Schema: schema}
	}
	return r
}

// jsonAnswer describes an answer in JSON.
func jsonAnswer(description string, s *huma.Schema) *huma.Response {
	return answers(description, map[string]*huma.Schema{"application/json": s})
}

// problemHeaders are the headers that problems of a status have.
var problemHeaders = map[int]map[string]*huma.Header{
	http.StatusUnauthorized:       {"WWW-Authenticate": stringHeader("How to authenticate")},
	http.StatusServiceUnavailable: {"Retry-After": retryAfter},
	http.StatusTooManyRequests: {
		"Retry-After": retryAfter, headerRateLimit: stringHeader(`What is left of a quota, such as "requests";r=0;t=1: nothing, and all of it in a second`),
		headerRatePolicy: stringHeader(`The quotas that count, such as "requests";q=200;w=1: 200 in a second`),
	},
}

// responses are the answers of an operation: its own, and the problems that it
// names or that follow from what it takes.
func (s *Server) responses(op *huma.Operation, hasBody bool) map[string]*huma.Response {
	// Every operation refuses query parameters that it does not know.
	codes := slices.Concat(op.Errors, []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusInternalServerError})
	if !isAnonymous(op) {
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden, http.StatusServiceUnavailable)
	}
	if strings.Contains(op.Path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if hasBody {
		codes = append(codes, http.StatusBadRequest, http.StatusRequestTimeout, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	all := map[string]*huma.Response{}
	maps.Copy(all, op.Responses)
	for _, code := range codes {
		r := huma.Response{Headers: map[string]*huma.Header{}, Content: map[string]*huma.MediaType{}}
		if own := op.Responses[status(code)]; own != nil {
			r.Description = own.Description
			maps.Copy(r.Headers, own.Headers)
			maps.Copy(r.Content, own.Content)
		}
		r.Description = cmp.Or(r.Description, http.StatusText(code))
		maps.Copy(r.Headers, problemHeaders[code])
		r.Content[problemJSON] = &huma.MediaType{Schema: schema[Problem](s)}
		all[status(code)] = &r
	}
	return all
}

var (
	jobLocation = stringHeader("The job")
	retryAfter  = stringHeader("Seconds until asking again is worth it")
)

// withHeaders describes an answer by its headers; register adds the problem.
func withHeaders(headers map[string]*huma.Header) *huma.Response {
	return &huma.Response{Headers: headers}
}

// stringHeader describes a response header.
func stringHeader(description string) *huma.Header {
	return &huma.Header{Description: description, Schema: &huma.Schema{Type: huma.TypeString}}
}

// row is a resource that is already JSON.
type row struct{ json.RawMessage }

// Schema implements huma.SchemaProvider.
func (row) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[tracker.Resource](), true, "")
}

// Schema implements huma.SchemaProvider.
func (findingRow) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[tracker.Finding](), true, "")
}

func rowsOf(raw []json.RawMessage) []row {
	out := make([]row, len(raw))
	for i, r := range raw {
		out[i] = row{r}
	}
	return out
}

// optional is a parameter of which zero and absent differ.
type optional[T any] struct {
	value T
	set   bool
}

// Schema implements huma.SchemaProvider.
func (o optional[T]) Schema(r huma.Registry) *huma.Schema {
	return huma.SchemaFromType(r, reflect.TypeOf(o.value))
}

// Receiver implements huma.ParamWrapper.
func (o *optional[T]) Receiver() reflect.Value { return reflect.ValueOf(&o.value).Elem() }

// OnParamSet implements huma.ParamReactor.
func (o *optional[T]) OnParamSet(set bool, _ any) { o.set = set }

// outcomeParam is one of the outcomes, or open.
type outcomeParam string

const outcomeOpen outcomeParam = "open"

// Schema implements huma.SchemaProvider.
func (outcomeParam) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Enum: []any{string(outcomeOpen)}}
	for _, o := range tracker.Outcomes {
		s.Enum = append(s.Enum, string(o))
	}
	return s
}

func status(code int) string { return strconv.Itoa(code) }
