package webhooks

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// message is an event in words, for forms that people read.
type message struct {
	Title string
	Facts []fact
	Link  string // "" where the server does not know its own URL
}

type fact struct{ Name, Value string }

// form renders an event as the receivers of one kind take it. What it returns is the
// body of a POST, or the text of an e-mail.
type form func(e tracker.WebhookEvent, m message, t tracker.WebhookTarget) ([]byte, error)

var forms = map[tracker.WebhookForm]form{
	tracker.FormStandard:  standard,
	tracker.FormSlack:     slack,
	tracker.FormTeams:     teams,
	tracker.FormPagerDuty: pagerDuty,
	tracker.FormEmail:     email,
}

// standard is the event itself.
func standard(e tracker.WebhookEvent, _ message, _ tracker.WebhookTarget) ([]byte, error) {
	return json.Marshal(e)
}

// located makes URLs of the links of an event.
func located(e tracker.WebhookEvent, base string) tracker.WebhookEvent {
	if base == "" {
		return e
	}
	links := maps.Clone(e.Data.Links)
	for name, path := range links {
		links[name] = strings.TrimSuffix(base, "/") + path
	}
	e.Data.Links = links
	return e
}

var titles = map[string]string{
	"job.succeeded": "%s succeeded", "job.partial": "%s is incomplete", "job.failed": "%s failed", "job.cancelled": "%s was cancelled",
	"findings.found": "%s found what could cost less", "inventory.changed": "%s saw changes",
	"budget.crossed": "%s has crossed a threshold",
	"plan.planned":   "%s is ready to be looked at", "plan.approval_wanted": "%s wants approval", "plan.held": "%s is held",
	"plan.succeeded": "%s succeeded", "plan.partial": "%s is incomplete", "plan.failed": "%s failed", "plan.cancelled": "%s was cancelled", "plan.expired": "%s has expired",
	"schedule.missed": "%s missed a run", "schedule.failed": "%s could not start a run", "schedule.paused": "%s is paused",
	"webhook.test": "%s works",
}

// describe puts an event into words. Its links are URLs where the server knows its own.
func describe(e tracker.WebhookEvent) message {
	d := e.Data
	subject := "Scan " + d.JobID
	switch {
	case strings.HasPrefix(e.Type, "plan."):
		subject = "Plan " + d.PlanID
	case strings.HasPrefix(e.Type, "schedule."), e.Type == "inventory.changed":
		subject = strings.TrimSpace("Schedule " + d.Name)
		if d.Name == "" {
			subject = "Schedule " + d.ScheduleID
		}
	case strings.HasPrefix(e.Type, "budget."):
		subject = "Budget " + cmp.Or(d.Name, d.BudgetID)
	case strings.HasPrefix(e.Type, "webhook."):
		subject = "Webhook " + d.WebhookID
	case d.Kind == tracker.KindAccessCheck:
		subject = "Access check " + d.JobID
	}
	m := message{Title: printable([]byte(fmt.Sprintf(titles[e.Type], subject)))}
	add := func(name, value string) {
		if value != "" {
			m.Facts = append(m.Facts, fact{name, value})
		}
	}
	count := func(name string, n *int) {
		if n != nil {
			add(name, fmt.Sprint(*n))
		}
	}
	add("Reason", d.Reason)
	count("Resources", d.Resources)
	if d.Cells != nil && d.Incomplete != nil && *d.Incomplete > 0 {
		add("Not seen", fmt.Sprintf("%d of %d cells", *d.Incomplete, *d.Cells))
	}
	if d.Items != nil {
		add("Items", items(*d.Items, d.ByState))
	}
	count("Findings", d.Findings)
	if d.MonthlySaving != nil && *d.MonthlySaving != 0 {
		add("Saving a month", dollars(*d.MonthlySaving))
	}
	for _, f := range d.Top {
		add(f.Title, strings.TrimSuffix(fmt.Sprintf("%s in %s, %s", f.ResourceID, f.Region, saving(f.MonthlySaving)), ", "))
	}
	if d.Budget != nil {
		budget(*d.Budget, add)
	}
	if d.Changes != nil {
		changes(*d.Changes, add)
	}
	if !strings.HasPrefix(e.Type, "schedule.") {
		add("Schedule", d.ScheduleID)
	}
	for _, name := range []string{"budget", "changes", "findings", "plan", "job", "schedule"} {
		if l := d.Links[name]; m.Link == "" && strings.Contains(l, "://") {
			m.Link = l
		}
	}
	return m
}

// budget puts how a budget stands into facts.
func budget(b tracker.EventBudget, add func(name, value string)) {
	add("Budget", dollars(b.Amount)+" a month")
	add("Cost of "+b.Month, dollars(b.MonthToDate)+" until now"+lacking(int(b.Unpriced)))
	add("Forecast", fmt.Sprintf("%s, from %s to %s", dollars(b.Forecast), dollars(b.Low), dollars(b.High)))
	if b.AssumedDays > 0 {
		add("Assumed", fmt.Sprintf("%d days before the first scan cost what the first day did", b.AssumedDays))
	}
	if b.Stale > 0 {
		add("Not seen", fmt.Sprintf("%d cells by the newest scan: they count as they were", b.Stale))
	}
}

// changes puts what has changed between runs into facts.
func changes(c tracker.EventChanges, add func(name, value string)) {
	add("Changes", fmt.Sprintf("%d added, %d removed, %d changed", c.Added, c.Removed, c.Changed))
	switch {
	case c.CostDifference != 0:
		add("Cost a month", difference(c.CostDifference)+lacking(c.Unpriced))
	case c.Unpriced > 0:
		add("Cost a month", "unknown"+lacking(c.Unpriced))
	}
	if c.Unknown > 0 {
		add("Not known", fmt.Sprintf("%d cells, which were not seen this time or not before", c.Unknown))
	}
	for _, t := range c.Top {
		name := t.ResourceID
		if t.Name != "" && t.Name != t.ResourceID {
			name = t.Name + " (" + t.ResourceID + ")"
		}
		text := fmt.Sprintf("%s %s in %s", t.Kind, t.Type, t.Region)
		if len(t.Fields) > 0 {
			text += ": " + strings.Join(t.Fields, ", ")
		}
		if t.CostDifference != nil && *t.CostDifference != 0 {
			text += ", " + difference(*t.CostDifference) + " a month"
		}
		add(name, text)
	}
}

func lacking(unpriced int) string {
	if unpriced == 0 {
		return ""
	}
	return fmt.Sprintf(", without %d whose cost is not known", unpriced)
}

func difference(m tracker.Money) string {
	if m < 0 {
		return "-" + dollars(-m)
	}
	return "+" + dollars(m)
}

func items(n int, by map[tracker.ItemState]int) string {
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(by)) {
		if by[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", by[state], strings.ReplaceAll(string(state), "_", " ")))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d: %s", n, strings.Join(parts, ", "))
}

func dollars(m tracker.Money) string { return fmt.Sprintf("$%.2f", m.Float()) }

func saving(m *tracker.Money) string {
	if m == nil {
		return "saving unknown"
	}
	return dollars(*m) + " a month"
}
