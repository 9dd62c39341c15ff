package tracker

import (
	"time"

	"github.com/consolesensei/resource-tracker/filter"
)

// JobState is where a job stands.
type JobState string

// The states, in order; the last four are terminal.
const (
	JobQueued     JobState = "queued"
	JobRunning    JobState = "running"
	JobFinalizing JobState = "finalizing"
	JobSucceeded  JobState = "succeeded" // every cell ok or empty
	JobPartial    JobState = "partial"   // some cells failed; coverage names them
	JobFailed     JobState = "failed"    // nothing could be seen
	JobCancelled  JobState = "cancelled"
)

// Terminal reports whether the job has ended.
func (s JobState) Terminal() bool {
	switch s {
	case JobSucceeded, JobPartial, JobFailed, JobCancelled:
		return true
	}
	return false
}

// Lane is the priority class that a job's tasks queue in.
type Lane string

// The lanes. Each has worker slots of its own, so that none starves another.
const (
	LaneInteractive Lane = "interactive"
	LaneScheduled   Lane = "scheduled"
	LaneActions     Lane = "actions"  // plans and their items
	LaneWebhooks    Lane = "webhooks" // events on their way out
)

// The kinds of jobs.
const (
	KindScan = "scan"
	// KindAccessCheck is a job whose cells are tried and not kept: it tells what a
	// scan of the same request would be denied.
	KindAccessCheck = "access_check"
)

// Job is one scan, or one access check, as clients see it.
type Job struct {
	ID    string   `json:"job_id"`
	Kind  string   `json:"kind" enum:"scan,access_check"`
	State JobState `json:"state" enum:"queued,running,finalizing,succeeded,partial,failed,cancelled"`
	// Owner is the principal that submitted the job; nobody else can read it.
	Owner   string      `json:"-"`
	Lane    Lane        `json:"lane" enum:"interactive,scheduled"`
	Shard   int         `json:"-"` // which of its lane's queues the job's tasks are in
	Request ScanRequest `json:"request"`
	// Reason says why the job did not succeed; empty when it did, or runs.
	Reason   string `json:"reason,omitempty"`
	Schedule string `json:"schedule_id,omitempty"`
	// AccountUnknown is set by a list of the jobs of one account.
	AccountUnknown bool     `json:"account_unknown,omitempty" doc:"Only in a list of one account: which accounts the job is about is not known yet, or never was, so that it may be about this one"`
	Progress       Progress `json:"progress"`
	// Calls are those that tries of its cells made which ended: nil where they were not counted.
	Calls *int64 `json:"calls" minimum:"0" doc:"Calls to AWS that the cells took, retries and pages included: those of each try of a cell that ended. A try that a worker died in is not counted, nor is what found the regions, read metrics or asked for bills. null for a job of a time before calls were counted"`
	// Summary grows while the job runs and is final when it has ended.
	Summary Summary `json:"summary"`
	// Callers are who an access check called AWS as, by account.
	Callers    []Caller   `json:"-"`
	CreatedAt  time.Time  `json:"created_at"`
	StartedAt  *time.Time `json:"started_at"`
	FinishedAt *time.Time `json:"finished_at"`
	DeadlineAt time.Time  `json:"deadline_at"`
	ExpiresAt  time.Time  `json:"expires_at" doc:"When the job and its result are deleted"`
}

// Complete reports whether the job has ended with every cell seen.
func (j Job) Complete() bool { return j.State == JobSucceeded }

// Whole reports whether a job sees its cells whole. What an access check, or a scan that keeps a selection, leaves out
// is not gone: the history takes in neither.
func (j Job) Whole() bool {
	return j.Kind == KindScan && len(j.Request.Tags) == 0 && j.Request.Filter.IsZero()
}

// JobsWanted says which jobs a list has; the zero value is all.
type JobsWanted struct {
	States []JobState // only jobs in one of these
	// Account is the number of an account: only jobs that are about it, and those of which
	// that cannot be told.
	Account string
}

