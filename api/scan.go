package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// ScanBody is a request to scan.
type ScanBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
	ScanSelection
	SingleFlight *bool `json:"single_flight,omitempty" default:"true" doc:"Answer the scan that already runs with the same credentials and scope; false always starts one, and so do keys that the client has sealed"`
}

// ScanAccount is an account to scan through a role.
type ScanAccount struct {
	_          struct{} `additionalProperties:"false"`
	Account    string   `json:"account,omitempty" maxLength:"63" doc:"Name of a registered account, in a request without keys"`
	RoleARN    string   `json:"role_arn,omitempty" maxLength:"2048" pattern:"^(arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512})?$" doc:"Role to assume in the account, in place of account; without keys, that of a registered account"`
	ExternalID *string  `json:"external_id,omitempty" maxLength:"1224" pattern:"^([\\w+=,.@:/-]{2,})?$" writeOnly:"true"`
	Regions    []string `json:"regions,omitempty" maxItems:"100" maxLength:"32" doc:"Regions of this account; without any, those of the request"`
}

// ScanParams are what a request to scan has beside its body.
type ScanParams struct {
	CredentialHeaders
	Wait           optional[int] `query:"wait" minimum:"0" maximum:"60" doc:"Seconds to wait for the result; without it, the server's setting counts"`
	Prefer         string        `header:"Prefer" maxLength:"200" doc:"wait=SECONDS, after RFC 7240; the query parameter wins"`
	IdempotencyKey string        `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]*$" doc:"The same key answers the same job"`
}

type scanInput struct {
	ScanParams
	Body *ScanBody
}

type accepted struct {
	Success bool             `json:"success" doc:"Always true"`
	JobID   string           `json:"job_id"`
	State   tracker.JobState `json:"state"`
	Created bool             `json:"created" doc:"False when the request was answered with a job that existed"`
	Links   links            `json:"links"`
}

// links are where a job's parts are.
type links struct {
	Self      string `json:"self"`
	Events    string `json:"events"`
	Resources string `json:"resources,omitempty" doc:"Absent for an access check, which keeps none"`
	Result    string `json:"result"`
	Coverage  string `json:"coverage"`
}

func linksOf(j tracker.Job) links {
	self := jobsPath + "/" + j.ID
	l := links{self, self + "/events", self + "/resources", self + "/result", self + "/coverage"}
	if j.Kind == tracker.KindAccessCheck {
		l.Resources, l.Result = "", accessPath+"/"+j.ID
	}
	return l
}

const scanDescription = `Answers 202 with the job at once. With ?wait, Prefer: wait or a server that is set to wait, answers 200 with the
whole result if the scan ends in time as succeeded, partial, or cancelled with something found. Otherwise answers 202 as well.

A scan that fails within the wait answers 422 with the reason, when AWS refused the credentials or denied everything. In all other cases it
answers 500 with error "Internal server error during scan" and the reason in details. A scan that is cancelled with nothing found answers
409.

Credentials are sealed for the workers before anything is stored. Each of the three key fields is taken from the body first,
then from its X-AWS-* header.`

func (s *Server) registerScans() {
	scan := huma.Operation{
		OperationID: "start-scan", Metadata: map[string]any{waits: true}, Method: http.MethodPost, Path: "/api/v1/scan", Tags: []string{"scans"},
		Summary: "Start a scan", Description: scanDescription,
		Errors:    []int{http.StatusConflict},
		Responses: s.startedResponses("The scan ended within the wait", schema[scanAnswer](s), "The scan is a job now"),
	}
	register(s, scan, func(ctx context.Context, in *scanInput) (*huma.StreamResponse, error) {
		return s.scan(ctx, in.ScanParams, given(in.Body))
	})

	alias := scan
	alias.OperationID, alias.Path, alias.Tags = "start-scan-alias", "/scan-resources", []string{"compatibility"}
	alias.Summary = "Start a scan, as POST /api/v1/scan"
	alias.Description = "Works like POST /api/v1/scan. regions may also be a number. The number is ignored, and every enabled region is scanned."
	register(s, alias, func(ctx context.Context, in *aliasInput) (*huma.StreamResponse, error) {
		body := given(in.Body)
		body.ScanBody.Regions = body.Regions
		return s.scan(ctx, in.ScanParams, body.ScanBody)
	})

	register(s, huma.Operation{
		OperationID: "retry-job", Method: http.MethodPost, Path: jobsPath + "/{id}/retry", Tags: []string{"scans"},
		Summary:       "Scan a job's failed cells again",
		Description:   "Needs credentials like POST /api/v1/scan: those of the first run were deleted when it ended. Answers 409 while the job runs, or when no cell failed.",
		DefaultStatus: http.StatusAccepted,
		Errors:        []int{http.StatusConflict},
	}, s.retry)

	register(s, huma.Operation{
		OperationID: "validate-credentials", Method: http.MethodPost, Path: "/validate-credentials", Tags: []string{"compatibility"},
		Summary:     "Check the form of credentials",
		Description: "Checks the form only. The API does not call AWS: a scan shows whether AWS accepts them.",
	}, s.validateCredentials)
}

