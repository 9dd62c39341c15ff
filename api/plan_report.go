package api

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	formatHTML = exportFormat("html")
	htmlMedia  = "text/html"
	// reportPolicy lets the page load nothing and run nothing: it has all that it shows.
	reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	// reportPage is how many items of a plan a report holds at once.
	reportPage = 500
)

type reportInput struct {
	ID     string       `path:"id" maxLength:"128" doc:"The plan"`
	Format exportFormat `query:"format" enum:"json,csv,html" doc:"How the report is written; wins over Accept"`
	Accept string       `header:"Accept" maxLength:"500" hidden:"true"`
}

// reportHead is a report without its items.
type reportHead struct {
	Success bool      `json:"success" doc:"Always true"`
	At      time.Time `json:"reported_at"`
	Plan    planView  `json:"plan" doc:"What was asked, by whom, who agreed, and what came of it"`
	Undone  *planView `json:"undone,omitempty" doc:"The newest plan that was made to undo it, and how far that has come"`
}

// planReport is the document that is streamed: the head, then item by item.
type planReport struct {
	reportHead
	Items []tracker.PlanItem `json:"items" doc:"All of them: each as it was looked at, what refused it, what was sent of it, and what it came to"`
}

const reportDescription = `What was asked, looked at, refused, sent, verified and undone: all items, streamed. ?format= or Accept chooses the format: json;
csv (text/csv), a line for each item, with a byte order mark, CRLF, every cell quoted, and an apostrophe before each cell that a
spreadsheet would take for a formula; html (text/html), a page to print that loads nothing and runs nothing. While a plan is carried out
the report tells of each item what is known as it is written.`

func (s *Server) registerPlanReport() {
	r := answers("The report", map[string]*huma.Schema{
		"application/json": schema[planReport](s), htmlMedia: {Type: huma.TypeString},
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(reportColumns, ", ")},
	})
	r.Headers = map[string]*huma.Header{"Content-Disposition": stringHeader("Of csv: the name of the file")}
	register(s, huma.Operation{
		OperationID: "report-plan", Method: http.MethodGet, Path: plansPath + "/{id}/report", Tags: []string{"actions"},
		Summary: "Report on a plan, as JSON, as CSV or as a page to print", Description: reportDescription,
		Errors:    []int{http.StatusNotFound},
		Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.reportPlan)
}

// reportOf is the format of reports that a media type asks for.
func reportOf(media, _ string) exportFormat {
	return map[string]exportFormat{csvMedia: formatCSV, htmlMedia: formatHTML}[media]
}

func (s *Server) reportPlan(ctx context.Context, in *reportInput) (*huma.StreamResponse, error) {
	p, err := s.planOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	head := reportHead{Success: true, At: time.Now().UTC().Truncate(time.Second), Plan: planViewOf(p)}
	if p.UndoneBy != "" {
		undo, err := s.Plans.Plan(ctx, p.Owner, p.UndoneBy)
		if err != nil && tracker.CodeOf(err) != tracker.CodeNotFound {
			return nil, err
		}
		if err == nil {
			v := planViewOf(undo)
			head.Undone = &v
		}
	}
	first, err := s.planPage(ctx, p, 0, reportPage, nil)
	if err != nil {
		return nil, err
	}
	format := in.Format
	if format == "" {
		format = acceptedFormat(in.Accept, reportOf)
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) { s.streamReport(ctx, w, head, first, format) }), nil
}

// streamReport writes a report, holding one page of its items.
func (s *Server) streamReport(ctx context.Context, w http.ResponseWriter, head reportHead, first planAnswer, format exportFormat) {
	media, begin, row, end := reportJSON(head)
	switch format {
	case formatCSV:
		w.Header().Set("Content-Disposition", `attachment; filename="plan-`+head.Plan.ID+`.csv"`)
		media, begin, row, end = excelHeader, excelCell.header(reportColumns), func(b []byte, it tracker.PlanItem) []byte {
			return excelCell.appendCells(b, reportCells(head.Plan.Plan, it)...)
		}, ""
	case formatHTML:
		w.Header().Set("Content-Security-Policy", reportPolicy)
		media, begin, row, end = "text/html; charset=utf-8", reportTop(head), appendReportRow, reportBottom
	}
	w.Header().Add("Vary", "Accept")
	out := newStream(w, media)
	out.text(begin)
	var b []byte
	err := s.eachItem(ctx, first, func(it tracker.PlanItem) {
		b = row(b[:0], it)
		out.text(string(b))
	})
	out.text(end)
	s.finish(ctx, out, err)
}

