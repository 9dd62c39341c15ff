package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// The bounds of one answer: how many findings, items of plans and lines of the audit it has.
const (
	lifeFindings = 100
	lifePlans    = 100
	lifeLines    = 100
)

type lifeInput struct {
	Key    string `path:"key" maxLength:"2048" doc:"account_id/region/resource_type/resource_id, each slash and whatever else needs it escaped" example:"111122223333%2Feu-west-1%2FEBS_Volume%2Fvol-0123456789abcdef0"`
	MaxAge string `query:"max_age" maxLength:"8" default:"24h" doc:"For how long what was seen of its cell is good, such as 12h, 7d or 4w"`
	Before string `query:"audit_before" maxLength:"41" pattern:"^(\\d{1,20}-\\d{1,20})?$" doc:"next_before of the audit of the answer before: older lines than it had"`
	PageQuery
}

// lifeAnswer is all that is known of one resource.
type lifeAnswer struct {
	Success   bool                    `json:"success" doc:"Always true"`
	Key       string                  `json:"resource_key" doc:"account_id/region/resource_type/resource_id"`
	Resource  row                     `json:"resource" doc:"As a scan saw it last"`
	FirstSeen time.Time               `json:"first_seen" doc:"When a scan saw it first"`
	GoneAt    *time.Time              `json:"gone_at" doc:"When a scan first saw that it was not there any more; null while it is there, as far as scans saw"`
	Cell      inventory.KnownCell     `json:"cell" doc:"How much is known of its cell. Of one that is not good, the resource may have changed, or be gone, or be back, since seen_at"`
	Versions  []inventory.LifeVersion `json:"versions" doc:"The newest first"`
	Next      string                  `json:"next_cursor,omitempty" doc:"Of older versions; absent on the last page"`
	Findings  []liveFinding           `json:"findings" doc:"About it, open, acknowledged and resolved, those that were opened last first; up to 100"`
	Plans     []planAbout             `json:"plans" doc:"Items of plans that are about it, those of the newest plan first, while the plans are kept; up to 100"`
	Audit     lifeAudit               `json:"audit"`
}

// planAbout is an item of a plan, for whoever asks about its resource.
type planAbout struct {
	ID            string                 `json:"plan_id"`
	PlanState     tracker.PlanState      `json:"state" enum:"planning,planned,scheduled,applying,held,succeeded,partial,failed,cancelled,expired" doc:"Of the plan"`
	Author        string                 `json:"author" doc:"Who asked for the plan, as in the audit"`
	Schedule      string                 `json:"schedule_id,omitempty" doc:"What started the plan"`
	Select        *tracker.PlanSelection `json:"select,omitempty" doc:"What the plan's resources were selected by; absent where they were named"`
	Approval      tracker.Approval       `json:"approval"`
	CreatedAt     time.Time              `json:"created_at"`
	AppliedAt     *time.Time             `json:"applied_at"`
	Reason        string                 `json:"reason,omitempty" doc:"Why the plan failed, is held or was cancelled"`
	UndoOf        string                 `json:"undo_of,omitempty" doc:"The plan that it undoes"`
	UndoneBy      string                 `json:"undone_by,omitempty" doc:"The newest plan that was made to undo it"`
	Item          int                    `json:"item" doc:"The index of the item that is about the resource"`
	Verb          string                 `json:"action"`
	Params        tracker.Metadata       `json:"params,omitempty"`
	ItemState     tracker.ItemState      `json:"item_state" enum:"planned,waiting,ready,running,refused,verified,failed,blocked,verify_timeout,reappeared,not_run"`
	Message       string                 `json:"message,omitempty" doc:"What became of the item, such as why it was refused"`
	FinishedAt    *time.Time             `json:"finished_at" doc:"When the item ended"`
	MonthlySaving *tracker.Money         `json:"monthly_saving" doc:"What the item was planned to save, in US dollars a month; null where it is not known"`
}

// lifeAudit is what of the audit is about a resource, and how far it was looked for.
type lifeAudit struct {
	Events   []tracker.AuditEvent `json:"events" doc:"Lines about the resource, and about the plans above as a whole; the newest first, up to 100"`
	Lines    int                  `json:"lines_read" doc:"How many lines of the audit were looked at"`
	Since    *time.Time           `json:"read_since" doc:"When the oldest line was written that was looked at; null without one"`
	Complete bool                 `json:"complete" doc:"Whether all lines were looked at that are kept and are older than audit_before"`
	Next     string               `json:"next_before,omitempty" doc:"The audit_before of the answer with older lines; absent where complete"`
}