// startedResponses are the answers of a request that starts a job and may wait
// for its end. Also the problem of a job that has ended says which it was.
func (s *Server) startedResponses(ended string, document *huma.Schema, going string) map[string]*huma.Response {
	answer, job := jsonAnswer(ended, document), jsonAnswer(going, schema[accepted](s))
	applied := stringHeader("wait, when Prefer asked for it")
	answer.Headers = map[string]*huma.Header{"Location": jobLocation, "Preference-Applied": applied}
	job.Headers = map[string]*huma.Header{"Location": jobLocation, "Retry-After": retryAfter, "Preference-Applied": applied}
	problem := withHeaders(map[string]*huma.Header{"Location": jobLocation})
	return map[string]*huma.Response{
		status(http.StatusOK): answer, status(http.StatusAccepted): job,
		status(http.StatusConflict): problem, status(http.StatusUnprocessableEntity): problem, status(http.StatusInternalServerError): problem,
	}
}

// given is what v points to, or nothing: credentials may come in headers alone.
func given[T any](v *T) T {
	if v == nil {
		return *new(T)
	}
	return *v
}

func (s *Server) scan(ctx context.Context, in ScanParams, body ScanBody) (*huma.StreamResponse, error) {
	return s.start(ctx, tracker.KindScan, in, body, s.ended)
}

// start starts a job, and answers it by ended when it ends within the wait.
func (s *Server) start(
	ctx context.Context, kind string, in ScanParams, body ScanBody,
	ended func(ctx context.Context, job tracker.Job, preferred bool) (*huma.StreamResponse, error),
) (*huma.StreamResponse, error) {
	req, err := s.scanRequest(body.ScanSelection)
	if err != nil {
		return nil, err
	}
	creds, account, err := s.credentials(ctx, body.CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	if err := s.resolve(ctx, creds, account, &req); err != nil {
		return nil, err
	}
	if err := s.withinGrants(ctx, tracker.PermitScan, req); err != nil {
		return nil, err
	}
	job, created, err := s.Jobs.Submit(ctx, tracker.Submission{
		Kind: kind, Owner: owner(ctx), By: caller(ctx), Request: req, Seal: s.seal(ctx, tracker.SealJob, creds), CredentialsDigest: credentialsDigest(creds), Lane: tracker.LaneInteractive,
		Account: numberOf(creds, account), IdempotencyKey: in.IdempotencyKey, OwnFlight: creds.Sealed != "" || body.SingleFlight != nil && !*body.SingleFlight,
	})
	if err != nil {
		return nil, located("body.", err)
	}
	wait, preferred := s.wait(in)
	if job = s.await(ctx, job, wait); wait > 0 && job.State.Terminal() {
		return ended(ctx, job, preferred)
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) {
		w.Header().Set("Location", linksOf(job).Self)
		w.Header().Set("Retry-After", "1")
		if preferred {
			w.Header().Set("Preference-Applied", "wait")
		}
		writeJSON(w, http.StatusAccepted,
			accepted{Success: true, JobID: job.ID, State: job.State, Created: created, Links: linksOf(job)})
	}), nil
}