// reportJSON is how a report is written in JSON: what comes before its items, how an
// item is appended, and what comes after them.
func reportJSON(head reportHead) (media, begin string, row func(b []byte, it tracker.PlanItem) []byte, end string) {
	b, err := json.Marshal(head)
	if err != nil {
		panic(fmt.Errorf("encode the head of a report: %w", err))
	}
	comma := ""
	return "application/json", strings.TrimSuffix(string(b), "}") + `,"items":[`, func(b []byte, it tracker.PlanItem) []byte {
		item, err := json.Marshal(it)
		if err != nil {
			panic(fmt.Errorf("encode item %d of a report: %w", it.Index, err)) // it came from JSON
		}
		b = append(append(b, comma...), item...)
		comma = ",\n"
		return b
	}, "]}\n"
}

// reportColumns are what CSV says of an item.
var reportColumns = []string{
	"plan_id", "index", "resource_type", "resource_id", "resource_name", "account_id", "region", "action", "params", "lift",
	"looked_at_state", "would", "refusals", "item_state", "message", "error", "sent", "accepted", "done", "aws_request_ids",
	"current_state", "begun_at", "finished_at", "undo", "monthly_saving", "author", "approved_by", "applied_at", "undone_by",
}

func reportCells(p tracker.Plan, it tracker.PlanItem) []string {
	name, saving := "", ""
	if it.Name != nil {
		name = *it.Name
	}
	if it.MonthlySaving != nil {
		saving = it.MonthlySaving.String()
	}
	var sent, accepted, done, requests []string
	for _, step := range it.Ledger.Steps {
		sent = appendMoment(sent, sentAs(step), cmp.Or(step.FirstAt, step.IntendedAt))
		accepted = appendMoment(accepted, step.Name, step.AcceptedAt)
		done = appendMoment(done, step.Name, step.DoneAt)
		if step.RequestID != "" {
			requests = append(requests, step.Name+" "+step.RequestID)
		}
	}
	return []string{
		p.ID, strconv.Itoa(it.Index), string(it.Type), it.ResourceID, name, it.AccountID, it.Region, it.Verb, paramsText(it), strings.Join(it.Lift, "; "),
		it.Seen, it.Would, strings.Join(refusalTexts(it), "; "), string(it.Ledger.State), it.Ledger.Message, failureText(it), strings.Join(sent, "; "),
		strings.Join(accepted, "; "), strings.Join(done, "; "), strings.Join(requests, "; "),
		it.Ledger.Current, moment(it.Ledger.BegunAt), moment(it.Ledger.FinishedAt), it.Undo, saving, p.Author, p.Approval.By, moment(p.AppliedAt), p.UndoneBy,
	}
}

// sentAs names a step, and how often it was sent where that was more than once.
func sentAs(step tracker.StepRecord) string {
	if step.Calls < 2 {
		return step.Name
	}
	return fmt.Sprintf("%s (%d calls)", step.Name, step.Calls)
}

func appendMoment(list []string, step string, at *time.Time) []string {
	if at == nil {
		return list
	}
	return append(list, step+" "+moment(at))
}

// moment is a time as reports write it; none is empty.
func moment(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func refusalTexts(it tracker.PlanItem) []string {
	texts := make([]string, len(it.Refusals))
	for i, r := range it.Refusals {
		texts[i] = r.Rule + ": " + r.Message
	}
	return texts
}

func failureText(it tracker.PlanItem) string {
	if it.Ledger.Error == nil {
		return ""
	}
	return it.Ledger.Error.Error()
}

// paramsText is what an item's verb was given, as JSON; nothing is empty.
func paramsText(it tracker.PlanItem) string {
	if len(it.Params) == 0 {
		return ""
	}
	b, err := json.Marshal(it.Params)
	if err != nil {
		panic(fmt.Errorf("encode the parameters of an item: %w", err)) // they came from JSON
	}
	return string(b)
}
