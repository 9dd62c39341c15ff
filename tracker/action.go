package tracker

import (
	"slices"
	"time"
)

// Gone is the state of a resource that does not exist, or no longer.
const Gone = "gone"

// Ref names a resource within an account and region.
type Ref struct {
	Type Type   `json:"resource_type"`
	ID   string `json:"resource_id"`
}

// ActionItem names one change to one resource.
type ActionItem struct {
	ResourceID string `json:"resource_id"`
	Type       Type   `json:"resource_type"`
	Region     string `json:"region"`
	AccountID  string `json:"account_id,omitempty"`
	// Verb is one that the catalogue names for the type, such as "stop".
	Verb string `json:"action"`
	// Params are what the verb takes, such as {"retention_days": 30}.
	Params Metadata `json:"params,omitempty"`
	// Lift names the rules that must not stop this item, such as
	// "termination_protection".
	Lift []string `json:"lift,omitempty"`
}

// Refusal says why an item will not be carried out.
type Refusal struct {
	// Rule is the name of the rule, such as "protect_tag".
	Rule    string `json:"rule"`
	Message string `json:"message"`
	// HowToLift says what to do about it; empty when nothing can be done.
	HowToLift string `json:"how_to_lift,omitempty"`
	// Liftable says that naming the rule in the item's lift lets it through.
	Liftable bool `json:"liftable"`
	// ClearedBy are the resources whose deletion in the same plan clears it, such as
	// the NAT gateway that an address is associated with.
	ClearedBy []Ref `json:"cleared_by,omitempty"`
}

// Sight is what a look at the live resource of an item tells.
type Sight struct {
	// Resource is as a scan would see it; its State is Gone when it does not exist.
	Resource Resource `json:"resource"`
	// Watched are the facts that must still hold when the item is carried out, such
	// as its state, its attachment and when it was launched.
	Watched map[string]string `json:"watched"`
	// Refusals are the rules that forbid the item, those in its Lift left out.
	Refusals []Refusal `json:"refusals"`
	// Taken are other resources that cease to exist with the item, such as volumes
	// that go with their instance. One that could not be looked at has no metadata.
	Taken []Resource `json:"taken,omitempty"`
	// After are resources whose own items, where a plan has any, come first.
	After []Ref `json:"after,omitempty"`
	// Dependents are what would be affected, in words.
	Dependents []string `json:"dependents,omitempty"`
	// Notes are what a person has to know, such as that RDS starts a stopped
	// instance again after seven days.
	Notes []string `json:"notes,omitempty"`
	// Waits says why the item cannot begin yet, though nothing forbids it: what is in
	// its way goes by itself. Empty when nothing is.
	Waits string `json:"waits,omitempty"`
	// Done says that nothing is left to do: the resource is as the verb would make it.
	Done bool `json:"done"`
}

// Doing is an item while it is carried out: what its steps know and leave behind.
type Doing struct {
	Item ActionItem `json:"item"`
	// Seen is the resource as it was when the item was begun.
	Seen Resource `json:"seen"`
	// Token is unique to the item, and the same whenever it is tried: for the client
	// token of calls that take one, and the tag on what a step creates.
	Token string `json:"token"`
	// Left are the things that steps created, by name, such as "snapshot_id".
	Left map[string]string `json:"left,omitempty"`
	// AcceptedAt is when AWS took the call of the step in hand; nil: not that is known.
	// Moved says that a look has since shown the step under way.
	AcceptedAt *time.Time `json:"accepted_at,omitempty"`
	Moved      bool       `json:"moved,omitempty"`
}

// StepProgress says how far a step has come, as a look at AWS tells.
type StepProgress struct {
	Stage Stage `json:"stage"`
	// State is the state of the resource that was looked at.
	State string `json:"state"`
	// Left is what the step created, as far as the look found it.
	Left    map[string]string `json:"left,omitempty"`
	Message string            `json:"message,omitempty"`
}

// Stage is where a step stands.
type Stage string

// The stages of a step.
const (
	StepNotBegun Stage = "not_begun" // AWS shows no trace of it
	StepUnderWay Stage = "under_way"
	StepDone     Stage = "done"
	StepFailed   Stage = "failed" // AWS says that it will not succeed
)

// Step is one call of an item that changes something.
type Step struct {
	Name string
	// Repeats bounds a step that may be sent again: doing so changes nothing more than
	// was asked for. Such a step is sent for as long as a look says StepNotBegun. The
	// zero value is a step that is sent once.
	Repeats Repeats
}

// Repeatable says that a step may be sent again.
func (s Step) Repeatable() bool { return s.Repeats != Repeats{} }

// Repeats is how often a step may be sent. Both bounds hold, whoever sends it.
type Repeats struct {
	// For is how long after its first sending it may be sent again.
	For time.Duration
	// Idle is how many of its calls in a row may bring nothing on.
	Idle int
}

// Receipt is AWS's answer to a call that changes something.
type Receipt struct {
	RequestID string            `json:"request_id,omitempty"`
	Left      map[string]string `json:"left,omitempty"`
	// Changed counts what the call changed, of a step that changes many things bit by
	// bit: a call that changed any has brought it on.
	Changed int `json:"-"`
	// Trouble names what AWS would not change though it took the call, the first few,
	// and why. Final says that sending the step again would not help.
	Trouble string `json:"-"`
	Final   bool   `json:"-"`
}

// ActionInfo says what the catalogue knows about a verb of a type.
type ActionInfo struct {
	Type        Type     `json:"resource_type"`
	Verb        string   `json:"action"`
	Aliases     []string `json:"aliases,omitempty" doc:"Other words for the verb"`
	Summary     string   `json:"summary"`
	Permissions []string `json:"permissions" doc:"IAM actions that looking, acting and verifying call"`
	Params      []Param  `json:"params,omitempty"`
	Liftable    []string `json:"liftable,omitempty" doc:"Rules that an item may lift"`
	// Undo says how it is undone; empty: it cannot be.
	Undo string `json:"undo,omitempty"`
	// Reversible says that the undo gives back the same resource: off-hours allow it.
	Reversible bool `json:"reversible"`
	// Opposite is the verb of the type that takes back what this one does, such as start
	// of stop: the two can be a pair of off-hours. Empty: there is none.
	Opposite string `json:"opposite,omitempty" doc:"The action that off-hours pair it with"`
	// Destroys says that the resource ceases to exist.
	Destroys bool `json:"destroys"`
	// Creates says that the resource does not exist before, as where a volume is
	// restored from its snapshot.
	Creates bool `json:"creates,omitempty"`
	// Global says that the resource is the same in every region.
	Global bool `json:"-"`
	// Steps are the names of what it does, in order; each is sent at most once.
	Steps []string `json:"steps"`
	// Deadline is how long AWS may take until the change shows.
	Deadline time.Duration `json:"-"`
	// Confirm is how long after the change was seen it is looked at once more, to tell
	// whether it stays; 0 leaves it to the engine.
	Confirm time.Duration `json:"-"`
}

// Called reports whether a word, in lower case, stands for the verb.
func (a ActionInfo) Called(word string) bool {
	return a.Verb == word || slices.Contains(a.Aliases, word)
}

// Permission says whether the credentials may carry out an item.
type Permission struct {
	// Verdict is "allowed", "denied" or "not_known".
	Verdict string `json:"verdict" enum:"allowed,denied,not_known"`
	// How is the way it was found out: "dry_run" or "simulation"; empty when it was not.
	How string `json:"how,omitempty"`
	// Denied names the IAM actions that are missing, as far as known.
	Denied  []string `json:"denied,omitempty"`
	Message string   `json:"message,omitempty"`
}
