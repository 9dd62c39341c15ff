package inventory

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
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

func (c *Count) add(r row) {
	c.Resources++
	if r.Cost == nil {
		c.Unknown++
		return
	}
	c.Total += tracker.Money(*r.Cost)
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
	return v.sum(ctx, sets, top, func(row) {})
}

// sum counts, and calls also with each row.
func (v View) sum(ctx context.Context, sets [][]Dimension, top int, also func(row)) (Summed, error) {
	s := Summed{Sets: make([]Counts, len(sets))}
	groups, other := make([]map[string]*Group, len(sets)), make([]Count, len(sets))
	for i := range groups {
		groups[i] = map[string]*Group{}
	}
	var name []byte
	keys := make([]*string, maxDimensions)
	err := v.each(ctx, 0, func(r row) error {
		s.Total.add(r)
		also(r)
		for i, set := range sets {
			name = name[:0]
			for k, d := range set {
				keys[k] = nil
				if text, ok := d.of(r, v.Service); ok {
					keys[k] = &text
					name = append(append(name, '+'), text...)
				}
				name = append(name, 0)
			}
			g := groups[i][string(name)]
			switch {
			case g != nil:
				g.add(r)
			case len(groups[i]) == maxKeys:
				other[i].add(r)
			default:
				g = &Group{Keys: make([]*string, len(set))}
				for k, text := range keys[:len(set)] {
					if text != nil {
						g.Keys[k] = new(strings.Clone(*text))
					}
				}
				g.add(r)
				groups[i][string(name)] = g
			}
		}
		return r.Err()
	})
	for i, set := range sets {
		s.Sets[i] = counts(set, groups[i], other[i], top)
	}
	return s, err
}

func counts(set []Dimension, groups map[string]*Group, other Count, top int) Counts {
	c := Counts{By: set, Groups: make([]Group, 0, len(groups))}
	for _, g := range groups {
		c.Groups = append(c.Groups, *g)
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
