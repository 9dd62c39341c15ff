package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Sums are some changes together.
type Sums struct {
	Added          int           `json:"added"`
	Removed        int           `json:"removed"`
	Changed        int           `json:"changed"`
	CostDifference tracker.Money `json:"cost_difference" doc:"By how much known costs have changed, in US dollars a month; resources_with_unknown_cost says how many it lacks"`
	Unpriced       int           `json:"resources_with_unknown_cost"`
}

func (s *Sums) add(c *Change) {
	switch c.Kind {
	case tracker.Added:
		s.Added++
	case tracker.Removed:
		s.Removed++
	default:
		s.Changed++
	}
	if c.CostDifference == nil {
		s.Unpriced++
		return
	}
	s.CostDifference += *c.CostDifference
}

func (s *Sums) count() int { return s.Added + s.Removed + s.Changed }

// ChangeGroup is the changes that have something in common.
type ChangeGroup struct {
	Key []string `json:"key" doc:"A value for each part of group_by; empty for resources without the tag"`
	Sums
}

// Totals are all changes of a diff together.
type Totals struct {
	Sums
	ByChange ByChange      `json:"by_change"`
	Noise    KindSum       `json:"noise" doc:"Of resources of which only noise has changed. They are in no other sum"`
	Groups   []ChangeGroup `json:"groups,omitempty" doc:"With group_by: the largest difference in cost first; at most 1,000"`
	Other    *Sums         `json:"other,omitempty" doc:"The changes of all further groups; absent where there are none"`
}

// ByChange are the changes of each kind.
type ByChange struct {
	Added   KindSum `json:"added"`
	Removed KindSum `json:"removed"`
	Changed KindSum `json:"changed"`
}

// KindSum is changes of one kind together.
type KindSum struct {
	Resources      int           `json:"resources"`
	CostDifference tracker.Money `json:"cost_difference" doc:"Of known costs, in US dollars a month"`
	Unpriced       int           `json:"resources_with_unknown_cost"`
}

func (s *KindSum) add(c *Change) {
	if s.Resources++; c.CostDifference == nil {
		s.Unpriced++
		return
	}
	s.CostDifference += *c.CostDifference
}

// maxGroups bounds how many groups are counted and how many are answered: tags may have any value.
const (
	maxGroups   = 10_000
	shownGroups = 1000
)

// Tally counts changes. It is for one goroutine at a time.
type Tally struct {
	by     []string
	totals Totals
	groups map[string]*ChangeGroup
	other  Sums
}

// NewTally returns a tally that groups by type, region, account, state, change or tag:KEY, or by two of them.
func NewTally(by []string) *Tally {
	return &Tally{by: by, groups: map[string]*ChangeGroup{}}
}

// Add counts a change.
func (t *Tally) Add(c *Change) {
	if c.OnlyNoise() {
		t.totals.Noise.add(c)
		return
	}
	t.totals.add(c)
	of := &t.totals.ByChange
	map[tracker.ChangeKind]*KindSum{tracker.Added: &of.Added, tracker.Removed: &of.Removed, tracker.Changed: &of.Changed}[c.Kind].add(c)
	if len(t.by) == 0 {
		return
	}
	key := make([]string, len(t.by))
	for i, by := range t.by {
		key[i] = c.value(by)
	}
	joined := strings.Join(key, "\x00")
	g := t.groups[joined]
	if g == nil {
		if len(t.groups) == maxGroups {
			t.other.add(c)
			return
		}
		g = &ChangeGroup{Key: key}
		t.groups[joined] = g
	}
	g.add(c)
}

// value is what a change has in a grouping.
func (c *Change) value(by string) string {
	switch by {
	case "type":
		return string(c.Type)
	case "region":
		return c.Region
	case "account":
		return c.AccountID
	case "change":
		return string(c.Kind)
	case "state":
		text, _ := c.resource.Text(filter.FieldState)
		return strings.Clone(text)
	}
	value, _ := c.resource.Tag(strings.TrimPrefix(by, "tag:"))
	return strings.Clone(value)
}

// Totals are what was counted so far.
func (t *Tally) Totals() Totals {
	out := t.totals
	other := t.other
	for _, g := range t.groups {
		out.Groups = append(out.Groups, *g)
	}
	slices.SortFunc(out.Groups, func(a, b ChangeGroup) int {
		return cmp.Or(cmp.Compare(abs(b.CostDifference), abs(a.CostDifference)), cmp.Compare(b.count(), a.count()), slices.Compare(a.Key, b.Key))
	})
	for _, g := range out.Groups[min(shownGroups, len(out.Groups)):] {
		other.Added, other.Removed, other.Changed = other.Added+g.Added, other.Removed+g.Removed, other.Changed+g.Changed
		other.CostDifference, other.Unpriced = other.CostDifference+g.CostDifference, other.Unpriced+g.Unpriced
	}
	out.Groups = out.Groups[:min(shownGroups, len(out.Groups))]
	if other.count() > 0 {
		out.Other = &other
	}
	return out
}

func abs(m tracker.Money) tracker.Money { return max(m, -m) }

// Weight is how much a difference in cost is, either way; one that is not known is the least.
func Weight(m *tracker.Money) tracker.Money {
	if m == nil {
		return -1
	}
	return max(*m, -*m)
}
