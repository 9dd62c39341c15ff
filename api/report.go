package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/reports/summary"
)

const (
	formatMarkdown = exportFormat("md")
	formatPDF      = exportFormat("pdf")
	markdownMedia  = "text/markdown"
)

// maxReportDays is the longest that a report is of.
const maxReportDays = 366

type reportQuery struct {
	FilterQuery
	From   string       `query:"from" maxLength:"40" doc:"From when on changes and the trend are told. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w. None is days before to"`
	To     string       `query:"to" maxLength:"40" doc:"As of when the report is; as from. None is now"`
	Days   int          `query:"days" minimum:"1" maximum:"366" doc:"In place of from: how many days before to, 7 where neither is given; where the history begins later, from its begin on"`
	Format exportFormat `query:"format" enum:"json,html,md,csv,csv-excel,pdf" doc:"How the report is written; wins over Accept"`
	Accept string       `header:"Accept" maxLength:"500" hidden:"true"`
}

type reportAnswer struct {
	Success bool `json:"success" doc:"Always true"`
	summary.Document
}

const summaryDescription = `One page for who pays: what there is costs now, how that went and what the month comes to, what has changed, the ten dearest
resources, what findings would save and have saved, and what of all this could not be seen. Each figure is the sum of a list, whose path its
section names. ?format= or Accept chooses the format: json; html (text/html), a page that loads nothing and runs nothing, to read, mail and
print on A4; md (text/markdown); csv (text/csv), a figure a line, and csv-excel. Findings are as they are when the report is written, also where to is in the
past. Where the history keeps nothing by the filter, a section says so. 404 before the first scan is in the history; 422 names the earliest
time that can be asked for.`

func (s *Server) registerReport() {
	r := answers("The report", map[string]*huma.Schema{
		"application/json": schema[reportAnswer](s), htmlMedia: {Type: huma.TypeString}, markdownMedia: {Type: huma.TypeString},
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(summary.LineColumns, ", ")},
	})
	r.Headers = map[string]*huma.Header{"Content-Disposition": stringHeader("The name of the file")}
	register(s, huma.Operation{
		OperationID: "get-summary-report", Method: http.MethodGet, Path: "/api/v1/reports/summary", Tags: []string{"trends"},
		Summary: "Report on cost, trend, changes, waste and coverage, as one page", Description: summaryDescription,
		Errors: []int{http.StatusNotFound}, Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.getReport)
}

// summaryOf is the format of the report that a media type asks for.
func summaryOf(media, profile string) exportFormat {
	switch media {
	case htmlMedia:
		return formatHTML
	case markdownMedia:
		return formatMarkdown
	case csvMedia:
		return exportOf(media, profile)
	}
	return ""
}

func (s *Server) getReport(ctx context.Context, in *reportQuery) (*huma.StreamResponse, error) {
	format := in.Format
	if format == "" {
		format = acceptedFormat(in.Accept, summaryOf)
	}
	if format == formatPDF {
		return nil, invalid(FieldError{"query.format", "this server writes no PDF: format=html has print CSS for A4, and any browser prints it to a PDF"})
	}
	r, err := s.newReport(ctx, in)
	if err != nil {
		return nil, err
	}
	d, err := r.document(ctx)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) { s.writeReport(ctx, w, d, format) }), nil
}

// newReport reads what a report is of.
func (s *Server) newReport(ctx context.Context, in *reportQuery) (*report, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	f, faults := s.readFilter(in.Filter)
	faults = append(faults, s.checkFields("query.", in.fields())...)
	if in.From != "" && in.Days != 0 {
		faults = append(faults, FieldError{"query.days", "expected from or days, not both"})
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	if _, err := s.pending(ctx, in.To == ""); err != nil {
		return nil, err
	}
	days := diffDays
	if in.Days != 0 {
		days = in.Days
	}
	from, to, err := s.twoTimes(ctx, h, in.From, in.To, days, momentOf)
	switch {
	case err != nil:
		return nil, err
	case to.At.After(time.Now()):
		return nil, invalid(FieldError{"query.to", "is in the future"})
	case to.At.Sub(from.At) > maxReportDays*24*time.Hour:
		return nil, invalid(FieldError{"query.from", fmt.Sprintf("expected at most %d days before to", maxReportDays)})
	}
	return &report{s, h, owner(ctx), from.At, to.At, filter.All(in.fields().filter(), f)}, nil
}

// momentOf reads a time of a report.
func momentOf(_ context.Context, _ *history.Store, field, text string, now, otherwise time.Time) (diffTime, error) {
	at, faults := readMoment(field, text, now, otherwise)
	if len(faults) > 0 {
		return diffTime{}, invalid(faults...)
	}
	return diffTime{At: at.UTC()}, nil
}

// writeReport writes a report in a format.
func (s *Server) writeReport(ctx context.Context, w http.ResponseWriter, d summary.Document, format exportFormat) {
	w.Header().Add("Vary", "Accept")
	name := "report-" + d.To.Format(time.DateOnly)
	switch format {
	case formatHTML:
		w.Header().Set("Content-Security-Policy", reportPolicy)
		s.writeWhole(ctx, w, htmlMedia, "inline", name+".html", d.HTML())
	case formatMarkdown:
		s.writeWhole(ctx, w, markdownMedia, "inline", name+".md", d.Markdown())
	case formatCSV, formatExcel:
		media, lines := format.media()
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
		out := newStream(w, media)
		out.text(lines.header(summary.LineColumns))
		for cells := range d.Lines() {
			out.text(string(lines.appendCells(nil, cells...)))
		}
		s.finish(ctx, out, nil)
	default:
		s.finishDocument(ctx, w, reportAnswer{true, d}, nil)
	}
}

// writeWhole writes a text that is whole in memory.
func (s *Server) writeWhole(ctx context.Context, w http.ResponseWriter, media, disposition, name, text string) {
	w.Header().Set("Content-Disposition", disposition+`; filename="`+name+`"`)
	out := newStream(w, media+"; charset=utf-8")
	out.text(text)
	s.finish(ctx, out, nil)
}
