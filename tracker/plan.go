package tracker

import (
	"time"

	"github.com/consolesensei/resource-tracker/filter"
)

// PlanState is where a plan stands.
type PlanState string

// The states of a plan; the last five are terminal.
const (
	PlanPlanning  PlanState = "planning"  // its items are being looked at
	PlanPlanned   PlanState = "planned"   // frozen; waits to be applied
	PlanScheduled PlanState = "scheduled" // to be applied later
	PlanApplying  PlanState = "applying"
	PlanHeld      PlanState = "held"      // too many items failed; waits for resume or cancel
	PlanSucceeded PlanState = "succeeded" // every item that was to be carried out is verified
	PlanPartial   PlanState = "partial"   // some items are not verified; each says why
	PlanFailed    PlanState = "failed"    // nothing was changed
	PlanCancelled PlanState = "cancelled"
	PlanExpired   PlanState = "expired" // nobody applied it in time
)

// Terminal reports whether the plan has ended.
func (s PlanState) Terminal() bool {
	switch s {
	case PlanSucceeded, PlanPartial, PlanFailed, PlanCancelled, PlanExpired:
		return true
	}
	return false
}

// ItemState is where an item of a plan stands.
type ItemState string

// The states of an item; those from ItemRefused on are terminal.
const (
	ItemPlanned       ItemState = "planned"        // nothing has been done
	ItemWaiting       ItemState = "waiting"        // for other items, or for its wave
	ItemReady         ItemState = "ready"          // on the queue
	ItemRunning       ItemState = "running"        // begun; what was sent is in its steps
	ItemRefused       ItemState = "refused"        // a rule forbids it; nothing was sent
	ItemVerified      ItemState = "verified"       // read back from AWS as it should be
	ItemFailed        ItemState = "failed"         // AWS refused it, or it is not known to have been carried out
	ItemBlocked       ItemState = "blocked"        // an item that it needs did not succeed; nothing was sent
	ItemVerifyTimeout ItemState = "verify_timeout" // accepted by AWS, but not seen to happen in time
	ItemReappeared    ItemState = "reappeared"     // it was seen to happen, and then to be undone by somebody else
	ItemNotRun        ItemState = "not_run"        // the plan was cancelled first
)

// ItemStates lists the states that items end in, the good one first.
var ItemStates = []ItemState{
	ItemVerified, ItemRefused, ItemFailed, ItemBlocked, ItemVerifyTimeout, ItemReappeared, ItemNotRun,
}

// Terminal reports whether the item has ended.
func (s ItemState) Terminal() bool {
	switch s {
	case ItemPlanned, ItemWaiting, ItemReady, ItemRunning:
		return false
	}
	return true
}

// Plan is a frozen list of changes. What is carried out is exactly a plan.
type Plan struct {
	ID    string    `json:"plan_id"`
	State PlanState `json:"state" enum:"planning,planned,scheduled,applying,held,succeeded,partial,failed,cancelled,expired"`
	// Owner is the tenant that the plan belongs to; Asker is who asked for it.
	Owner  string    `json:"-"`
	Asker  Principal `json:"-"`
	Author string    `json:"author" doc:"Who asked for the plan, as in the audit"`
	// AccountID is the account of its credentials, which it changes.
	AccountID string `json:"account_id,omitempty" doc:"The account that it is about; absent while that is not known"`
	// AccountUnknown is set by a list of the plans of one account.
	AccountUnknown bool `json:"account_unknown,omitempty" doc:"Only in a list of one account: which account the plan is about is not known yet, or never was, so that it may be about this one"`
	Shard          int  `json:"-"`
	// Digest names exactly what the plan would do; applying takes it. Empty while planning.
	Digest  string      `json:"digest,omitempty"`
	Request PlanRequest `json:"request"`
	// Reason says why the plan failed, is held or was cancelled.
	Reason string     `json:"reason,omitempty"`
	Totals PlanTotals `json:"totals"`
	// Approval says who has to agree, and who has.
	Approval Approval `json:"approval"`
	// UndoOf is the plan that this one undoes; Schedule is what started it.
	UndoOf   string `json:"undo_of,omitempty"`
	UndoneBy string `json:"undone_by,omitempty" doc:"The newest plan that was made to undo this one"`
	Schedule string `json:"schedule_id,omitempty"`
	// LookBeganAt is when a worker first began to look at the items.
	LookBeganAt *time.Time `json:"-"`

	CreatedAt  time.Time  `json:"created_at"`
	ApplyAt    *time.Time `json:"apply_at,omitempty" doc:"When it is applied, if later"`
	AppliedAt  *time.Time `json:"applied_at"`
	FinishedAt *time.Time `json:"finished_at"`
	ExpiresAt  time.Time  `json:"expires_at" doc:"Until when it can be applied; after its end, until when it can be read"`
}

// PlanRequest says what to plan. It holds no secret.
type PlanRequest struct {
	// Items are named one by one; or Select finds them. Once the plan is frozen they
	// are its items, and no longer here.
	Items  []ActionItem   `json:"actions,omitempty"`
	Select *PlanSelection `json:"select,omitempty"`
	// Apply carries the plan out as soon as it is frozen.
	Apply bool `json:"apply"`
	// After is how many seconds later it is carried out, cancellable until then. An
	// item whose resource is in use again by then is dropped.
	After int `json:"after_seconds,omitempty"`
	// MaxItems bounds the plan; MaxSharePercent bounds the share of the resources of
	// a type that it selects; 0 is the server's setting.
	MaxItems        int `json:"max_items,omitempty"`
	MaxSharePercent int `json:"max_share_percent,omitempty"`
	// MaxFailurePercent is the share of failed items that holds the rest; 0 is 10.
	MaxFailurePercent int `json:"max_failure_percent,omitempty"`
	// Canary carries out one item first, then a tenth, then all; nil is yes for ten
	// items and more.
	Canary *bool `json:"canary,omitempty"`
}

