// Package api is the HTTP face of the tracker: it checks requests, seals
// credentials, hands scans to the job engine and reads results back. It never
// calls AWS.
package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/gzhttp"
	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Jobs starts, stops and resumes scans.
type Jobs interface {
	// Submit starts a scan. The same idempotency key, or the same scan while it
	// runs, answers the job that exists, with created false.
	Submit(ctx context.Context, s tracker.Submission) (job tracker.Job, created bool, err error)
	Cancel(ctx context.Context, by tracker.Principal, id string) (tracker.Job, error)
	// Retry runs the failed cells of a finished job again.
	Retry(ctx context.Context, by tracker.Principal, id string, sealed []byte) (tracker.Job, error)
	Schedules
	Plans
	Webhooks
}

// Schedules starts scans again and again. A schedule of somebody else is
// CodeNotFound.
type Schedules interface {
	// AddSchedule writes a new schedule. The same idempotency key, if there is
	// one, answers the schedule that exists, with created false; another request
	// under it, as the digest tells, is CodeConflict. seal seals the credentials for it.
	AddSchedule(ctx context.Context, sc tracker.Schedule, seal tracker.Seal, key, digest string) (_ tracker.Schedule, created bool, err error)
	// PutSchedule changes a schedule. Nil credentials leave those it has.
	PutSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte) (tracker.Schedule, error)
	Schedule(ctx context.Context, owner, id string) (tracker.Schedule, error)
	// Schedules lists the owner's schedules, oldest first: with an account those that are, or
	// may be, about it, fewer than limit where they are rare.
	Schedules(ctx context.Context, owner, cursor string, limit int, account string) (schedules []tracker.Schedule, next string, err error)
	// NextRuns answers the next five times of a schedule that is not written, or why it could not be.
	NextRuns(ctx context.Context, sc tracker.Schedule) ([]time.Time, error)
	DeleteSchedule(ctx context.Context, by tracker.Principal, id string) error
	// ScheduleHistory lists what happened to a schedule, newest first.
	ScheduleHistory(ctx context.Context, owner, id string) ([]tracker.ScheduleEvent, error)
	// ScheduleRuns lists the runs whose results are kept, newest first.
	ScheduleRuns(ctx context.Context, owner, id string) ([]tracker.Job, error)
	// SchedulePlans lists the kept runs of a schedule that carries a plan, newest
	// first.
	SchedulePlans(ctx context.Context, owner, id string) ([]tracker.Plan, error)
	// RunScheduleOnce starts a run now. The same idempotency key, if there is
	// one, answers the run that it started first, with created false.
	RunScheduleOnce(ctx context.Context, by tracker.Principal, id, key string) (job tracker.Job, created bool, err error)
}

// Results reads jobs and what they found. Only Job, Jobs and Latest know
// owners: the others are called for a job that Job has answered.
type Results interface {
	// Job answers CodeNotFound also for a job of somebody else. A scan that
	// joined another has an ID of its own; the job that is answered carries the
	// ID that the reads below take.
	Job(ctx context.Context, owner, id string) (tracker.Job, error)
	// Jobs lists the owner's jobs that are wanted, newest first: fewer than limit where they are rare.
	Jobs(ctx context.Context, owner, cursor string, limit int, want tracker.JobsWanted) (jobs []tracker.Job, next string, err error)
	// Latest is the ID of the owner's newest finished scan, or CodeNotFound.
	Latest(ctx context.Context, owner string) (id string, err error)
	// Unrecorded are the owner's newest scans that have ended and are not in the history yet, the newest first.
	Unrecorded(ctx context.Context, owner string) ([]tracker.Job, error)
	// Coverage answers every cell, and Failed the closed ones that were not seen to
	// their end, ordered by account, region and type.
	Coverage(ctx context.Context, id string) ([]tracker.CellReport, error)
	Failed(ctx context.Context, id string) ([]tracker.CellReport, error)
	// Page answers at most limit resources in JSON, and the cursor of the rest.
	Page(ctx context.Context, id string, f filter.Filter, cursor string, limit int) (rows []json.RawMessage, next string, err error)
	// Each calls row with every resource in JSON, holding one page at a time.
	Each(ctx context.Context, id string, f filter.Filter, row func(json []byte) error) error
	// Events answers events after the one with the ID after, in order.
	Events(ctx context.Context, id string, after int64, limit int) ([]tracker.Event, error)
	// LastEvent is the ID of the last event, or 0.
	LastEvent(ctx context.Context, id string) (int64, error)
	FindingResults
	// Ping reports whether the store takes a write.
	Ping(ctx context.Context) error
	// Workers is how many workers live.
	Workers(ctx context.Context) (int, error)
}

