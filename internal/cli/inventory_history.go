package cli

import (
	"strings"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type inventoryHistoryCmd struct {
	Key    string `arg:"" help:"The resource: account_id/region/resource_type/resource_id, as inventory --columns key shows it."`
	MaxAge string `help:"For how long what was seen of its cell is good, such as 12h or 7d." placeholder:"AGE"`
	Limit  int    `help:"At most so many versions; 0 is all." placeholder:"N"`
}

var versionColumns = []output.Column{
	{Name: "since", Kind: output.Time},
	{Name: "until", Kind: output.Time},
	{Name: "began"},
	{Name: "ended"},
	{Name: "state", Kind: output.State},
	{Name: "cost", Kind: output.Money},
	{Name: "differs"},
	{Name: "difference", Path: "cost_difference", Kind: output.Money, Wide: true},
	{Name: "state_since", Kind: output.Time, Wide: true},
}

var lifeFindingColumns = []output.Column{
	{Name: "rule", Kind: output.ID},
	{Name: "state", Kind: output.State},
	{Name: "since", Path: "opened_at", Kind: output.Time},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "resolved", Path: "resolved_at", Kind: output.Time},
	{Name: "realised", Path: "realised_saving", Kind: output.Money},
	{Name: "why", Path: "acknowledgement.reason"},
}

var planAboutColumns = []output.Column{
	{Name: "plan", Path: "plan_id", Kind: output.ID},
	{Name: "action"},
	{Name: "item_state", Kind: output.State},
	{Name: "author"},
	{Name: "approved_by", Path: "approval.by"},
	{Name: "created", Path: "created_at", Kind: output.Time},
	{Name: "finished", Path: "finished_at", Kind: output.Time},
	{Name: "saving", Path: "monthly_saving", Kind: output.Money},
	{Name: "message"},
}

var auditColumns = []output.Column{
	{Name: "at", Kind: output.Time},
	{Name: "what", Kind: output.ID},
	{Name: "who"},
	{Name: "plan", Path: "plan_id"},
	{Name: "detail"},
}

// versionRow is a version with what differs in words.
type versionRow struct {
	client.LifeVersion
	Differs string `json:"differs"`
}

func (c *inventoryHistoryCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	var life *client.LifeAnswer
	p := client.GetInventoryHistoryParams{MaxAge: c.MaxAge}
	var rows []versionRow
	for v, err := range pages(c.Limit, func(cursor string, limit int) ([]client.LifeVersion, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.GetInventoryHistory(e.ctx, c.Key, &p)
		if err != nil {
			return nil, "", err
		}
		if life == nil {
			life = a
		}
		return a.Versions, a.NextCursor, nil
	}) {
		if err != nil {
			return err
		}
		rows = append(rows, versionRow{v, differs(client.Change{Fields: v.Fields, Noise: v.Noise})})
	}
	switch e.Output {
	case output.Table:
		err = c.tell(e, life, rows)
	case output.CSV:
		err = e.print(versionColumns, output.Of(rows))
	default:
		life.Versions, life.NextCursor = nil, ""
		for _, r := range rows {
			life.Versions = append(life.Versions, r.LifeVersion)
		}
		err = e.one(life, versionColumns, func() error { return nil })
	}
	if err != nil {
		return err
	}
	if life.Cell.Standing != "good" {
		e.note("its cell is %s, seen %s: it may have changed since, or be gone", life.Cell.Standing, seenAt(life.Cell.SeenAt))
		return ends(ExitPartial)
	}
	return nil
}

// tell prints a life for people.
func (c *inventoryHistoryCmd) tell(e *env, l *client.LifeAnswer, rows []versionRow) error {
	if len(e.Columns) > 0 {
		return e.print(versionColumns, output.Of(rows))
	}
	is := "there, as far as scans saw"
	if l.GoneAt != nil {
		is = "gone since " + when(*l.GoneAt)
	}
	name := l.Resource.ResourceID
	if l.Resource.ResourceName != nil {
		name = *l.Resource.ResourceName + " (" + name + ")"
	}
	e.say("%s %s: seen first %s, last %s; %s", strings.ReplaceAll(l.Resource.ResourceType, "_", " "), name, when(l.FirstSeen), seenAt(l.Cell.SeenAt), is)
	if err := e.print(versionColumns, output.Of(rows)); err != nil {
		return err
	}
	for _, part := range []struct {
		head    string
		n       int
		columns []output.Column
		rows    output.Rows
	}{
		{"Findings", len(l.Findings), lifeFindingColumns, output.Of(l.Findings)},
		{"Plans", len(l.Plans), planAboutColumns, output.Of(l.Plans)},
		{"Audit", len(l.Audit.Events), auditColumns, output.Of(l.Audit.Events)},
	} {
		if part.n == 0 {
			continue
		}
		e.say("")
		e.say("%s", part.head)
		if err := e.table(part.columns, part.rows); err != nil {
			return err
		}
	}
	if a := l.Audit; !a.Complete {
		e.note("of the audit %s were looked at, back to %s: GET /api/v1/audit has the older ones", plural(a.LinesRead, "line"), seenAt(a.ReadSince))
	}
	return nil
}

// seenAt is a time that may not be known.
func seenAt(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return when(*t)
}