// scanRequest checks what the schema cannot, and reports all of it at once.
func (s *Server) scanRequest(b ScanSelection) (tracker.ScanRequest, error) {
	var faults []FieldError
	fault := func(location, message string, args ...any) {
		faults = append(faults, FieldError{"body." + location, fmt.Sprintf(message, args...)})
	}
	types, excluded := b.types(s.catalogue, fault)
	excludedRegions := b.excludedRegions(fault)
	b.checkTags(fault)
	filter, wrong := s.readFilterBody("body.filter", b.Filter)
	faults = append(faults, wrong...)
	req := tracker.ScanRequest{
		Types: types, ExcludeTypes: excluded,
		Regions: b.regions("regions", b.Regions, fault), ExcludeRegions: excludedRegions,
		Tags: b.Tags, Filter: filter, NoListeners: b.NoListeners, Details: b.details(s.catalogue, fault), Organization: b.Organization, MaxWorkers: s.MaxWorkers, TimeoutSeconds: int(s.ScanTimeout.Seconds()),
		Findings: b.Findings == nil || *b.Findings, Metrics: b.Metrics,
	}
	req.Billed = b.Billed.request(time.Now(), fault)
	if req.Metrics && !req.Findings {
		fault("metrics", "are read for findings only, and the request switches findings off")
	}
	seen := map[string]bool{}
	for i, a := range b.Accounts {
		at := fmt.Sprintf("accounts[%d].", i)
		regions := b.regions(at+"regions", a.Regions, fault)
		if wrong := a.named(); wrong != "" {
			fault(fmt.Sprintf("accounts[%d]", i), "%s", wrong)
		} else if seen[a.Account+a.RoleARN] {
			fault(at+"role_arn", "named twice")
		}
		seen[a.Account+a.RoleARN] = true
		req.Accounts = append(req.Accounts, tracker.AccountRef{Account: a.Account, RoleARN: a.RoleARN, ExternalID: given(a.ExternalID), Regions: regions})
	}
	if b.Organization && len(b.Accounts) > 0 {
		fault("organization", "cannot be combined with accounts")
	}
	if b.MaxWorkers != nil {
		req.MaxWorkers = *b.MaxWorkers
	}
	if b.TimeoutSeconds != nil {
		req.TimeoutSeconds = *b.TimeoutSeconds
		if most := int(s.MaxScanTimeout.Seconds()); req.TimeoutSeconds > most {
			fault("timeout_seconds", "expected number <= %d", most)
		}
	}
	if len(faults) > 0 {
		return tracker.ScanRequest{}, invalid(faults...)
	}
	return req, nil
}

// distinct returns the sorted set of list, so that equal scans look equal.
func distinct[T ~string](list []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

type aliasInput struct {
	ScanParams
	Body *AliasBody
}

// AliasBody is a ScanBody whose regions may be a number.
type AliasBody struct {
	_ struct{} `additionalProperties:"false"`
	ScanBody
	Regions regionsOrCount `json:"regions,omitempty"`
}

// regionsOrCount is a list of regions. A number, which the earlier service's
// test client sends, is every region.
type regionsOrCount []string

// Schema implements huma.SchemaProvider.
func (regionsOrCount) Schema(huma.Registry) *huma.Schema {
	most, longest := 100, 32 // as those of ScanSelection
	s := &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeArray, MaxItems: &most, Items: &huma.Schema{Type: huma.TypeString, MaxLength: &longest}}, {Type: huma.TypeInteger},
	}}
	s.PrecomputeMessages()
	return s
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *regionsOrCount) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(b, []byte("[")) {
		return nil
	}
	return json.Unmarshal(b, (*[]string)(r))
}

type retryInput struct {
	CredentialHeaders
	ID   string `path:"id" maxLength:"128" doc:"The job"`
	Body *RetryBody
}

// RetryBody is the credentials of a rerun.
type RetryBody struct {
	_ struct{} `additionalProperties:"false"`
	CredentialFields
}

type acceptedOutput struct {
	Location   string `header:"Location" doc:"The job"`
	RetryAfter string `header:"Retry-After" doc:"Seconds until asking again is worth it"`
	Body       accepted
}

func (s *Server) retry(ctx context.Context, in *retryInput) (*acceptedOutput, error) {
	before, err := s.job(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.withinGrants(ctx, tracker.PermitScan, before.Request); err != nil {
		return nil, err
	}
	creds, _, err := s.credentials(ctx, given(in.Body).CredentialFields, in.CredentialHeaders)
	if err != nil {
		return nil, err
	}
	sealed, err := s.seal(ctx, tracker.SealJob, creds)(before.ID)
	if err != nil {
		return nil, err
	}
	job, err := s.Jobs.Retry(ctx, caller(ctx), in.ID, sealed)
	if err != nil {
		return nil, err
	}
	return &acceptedOutput{
		Location: linksOf(job).Self, RetryAfter: "1",
		Body: accepted{Success: true, JobID: job.ID, State: job.State, Links: linksOf(job)},
	}, nil
}

type validateInput struct {
	CredentialHeaders
	Body *RetryBody
}

type validated struct {
	Success     bool   `json:"success" doc:"Always true"`
	ValidFormat bool   `json:"valid_format" doc:"Always true: anything else is an error"`
	Verified    bool   `json:"verified" doc:"Always false: AWS was not asked"`
	Message     string `json:"message"`
}

func (s *Server) validateCredentials(ctx context.Context, in *validateInput) (*struct{ Body validated }, error) {
	if _, _, err := s.credentials(ctx, given(in.Body).CredentialFields, in.CredentialHeaders); err != nil {
		return nil, err
	}
	return &struct{ Body validated }{validated{
		Success: true, ValidFormat: true,
		Message: "The form is right. AWS was not asked: start a scan to see whether it takes the credentials.",
	}}, nil
}
