package cli

import (
	"strings"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/cli/output"
)

type inventoryCmd struct {
	List    inventoryListCmd    `cmd:"" default:"withargs" help:"List what there is, or was at a time, over all scans; or count it."`
	History inventoryHistoryCmd `cmd:"" help:"Tell one resource's life: what it was since when, and who planned and did what to it."`
}

type inventoryListCmd struct {
	Filter string   `help:"Only resources that a filter selects, such as 'type:EBS_Volume state:available cost>5'." placeholder:"FILTER"`
	At     string   `help:"As of a time, a day such as 2026-11-01, or how long ago such as 7d; none is now." placeholder:"WHEN"`
	MaxAge string   `help:"For how long what was seen of a cell is good, such as 12h or 7d." placeholder:"AGE"`
	Order  string   `help:"Up to four fields that the server sorts by, each descending after a minus, such as -cost,name." placeholder:"FIELDS"`
	By     string   `help:"Groups in place of resources: by one to three of type, region, account, state, service, basis and tag:KEY, such as account,type." name:"group-by" xor:"counts" placeholder:"GROUP"`
	Facets string   `help:"Counts in place of resources: by one thing after the other, as --group-by names them, such as type,tag:team." xor:"counts" placeholder:"FACETS"`
	Tags   bool     `help:"The keys of tags in place of resources, with how many carry each." xor:"counts"`
	Cells  []string `help:"Cells in place of resources, with how much is known of each: good, stale, unknown." enum:"good,stale,unknown" xor:"counts" placeholder:"STANDING"`
	Limit  int      `help:"At most so many rows; 0 is all." placeholder:"N"`
}

var inventoryColumns = append(append([]output.Column{}, resourceColumns...),
	output.Column{Name: "stale"},
	output.Column{Name: "state_since", Kind: output.Time, Wide: true},
	output.Column{Name: "first_seen", Kind: output.Time, Wide: true},
	output.Column{Name: "seen", Path: "seen_at", Kind: output.Time, Wide: true},
	output.Column{Name: "key", Wide: true},
)

var inventoryGroupColumns = []output.Column{
	{Name: "key", Path: "keys", Kind: output.ID},
	{Name: "resources", Kind: output.Number},
	{Name: "cost", Path: "estimated_monthly_total", Kind: output.Money},
	{Name: "unpriced", Path: "resources_with_unknown_cost", Kind: output.Number},
}

var inventoryFacetColumns = append([]output.Column{{Name: "facet"}}, inventoryGroupColumns...)

var inventoryTagColumns = []output.Column{
	{Name: "key", Kind: output.ID},
	{Name: "resources", Kind: output.Number},
	{Name: "values", Kind: output.Number},
	{Name: "more", Wide: true},
}

var inventoryCellColumns = []output.Column{
	{Name: "type", Path: "resource_type", Kind: output.ID},
	{Name: "region", Kind: output.Word},
	{Name: "account", Path: "account_id"},
	{Name: "standing", Kind: output.State},
	{Name: "outcome", Kind: output.State},
	{Name: "seen", Path: "seen_at", Kind: output.Time},
	{Name: "looked", Path: "looked_at", Kind: output.Time, Wide: true},
}

// knownResource is a resource with the key that its history is asked for by.
type knownResource struct {
	client.InventoryResource
	Key string `json:"key"`
}

// facetRow is a value of a facet. What has none of a tag is (none).
type facetRow struct {
	Facet string   `json:"facet,omitempty"`
	Keys  []string `json:"keys"`
	client.Count
}

func (c *inventoryListCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	switch {
	case c.By != "":
		a, err := t.GroupInventory(e.ctx, &client.GroupInventoryParams{Filter: c.Filter, At: c.At, MaxAge: c.MaxAge, By: strings.Split(c.By, ","), Top: c.Limit})
		if err != nil {
			return err
		}
		rows := append(countRows("", a.Groups, a.Other), facetRow{Keys: []string{total}, Count: a.Total})
		return e.inventoried(inventoryGroupColumns, output.Of(rows), a.Total, a.Coverage, a.PendingScans)
	case c.Facets != "":
		a, err := t.CountInventory(e.ctx, &client.CountInventoryParams{Filter: c.Filter, At: c.At, MaxAge: c.MaxAge, Facet: strings.Split(c.Facets, ","), Top: c.Limit})
		if err != nil {
			return err
		}
		var rows []facetRow
		for _, f := range a.Facets {
			rows = append(rows, countRows(strings.Join(f.By, ","), f.Groups, f.Other)...)
		}
		return e.inventoried(inventoryFacetColumns, output.Of(rows), a.Total, a.Coverage, a.PendingScans)
	case c.Tags:
		a, err := t.ListInventoryTags(e.ctx, &client.ListInventoryTagsParams{Filter: c.Filter, At: c.At, MaxAge: c.MaxAge, Top: c.Limit})
		if err != nil {
			return err
		}
		if err := e.print(inventoryTagColumns, output.Of(a.Keys)); err != nil {
			return err
		}
		return e.known(plural(a.Untagged, "resource")+" without a tag", a.Coverage, a.PendingScans)
	case len(c.Cells) > 0:
		return c.cells(e, t)
	}
	return c.list(e, t)
}

