package tracker

import (
	"slices"
	"strings"
	"time"
)

// Webhook is where a tenant wants its events sent.
type Webhook struct {
	ID          string `json:"webhook_id"`
	Owner       string `json:"-"` // the tenant
	Description string `json:"description,omitempty"`
	// Form is what the receiver understands.
	Form   WebhookForm `json:"form" enum:"standard,slack,teams,pagerduty,email"`
	Events []string    `json:"events" doc:"Types of events, such as job.failed, job.* or *"`
	// URL is shown without what follows its first part: it may hold a token.
	URL     string   `json:"url,omitempty" doc:"Where events are sent, as far as it is no secret; absent for e-mail"`
	To      []string `json:"to,omitempty" doc:"Addresses that e-mails are sent to"`
	Enabled bool     `json:"enabled" doc:"Events are sent"`
	// DisabledReason says why the server disabled it.
	DisabledReason string     `json:"disabled_reason,omitempty" doc:"Why the server disabled it; absent where a person did"`
	DisabledAt     *time.Time `json:"disabled_at,omitempty"`
	FailingSince   *time.Time `json:"failing_since,omitempty" doc:"Since when every attempt failed; absent while attempts succeed"`
	LastSuccessAt  *time.Time `json:"last_success_at,omitempty"`
	OldSecretUntil *time.Time `json:"old_secret_until,omitempty" doc:"Until when a secret that was replaced signs too"`
	CreatedAt      time.Time  `json:"created_at"`
	ChangedAt      time.Time  `json:"changed_at"`
}

// WebhookForm is what a receiver understands.
type WebhookForm string

// The forms.
const (
	FormStandard  WebhookForm = "standard"  // standardwebhooks.com: the event as it is, signed
	FormSlack     WebhookForm = "slack"     // an incoming webhook of Slack
	FormTeams     WebhookForm = "teams"     // a workflow of Teams that takes an Adaptive Card
	FormPagerDuty WebhookForm = "pagerduty" // PagerDuty's Events API v2
	FormEmail     WebhookForm = "email"
)

// Wants reports whether events of a type go to the webhook.
func (w Webhook) Wants(e EventType) bool {
	if w.Form == FormPagerDuty && e.Incident == "" {
		return false
	}
	return slices.ContainsFunc(w.Events, func(pattern string) bool { return MatchesEvent(pattern, e.Name) })
}

// WebhookChange is what is to be changed of a webhook, or a new one. Nil leaves a member
// as it is.
type WebhookChange struct {
	Description *string
	Form        *WebhookForm
	Events      []string
	URL         *string
	RoutingKey  *string // PagerDuty's
	To          []string
	Enabled     *bool
	Who, From   string // who asked, and from which address, for the audit
}

// WebhookTarget is where events are sent. It is a secret as a whole, and exists
// unsealed in the memory of workers only.
type WebhookTarget struct {
	URL        string `json:"url,omitempty"`
	RoutingKey string `json:"routing_key,omitempty"`
}

// Delivery is an event on its way to a webhook.
type Delivery struct {
	ID        string        `json:"delivery_id" doc:"The event's ID, which the receiver sees as webhook-id: the same at every attempt"`
	Type      string        `json:"type" doc:"The event's type, such as job.failed"`
	State     DeliveryState `json:"state" enum:"pending,succeeded,failed"`
	CreatedAt time.Time     `json:"created_at"`
	NextAt    *time.Time    `json:"next_attempt_at,omitempty" doc:"When it is tried next; absent once it has ended"`
	// Attempts are the last 20, oldest first.
	Attempts []Attempt `json:"attempts" doc:"The last 20, oldest first"`
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliverySucceeded DeliveryState = "succeeded"
	DeliveryFailed    DeliveryState = "failed"
)

// Attempt is one try of a delivery.
type Attempt struct {
	At       time.Time `json:"at"`
	Status   int       `json:"status,omitempty" doc:"The HTTP status that was answered; absent where none was"`
	Duration int64     `json:"duration_ms"`
	Error    string    `json:"error,omitempty" doc:"Why it failed; absent where it succeeded"`
	Answer   string    `json:"answer,omitempty" doc:"How the body of a failed answer begins: at most 256 bytes"`
}

// WebhookEvent is something that happened, as webhooks tell of it.
type WebhookEvent struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      EventData `json:"data"`
}