func (s *Server) registerLife() {
	register(s, huma.Operation{
		OperationID: "get-inventory-history", Method: http.MethodGet, Path: inventoryPath + "/{key}/history", Tags: []string{"inventory"},
		Summary: "Tell one resource's life: what it was since when, and what was found, planned and done about it",
		Description: `What a resource was from when to when, and which fields changed to what; how much is known of it now; what is found about it; and who
planned and did what to it. cursor pages through versions. The audit is read from its end: an answer looks at up to 20,000 lines, says how far it
looked, and audit_before goes on from there. 404 where no scan has ever seen it, or nothing of it is kept any more.` + noHistory,
		Errors:    []int{http.StatusNotFound, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{status(http.StatusOK): jsonAnswer("Its life", schema[lifeAnswer](s))},
	}, s.life)
}

func (s *Server) life(ctx context.Context, in *lifeInput) (*huma.StreamResponse, error) {
	h, err := s.kept()
	if err != nil {
		return nil, err
	}
	age, faults := readAge("query.max_age", in.MaxAge)
	before := history.Forever
	if in.Cursor != "" {
		if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil || before <= 0 {
			faults = append(faults, FieldError{"query.cursor", "not a cursor of this listing"})
		}
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	if err := checkBefore("query.audit_before", in.Before); err != nil {
		return nil, err
	}
	v := inventory.View{History: h, Tenant: owner(ctx), At: time.Now(), MaxAge: age}
	l, ok, err := v.Life(ctx, in.Key, before, in.Limit, s.Noisy)
	if err == nil && !ok {
		err = tracker.Errorf(tracker.CodeNotFound, "no scan has seen such a resource, or nothing of it is kept any more: a key is account_id/region/resource_type/resource_id, escaped")
	}
	if err != nil {
		return nil, err
	}
	out := lifeAnswer{Success: true, Key: l.Key, Resource: row{l.Resource}, FirstSeen: l.First, GoneAt: l.Gone, Cell: l.Cell, Versions: l.Versions}
	if l.More {
		out.Next = strconv.FormatInt(l.Versions[len(l.Versions)-1].Since.UnixMilli(), 10)
	}
	own, id, _ := inventory.ParseKey(l.Key)
	of := target{l.Cell.Cell, own.Region, id}
	if out.Findings, err = s.findingsAbout(ctx, h, of); err != nil {
		return nil, err
	}
	if out.Plans, err = s.plansAbout(ctx, of); err != nil {
		return nil, err
	}
	if out.Audit, err = s.auditAbout(ctx, of, out.Plans, in.Before); err != nil {
		return nil, err
	}
	return answered(http.StatusOK, out), nil
}

// target is a resource that findings, plans and lines of the audit may be about.
type target struct {
	cell   tracker.Cell
	region string // its own, which of a global type is not that of the cell
	id     string
}

// in reports whether a region that somebody names can be that of the resource. Of a global one they name any.
func (t target) in(region string) bool {
	return t.cell.Region == tracker.Global || region == t.region
}

// is reports whether an action is about the resource.
func (t target) is(a *tracker.ActionRef) bool {
	return a.AccountID == t.cell.AccountID && a.Type == t.cell.Type && strings.EqualFold(a.ResourceID, t.id) && t.in(a.Region)
}

func (s *Server) findingsAbout(ctx context.Context, h *history.Store, of target) ([]liveFinding, error) {
	q := history.FindingQuery{
		Accounts: []string{of.cell.AccountID}, Types: []string{string(of.cell.Type)}, Resource: of.id, Now: time.Now().UnixMilli(),
	}
	page, err := h.Findings(ctx, owner(ctx), q, "opened", true, history.Mark{}, lifeFindings)
	if err != nil {
		return nil, err
	}
	all := []liveFinding{}
	for _, f := range page {
		live, err := liveOf(f)
		if err != nil {
			return nil, err
		}
		if of.in(live.Region) {
			all = append(all, live)
		}
	}
	return all, nil
}

func (s *Server) plansAbout(ctx context.Context, of target) ([]planAbout, error) {
	page, _, err := s.Plans.PlansAbout(ctx, owner(ctx), of.cell.AccountID, of.cell.Type, of.id, "", lifePlans)
	if err != nil {
		return nil, err
	}
	all := []planAbout{}
	for _, a := range page {
		if p, it := a.Plan, a.Item; of.in(it.Region) {
			all = append(all, planAbout{
				p.ID, p.State, p.Author, p.Schedule, p.Request.Select, p.Approval, p.CreatedAt, p.AppliedAt, p.Reason, p.UndoOf, p.UndoneBy,
				it.Index, it.Verb, it.Params, it.Ledger.State, it.Ledger.Message, it.Ledger.FinishedAt, it.MonthlySaving,
			})
		}
	}
	return all, nil
}

// auditAbout reads the audit backwards, from a line on.
func (s *Server) auditAbout(ctx context.Context, of target, plans []planAbout, before string) (lifeAudit, error) {
	out := lifeAudit{Events: []tracker.AuditEvent{}}
	about := map[string]bool{}
	for _, p := range plans {
		about[p.ID] = true
	}
	for e, err := range s.auditBackwards(ctx, before) {
		if err != nil {
			return out, err
		}
		out.Lines, out.Since, before = out.Lines+1, &e.At, e.ID
		if e.Target != nil && of.is(e.Target) || e.Target == nil && e.Item == nil && about[e.PlanID] {
			if out.Events = append(out.Events, *e); len(out.Events) == lifeLines {
				out.Next = before
				return out, nil
			}
		}
	}
	if out.Complete = out.Lines < auditRead; !out.Complete {
		out.Next = before
	}
	return out, nil
}
