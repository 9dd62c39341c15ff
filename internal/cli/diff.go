package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type diffCmd struct {
	From     string   `help:"A time, a day such as 2026-11-01, how long ago such as 7d, or a scan." placeholder:"WHEN"`
	To       string   `help:"As --from; none is now." placeholder:"WHEN"`
	Filter   string   `help:"Only resources that a filter selects, as they were or as they are." placeholder:"FILTER"`
	Changes  []string `help:"Only these: added, removed, changed." enum:"added,removed,changed" placeholder:"CHANGE"`
	Selected []string `help:"Only what the filter selects at these times: before, now, both. now is what it has come to select." enum:"before,now,both" placeholder:"TIME"`
	Fields   []string `help:"Of what was changed, only where one of these differs, such as state or metadata.public_ip." placeholder:"FIELD"`
	Noise    string   `help:"What to do with what differs although nobody has changed anything: omit, include, only." enum:"omit,include,only" default:"omit"`
	By       string   `help:"Sum up by one or two of type, region, account, state, change and tag:KEY, in place of the changes." name:"group-by" placeholder:"GROUP"`
	Unknown  bool     `help:"List the cells of which it is not known what has changed, in place of the changes."`
	Limit    int      `help:"At most so many changes; 0 is all." placeholder:"N"`
	ExitCode bool     `help:"Exit with 6 when something has changed."`
}

var changeColumns = []output.Column{
	{Name: "change", Kind: output.ID},
	{Name: "type", Path: "resource_type", Kind: output.Word},
	{Name: "id", Path: "resource_id", Kind: output.ID},
	{Name: "name", Path: "resource_name"},
	{Name: "region", Kind: output.Word},
	{Name: "cost", Path: "cost_difference", Kind: output.Money},
	{Name: "differs"},
	{Name: "since", Kind: output.Time, Wide: true},
	{Name: "account", Path: "account_id", Wide: true},
	{Name: "state", Wide: true},
	{Name: "selected", Wide: true},
}

var changeGroupColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "added", Kind: output.Number},
	{Name: "removed", Kind: output.Number},
	{Name: "changed", Kind: output.Number},
	{Name: "cost", Path: "cost_difference", Kind: output.Money},
	{Name: "unpriced", Path: "resources_with_unknown_cost", Kind: output.Number},
}

var unknownColumns = []output.Column{
	{Name: "type", Path: "resource_type", Kind: output.ID},
	{Name: "region", Kind: output.Word},
	{Name: "account", Path: "account_id"},
	{Name: "reason"},
	{Name: "outcome", Kind: output.State},
	{Name: "last_seen", Kind: output.Time},
}

// mostUnknown is how many unknown cells the server lists.
const mostUnknown = 10_000

// changeRow is a change with what differs in words.
type changeRow struct {
	client.Change
	Differs string `json:"differs"`
}

func (c *diffCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	p := client.GetDiffParams{
		From: c.From, To: c.To, Filter: c.Filter, Changes: c.Changes, Selected: c.Selected, Fields: c.Fields, Noise: c.Noise, GroupBy: c.By, UnknownLimit: new(0),
	}
	if c.Unknown {
		*p.UnknownLimit = mostUnknown
	}
	var first *client.DiffAnswer
	limit := c.Limit
	if len(e.Sort) > 0 {
		limit = 0 // the first in order may come last
	}
	read := func(cursor string, limit int) ([]changeRow, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.GetDiff(e.ctx, &p)
		if err != nil {
			return nil, "", err
		}
		if first == nil {
			first = a
		}
		rows := make([]changeRow, len(a.Changes))
		for i, change := range a.Changes {
			rows[i] = changeRow{change, differs(change)}
		}
		return rows, a.NextCursor, nil
	}
	if !c.Unknown && c.By == "" {
		if err := e.first(c.Limit, changeColumns, output.Each(pages(limit, read))); err != nil {
			return err
		}
		return c.ended(e, first)
	}
	if _, _, err := read("", 1); err != nil {
		return err
	}
	if c.Unknown {
		err = e.print(unknownColumns, output.Of(first.Unknown.List))
	} else {
		err = e.print(changeGroupColumns, output.Of(changeGroups(first.Summary)))
	}
	if err != nil {
		return err
	}
	return c.ended(e, first)
}

// changeGroups are the groups of a diff, those without a row of their own, and all together.
func changeGroups(t *client.Totals) []client.ChangeGroup {
	var rows []client.ChangeGroup
	for _, g := range t.Groups {
		for i, key := range g.Key {
			g.Key[i] = tagged(key)
		}
		rows = append(rows, g)
	}
	if o := t.Other; o != nil {
		rows = append(rows, client.ChangeGroup{
			Key: []string{other}, Added: o.Added, Removed: o.Removed, Changed: o.Changed, CostDifference: o.CostDifference, ResourcesWithUnknownCost: o.ResourcesWithUnknownCost,
		})
	}
	return append(rows, client.ChangeGroup{
		Key: []string{total}, Added: t.Added, Removed: t.Removed, Changed: t.Changed, CostDifference: t.CostDifference, ResourcesWithUnknownCost: t.ResourcesWithUnknownCost,
	})
}

// differs puts the fields of a change into words.
func differs(c client.Change) string {
	parts := make([]string, len(c.Fields))
	for i, f := range c.Fields {
		parts[i] = fmt.Sprintf("%s: %s → %s", f.Field, side(f.Old), side(f.New))
	}
	for _, f := range c.Noise {
		parts = append(parts, fmt.Sprintf("(%s: %s → %s)", f.Field, side(f.Old), side(f.New)))
	}
	return strings.Join(parts, ", ")
}

// side is a value of a field.
func side(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return v
	}
	b, err := output.Encode(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// ended sums a diff up, says what it lacks, and ends as scripts are told.
func (c *diffCmd) ended(e *env, a *client.DiffAnswer) error {
	s := a.Summary
	e.note("%d added, %d removed, %d changed: $%s a month at list prices%s; from %s to %s",
		s.Added, s.Removed, s.Changed, output.Dollars(s.CostDifference), unpriced(s.ResourcesWithUnknownCost), when(a.From.At), when(a.To.At))
	if n := s.Noise.Resources; n > 0 {
		e.note("%s changed by noise alone: --noise only lists them", plural(n, "resource"))
	}
	if u := a.Unknown; u.Cells > 0 {
		reasons := make([]string, 0, len(u.ByReason))
		for _, reason := range slices.Sorted(maps.Keys(u.ByReason)) {
			reasons = append(reasons, fmt.Sprintf("%d %s", u.ByReason[reason], reason))
		}
		e.note("what changed in %d of %d cells is not known (%s): --unknown lists them", u.Cells, u.Cells+u.CellsKnown, strings.Join(reasons, ", "))
	}
	switch {
	case c.ExitCode && s.Added+s.Removed+s.Changed > 0:
		return ends(ExitChanged)
	case !a.Complete:
		return ends(ExitPartial)
	}
	return nil
}