// PlanSelection finds the items of a plan: by a filter over a finished scan, or
// over what a listing finds at the time.
type PlanSelection struct {
	JobID  string        `json:"job_id,omitempty"`
	Filter filter.Filter `json:"filter"`
	Verb   string        `json:"action"`
	Params Metadata      `json:"params,omitempty"`
	Lift   []string      `json:"lift,omitempty"`
	// Regions are listed live when there is no job; none is every enabled one.
	Regions []string `json:"regions,omitempty"`
}

// MaySelect reports whether the filter can select resources of a type.
func (s PlanSelection) MaySelect(t Type) bool { return s.Filter.MayHold(filter.FieldType, string(t)) }

// Approval says whether somebody else has to agree before a plan is applied.
type Approval struct {
	Required bool       `json:"required"`
	By       string     `json:"by,omitempty"`
	At       *time.Time `json:"at,omitempty"`
}

// PlanTotals counts a plan's items.
type PlanTotals struct {
	Items   int               `json:"items"`
	ByState map[ItemState]int `json:"by_state"`
	// MonthlySaving adds up the known savings of the items that are not refused;
	// SavingUnknown counts those whose saving is not known.
	MonthlySaving Money `json:"monthly_saving"`
	SavingUnknown int   `json:"saving_unknown"`
}

// PlanItem is one change of a plan: what was seen of the resource, what would
// happen, and what has happened.
type PlanItem struct {
	Index int `json:"index"`
	ActionItem
	Name *string `json:"resource_name"`
	// Seen is the resource's state when it was planned, Watched what must still
	// hold when it is carried out.
	Seen    string            `json:"state"`
	Watched map[string]string `json:"watched,omitempty"`
	// Would says what will happen.
	Would      string      `json:"would"`
	Refusals   []Refusal   `json:"refusals"`
	Dependents []string    `json:"dependents,omitempty"`
	Notes      []string    `json:"notes,omitempty"`
	Permission *Permission `json:"permission,omitempty"`
	// DependsOn are the indexes of the items that come first.
	DependsOn []int `json:"depends_on,omitempty"`
	// Undo says how it can be undone; empty: it cannot be.
	Undo          string     `json:"undo,omitempty"`
	MonthlySaving *Money     `json:"monthly_saving"`
	Ledger        ItemLedger `json:"ledger"`
}

// PlanAbout is an item of a plan that is about a resource, with its plan.
type PlanAbout struct {
	Plan Plan
	Item PlanItem
}

// ItemLedger is what has happened to an item.
type ItemLedger struct {
	State   ItemState `json:"item_state" enum:"planned,waiting,ready,running,refused,verified,failed,blocked,verify_timeout,reappeared,not_run"`
	Message string    `json:"message,omitempty"`
	Error   *Failure  `json:"error,omitempty"`
	// Current is the resource's state as last seen.
	Current    string       `json:"current_state,omitempty"`
	Steps      []StepRecord `json:"steps,omitempty"`
	BegunAt    *time.Time   `json:"begun_at,omitempty"`
	FinishedAt *time.Time   `json:"finished_at,omitempty"`
	// Inverse is the item that undoes this one.
	Inverse *ActionItem `json:"inverse,omitempty"`
}

// StepRecord is what is known of one call that changes something: it is written
// before the call, and after it.
type StepRecord struct {
	Name string `json:"name"`
	// IntendedAt is when the call was about to be sent, AcceptedAt when AWS took it,
	// DoneAt when its effect was seen.
	IntendedAt *time.Time `json:"intended_at,omitempty"`
	AcceptedAt *time.Time `json:"accepted_at,omitempty"`
	DoneAt     *time.Time `json:"done_at,omitempty"`
	RequestID  string     `json:"request_id,omitempty"`
	// FirstAt is when its first call was about to be sent. Calls counts its calls, and
	// Idle the last of them in a row that brought nothing on.
	FirstAt *time.Time `json:"first_sent_at,omitempty"`
	Calls   int        `json:"calls,omitempty" doc:"How many calls were sent; one that AWS throttled counts"`
	Idle    int        `json:"-"`
	// Trouble is what AWS answered last to a call that it did not carry out in full.
	Trouble string `json:"trouble,omitempty"`
	// MovedAt is when a look first showed it under way.
	MovedAt *time.Time `json:"-"`
	// Left is what the step created, such as a snapshot.
	Left map[string]string `json:"left,omitempty"`
}

// PlanSubmission is a plan as it is handed to the engine.
type PlanSubmission struct {
	Owner string
	// By is who asks; nobody is a submission of the owner itself.
	By      Principal
	Request PlanRequest
	// Sealed holds the credentials, readable by workers only. Where it is nil, Seal seals
	// them once it is known which plan they are for. CredentialsDigest tells them apart.
	Sealed            []byte
	Seal              Seal
	CredentialsDigest string
	IdempotencyKey    string
	UndoOf            string
	Schedule          string
	PlanID            string // set by schedules, whose plan IDs derive from the tick
	// Account is the number of the account of the credentials, where they say it.
	Account string
	// Until is when the plan must have begun, where that is before the server's limit.
	Until time.Time
}