// Progress counts a job's cells. While accounts are still being discovered,
// CellsTotal grows.
type Progress struct {
	CellsTotal  int             `json:"cells_total"`
	CellsClosed int             `json:"cells_closed"`
	ByOutcome   map[Outcome]int `json:"by_outcome"`
	// Discovering counts accounts whose regions are not known yet.
	Discovering int `json:"discovering"`
	Percent     int `json:"percent" minimum:"0" maximum:"100"`
}

// ScanRequest says what to scan. It holds no secret.
type ScanRequest struct {
	Types []Type `json:"types,omitempty"` // empty: the whole catalogue
	// ExcludeTypes are none of Types: what is excluded is not scanned as Other either.
	ExcludeTypes []Type   `json:"exclude_types,omitempty"`
	Regions      []string `json:"regions,omitempty"` // empty: every region enabled in the account
	// ExcludeRegions are left out, whether Regions names them or the account has them.
	ExcludeRegions []string `json:"exclude_regions,omitempty"`
	// Tags are what a resource has to carry, all of them, to be kept. AWS is asked
	// for the same with them and without.
	Tags map[string]string `json:"tags,omitempty"`
	// Filter is what a resource has to meet to be kept. Like Tags it changes neither
	// what AWS is asked nor the coverage.
	Filter filter.Filter `json:"filter,omitzero"`
	// NoListeners leaves the listeners of load balancers out.
	NoListeners bool `json:"no_listeners,omitempty"`
	// Details name what is read of resources besides, such as a bucket's lifecycle rules.
	Details []string `json:"details,omitempty"`
	// Accounts are scanned through a role each; empty: the account of the credentials.
	Accounts []AccountRef `json:"accounts,omitempty"`
	// Organization scans every active account of the organisation.
	Organization bool `json:"organization,omitempty"`
	MaxWorkers   int  `json:"max_workers,omitempty"` // region tasks at once, 1-20; 0: what the workers have
	// TimeoutSeconds is how long the job may take; 0: the server's default.
	TimeoutSeconds int `json:"timeout_seconds,omitempty"`
	// Findings asks for what the resources could cost less, and Metrics for those
	// findings too that need CloudWatch, which charges for every metric.
	Findings bool `json:"findings,omitempty"`
	Metrics  bool `json:"metrics,omitempty"`
	// Billed asks for what AWS has billed; nil does not.
	Billed *BilledRequest `json:"billed_cost,omitempty"`
}

// AccountRef is an account to scan through a role: with the request's own keys, or, for
// a registered account, with the server's own identity.
type AccountRef struct {
	Account    string   `json:"account,omitempty"`
	RoleARN    string   `json:"role_arn"`
	ExternalID string   `json:"external_id,omitempty"`
	Regions    []string `json:"regions,omitempty"`
}

// Event is something that happened to a job. IDs count from 1 without gaps.
type Event struct {
	ID    int64       `json:"id"`
	State JobState    `json:"state,omitempty"` // the job has come into this state
	Cell  *CellReport `json:"cell,omitempty"`  // or this cell has closed
}

// Submission is a job as it is handed to the job engine.
type Submission struct {
	// Kind is KindScan where it is empty.
	Kind  string
	Owner string
	// By is who asks; nobody is a submission of the owner itself.
	By      Principal
	Request ScanRequest
	// Sealed holds the credentials, readable by workers only. Where it is nil, Seal seals
	// them once it is known which job they are for.
	Sealed []byte
	Seal   Seal
	// CredentialsDigest tells whether two submissions use the same credentials.
	CredentialsDigest string
	Lane              Lane
	Schedule          string
	// JobID is set by schedules, whose job IDs derive from the tick; empty makes one.
	JobID string
	// Account is the number of the account of the credentials, where they say it.
	Account string
	// Retention is how long the result is kept; 0 is the store's default.
	Retention time.Duration
	// IdempotencyKey makes a repeated submission answer the first one's job.
	IdempotencyKey string
	// OwnFlight asks for a scan of its own even when the same one is running.
	OwnFlight bool
}
