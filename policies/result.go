package policies

import (
	"fmt"
	"time"
)

// What the program ends with.
const (
	ExitComplete = 0
	ExitOther    = 1 // something was not carried out as the policies say
	ExitUsage    = 2 // the file is wrong
	ExitPartial  = 3 // something could not be seen
	ExitDenied   = 4
	ExitAbove    = 5 // more matches than a policy allows
)

// Report is what became of a run.
type Report struct {
	File      string    `json:"file"`
	JobID     string    `json:"job_id"`
	JobState  string    `json:"job_state"`
	Applied   bool      `json:"applied"` // --apply was given: otherwise plans are made only
	StartedAt time.Time `json:"started_at"`
	EndedAt   time.Time `json:"ended_at"`
	Policies  []*Result `json:"policies"`
}

// State says how a policy ended.
type State string

// The states, the worst first.
const (
	StateDenied     State = "denied"     // it may not be seen or done
	StateFailed     State = "failed"     // it was not carried out, or not as planned
	StateRefused    State = "refused"    // its limits, or rules of the server, forbid it
	StateIncomplete State = "incomplete" // part of what it looks at could not be seen
	StateWaiting    State = "waiting"    // for an approval, or for days of grace
	StatePlanned    State = "planned"    // it would be carried out
	StateApplied    State = "applied"    // it was carried out
	StateMatched    State = "matched"    // something matches; there is nothing to be done
	StateClean      State = "clean"      // all was seen, and nothing matches
)

// Result is what became of a policy.
type Result struct {
	Policy      string `json:"policy"`
	Description string `json:"description,omitempty"`
	Action      string `json:"action"`
	Line        int    `json:"line"`
	State       State  `json:"state"`
	Message     string `json:"message,omitempty"` // what there is to say of the state
	Matched     int    `json:"matched"`
	// MonthlyCost adds up what the resources are known to cost; CostUnknown counts those without a
	// price.
	MonthlyCost float64 `json:"monthly_cost"`
	CostUnknown int     `json:"cost_unknown"`
	// Above says what of the bounds of the policy is exceeded.
	Above string `json:"above,omitempty"`
	// Incomplete says what could not be seen, each once.
	Incomplete []string  `json:"incomplete,omitempty"`
	Plans      []Planned `json:"plans,omitempty"`
	ScheduleID string    `json:"schedule_id,omitempty"`
	// Resources are those that match, at most maxListed.
	Resources []Match `json:"resources"`
}

// maxListed bounds how many resources of a policy are kept: a plan has no more items.
const maxListed = 10_000

// Match is a resource that a policy selects.
type Match struct {
	ResourceID   string   `json:"resource_id"`
	ResourceName *string  `json:"resource_name"`
	ResourceType string   `json:"resource_type"`
	AccountID    string   `json:"account_id"`
	Region       string   `json:"region"`
	ARN          string   `json:"arn,omitempty"`
	State        string   `json:"state"`
	MonthlyCost  *float64 `json:"estimated_cost_monthly"`
	Due          string   `json:"due,omitempty"` // the day from which on the verb is carried out
	Note         string   `json:"note,omitempty"`

	tags map[string]string
}

func (m Match) key() string {
	return m.AccountID + "/" + m.Region + "/" + m.ResourceType + "/" + m.ResourceID
}

// Planned is a plan of a policy.
type Planned struct {
	Phase         string         `json:"phase"` // tag, mark, unmark, or the verb
	PlanID        string         `json:"plan_id"`
	State         string         `json:"state"`
	Digest        string         `json:"digest,omitempty"`
	Items         int            `json:"items"`
	ByState       map[string]int `json:"by_state"`
	MonthlySaving float64        `json:"monthly_saving"`
	SavingUnknown int            `json:"saving_unknown"`
	Reason        string         `json:"reason,omitempty"`
	Refusals      []Refused      `json:"refusals,omitempty"` // at most maxRefusals
}

// maxRefusals bounds how many refused items a result names.
const maxRefusals = 100

// Refused is an item that a rule forbids.
type Refused struct {
	ResourceID string `json:"resource_id"`
	Rule       string `json:"rule"`
	Message    string `json:"message"`
}

// Code is what the program ends with: what is certain comes before what could not be seen.
func (r *Report) Code() int {
	code := ExitComplete
	rank := map[int]int{ExitComplete: 0, ExitPartial: 1, ExitAbove: 2, ExitOther: 3, ExitDenied: 4}
	for _, p := range r.Policies {
		if c := p.code(); rank[c] > rank[code] {
			code = c
		}
	}
	return code
}

func (r *Result) code() int {
	switch {
	case r.State == StateDenied:
		return ExitDenied
	case r.State == StateFailed || r.State == StateRefused:
		return ExitOther
	case r.Above != "":
		return ExitAbove
	case len(r.Incomplete) > 0:
		return ExitPartial
	}
	return ExitComplete
}

// settle gives the policy its state from what has become of it.
func (r *Result) settle(state State, format string, args ...any) {
	r.State, r.Message = state, fmt.Sprintf(format, args...)
}

// unseen notes what could not be seen, once.
func (r *Result) unseen(format string, args ...any) {
	r.Incomplete = append(r.Incomplete, fmt.Sprintf(format, args...))
}
