package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

const inventoryPath = "/api/v1/inventory"

// ViewQuery says what of the inventory is looked at, as of when.
type ViewQuery struct {
	FilterQuery
	At     string `query:"at" maxLength:"40" doc:"As of when; now, where it is absent. A time such as 2026-11-01T08:00:00Z, a day such as 2026-11-01 (its begin in UTC), or how long ago such as 12h, 7d or 4w"`
	MaxAge string `query:"max_age" maxLength:"8" default:"24h" doc:"For how long what was seen of a cell is good, such as 12h, 7d or 4w"`
}

// InventoryQuery asks for resources of the inventory.
type InventoryQuery struct {
	ViewQuery
	Sort string `query:"sort" maxLength:"100" example:"-cost,name" doc:"Up to four of cost, name, type, region, account, state, id, created, age, first_seen, state_since, each descending after a minus. What is not known comes last. Of a text the first 100 bytes count"`
	FormatQuery
	ColumnsQuery
	PageQuery
}

// Resolve implements huma.Resolver, so that neither of two parts hides the other's.
func (q *InventoryQuery) Resolve(ctx huma.Context) []error {
	return append(q.FilterQuery.Resolve(ctx), q.PageQuery.Resolve(ctx)...)
}

type inventoryInput struct{ InventoryQuery }

// knownRow is a resource of the inventory that is already JSON.
type knownRow struct{ json.RawMessage }

// inventoryResource is what a knownRow holds.
type inventoryResource struct {
	tracker.Resource
	inventory.Known
}

// Schema implements huma.SchemaProvider.
func (knownRow) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[inventoryResource](), true, "")
}

