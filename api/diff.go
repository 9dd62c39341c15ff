package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// diffDays is how far back a diff goes by default.
const diffDays = 7

type diffInput struct {
	From         string                 `query:"from" maxLength:"64" example:"7d" doc:"A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), how long ago such as 12h, 7d or 4w, or the ID of a scan; or earlier, with a scan of a schedule as to: what the earlier runs of the schedule had seen. None is 7 days before to, or the beginning of the history"`
	To           string                 `query:"to" maxLength:"64" doc:"The same, but earlier; of a scan that was retried also what one try has seen, such as ID.1 after the first retry. None is now"`
	GroupBy      string                 `query:"group_by" maxLength:"300" example:"type,tag:team" doc:"One or two of type, region, account, state, change and tag:KEY, separated by a comma"`
	Changes      []tracker.ChangeKind   `query:"changes" enum:"added,removed,changed" maxItems:"3" doc:"Only these, separated by commas"`
	Selected     []tracker.SelectedWhen `query:"selected" enum:"before,now,both" maxItems:"3" doc:"Only what the filter selects at these times. now is what it selects now and has not selected before"`
	Fields       []string               `query:"fields" maxItems:"50" maxLength:"200" doc:"Of what was changed, only where one of these fields differs or a part of it, such as state, tags.Team or metadata.public_ip"`
	Noise        string                 `query:"noise" enum:"omit,include,only" default:"omit" doc:"What to do with what differs between scans although nobody has changed anything, such as when something was last used: leave it out, list it apart as noise, or list only the resources of which nothing else has changed"`
	UnknownLimit int                    `query:"unknown_limit" minimum:"0" maximum:"10000" default:"100" doc:"How many of the cells are listed of which it is not known what has changed"`
	ListingQuery
}

