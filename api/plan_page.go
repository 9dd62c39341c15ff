package api

import (
	"cmp"
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The page of a report is written by hand: a program that holds text/template keeps
// every exported method of every type (docs/decisions.md). Text goes into it by esc and
// by nothing else.

func esc(s string) string { return html.EscapeString(s) }

const reportStyle = `body{font:14px/1.4 sans-serif;margin:2em;color:#111}h1{font-size:1.4em}h2{font-size:1.1em;margin-top:1.5em}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.3em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee;font-weight:600}.head th{width:12em}.bad{color:#a00}.good{color:#060}ul{margin:0;padding-left:1.2em}
@page{size:A4 landscape;margin:12mm}@media print{body{margin:0;font-size:10px}thead{display:table-header-group}tr{break-inside:avoid}}`

const reportBottom = "</tbody></table></body></html>\n"

// reportTop is the page up to its first item.
func reportTop(head reportHead) string {
	p := head.Plan.Plan
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Plan ` + esc(p.ID) + `</title><style>` + reportStyle +
		`</style></head><body><h1>Plan ` + esc(p.ID) + `: ` + esc(string(p.State)) + `</h1><table class="head"><tbody>`)
	row := func(name, value string) {
		if value != "" {
			b.WriteString("<tr><th>" + name + "</th><td>" + esc(value) + "</td></tr>")
		}
	}
	row("Asked", askedText(p.Request))
	row("Asked by", p.Author+" at "+moment(&p.CreatedAt))
	row("By schedule", p.Schedule)
	row("Undoes plan", p.UndoOf)
	row("Digest", p.Digest)
	row("Approval", approvalText(p.Approval))
	row("To be applied at", moment(p.ApplyAt))
	row("Applied at", moment(p.AppliedAt))
	row("Ended at", moment(p.FinishedAt))
	row("Reason", p.Reason)
	row("Items", totalsText(p.Totals))
	row("Saves a month", savingText(p.Totals))
	if head.Undone != nil {
		row("Undone by plan", head.Undone.ID+", which is "+string(head.Undone.State)+": "+totalsText(head.Undone.Totals))
	}
	row("Reported at", head.At.Format(time.RFC3339))
	b.WriteString(`</tbody></table><h2>Items</h2><table><thead><tr><th>#</th><th>Resource</th><th>Action</th><th>Looked at</th>` +
		`<th>Refused</th><th>Sent</th><th>Result</th><th>Undo</th></tr></thead><tbody>` + "\n")
	return b.String()
}

// askedText says in words what a plan was asked to do.
func askedText(r tracker.PlanRequest) string {
	text := "the actions that are named below"
	if s := r.Select; s != nil {
		text = fmt.Sprintf("%s what the filter %q selects", s.Verb, s.Filter.String())
		if s.JobID != "" {
			text += " of scan " + s.JobID
		}
		if len(s.Regions) > 0 {
			text += " in " + strings.Join(s.Regions, ", ")
		}
	}
	return fmt.Sprintf("%s; at most %d items, %d%% of a type; held when more than %d%% fail", text, r.MaxItems, r.MaxSharePercent, r.MaxFailurePercent)
}

func approvalText(a tracker.Approval) string {
	switch {
	case a.By != "":
		return a.By + " agreed at " + moment(a.At)
	case a.Required:
		return "needed, and not given"
	}
	return ""
}

func totalsText(t tracker.PlanTotals) string {
	parts := []string{}
	for state, n := range t.ByState {
		parts = append(parts, fmt.Sprintf("%d %s", n, state))
	}
	slices.Sort(parts)
	return fmt.Sprintf("%d: %s", t.Items, strings.Join(parts, ", "))
}

func savingText(t tracker.PlanTotals) string {
	text := "$" + t.MonthlySaving.String()
	if t.SavingUnknown > 0 {
		text += fmt.Sprintf(", and what %d items save is not known", t.SavingUnknown)
	}
	return text
}

// appendReportRow appends an item as a row of the page.
func appendReportRow(b []byte, it tracker.PlanItem) []byte {
	cell := func(class string, lines ...string) {
		b = append(b, "<td"...)
		if class != "" {
			b = append(b, ` class="`+class+`"`...)
		}
		b = append(b, '>')
		first := true
		for _, line := range lines {
			if line == "" {
				continue
			}
			if !first {
				b = append(b, "<br>"...)
			}
			b, first = append(b, esc(line)...), false
		}
		b = append(b, "</td>"...)
	}
	b = append(b, "<tr>"...)
	cell("", fmt.Sprint(it.Index))
	name := ""
	if it.Name != nil {
		name = *it.Name
	}
	cell("", string(it.Type), it.ResourceID, name, it.Region+" "+it.AccountID)
	cell("", it.Verb, paramsText(it), lifted(it))
	cell("", append([]string{it.Seen, it.Would}, slices.Concat(it.Notes, it.Dependents)...)...)
	cell("bad", refusalTexts(it)...)
	var sent []string
	for _, step := range it.Ledger.Steps {
		sent = append(sent, strings.Join(slices.DeleteFunc([]string{
			sentAs(step), prefixed("sent ", moment(cmp.Or(step.FirstAt, step.IntendedAt))), prefixed("accepted ", moment(step.AcceptedAt)),
			prefixed("seen ", moment(step.DoneAt)), prefixed("request ", step.RequestID), prefixed("AWS answered ", step.Trouble),
		}, func(s string) bool { return s == "" }), ", "))
	}
	cell("", sent...)
	class := ""
	switch it.Ledger.State {
	case tracker.ItemVerified:
		class = "good"
	case tracker.ItemFailed, tracker.ItemVerifyTimeout, tracker.ItemReappeared, tracker.ItemBlocked, tracker.ItemRefused:
		class = "bad"
	}
	message := it.Ledger.Message
	if why := failureText(it); why != message {
		message = strings.TrimSpace(message + " " + why)
	}
	cell(class, string(it.Ledger.State), message, prefixed("now ", it.Ledger.Current), moment(it.Ledger.FinishedAt))
	cell("", undoText(it))
	return append(b, "</tr>\n"...)
}

func lifted(it tracker.PlanItem) string {
	return prefixed("lifts ", strings.Join(it.Lift, ", "))
}

func undoText(it tracker.PlanItem) string {
	if it.Undo == "" {
		return "cannot be undone"
	}
	return it.Undo
}

// prefixed puts a word before a text that is not empty.
func prefixed(word, text string) string {
	if text == "" {
		return ""
	}
	return word + text
}
