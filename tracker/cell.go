package tracker

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
)

// Cell is the unit of truth of a scan: one type in one region of one account.
// The cell whose region and type are Any stands for discovering what regions
// the account has; it is replaced by the cells it finds.
type Cell struct {
	AccountID string `json:"account_id"`
	Region    string `json:"region"`
	Type      Type   `json:"resource_type"`
}

// Words that stand for accounts whose number is not known before discovery.
const (
	SelfAccount         = "self"         // the account of the credentials
	OrganizationAccount = "organization" // every account of the organisation
)

// ID is the cell's name within its job: "account/region/type".
func (c Cell) ID() string { return c.Unit() + "/" + string(c.Type) }

// Unit names the region task that runs the cell: "account/region".
func (c Cell) Unit() string { return c.AccountID + "/" + c.Region }

// ParseCell is the inverse of Cell.ID.
func ParseCell(id string) (Cell, error) {
	f := strings.SplitN(id, "/", 3)
	if len(f) != 3 {
		return Cell{}, fmt.Errorf("cell ID %q is not account/region/type", id)
	}
	return Cell{f[0], f[1], Type(f[2])}, nil
}

// MayHold reports whether the cell can hold a resource that f selects.
func (c Cell) MayHold(f filter.Filter) bool {
	return f.Possible(func(cond filter.Condition) bool {
		switch cond.Field {
		case filter.FieldType:
			return cond.Meets(string(c.Type))
		case filter.FieldAccount:
			return cond.Meets(c.AccountID)
		case filter.FieldRegion:
			return c.Region == Global || cond.Meets(c.Region) || c.Elsewhere() && cond.Meets(Global)
		default:
			return true
		}
	})
}

// TypeOther is the type of what no scanner covers.
const TypeOther Type = "Other"

// Elsewhere reports whether the cell can hold resources of other regions than its own. Buckets of the global cell have one,
// of any name; and what is in no region, and has no scanner, is listed in the region of its service's control plane.
func (c Cell) Elsewhere() bool { return c.Region == Global || c.Type == TypeOther }

// CompareCells orders cells by account, region and type.
func CompareCells(a, b Cell) int {
	return cmp.Or(cmp.Compare(a.AccountID, b.AccountID), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Type, b.Type))
}

// Outcome is how a cell ended. The empty Outcome is a cell that is still open.
type Outcome string

// The outcomes.
const (
	OutcomeOK          Outcome = "ok"
	OutcomeEmpty       Outcome = "empty"           // looked, found nothing
	OutcomeDenied      Outcome = "denied"          // by an IAM policy
	OutcomeDeniedSCP   Outcome = "denied_scp"      // by a policy of the organisation
	OutcomeNotOptedIn  Outcome = "not_opted_in"    // the region is off for this account
	OutcomeUnsupported Outcome = "unsupported"     // the service is not in the region
	OutcomeBadCreds    Outcome = "bad_credentials" // invalid, expired or revoked
	OutcomeThrottled   Outcome = "throttled"
	OutcomeTimeout     Outcome = "timeout"
	OutcomeError       Outcome = "error"
	OutcomeCancelled   Outcome = "cancelled"
)

// Outcomes lists every outcome, the good ones first.
var Outcomes = []Outcome{
	OutcomeOK, OutcomeEmpty, OutcomeDenied, OutcomeDeniedSCP, OutcomeNotOptedIn, OutcomeUnsupported,
	OutcomeBadCreds, OutcomeThrottled, OutcomeTimeout, OutcomeError, OutcomeCancelled,
}

// Complete reports whether the cell was seen to its end.
func (o Outcome) Complete() bool { return o == OutcomeOK || o == OutcomeEmpty }

// Transient reports whether running the cell again may well end better.
func (o Outcome) Transient() bool {
	return o == OutcomeThrottled || o == OutcomeTimeout || o == OutcomeError
}

// Failure says why a cell, or a call to AWS, did not end well. It is an error.
type Failure struct {
	Outcome Outcome `json:"outcome"`
	// Code is AWS's own error code, such as "UnauthorizedOperation".
	Code string `json:"code,omitempty"`
	// API is the call that failed, such as "ec2:DescribeInstances".
	API       string `json:"api,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Message   string `json:"message"`
	// Missing names the IAM actions that an access check found to be missing.
	Missing []string `json:"missing_permissions,omitempty" doc:"Of an access check: the IAM actions that are missing"`
	// RetryAfter is how long AWS or the call budget asks to wait; it is not
	// part of the answer.
	RetryAfter time.Duration `json:"-"`
	// Unsent says that the call budget held the call back: AWS refused nothing.
	Unsent bool `json:"-"`
	// Harmless says that the call changed nothing: AWS refused it, or was never
	// reached. It is false for a call whose fate is not known.
	Harmless bool  `json:"-"`
	Err      error `json:"-"`
}

func (f *Failure) Error() string {
	s := f.Message
	if f.Code != "" {
		s = f.Code + ": " + s
	}
	if f.API != "" {
		s = f.API + ": " + s
	}
	return s
}

// Unwrap returns the SDK's error.
func (f *Failure) Unwrap() error { return f.Err }

// Elsewhere is an error of calls about some resources of a global cell that were made in
// the region of those resources.
type Elsewhere struct {
	Region    string
	Resources []string // their IDs
	Err       error
}

func (e *Elsewhere) Error() string { return e.Err.Error() }
func (e *Elsewhere) Unwrap() error { return e.Err }

// Note says of a cell what could not be seen of some of its resources, because their
// region is off for the account. The resources are listed, and the cell is judged by the
// rest: no other try and no permission makes such a region answer.
type Note struct {
	Region    string   `json:"region"`
	Outcome   Outcome  `json:"outcome"`
	Resources []string `json:"resources" doc:"IDs of the resources, the first twenty"`
	Count     int      `json:"count" doc:"How many resources there are"`
	Message   string   `json:"message"`
}

// MaxNoted is how many resources a Note names.
const MaxNoted = 20

// CellReport is one row of a job's coverage.
type CellReport struct {
	Cell
	Outcome   Outcome  `json:"outcome" doc:"How it ended; empty while it is open, as it is again after a retry"`
	Resources int      `json:"resources"`
	Attempts  int      `json:"attempts" doc:"How often the cell was tried since the job was started or retried"`
	ElapsedMS int64    `json:"elapsed_ms" doc:"Duration of the attempt that closed the cell, in milliseconds"`
	Error     *Failure `json:"error,omitempty"`
	Notes     []Note   `json:"notes,omitempty" doc:"What could not be seen of resources in regions that are off for the account; the cell may be complete"`
}
