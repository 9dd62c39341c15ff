package webhooks

import (
	"cmp"
	"encoding/json"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// pagerDutyURL is where PagerDuty takes events, unless a webhook says otherwise, as
// accounts of its European region do.
const pagerDutyURL = "https://events.pagerduty.com/v2/enqueue"

// pagerDutySummary is how long a summary may be, in characters.
const pagerDutySummary = 1024

// pagerDuty renders an event for the Events API v2. What a schedule starts is one
// incident of the schedule: a run that succeeds resolves it.
func pagerDuty(e tracker.WebhookEvent, m message, t tracker.WebhookTarget) ([]byte, error) {
	type object = map[string]any
	kind, _ := tracker.EventTypeOf(e.Type)
	d := e.Data
	about := "job:" + d.JobID
	switch {
	case d.BudgetID != "":
		about = "budget:" + d.BudgetID
	case d.Changes != nil: // no run that succeeds resolves it
		about = "changes:" + d.ScheduleID
	case d.ScheduleID != "":
		about = "schedule:" + d.ScheduleID
	case d.PlanID != "":
		about = "plan:" + d.PlanID
	case d.WebhookID != "":
		about = "webhook:" + d.WebhookID
	}
	body := object{"routing_key": t.RoutingKey, "event_action": kind.Incident, "dedup_key": about}
	if kind.Incident == "resolve" {
		return json.Marshal(body)
	}
	details := object{}
	for _, f := range m.Facts {
		details[f.Name] = f.Value
	}
	body["client"] = "AWS Resource Tracker"
	body["payload"] = object{
		"summary": short(m.Title, pagerDutySummary), "source": cmp.Or(m.Link, about), "severity": kind.Severity, "class": e.Type,
		"timestamp": e.Timestamp.UTC().Format(time.RFC3339), "custom_details": details,
	}
	if m.Link != "" {
		body["links"] = []object{{"href": m.Link, "text": "Open"}}
	}
	return json.Marshal(body)
}
