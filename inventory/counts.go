package inventory

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// maxKeys bounds what is counted apart: tags may have any value. What is beyond is counted together.
const maxKeys = 10_000

// maxDimensions is how many dimensions are counted at once.
const maxDimensions = 10

// Dimension is what resources are told apart by: type, region, account, state, service, basis, or tag:KEY.
type Dimension string

var dimension = regexp.MustCompile(`^(type|region|account|state|service|basis|tag:.{1,128})$`)

// ParseDimensions reads dimensions, one to most.
func ParseDimensions(texts []string, most int) ([]Dimension, error) {
	var all []Dimension
	for _, t := range texts {
		d := Dimension(t)
		if !dimension.MatchString(t) || slices.Contains(all, d) {
			return nil, fmt.Errorf("expected, each once, of type, region, account, state, service, basis and tag:KEY")
		}
		all = append(all, d)
	}
	if len(all) == 0 || len(all) > most {
		return nil, fmt.Errorf("expected 1 to %d of type, region, account, state, service, basis and tag:KEY", most)
	}
	return all, nil
}

// of is what a resource has in a dimension; false without the tag.
func (d Dimension) of(r row, service func(tracker.Type) string) (string, bool) {
	if tag, ok := strings.CutPrefix(string(d), "tag:"); ok {
		return r.Tag(tag)
	}
	field := filter.FieldType
	switch d {
	case "region":
		field = filter.FieldRegion
	case "account":
		field = filter.FieldAccount
	case "state":
		field = filter.FieldState
	case "service":
		text, _ := r.Text(field)
		return service(tracker.Type(text)), true
	case "basis":
		return string(r.Basis()), true
	}
	text, _ := r.Text(field)
	return text, true
}

// Count is how many resources there are, and what they cost a month.
type Count struct {
	Resources int           `json:"resources"`
	Total     tracker.Money `json:"estimated_monthly_total" doc:"The sum of the known costs; resources_with_unknown_cost says how many it lacks"`
	Unknown   int           `json:"resources_with_unknown_cost"`
}

// countOf counts one resource.
func countOf(r row) Count {
	if r.Cost == nil {
		return Count{Resources: 1, Unknown: 1}
	}
	return Count{Resources: 1, Total: tracker.Money(*r.Cost)}
}

func (c *Count) merge(o Count) {
	c.Resources, c.Total, c.Unknown = c.Resources+o.Resources, c.Total+o.Total, c.Unknown+o.Unknown
}

// Group is the resources that have something in common.
type Group struct {
	Keys []*string `json:"keys" doc:"What the resources have in common, by the dimensions in their order; null for those without the tag"`
	Count
}

// Counts are groups: those that cost most first, then those of most resources.
type Counts struct {
	By     []Dimension `json:"by"`
	Groups []Group     `json:"groups"`
	Other  *Count      `json:"other,omitempty" doc:"The resources of all further groups; absent where there are none"`
}

// Summed is all that a view selects, and the same in groups.
type Summed struct {
	Total Count
	Sets  []Counts
}

// Sum counts what the view selects by each set of dimensions, and answers the top groups of each. It holds up to
// 10,000 groups of a set.
func (v View) Sum(ctx context.Context, sets [][]Dimension, top int) (Summed, error) {
	s, _, err := v.sum(ctx, sets, top, 0)
	return s, err
}

// sum counts, and finds the n resources that cost most.
func (v View) sum(ctx context.Context, sets [][]Dimension, top, n int) (Summed, dearest, error) {
	var fields []string
	for _, set := range sets {
		for _, d := range set {
			fields = append(fields, string(d))
		}
	}
	if n > 0 {
		fields = append(fields, everything)
	}
	all := tally{sets: make([]groups, len(sets)), first: dearest{n: n}}
	err := v.pages(ctx, 0, fields, func(page []history.Version) (func() error, error) {
		part := tally{sets: make([]groups, len(sets)), first: dearest{n: n}}
		err := eachRow(page, func(r row) error {
			part.add(r, sets, v.Service)
			return r.Err()
		})
		return func() error { all.merge(part); return nil }, err
	})
	s := Summed{Total: all.total, Sets: make([]Counts, len(sets))}
	for i, set := range sets {
		s.Sets[i] = counts(set, all.sets[i], top)
	}
	return s, all.first, err
}

// tally is what was counted: of all that was walked, or of a page.
type tally struct {
	total Count
	sets  []groups
	first dearest
	name  []byte // of a group that is looked for
}

// add counts a resource.
func (t *tally) add(r row, sets [][]Dimension, service func(tracker.Type) string) {
	one := countOf(r)
	t.total.merge(one)
	t.first.take(r.Cost, r.JSON)
	var keys [maxDimensions]string
	var known [maxDimensions]bool
	for i, set := range sets {
		t.name = t.name[:0]
		for k, d := range set {
			if keys[k], known[k] = d.of(r, service); known[k] {
				t.name = append(append(t.name, '+'), keys[k]...)
			}
			t.name = append(t.name, 0)
		}
		t.sets[i].add(t.name, one, func() []*string {
			own := make([]*string, len(set))
			for k := range set {
				if known[k] {
					own[k] = new(strings.Clone(keys[k]))
				}
			}
			return own
		})
	}
}

// merge counts what a page counted. Pages come in order, so that each group is where it would be without them.
func (t *tally) merge(page tally) {
	t.total.merge(page.total)
	for i, set := range page.sets {
		for _, g := range set.all {
			t.sets[i].add([]byte(g.name), g.Count, func() []*string { return g.Keys })
		}
		t.sets[i].other.merge(set.other)
	}
	for _, d := range page.first.all {
		t.first.take(&d.cost, d.json)
	}
}

// groups are those of a set of dimensions, in the order in which they came.
type groups struct {
	all    []namedGroup
	byName map[string]int
	other  Count // beyond the most
}

type namedGroup struct {
	name string
	Group
}

// add counts in a group. keys are called for of a new one.
func (g *groups) add(name []byte, c Count, keys func() []*string) {
	if i, ok := g.byName[string(name)]; ok {
		g.all[i].merge(c)
		return
	}
	if len(g.all) == maxKeys {
		g.other.merge(c)
		return
	}
	if g.byName == nil {
		g.byName = map[string]int{}
	}
	own := string(name)
	g.byName[own] = len(g.all)
	g.all = append(g.all, namedGroup{own, Group{keys(), c}})
}

func counts(set []Dimension, of groups, top int) Counts {
	c, other := Counts{By: set, Groups: make([]Group, len(of.all))}, of.other
	for i, g := range of.all {
		c.Groups[i] = g.Group
	}
	slices.SortFunc(c.Groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(b.Resources, a.Resources), slices.CompareFunc(a.Keys, b.Keys, compareTexts))
	})
	for _, g := range c.Groups[min(top, len(c.Groups)):] {
		other.merge(g.Count)
	}
	c.Groups = c.Groups[:min(top, len(c.Groups))]
	if other.Resources > 0 {
		c.Other = &other
	}
	return c
}

// compareTexts puts null last.
func compareTexts(a, b *string) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return cmp.Compare(*a, *b)
}
