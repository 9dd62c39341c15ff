package e2e

import (
	"cmp"
	"encoding/json"
	"iter"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// select returns the part of the truth that a scan with the types and regions
// must find; nil selects all. Resources without a region are always in.
func (a *account) selected(types []tracker.Type, regions []string) map[string]tracker.Resource {
	out := maps.Clone(a.truth)
	maps.DeleteFunc(out, func(_ string, r tracker.Resource) bool {
		return types != nil && !slices.Contains(types, r.Type) ||
			regions != nil && r.Region != tracker.Global && !slices.Contains(regions, r.Region)
	})
	return out
}

// check compares what a scan found with what was seeded: nothing missing,
// nothing twice, nothing more, and every field as it was made.
func (a *account) check(t *testing.T, want map[string]tracker.Resource, got []tracker.Resource) {
	t.Helper()
	found := map[string]tracker.Resource{}
	for _, r := range got {
		if _, twice := found[r.Key()]; twice {
			t.Errorf("found twice: %s", r.Key())
		}
		found[r.Key()] = r
	}
	named(t, "missing", want, found)
	named(t, "not seeded", found, want)
	diffs := 0
	for _, key := range slices.Sorted(maps.Keys(want)) {
		r, ok := found[key]
		if !ok || diffs == 10 {
			continue
		}
		if d := gocmp.Diff(plain(t, want[key]), a.comparable(t, want[key], r)); d != "" {
			diffs++
			t.Errorf("%s differs (-seeded +found):\n%s", key, d)
		}
	}
}

// priced checks what a result says of costs: each resource has one, unknown has
// a reason, a zero is free or nothing stored, and the sums are of what is known.
func priced(t *testing.T, r result) {
	t.Helper()
	var total tracker.Money
	known := 0
	for _, res := range r.Resources {
		c := res.Cost
		if c == nil || c.Value == nil && c.Reason == "" {
			t.Errorf("%s: no cost and no reason: %+v", res.Key(), c)
			continue
		}
		if !reflect.DeepEqual(c.Value, res.MonthlyCost) {
			t.Errorf("%s: cost %v, estimated_cost_monthly %v", res.Key(), c.Value, res.MonthlyCost)
		}
		if c.Value == nil {
			continue
		}
		known++
		total += *c.Value
		counted := slices.ContainsFunc(c.Components, func(p tracker.CostComponent) bool { return p.Quantity > 0 && p.Monthly != nil })
		if *c.Value == 0 && c.Basis != tracker.CostFree && counted {
			t.Errorf("%s: a zero that is not free: %+v", res.Key(), c)
		}
	}
	sum := r.CostSummary
	if sum.MonthlyTotal != total || sum.Known != known || sum.Known+sum.Unknown != len(r.Resources) || total == 0 {
		t.Errorf("the summary has $%s of %d resources and %d unknown, the resources are $%s of %d", sum.MonthlyTotal, sum.Known, sum.Unknown, total, known)
	}
	for name, groups := range map[string]iter.Seq[tracker.Money]{
		"type": maps.Values(sum.ByResourceType), "region": maps.Values(sum.ByRegion), "account": maps.Values(sum.ByAccount), "service": maps.Values(sum.ByService),
	} {
		var all tracker.Money
		for m := range groups {
			all += m
		}
		if all != total {
			t.Errorf("the costs by %s add up to $%s, not $%s", name, all, total)
		}
	}
}

// named reports the resources of one set that the other lacks.
func named(t *testing.T, what string, these, those map[string]tracker.Resource) {
	t.Helper()
	count := map[string]int{}
	var first []string
	for _, key := range slices.Sorted(maps.Keys(these)) {
		if _, ok := those[key]; ok {
			continue
		}
		r := these[key]
		count[string(r.Type)+" in "+r.Region]++
		if len(first) < 5 {
			first = append(first, key)
		}
	}
	if len(count) > 0 {
		t.Errorf("%s: %v, such as %q", what, count, first)
	}
}

// comparable reduces a found resource to what the seeder knows of it. A creation
// time that no create call answered must be since seeding began: of some resources
// moto says that they were created when they are asked for.
func (a *account) comparable(t *testing.T, want, got tracker.Resource) tracker.Resource {
	t.Helper()
	got.MonthlyCost, got.Cost = nil, nil
	got.Metadata = maps.Clone(got.Metadata)
	maps.DeleteFunc(got.Metadata, func(k string, _ any) bool { _, ok := want.Metadata[k]; return !ok })
	if want.Created == nil && got.Created != nil {
		if got.Created.Before(a.from.Truncate(time.Second)) || got.Created.After(time.Now()) {
			t.Errorf("%s was created at %s, not since seeding began at %s", got.Key(), got.Created, a.from)
		}
		got.Created = nil
	}
	return plain(t, got)
}

// plain is the resource as its JSON reads, with times in whole seconds of UTC:
// moto answers no fractions where AWS does.
func plain(t *testing.T, r tracker.Resource) tracker.Resource {
	t.Helper()
	if r.Created != nil {
		at := r.Created.UTC().Truncate(time.Second)
		r.Created = &at
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var out tracker.Resource
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// sorted orders resources by key.
func sorted(rs []tracker.Resource) []tracker.Resource {
	return slices.SortedFunc(slices.Values(rs), func(x, y tracker.Resource) int { return cmp.Compare(x.Key(), y.Key()) })
}

// outcomes counts the cells by how they ended.
func (c coverage) outcomes() map[tracker.Outcome]int {
	out := map[tracker.Outcome]int{}
	for _, cell := range c.Cells {
		out[cell.Outcome]++
	}
	return out
}

// failed are the cells that were not seen to their end.
func (c coverage) failed() []tracker.CellReport {
	return slices.DeleteFunc(slices.Clone(c.Cells), func(r tracker.CellReport) bool { return r.Outcome.Complete() })
}
