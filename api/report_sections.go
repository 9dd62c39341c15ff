package api

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/reports/summary"
	"github.com/consolesensei/resource-tracker/trends"
)

// report is what a report is of.
type report struct {
	*Server
	history  *history.Store
	tenant   string
	from, to time.Time
	filter   filter.Filter
}

const (
	// reportRows is how many rows a table has besides that of all others.
	reportRows = 10
	// reportAge is for how long what was seen of a cell is good, in hours.
	reportAge = 24
)

// document reads the history once for each section.
func (r *report) document(ctx context.Context) (summary.Document, error) {
	d := summary.Document{
		Title: "What runs on AWS, and what it costs", At: time.Now().UTC().Truncate(time.Second), From: r.from, To: r.to, Filter: r.filter.String(),
		Currency: "USD", Zone: "UTC",
		Notes: []string{"Costs are list prices of what scans saw, in US dollars a month, not what AWS bills."},
	}
	for _, section := range []func(context.Context) ([]summary.ReportSection, error){r.costs, r.trend, r.changes, r.waste, r.coverage} {
		sections, err := section(ctx)
		if err != nil {
			return d, err
		}
		d.Sections = append(d.Sections, sections...)
	}
	return d, nil
}

// list is the path of a list that is narrowed as the report is.
func (r *report) list(path string, query ...string) string {
	return summary.Path(path, append(query, "filter", r.filter.String())...)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func (r *report) view() inventory.View {
	return inventory.View{History: r.history, Tenant: r.tenant, At: r.to, Filter: r.filter, MaxAge: reportAge * time.Hour, Service: r.catalogue.service}
}

// costs are what there is and what of it costs most, of one walk.
func (r *report) costs(ctx context.Context) ([]summary.ReportSection, error) {
	sums, first, err := r.view().SumWithDearest(ctx, [][]inventory.Dimension{{"type"}, {"account"}, {"basis"}}, reportRows, reportRows)
	if err != nil {
		return nil, err
	}
	return []summary.ReportSection{
		summary.Costs{Summed: sums, Lists: []string{r.list(inventoryPath+"/groups", "by", "type", "at", stamp(r.to))}}.Section(),
		summary.Dearest{Resources: first, Total: sums.Total, Lists: []string{r.list(inventoryPath, "sort", "-cost", "at", stamp(r.to))}}.Section(),
	}, nil
}

// changes are of one walk too.
func (r *report) changes(ctx context.Context) ([]summary.ReportSection, error) {
	d := inventory.Diff{Tenant: r.tenant, Filter: r.filter.At(r.to), Noisy: r.Noisy, Cells: inventory.Cells(r.filter)}
	var err error
	if d.From, err = r.history.SeenAt(ctx, r.tenant, r.from.UnixMilli(), d.Cells.Accounts...); err != nil {
		return nil, err
	}
	if d.To, err = r.history.SeenAt(ctx, r.tenant, r.to.UnixMilli(), d.Cells.Accounts...); err != nil {
		return nil, err
	}
	compared, err := d.Compare(ctx, r.history)
	if err != nil {
		return nil, err
	}
	tally := inventory.NewTally([]string{"type"})
	var largest []inventory.Change
	larger := func(a, b inventory.Change) int {
		return cmp.Or(cmp.Compare(inventory.Weight(b.CostDifference), inventory.Weight(a.CostDifference)), cmp.Compare(a.Key, b.Key))
	}
	err = compared.Each(ctx, 0, func(c *inventory.Change) error {
		tally.Add(c)
		if c.OnlyNoise() {
			return nil
		}
		if at, _ := slices.BinarySearchFunc(largest, *c, larger); at < reportRows {
			largest = slices.Insert(largest, at, *c)
			largest = largest[:min(len(largest), reportRows)]
		}
		return nil
	})
	return []summary.ReportSection{summary.Changes{
		From: r.from, To: r.to, Totals: tally.Totals(), Largest: largest, Unknown: inventory.Unknowns(compared.Comparison, 0),
		Lists: []string{r.list("/api/v1/diff", "from", stamp(r.from), "to", stamp(r.to), "group_by", "type")},
	}.Section()}, err
}

func (r *report) coverage(ctx context.Context) ([]summary.ReportSection, error) {
	c, err := r.view().Coverage(ctx)
	if err != nil {
		return nil, err
	}
	pending, err := r.pending(ctx, false)
	return []summary.ReportSection{summary.Coverage{
		Coverage: c, Pending: len(pending), Lists: []string{r.list(inventoryPath+"/coverage", "at", stamp(r.to), "max_age", fmt.Sprint(reportAge, "h"))},
	}.Section()}, err
}

// axis is what totals are kept by, where that is all that a filter asks of.
type axis struct {
	by    string            // type, account or tag:KEY; empty where there is no filter
	value func(string) bool // reports whether the filter selects what has a value
	tag   [2]string         // the key and the only value
}

// axisOf finds the axis of a filter; ok is false where it asks of anything else.
func axisOf(f filter.Filter) (a axis, ok bool) {
	conditions := f.Conditions()
	if len(conditions) == 0 {
		return axis{value: func(string) bool { return true }}, true
	}
	first := conditions[0]
	for _, c := range conditions {
		if c.Field != first.Field || c.Key != first.Key {
			return a, false
		}
	}
	a.value = func(text string) bool { return f.MayHold(first.Field, text) }
	switch {
	case first.Field == filter.FieldType:
		a.by = "type"
	case first.Field == filter.FieldAccount:
		a.by = "account"
	case first.Field == filter.FieldTag && len(conditions) == 1 && first.Op == filter.OpEquals && len(first.Values) == 1 && a.value(first.Values[0]) && !a.value(first.Values[0]+"\x00"):
		a.by, a.tag = "tag:"+first.Key, [2]string{first.Key, first.Values[0]}
	default:
		return a, false
	}
	return a, true
}

// trend is of the total, or of the keys of an axis that the filter selects.
func (r *report) trend(ctx context.Context) ([]summary.ReportSection, error) {
	from, to := trends.DayOf(r.from), trends.DayOf(r.to)
	t := summary.Trend{Interval: intervalOf(to - from), Month: r.to.Format("2006-01")}
	by := byNone
	a, ok := axisOf(r.filter)
	if ok && a.by != "" {
		by = a.by
	}
	t.Lists = []string{summary.Path("/api/v1/trend", "by", by, "from", dateOf(from), "to", dateOf(to), "interval", t.Interval), summary.Path("/api/v1/forecast", "by", by)}
	dimension, faults := r.dimensionOf(r.history, "cost", by)
	if !ok || len(faults) > 0 {
		t.Unkept = "No trend is kept by this filter: trends are kept by type, by account, and by the tags of HISTORY_TAGS."
		return []summary.ReportSection{t.Section()}, nil
	}
	k, err := r.chosenDays(ctx, dimension, min(from, to-fitDays), to, a)
	if err != nil {
		return nil, err
	}
	t.Forecast = trends.Forecast(k.series(k.Total), to)
	k = k.onFrom(from)
	for _, p := range k.points(k.Total, t.Interval) {
		t.Points = append(t.Points, summary.Point{Day: p.Day, Resources: p.Resources, Unpriced: p.Unpriced, Monthly: p.MonthlyCost, Spend: p.Spend, Observed: p.Observed})
	}
	return []summary.ReportSection{t.Section()}, nil
}

// intervalOf is what a point of a trend over some days is of, so that there are 60 at most.
func intervalOf(days int64) string {
	switch {
	case days < 60:
		return "day"
	case days < 60*6:
		return "week"
	}
	return "month"
}

// chosenDays are the days of what an axis selects.
func (r *report) chosenDays(ctx context.Context, dimension string, from, to int64, a axis) (known, error) {
	if a.by == "" {
		return r.days(ctx, r.history, dimension, from, to, apart{}, nil)
	}
	var sum []trends.Day
	k, err := r.days(ctx, r.history, dimension, from, to, apart{}, func(l trends.Line) {
		if sum == nil {
			sum = make([]trends.Day, len(l.Days))
		}
		if a.value(l.Key) {
			trends.Add(sum, l.Days)
		}
	})
	if sum == nil {
		sum = make([]trends.Day, len(k.Total))
	}
	k.Total = sum
	return k, err
}

// onFrom leaves out the days before one.
func (k known) onFrom(day int64) known {
	if skip := min(max(0, day-k.First), int64(len(k.Total))); skip > 0 {
		k.First, k.Total, k.observed = k.First+skip, k.Total[skip:], k.observed[skip:]
	}
	return k
}

// waste is what findings say now.
func (r *report) waste(ctx context.Context) ([]summary.ReportSection, error) {
	w := summary.Waste{Since: r.from, Lists: []string{liveFindingsPath}}
	a, ok := axisOf(r.filter)
	if !ok {
		w.Unkept = "Findings are not told by this filter: they are told by type, by account, and by the value of a tag."
		return []summary.ReportSection{w.Section()}, nil
	}
	q, query, some, err := r.findings(ctx, a)
	if err != nil {
		return nil, err
	}
	w.Lists = nil
	for _, of := range []struct {
		state string
		into  *[]history.FindingGroup
		more  []string
	}{
		{history.StateOpen, &w.Open, nil},
		{history.StateAcknowledged, &w.Acknowledged, nil},
		{history.StateResolved, &w.Resolved, []string{"resolved_since", stamp(r.from)}},
	} {
		w.Lists = append(w.Lists, summary.Path(liveFindingsPath, slices.Concat(query, of.more, []string{"state", of.state})...))
		if !some {
			continue
		}
		if q.State, q.ResolvedFrom = of.state, 0; of.more != nil {
			q.ResolvedFrom = r.from.UnixMilli()
		}
		if *of.into, err = r.history.GroupFindings(ctx, r.tenant, q, "rule", maxGroups); err != nil {
			return nil, err
		}
	}
	return []summary.ReportSection{w.Section()}, nil
}

// findings is what an axis selects of the findings, and the same as a query of the API; some is false where it
// selects none.
func (r *report) findings(ctx context.Context, a axis) (q history.FindingQuery, query []string, some bool, err error) {
	q.Now = time.Now().UnixMilli()
	switch a.by {
	case "":
		return q, []string{"group_by", "rule"}, true, nil
	case "type", "account":
	default:
		q.Tags = [][2]string{a.tag}
		return q, []string{"group_by", "rule", "tag." + a.tag[0], a.tag[1]}, true, nil
	}
	groups, err := r.history.GroupFindings(ctx, r.tenant, q, a.by, math.MaxInt32)
	var values []string
	for _, g := range groups {
		if a.value(g.Key) {
			values = append(values, g.Key)
		}
	}
	slices.Sort(values)
	name := "resource_type"
	if q.Types = values; a.by == "account" {
		name, q.Types, q.Accounts = "account_id", nil, values
	}
	if len(values) > maxListed { // the list is by what the filter asks of
		return q, []string{"group_by", a.by}, true, err
	}
	return q, []string{"group_by", "rule", name, strings.Join(values, ",")}, len(values) > 0, err
}

// maxListed is how many values a query of findings has of one field.
const maxListed = 50