type inventoryAnswer struct {
	Success   bool               `json:"success" doc:"Always true"`
	At        time.Time          `json:"at" doc:"The moment that all pages are of"`
	Coverage  inventory.Coverage `json:"coverage" doc:"How much is known of the cells that can hold what the filter selects"`
	Pending   []string           `json:"pending_scans" doc:"Scans that have ended and are not in the inventory yet"`
	Resources []knownRow         `json:"resources"`
	Next      string             `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

const inventoryDescription = `Of every cell (account, region, type) what its newest good reading saw, over all scans: a scan of one type hides nothing, and a
cell that failed keeps what it had, as stale. coverage counts the cells and names the worst. Right after a scan has ended, the answer waits up to
two seconds for it to be in, and names it in pending_scans otherwise. A scan with a filter or tags is never taken in.
`

const pendingDoc = "Of ndjson and csv: scans that have ended and are not in the inventory yet; absent where there are none"

const noHistory = " Answers 503 where the server keeps no history."

func (s *Server) registerInventory() {
	r := answers("A page, or all of it", map[string]*huma.Schema{
		"application/json": schema[inventoryAnswer](s), ndjson: schema[inventoryResource](s),
		csvMedia: {Type: huma.TypeString, Description: "Columns: " + strings.Join(knownColumns, ", ") + "; or those of the parameter columns"},
	})
	r.Headers = map[string]*huma.Header{
		headerComplete:        stringHeader("Of ndjson and csv: true when every cell is good"),
		headerPending:         stringHeader(pendingDoc),
		"Content-Disposition": stringHeader("Of csv: the name of the file"),
	}
	register(s, huma.Operation{
		OperationID: "list-inventory", Method: http.MethodGet, Path: inventoryPath, Tags: []string{"inventory"},
		Summary: "Page through what there is, or was at a time, or export it", Description: inventoryDescription + noHistory + "\n\n" + listingDescription,
		Responses: map[string]*huma.Response{status(http.StatusOK): r},
	}, s.listInventory)
	register(s, huma.Operation{
		OperationID: "list-inventory-cells", Method: http.MethodGet, Path: inventoryPath + "/coverage", Tags: []string{"inventory"},
		Summary:     "List how much is known of each cell of the inventory",
		Description: "In the order of accounts, regions and types. What nobody has ever looked at is not in it." + noHistory,
		Responses:   map[string]*huma.Response{status(http.StatusOK): jsonAnswer("A page", schema[cellsAnswer](s))},
	}, s.listInventoryCells)
	s.registerInventoryCounts()
	s.registerLife()
}

// view is what a query looks at.
func (s *Server) view(ctx context.Context, q ViewQuery) (v inventory.View, err error) {
	h, err := s.kept()
	if err != nil {
		return v, err
	}
	now := time.Now()
	f, faults := s.readFilter(q.Filter)
	faults = append(faults, s.checkFields("query.", q.fields())...)
	at, more := readMoment("query.at", q.At, now, now)
	faults = append(faults, more...)
	age := time.Duration(0) // for ever
	if q.MaxAge != "" {
		age, more = readAge("query.max_age", q.MaxAge)
		faults = append(faults, more...)
	}
	if len(faults) > 0 {
		return v, invalid(faults...)
	}
	if at.After(now) {
		return v, invalid(FieldError{"query.at", "is in the future"})
	}
	return inventory.View{
		History: h, Tenant: owner(ctx), At: at.Truncate(time.Millisecond), Filter: filter.All(q.fields().filter(), f), MaxAge: age, Service: s.catalogue.service, Kept: s.sorted,
	}, nil
}

// readAge reads how long something is good.
func readAge(field, text string) (time.Duration, []FieldError) {
	then, faults := readMoment(field, text, time.Unix(0, 0), time.Unix(0, 0))
	age := time.Unix(0, 0).Sub(then)
	if len(faults) > 0 || age <= 0 || !strings.HasSuffix(text, "h") && !strings.HasSuffix(text, "d") && !strings.HasSuffix(text, "w") {
		return 0, []FieldError{{field, "expected how long, such as 12h, 7d or 4w"}}
	}
	return age, nil
}

func (s *Server) listInventory(ctx context.Context, in *inventoryInput) (*huma.StreamResponse, error) {
	if err := (ListingQuery{FormatQuery: in.FormatQuery, PageQuery: in.PageQuery}).check(); err != nil {
		return nil, err
	}
	v, err := s.view(ctx, in.ViewQuery)
	if err != nil {
		return nil, err
	}
	order, err := inventory.ParseOrder(in.Sort)
	if err != nil {
		return nil, invalid(FieldError{"query.sort", err.Error()})
	}
	format := in.FormatQuery.chosen()
	columns, err := in.ColumnsQuery.chosen(format, knownColumns)
	if err != nil {
		return nil, err
	}
	out := inventoryAnswer{Success: true}
	if out.Pending, err = s.caughtUp(ctx, &v, in.At == "" && in.Cursor == ""); err != nil {
		return nil, err
	}
	if format != formatJSON {
		return s.exportInventory(ctx, v, order, format, columns, out.Pending)
	}
	p, err := s.inventoryPage(ctx, &v, in.Cursor, order, in.Limit)
	if err != nil {
		return nil, err
	}
	if out.Coverage, err = v.Coverage(ctx); err != nil {
		return nil, err
	}
	out.At, out.Next, out.Resources = p.At.UTC(), p.Next, make([]knownRow, len(p.Rows))
	for i, r := range p.Rows {
		out.Resources[i] = knownRow{r}
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) { writeJSON(w, http.StatusOK, out) }), nil
}

// inventoryPage is a page of a view, which turns to the moment of the cursor.
func (s *Server) inventoryPage(ctx context.Context, v *inventory.View, cursor string, o inventory.Order, limit int) (inventory.Page, error) {
	p, err := v.Page(ctx, cursor, o, limit)
	if errors.Is(err, inventory.ErrCursor) {
		return p, invalid(FieldError{"query.cursor", err.Error()})
	}
	v.At = p.At
	return p, err
}

const (
	// scanWait is how long an answer of the inventory waits for a scan that has just ended, which is looked for every
	// scanLook. One that ended longer than scanFresh ago is not waited for.
	scanWait  = 2 * time.Second
	scanLook  = 50 * time.Millisecond
	scanFresh = 15 * time.Second
)

// pending are the IDs of scans that have ended and are not in the history. With wait it gives the newest of them a
// while to get in, so that who has seen a scan end finds it.
func (s *Server) pending(ctx context.Context, wait bool) ([]string, error) {
	for deadline := time.Now().Add(scanWait); ; {
		jobs, err := s.Results.Unrecorded(ctx, owner(ctx))
		if err != nil {
			return nil, err
		}
		fresh := len(jobs) > 0 && jobs[0].FinishedAt != nil && time.Since(*jobs[0].FinishedAt) < scanFresh
		if !wait || !fresh || time.Now().After(deadline) {
			ids := make([]string, len(jobs))
			for i, j := range jobs {
				ids[i] = j.ID
			}
			return ids, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(scanLook):
		}
	}
}

// caughtUp are the IDs of scans that a view lacks. One of now waits for them a while first, and has those that came in.
func (s *Server) caughtUp(ctx context.Context, v *inventory.View, now bool) ([]string, error) {
	ids, err := s.pending(ctx, now)
	if now {
		v.At = time.Now().Truncate(time.Millisecond)
	}
	return ids, err
}

// knownColumns are the columns of resources, then those of what the inventory knows.
var knownColumns = slices.Concat(columns, []string{"seen_at", "first_seen", "state_since", "stale"})

// exportInventory writes all that a view selects in lines.
func (s *Server) exportInventory(ctx context.Context, v inventory.View, o inventory.Order, format exportFormat, columns []column, pending []string) (*huma.StreamResponse, error) {
	if err := v.Look(ctx); err != nil {
		return nil, err
	}
	c, err := v.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		w.Header().Set(headerComplete, strconv.FormatBool(c.Good == c.Cells))
		if len(pending) > 0 {
			w.Header().Set(headerPending, strings.Join(pending, ", "))
		}
		s.streamRows(ctx, w, format, "inventory-"+v.At.UTC().Format("2006-01-02T150405Z"), columns, func(row func([]byte) error) error {
			return v.Each(ctx, o, row)
		})
	}), nil
}

type cellsInput struct {
	ViewQuery
	Standing []inventory.Standing `query:"standing" maxItems:"3" enum:"good,stale,unknown" doc:"Only cells of these standings, such as stale,unknown"`
	PageQuery
}

// Resolve implements huma.Resolver.
func (q *cellsInput) Resolve(ctx huma.Context) []error {
	return append(q.FilterQuery.Resolve(ctx), q.PageQuery.Resolve(ctx)...)
}

type cellsAnswer struct {
	Success  bool                  `json:"success" doc:"Always true"`
	Coverage inventory.Coverage    `json:"coverage" doc:"Of all cells, whatever standing asks for"`
	Cells    []inventory.KnownCell `json:"cells"`
	Next     string                `json:"next_cursor,omitempty" doc:"Absent on the last page"`
}

type cellsOutput struct{ Body cellsAnswer }

func (s *Server) listInventoryCells(ctx context.Context, in *cellsInput) (*cellsOutput, error) {
	v, err := s.view(ctx, in.ViewQuery)
	if err != nil {
		return nil, err
	}
	var after tracker.Cell
	if in.Cursor != "" {
		if after, err = tracker.ParseCell(in.Cursor); err != nil {
			return nil, invalid(FieldError{"query.cursor", "not a cursor of this listing"})
		}
	}
	if err := v.Look(ctx); err != nil {
		return nil, err
	}
	out := cellsAnswer{Success: true}
	if out.Coverage, err = v.Coverage(ctx); err != nil {
		return nil, err
	}
	cells, more, err := v.Cells(ctx, after, in.Limit, in.Standing...)
	if more {
		out.Next = cells[len(cells)-1].ID()
	}
	out.Cells = cells
	return &cellsOutput{out}, err
}

// listNow answers resources from the inventory; nothing where there is no history, or no scan in it.
func (s *Server) listNow(ctx context.Context, q ListingQuery) (*huma.StreamResponse, error) {
	if s.History == nil {
		return nil, nil //nolint:nilnil // the newest scan answers
	}
	pending, err := s.pending(ctx, q.Cursor == "")
	if err != nil {
		return nil, err
	}
	if scans, err := s.History.Scans(ctx, owner(ctx), time.Now().UnixMilli(), 1); len(scans) == 0 || err != nil {
		return nil, err
	}
	v, err := s.view(ctx, ViewQuery{FilterQuery: q.FilterQuery}) // whether it is old, this answer does not say
	if err != nil {
		return nil, err
	}
	if format := q.chosen(); format != formatJSON {
		return s.exportInventory(ctx, v, nil, format, whole(columns), pending)
	}
	page, err := s.inventoryPage(ctx, &v, q.Cursor, nil, q.Limit)
	if err != nil {
		return nil, err
	}
	c, err := v.Coverage(ctx)
	if err != nil {
		return nil, err
	}
	out := resourcesAnswer{Success: true, Complete: c.Good == c.Cells, Resources: rowsOf(page.Rows), Next: page.Next, Pending: pending}
	if v.Filter.IsZero() {
		n, err := s.History.Resources(ctx, v.Tenant)
		if err != nil {
			return nil, err
		}
		out.Total = &n
	}
	id, err := s.Results.Latest(ctx, owner(ctx))
	if err == nil {
		var job tracker.Job
		if job, err = s.scanned(ctx, id); err == nil {
			out.JobID, out.State, out.FinishedAt = job.ID, job.State, job.FinishedAt
		}
	}
	if err != nil && tracker.CodeOf(err) != tracker.CodeNotFound {
		return nil, err
	}
	return streamed(func(_ context.Context, w http.ResponseWriter) { writeJSON(w, http.StatusOK, out) }), nil
}