// EventData says what happened. It holds no secret and no resources, but for the
// largest findings and changes.
type EventData struct {
	JobID      string     `json:"job_id,omitempty"`
	PlanID     string     `json:"plan_id,omitempty"`
	ScheduleID string     `json:"schedule_id,omitempty"`
	WebhookID  string     `json:"webhook_id,omitempty"`
	BudgetID   string     `json:"budget_id,omitempty"`
	Name       string     `json:"name,omitempty"`
	Kind       string     `json:"kind,omitempty"`
	State      string     `json:"state,omitempty"`
	Reason     string     `json:"reason,omitempty"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	Resources  *int       `json:"resources,omitempty"`
	Cells      *int       `json:"cells,omitempty"`
	Incomplete *int       `json:"cells_incomplete,omitempty"`
	Digest     string     `json:"digest,omitempty"`
	Items      *int       `json:"items,omitempty"`
	// ByState counts the items of a plan.
	ByState       map[ItemState]int `json:"items_by_state,omitempty"`
	Findings      *int              `json:"findings,omitempty"`
	MonthlySaving *Money            `json:"monthly_saving,omitempty"`
	Unpriced      *int              `json:"unpriced,omitempty"`
	Top           []EventFinding    `json:"top,omitempty"`
	Changes       *EventChanges     `json:"changes,omitempty"`
	Budget        *EventBudget      `json:"budget,omitempty"`
	// Links are paths of this API, or URLs where the server knows its own.
	Links map[string]string `json:"links,omitempty"`
}

// EventFinding is a finding as events tell of it.
type EventFinding struct {
	Rule          string `json:"rule"`
	Title         string `json:"title"`
	ResourceID    string `json:"resource_id"`
	Type          Type   `json:"resource_type"`
	Region        string `json:"region"`
	MonthlySaving *Money `json:"monthly_saving"`
}

// EventChanges are what a run of a schedule saw otherwise than the runs before it, as far as the schedule's notice selects it.
type EventChanges struct {
	Added          int   `json:"added"`
	Removed        int   `json:"removed"`
	Changed        int   `json:"changed"`
	CostDifference Money `json:"cost_difference"` // a month, of the known costs
	Unpriced       int   `json:"resources_with_unknown_cost"`
	// Unknown counts the cells of the run of which it is not known what has changed.
	Unknown int           `json:"cells_unknown"`
	Top     []EventChange `json:"top"`
}

// Count is how many there are.
func (c EventChanges) Count() int { return c.Added + c.Removed + c.Changed }

// EventChange is a change as events tell of it.
type EventChange struct {
	Kind           ChangeKind `json:"change"`
	ResourceID     string     `json:"resource_id"`
	Name           string     `json:"resource_name,omitempty"`
	Type           Type       `json:"resource_type"`
	Region         string     `json:"region"`
	AccountID      string     `json:"account_id"`
	CostDifference *Money     `json:"cost_difference"`
	Fields         []string   `json:"fields,omitempty"` // of what was changed: the first that differ
}

// EventType is a kind of event.
type EventType struct {
	Name    string
	Meaning string
	// Incident is what PagerDuty is asked to do: trigger or resolve an incident. Empty
	// is no incident, and is not sent there.
	Incident string
	Severity string // PagerDuty's
}

const (
	trigger = "trigger"
	resolve = "resolve"
)

// EventTypes are all kinds of events that webhooks can ask for.
var EventTypes = []EventType{
	{"job.succeeded", "A scan or an access check has ended, and every cell was seen.", resolve, "info"},
	{"job.partial", "It has ended, and some cells were not seen.", trigger, "warning"},
	{"job.failed", "It has ended, and nothing could be seen.", trigger, "error"},
	{"job.cancelled", "It was cancelled.", "", ""},
	{"findings.found", "A scan has found what could cost less: totals, and the five that save most.", "", ""},
	{"inventory.changed", "A run of a schedule with `notify` saw what the runs before it had not: counts, the difference in cost, and the ten changes that cost or save most.", trigger, "warning"},
	{"budget.crossed", "What a month has cost, or is forecast to, has crossed a threshold of a budget. Each threshold is told of once a month.", trigger, "warning"},
	{"plan.planned", "A plan is frozen and can be looked at.", "", ""},
	{"plan.approval_wanted", "A plan is frozen, and somebody else has to approve it.", "", ""},
	{"plan.held", "Too many items of a plan failed: the rest waits for a person.", trigger, "error"},
	{"plan.succeeded", "Every item of a plan is verified.", resolve, "info"},
	{"plan.partial", "A plan has ended, and some items are not verified.", trigger, "warning"},
	{"plan.failed", "A plan has ended, and nothing was changed.", trigger, "error"},
	{"plan.cancelled", "A plan was cancelled, and nothing of it runs any more.", resolve, "info"},
	{"plan.expired", "Nobody applied a plan in time.", "", ""},
	{"schedule.missed", "Runs of a schedule were missed.", trigger, "warning"},
	{"schedule.failed", "A run of a schedule could not be started.", trigger, "error"},
	{"schedule.paused", "A schedule was paused, or paused itself after runs that could not be started.", "", ""},
}

// EventTest is what a test of a webhook sends. No webhook has to ask for it.
var EventTest = EventType{"webhook.test", "Somebody asked for a test.", trigger, "info"}

// EventTypeOf returns the type of that name.
func EventTypeOf(name string) (EventType, bool) {
	i := slices.IndexFunc(EventTypes, func(e EventType) bool { return e.Name == name })
	if i < 0 {
		return EventTest, name == EventTest.Name
	}
	return EventTypes[i], true
}

// MatchesEvent reports whether a pattern of a webhook, such as job.*, names a type.
func MatchesEvent(pattern, name string) bool {
	if pattern == "*" {
		return true
	}
	if group, ok := strings.CutSuffix(pattern, "*"); ok && strings.HasSuffix(group, ".") {
		return strings.HasPrefix(name, group)
	}
	return pattern == name
}