func (c *inventoryListCmd) list(e *env, t *client.Tracker) error {
	var last *client.InventoryAnswer
	n, limit := 0, c.Limit
	if len(e.Sort) > 0 {
		limit = 0 // the first in order may come last
	}
	p := client.ListInventoryParams{Filter: c.Filter, At: c.At, MaxAge: c.MaxAge, Sort: c.Order}
	rows := pages(limit, func(cursor string, limit int) ([]knownResource, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.ListInventory(e.ctx, &p)
		if err != nil {
			return nil, "", err
		}
		last = a
		page := make([]knownResource, len(a.Resources))
		for i, r := range a.Resources {
			page[i] = knownResource{r, strings.Join([]string{r.AccountID, r.Region, r.ResourceType, r.ResourceID}, "/")}
		}
		n += len(page)
		return page, a.NextCursor, nil
	})
	if err := e.first(c.Limit, inventoryColumns, output.Each(rows)); err != nil {
		return err
	}
	if c.Limit > 0 {
		n = min(n, c.Limit)
	}
	return e.known(plural(n, "resource"), last.Coverage, last.PendingScans)
}

func (c *inventoryListCmd) cells(e *env, t *client.Tracker) error {
	var coverage client.Coverage
	p := client.ListInventoryCellsParams{Filter: c.Filter, At: c.At, MaxAge: c.MaxAge, Standing: c.Cells}
	limit := c.Limit
	if len(e.Sort) > 0 {
		limit = 0
	}
	rows := pages(limit, func(cursor string, limit int) ([]client.KnownCell, string, error) {
		p.Cursor, p.Limit = cursor, limit
		a, err := t.ListInventoryCells(e.ctx, &p)
		if err != nil {
			return nil, "", err
		}
		coverage = a.Coverage
		return a.Cells, a.NextCursor, nil
	})
	if err := e.first(c.Limit, inventoryCellColumns, output.Each(rows)); err != nil {
		return err
	}
	return e.known(plural(coverage.Cells, "cell"), coverage, nil)
}

// countRows are the groups of a count, and those without a row of their own.
func countRows(facet string, groups []client.Group, rest *client.Count) []facetRow {
	var rows []facetRow
	for _, g := range groups {
		keys := make([]string, len(g.Keys))
		for i, key := range g.Keys {
			if keys[i] = "(none)"; key != nil {
				keys[i] = *key
			}
		}
		rows = append(rows, facetRow{facet, keys, client.Count{
			Resources: g.Resources, EstimatedMonthlyTotal: g.EstimatedMonthlyTotal, ResourcesWithUnknownCost: g.ResourcesWithUnknownCost,
		}})
	}
	if rest != nil {
		rows = append(rows, facetRow{facet, []string{other}, *rest})
	}
	return rows
}

// inventoried prints counts, and sums them up.
func (e *env) inventoried(columns []output.Column, rows output.Rows, of client.Count, c client.Coverage, pending []string) error {
	if err := e.print(columns, rows); err != nil {
		return err
	}
	what := plural(of.Resources, "resource") + ": $" + output.Dollars(of.EstimatedMonthlyTotal) + " a month at list prices" + unpriced(of.ResourcesWithUnknownCost)
	return e.known(what, c, pending)
}

// known says of an answer how much it stands on. What stands on cells that are not good ends as partial.
func (e *env) known(what string, c client.Coverage, pending []string) error {
	if len(pending) > 0 {
		e.note("not in it yet: %s", strings.Join(pending, ", "))
	}
	if c.Good == c.Cells {
		e.note("%s; everything was seen that was looked at", what)
		return nil
	}
	e.note("%s; of %s %d are stale and %d were never seen: tracker inventory --cells stale,unknown lists them", what, plural(c.Cells, "cell"), c.Stale, c.Unknown)
	return ends(ExitPartial)
}