// Server is the API as a handler.
type Server struct {
	Options
	handler   http.Handler
	echo      *echo.Echo
	huma      huma.API
	catalogue catalogue
	auth      *authenticator
	bodies    *budget
	guard     *guard
	hub       *hub
	crew      *crew
	endpoints map[string]endpoint
	sorted    *inventory.Kept        // of sorted inventories that somebody pages through
	links     signInLinks            // that sign in once
	spec      func() ([]byte, error) // the document, written when it is first asked for
	done      chan struct{}
	close     sync.Once
}

// New returns the API, or an error that lists every option at fault.
func New(o Options) (*Server, error) {
	var errs []error
	if o.Jobs == nil || o.Results == nil || o.Plans == nil || o.Audit == nil || o.Accounts == nil || o.Sealer == nil {
		errs = append(errs, errors.New("jobs, results, plans, audit, accounts and sealer are needed"))
	}
	if len(o.Types) == 0 {
		errs = append(errs, errors.New("the catalogue of types is empty"))
	}
	if slices.Contains(o.APIKeys, "") || slices.Contains(o.OperatorKeys, "") {
		errs = append(errs, errors.New("an API key is empty"))
	}
	if len(o.OperatorKeys) == 0 && o.Issuer == nil && (o.Metrics != nil || o.Monitoring != nil) {
		errs = append(errs, errors.New("metrics and monitoring need operator keys or an issuer: nobody else may see them"))
	}
	for _, secret := range []string{o.SecretKey, o.OldSecretKey} {
		if n := len(secret); n > 0 && n < minSecret {
			errs = append(errs, fmt.Errorf("a secret key has %d bytes and needs %d", n, minSecret))
		}
	}
	for _, origin := range o.CORSOrigins {
		if origin == anyOrigin && len(o.CORSOrigins) == 1 {
			continue
		}
		if !strings.Contains(origin, "://") || strings.ContainsAny(origin, "*?") || strings.HasSuffix(origin, "/") {
			errs = append(errs, fmt.Errorf("CORS origin %q is not an exact origin such as https://console.example.com", origin))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return build(o)
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends open event streams and waiting requests, so that
// http.Server.Shutdown need not wait for them: give it to RegisterOnShutdown.
func (s *Server) Close() { s.close.Do(func() { close(s.done) }) }

func build(o Options) (*Server, error) {
	o.setDefaults()
	s := &Server{
		Options:   o,
		catalogue: newCatalogue(o.Types),
		auth:      newAuthenticator(o),
		bodies:    newBudget(o.BodyBudget, o.BodyWait),
		guard:     newGuard(o.AddressLimits),
		hub:       newHub(o.MaxStreams, o.MaxStreamsEach),
		crew:      &crew{ask: func(ctx context.Context) (int, error) { return o.Results.Workers(ctx) }},
		endpoints: map[string]endpoint{},
		sorted:    inventory.NewKept(32, 5000),
		done:      make(chan struct{}),
	}
	s.echo = s.newEcho()
	s.huma = s.newHuma()
	s.registerScans()
	s.registerCredentials()
	s.registerAccess()
	s.registerJobs()
	s.registerSchedules()
	s.registerAccounts()
	s.registerWebhooks()
	s.registerActions()
	s.registerPlans()
	s.registerPlanEvents()
	s.registerPlanReport()
	s.registerAudit()
	s.registerEvents()
	s.registerResults()
	s.registerCosts()
	s.registerFindings()
	s.registerLiveFindings()
	s.registerTrends()
	s.registerBudgets()
	s.registerBills()
	s.registerCompliance()
	s.registerResources()
	s.registerInventory()
	s.registerDiff()
	s.registerReport()
	s.registerKeys()
	s.registerTenants()
	s.registerSessions()
	s.registerService()
	s.registerPolicy()
	s.registerQuota()
	s.registerOperations()

	moneyCanBeUnknown(s.huma.OpenAPI().Components.Schemas)
	s.spec = sync.OnceValues(func() ([]byte, error) { return marshalSpec(s.huma.OpenAPI()) })
	s.registerPages()
	if err := s.registerConsole(); err != nil {
		return nil, err
	}

	// Events are sent one by one: compressing them would hold them back.
	compress, err := gzhttp.NewWrapper(gzhttp.EnableZstd(true), gzhttp.MinSize(1024),
		gzhttp.ExceptContentTypes([]string{eventStream}))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	s.handler = traced(compress(s.echo))
	return s, nil
}

// register adds an operation. It needs authentication unless it says anonymous,
// and its handler's errors become problems. Its Errors are those that do not
// follow from what it takes.
func register[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	if op.Security == nil {
		op.Security = principals
	}
	_, hasBody := reflect.TypeFor[I]().FieldByName("Body")
	op.Responses, op.Errors = s.responses(&op, hasBody), nil
	if op.MaxBodyBytes == 0 {
		op.MaxBodyBytes = s.MaxBody
	}
	op.MaxBodyBytes = min(op.MaxBodyBytes, s.MaxFilterBody)
	if len(op.Security[0]) > 0 {
		need := permissionOf(&op)
		if need == "" {
			panic("the operation " + op.OperationID + " has no line in the table of permissions")
		}
		op.Extensions = map[string]any{"x-permission": need}
	}
	s.addEndpoint(&op)
	timeout := s.RequestTimeout
	if op.Metadata[waits] == true {
		timeout += maxWait
	}
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		out, err := handle(ctx, in)
		if err != nil {
			p := s.problem(ctx, err)
			noteRefusal(ctx, p)
			return nil, p
		}
		return out, nil
	})
	exemplify(registered(s.huma.OpenAPI().Paths[op.Path], op.Method))
}

// job answers the caller's own job; an ID that cannot be one is not found.
func (s *Server) job(ctx context.Context, id string) (tracker.Job, error) {
	if !jobID.MatchString(id) {
		return tracker.Job{}, tracker.Errorf(tracker.CodeNotFound, "no such job")
	}
	job, err := s.Results.Job(ctx, owner(ctx), id)
	if err != nil {
		return tracker.Job{}, err
	}
	return s.present(job), nil
}

// scanned answers the caller's own scan. An access check is none: it keeps nothing,
// which must not look like a scan that found nothing.
func (s *Server) scanned(ctx context.Context, id string) (tracker.Job, error) {
	job, err := s.job(ctx, id)
	if err == nil && job.Kind == tracker.KindAccessCheck {
		p := newProblem(http.StatusConflict, "the job is an access check and has no resources: GET "+linksOf(job).Result+" answers its report")
		p.JobID = job.ID
		return tracker.Job{}, p
	}
	return job, err
}

// present makes empty what would be null, and leaves out what only AWS needs to
// know.
func (s *Server) present(j tracker.Job) tracker.Job {
	j.Request = withoutExternalIDs(j.Request)
	if j.Progress.ByOutcome == nil {
		j.Progress.ByOutcome = map[tracker.Outcome]int{}
	}
	sum := tracker.NewSummary()
	sum.Merge(j.Summary)
	sum.Cost.Complete(s.catalogue.service)
	j.Summary = sum
	return j
}

// withoutExternalIDs is a request as it is answered: an external ID is what an
// account's owner trusts a caller by, so it is taken and never told.
func withoutExternalIDs(r tracker.ScanRequest) tracker.ScanRequest {
	r.Accounts = slices.Clone(r.Accounts)
	for i := range r.Accounts {
		r.Accounts[i].ExternalID = ""
	}
	return r
}
