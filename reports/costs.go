package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// maxCostGroups bounds what a sum holds in memory: tags may have any value.
const maxCostGroups = 10_000

// CostSums is what resources cost a month, in groups.
type CostSums struct {
	Total   tracker.Money `json:"estimated_monthly_total" doc:"The sum of the known costs; resources_with_unknown_cost says how many it lacks"`
	Known   int           `json:"resources_with_known_cost"`
	Unknown int           `json:"resources_with_unknown_cost"`
	// Elsewhere is the part of Total that is at another region's price.
	Elsewhere tracker.Money `json:"other_region_monthly_total" doc:"The part of the total that is at another region's price"`
	tracker.CostShares
	Groups []CostGroup `json:"groups" doc:"The costliest first; at most 10,000, and those without the tag"`
	Other  *CostGroup  `json:"other,omitempty" doc:"The resources of all further groups; absent where there are none"`
}

// CostGroup is the resources that have one thing in common.
type CostGroup struct {
	Key     *string       `json:"key" doc:"What the resources have in common; null for those without the tag, and in other"`
	Total   tracker.Money `json:"estimated_monthly_total"`
	Known   int           `json:"resources_with_known_cost"`
	Unknown int           `json:"resources_with_unknown_cost"`
	// Elsewhere is the part of Total that is at another region's price.
	Elsewhere tracker.Money `json:"other_region_monthly_total" doc:"The part of the total that is at another region's price"`
	tracker.CostShares

	elsewhere int // of the known ones, those at another region's price
}

func (g *CostGroup) add(r Priced) {
	nanos, known := r.MonthlyNanos()
	if !known {
		g.Unknown++
		return
	}
	g.Known++
	g.Total += tracker.Money(nanos)
	if r.Basis() == tracker.CostOtherRegion {
		g.elsewhere++
		g.Elsewhere += tracker.Money(nanos)
	}
}

// Priced is a resource as sums look at it.
type Priced interface {
	filter.Row
	// Basis is how the cost is known.
	Basis() tracker.CostBasis
}

// Costs adds up what resources cost a month. It holds one sum for each group,
// however many resources there are. It is for one goroutine at a time.
type Costs struct {
	by             string
	service        func(tracker.Type) string
	groups         map[string]*CostGroup
	without, other CostGroup
}

// NewCosts returns sums by type, region, account, state, service, basis, or
// tag:KEY. service names the service of a type.
func NewCosts(by string, service func(tracker.Type) string) *Costs {
	return &Costs{by: by, service: service, groups: map[string]*CostGroup{}}
}

// key is what a resource has in common with others; false when it has nothing.
func (c *Costs) key(r Priced) (string, bool) {
	if tag, ok := strings.CutPrefix(c.by, "tag:"); ok {
		return r.Tag(tag)
	}
	field := filter.FieldType
	switch c.by {
	case "region":
		field = filter.FieldRegion
	case "account":
		field = filter.FieldAccount
	case "state":
		field = filter.FieldState
	case "service":
		text, _ := r.Text(filter.FieldType)
		return c.service(tracker.Type(text)), true
	case "basis":
		return string(r.Basis()), true
	}
	text, _ := r.Text(field)
	return text, true
}

// Add adds one resource.
func (c *Costs) Add(r Priced) {
	g := &c.without
	if key, ok := c.key(r); ok {
		if g = c.groups[key]; g == nil && len(c.groups) < maxCostGroups {
			key = strings.Clone(key)
			g = &CostGroup{Key: &key}
			c.groups[key] = g
		}
	}
	if g == nil {
		g = &c.other
	}
	g.add(r)
}

// Sums returns what has been added up so far.
func (c *Costs) Sums() CostSums {
	s := CostSums{Groups: []CostGroup{}}
	elsewhere := 0
	count := func(g CostGroup) CostGroup {
		g.CostShares = tracker.Shares(g.Known, g.elsewhere, g.Unknown)
		elsewhere += g.elsewhere
		s.Elsewhere += g.Elsewhere
		s.Known += g.Known
		s.Unknown += g.Unknown
		s.Total += g.Total
		return g
	}
	for _, g := range c.groups {
		s.Groups = append(s.Groups, count(*g))
	}
	slices.SortFunc(s.Groups, func(x, y CostGroup) int { return cmp.Or(cmp.Compare(y.Total, x.Total), cmp.Compare(*x.Key, *y.Key)) })
	if c.without.Known+c.without.Unknown > 0 {
		s.Groups = append(s.Groups, count(c.without))
	}
	if c.other.Known+c.other.Unknown > 0 {
		s.Other = new(count(c.other))
	}
	s.CostShares = tracker.Shares(s.Known, elsewhere, s.Unknown)
	return s
}