type diffAnswer struct {
	Success  bool                   `json:"success" doc:"Always true"`
	From     diffTime               `json:"from"`
	To       diffTime               `json:"to"`
	Complete bool                   `json:"complete" doc:"False when there are cells of which it is not known what has changed: see unknown"`
	GroupBy  []string               `json:"group_by"`
	Summary  *inventory.Totals      `json:"summary,omitempty" doc:"Of all pages; on the first page only"`
	Changes  []*inventory.Change    `json:"changes"`
	Unknown  inventory.UnknownCells `json:"unknown" doc:"The cells that can hold what the filter selects, and of which it is not known what has changed: nothing of them is in changes, and nothing of them counts as removed"`
	Next     string                 `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

// diffTime is one of the two times of a diff.
type diffTime struct {
	At       time.Time        `json:"at" doc:"As of this time; of a scan, when it began"`
	Job      string           `json:"job_id,omitempty" doc:"The scan that was asked for"`
	Schedule string           `json:"schedule_id,omitempty" doc:"The schedule of which earlier runs count"`
	run      *history.Scanned // that was asked for
}

const diffDescription = `What the inventory has now that it had not, has no more, and has otherwise: with the fields that differ, and the difference in
cost. filter selects resources as they were or as they are; selected=now narrows that to what it has come to select. A cell (account, region,
type) counts only where it was seen to its end before the first time, and again since. Every other cell is unknown: a scan that failed removes
nothing. Of two scans only their own cells are compared. from=earlier compares a scan of a schedule with what the schedule's runs before it had seen.

JSON comes in pages, and the first has the summary of all. A cursor is valid for the query of its first page. Every other format streams all changes,
without cursor and limit; the headers X-Scan-Complete and X-Unknown-Cells say what it lacks. 404 before the first scan is in the history,
and for a scan that it does not have. 422 names the earliest time that can be asked for.`

func (s *Server) registerDiff() {
	r := answers("A page, or all of it", map[string]*huma.Schema{
		"application/json": schema[diffAnswer](s), ndjson: schema[inventory.Change](s),
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(diffColumns, ", ")},
	})
	r.Headers = map[string]*huma.Header{
		headerComplete:        stringHeader("Of ndjson and csv: true when every cell was seen both times"),
		headerUnknown:         stringHeader("Of ndjson and csv: how many cells were not"),
		"Content-Disposition": stringHeader("Of csv: the name of the file"),
	}
	register(s, huma.Operation{
		OperationID: "get-diff", Method: http.MethodGet, Path: "/api/v1/diff", Tags: []string{"inventory"},
		Summary: "Compare the inventory of two times, or two scans", Description: diffDescription,
		Errors: []int{http.StatusNotFound}, Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.getDiff)
}

const headerUnknown = "X-Unknown-Cells"

// diffColumns are the columns of CSV.
var diffColumns = []string{
	"change", "resource_type", "resource_id", "resource_name", "region", "account_id", "state", "since", "cost_before", "cost_now", "cost_difference",
	"selected", "fields", "noise",
}

var groupings = regexp.MustCompile(`^(type|region|account|state|change|tag:[^,]+)$`)

func (s *Server) getDiff(ctx context.Context, in *diffInput) (*huma.StreamResponse, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	f, faults := s.readFilter(in.Filter)
	faults = append(faults, s.checkFields("query.", in.fields())...)
	by, fault := groupBy(in.GroupBy)
	faults = append(faults, fault...)
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	f = filter.All(in.fields().filter(), f)
	from, to, err := s.twoTimes(ctx, h, in.From, in.To, diffDays, s.diffTime)
	if err != nil {
		return nil, err
	}
	cursor, err := in.open(&from, &to)
	if err != nil {
		return nil, err
	}
	d := inventory.Diff{Tenant: owner(ctx), Filter: f.At(to.At), Noisy: s.Noisy}
	d.Changes, d.Selected, d.Fields = in.Changes, in.Selected, in.Fields
	d.Cells = inventory.Cells(f)
	if d.From, err = s.look(ctx, h, from, d.Cells); err != nil {
		return nil, err
	}
	if d.To, err = s.look(ctx, h, to, d.Cells); err != nil {
		return nil, err
	}
	compared, err := d.Compare(ctx, h)
	if err != nil {
		return nil, err
	}
	if !compared.Holds(cursor) {
		return nil, invalid(FieldError{"query.cursor", "what it goes on after is not known any more: begin anew"})
	}
	if format := in.chosen(); format != formatJSON {
		return streamed(func(ctx context.Context, w http.ResponseWriter) { s.streamDiff(ctx, w, compared, in.Noise, format) }), nil
	}
	out := diffAnswer{Success: true, From: from, To: to, Complete: len(compared.Unknown) == 0, GroupBy: by, Unknown: inventory.Unknowns(compared.Comparison, in.UnknownLimit)}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		err := in.page(ctx, compared, cursor, &out)
		s.finishDocument(ctx, w, out, err)
	}), nil
}

// groupBy reads what changes are grouped by.
func groupBy(text string) ([]string, []FieldError) {
	by := []string{}
	if text == "" {
		return by, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		if !groupings.MatchString(part) {
			return nil, []FieldError{{"query.group_by", "expected one or two of type, region, account, state, change and tag:KEY, separated by a comma"}}
		}
		by = append(by, part)
	}
	if len(by) > 2 || len(by) == 2 && by[0] == by[1] {
		return nil, []FieldError{{"query.group_by", "expected at most two, and not the same twice"}}
	}
	return by, nil
}

// readTime reads one time of the history.
type readTime func(ctx context.Context, h *history.Store, field, text string, now, otherwise time.Time) (diffTime, error)

// twoTimes reads which two times are compared. No from is so many days before to, or the beginning of the history.
func (s *Server) twoTimes(ctx context.Context, h *history.Store, fromText, toText string, days int, read readTime) (from, to diffTime, err error) {
	begin, err := h.Begin(ctx, owner(ctx))
	if err != nil {
		return from, to, err
	}
	if begin == 0 {
		return from, to, newProblem(http.StatusNotFound, "no scan of yours is in the history yet: start one with POST /api/v1/scan")
	}
	earliest, now := time.UnixMilli(begin).UTC(), time.Now().UTC().Truncate(time.Millisecond)
	if to, err = read(ctx, h, "query.to", toText, now, now); err != nil {
		return from, to, err
	}
	if fromText == earlierRuns {
		from, err = s.earlier(ctx, h, to)
		return from, to, err
	}
	otherwise := to.At.AddDate(0, 0, -days)
	if otherwise.Before(earliest) {
		otherwise = earliest
	}
	if from, err = read(ctx, h, "query.from", fromText, now, otherwise); err != nil {
		return from, to, err
	}
	for field, t := range map[string]diffTime{"query.from": from, "query.to": to} {
		if t.At.Before(earliest) {
			return from, to, invalid(FieldError{field, "the history can be asked from " + earliest.Format(time.RFC3339Nano) + " on"})
		}
	}
	if fromText != "" && !from.At.Before(to.At) {
		return from, to, invalid(FieldError{"query.from", "expected a time before to, which is " + to.At.Format(time.RFC3339Nano)})
	}
	return from, to, nil
}

// scanID is what tells the ID of a scan, or of one of its runs, from a time.
var scanID = regexp.MustCompile(`^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?:\.(\d{1,9}))?$`)

// earlierRuns asks for what the runs of a schedule before a scan had seen.
const earlierRuns = "earlier"

// diffTime reads one time.
func (s *Server) diffTime(ctx context.Context, h *history.Store, field, text string, now, otherwise time.Time) (diffTime, error) {
	id := scanID.FindStringSubmatch(text)
	if id == nil {
		at, faults := readMoment(field, text, now, otherwise)
		if len(faults) > 0 {
			return diffTime{}, invalid(FieldError{field, faults[0].Message + "; or the ID of a scan"})
		}
		return diffTime{At: at.UTC()}, nil
	}
	t := diffTime{Job: id[1]}
	missing := newProblem(http.StatusNotFound, "the history has no scan "+text+" of yours")
	if id[2] != "" {
		runs, err := h.Runs(ctx, owner(ctx), t.Job)
		if err != nil {
			return t, err
		}
		i := slices.IndexFunc(runs, func(r history.Scanned) bool { return fmt.Sprint(r.Run) == id[2] })
		if i < 0 {
			return t, missing
		}
		t.run = &runs[i]
	}
	seen, err := s.look(ctx, h, t, history.Cells{})
	if err != nil {
		return t, err
	}
	if len(seen) == 0 {
		return t, missing
	}
	t.At = time.UnixMilli(seen.Newest()).UTC()
	return t, nil
}

// earlier is what the runs of a schedule had seen before one of them.
func (s *Server) earlier(ctx context.Context, h *history.Store, to diffTime) (diffTime, error) {
	fault := invalid(FieldError{"query.from", "earlier belongs to a scan of a schedule, which to has to name by its ID"})
	if to.Job == "" {
		return diffTime{}, fault
	}
	runs, err := h.Runs(ctx, owner(ctx), to.Job)
	if err != nil {
		return diffTime{}, err
	}
	for _, r := range runs {
		if r.Schedule != "" && (to.run == nil || to.run.Run == r.Run) {
			return diffTime{At: time.UnixMilli(r.At - 1).UTC(), Schedule: r.Schedule}, nil
		}
	}
	return diffTime{}, fault
}

// look is what had been seen at a time, or by a scan.
func (s *Server) look(ctx context.Context, h *history.Store, t diffTime, cells history.Cells) (history.Seen, error) {
	switch {
	case t.Schedule != "":
		return h.SeenBySchedule(ctx, owner(ctx), t.Schedule, t.At.UnixMilli()+1)
	case t.run != nil:
		return h.SeenByRun(ctx, owner(ctx), *t.run)
	case t.Job != "":
		return h.SeenBy(ctx, owner(ctx), t.Job)
	}
	return h.SeenAt(ctx, owner(ctx), t.At.UnixMilli(), cells.Accounts...)
}

// digest tells queries apart.
func (in *diffInput) digest() string {
	return queryDigest(fmt.Sprintf("%q %q %q %q %q %q %q %q", in.From, in.To, in.Filter, fmt.Sprint(in.fields()), in.Changes, in.Selected, in.Fields, in.Noise))
}

// seal is the cursor after a change: the times of the first page, and the digest of the query.
func (in *diffInput) seal(from, to diffTime, after int64) string {
	return fmt.Sprintf("%x.%x.%x.%s", from.At.UnixMilli(), to.At.UnixMilli(), after, in.digest())
}

// open reads a cursor, and turns to the times of the first page.
func (in *diffInput) open(from, to *diffTime) (after int64, err error) {
	if in.Cursor == "" {
		return 0, nil
	}
	var a, b int64
	var digest string
	n, err := fmt.Sscanf(strings.ReplaceAll(in.Cursor, ".", " "), "%x %x %x %s", &a, &b, &after, &digest)
	if err != nil || n != 4 || digest != in.digest() || after <= 0 {
		return 0, invalid(FieldError{"query.cursor", "not a cursor of a diff with this query"})
	}
	from.At, to.At = time.UnixMilli(a).UTC(), time.UnixMilli(b).UTC()
	return after, nil
}

// page fills a page, and on the first one counts all changes.
func (in *diffInput) page(ctx context.Context, c inventory.Compared, cursor int64, out *diffAnswer) error {
	out.Changes = []*inventory.Change{}
	tally := inventory.NewTally(out.GroupBy)
	err := c.Each(ctx, cursor, func(change *inventory.Change) error {
		tally.Add(change)
		if shown := noiseOf(change, in.Noise); !shown {
			return nil
		}
		if n := len(out.Changes); n < in.Limit {
			out.Changes = append(out.Changes, change)
			return nil
		}
		if out.Next == "" {
			out.Next = in.seal(out.From, out.To, out.Changes[in.Limit-1].Number())
		}
		if cursor != 0 {
			return inventory.ErrEnough
		}
		return nil
	})
	if cursor == 0 {
		out.Summary = new(tally.Totals())
	}
	return err
}

// noiseOf reports whether a change is shown, and takes from it the noise that is not.
func noiseOf(c *inventory.Change, how string) bool {
	if how == "omit" {
		c.Noise = nil
	}
	return c.OnlyNoise() == (how == "only") || how == "include"
}

// streamDiff writes all changes one a line.
func (s *Server) streamDiff(ctx context.Context, w http.ResponseWriter, c inventory.Compared, noise string, format exportFormat) {
	w.Header().Set(headerComplete, fmt.Sprint(len(c.Unknown) == 0))
	w.Header().Set(headerUnknown, fmt.Sprint(len(c.Unknown)))
	s.streamRows(ctx, w, format, "changes", whole(diffColumns), func(row func([]byte) error) error {
		return c.Each(ctx, 0, func(change *inventory.Change) error {
			if !noiseOf(change, noise) {
				return nil
			}
			b, err := json.Marshal(change)
			if err != nil {
				return err
			}
			return row(b)
		})
	})
}
