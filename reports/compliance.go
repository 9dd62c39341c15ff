package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// samples is how many resources a report names for each key and fault.
const samples = 10

// Requirement is a tag that resources have to carry.
type Requirement struct {
	Key string `json:"key"`
	// Values are those allowed, in which * and ? are wild; none: any but an empty one.
	Values []string `json:"values,omitempty"`
	// Types are those that have to carry it; none: all.
	Types []tracker.Type `json:"resource_types,omitempty"`
}

// Policy is all that is required of the tags of a scan.
type Policy struct {
	Required []Requirement `json:"required"`
	// ExemptTypes are types that cannot carry tags, or need not.
	ExemptTypes []tracker.Type `json:"exempt_types,omitempty"`
}

// Validate names what is wrong with a policy.
func (p Policy) Validate() error {
	if len(p.Required) == 0 {
		return fmt.Errorf("required has to name at least one key")
	}
	seen := map[string]bool{}
	for i, r := range p.Required {
		switch {
		case r.Key == "" || len(r.Key) > 128:
			return fmt.Errorf("required[%d].key has to have from 1 to 128 characters", i)
		case seen[r.Key]:
			return fmt.Errorf("required[%d].key: %q is required twice", i, r.Key)
		}
		seen[r.Key] = true
	}
	return nil
}

// Report is what a Survey has counted.
type Report struct {
	// Resources that have to carry at least one key, and those that carry all of
	// theirs with a value that is allowed.
	Resources int        `json:"resources"`
	Compliant int        `json:"compliant"`
	Exempt    int        `json:"exempt" doc:"Resources of which no key is required"`
	Keys      []Key      `json:"keys"`
	Cost      CostReport `json:"cost"`
	Breakdown
}

// Breakdown is the same by type, account and region, the worst first.
type Breakdown struct {
	ByType    []Place `json:"by_type"`
	ByAccount []Place `json:"by_account"`
	ByRegion  []Place `json:"by_region"`
}

// CostReport adds up what resources cost a month that do not comply.
type CostReport struct {
	// Known is the sum of those whose cost is known; Unknown counts the others.
	Known   tracker.Money `json:"monthly_known"`
	Unknown int           `json:"resources_with_unknown_cost"`
}

func (c *CostReport) add(r filter.Row) {
	nanos, known := r.MonthlyNanos()
	if !known {
		c.Unknown++
		return
	}
	c.Known += tracker.Money(nanos)
}

// Key says how resources carry one key.
type Key struct {
	Key       string `json:"key"`
	Compliant int    `json:"compliant"`
	Missing   int    `json:"missing"`
	// Invalid counts values that are not allowed, the empty one among them.
	Invalid int `json:"invalid"`
	// Cost is that of the resources that lack the key or have it wrong.
	Cost CostReport `json:"cost"`
	// MissingSamples and InvalidSamples name a few of them.
	MissingSamples []Sample `json:"missing_samples"`
	InvalidSamples []Sample `json:"invalid_samples"`
	Breakdown
}

// Sample is one resource that does not comply.
type Sample struct {
	ResourceKey  string       `json:"resource_key"`
	ResourceName *string      `json:"resource_name"`
	Type         tracker.Type `json:"resource_type"`
	// Value is the one that is not allowed.
	Value string `json:"value,omitempty"`
}

// Place counts the resources of one type, account or region.
type Place struct {
	Name      string     `json:"name"`
	Resources int        `json:"resources"`
	Compliant int        `json:"compliant"`
	Cost      CostReport `json:"cost" doc:"Of those that do not comply"`
}

// Survey counts how resources carry the tags that they have to, one after the
// other. It holds counters and a few samples, however many it sees. It is for one
// goroutine at a time.
type Survey struct {
	policy Policy
	report Report
	all    counts
	keys   []counts // of policy.Required
}

// counts is a Breakdown in the making.
type counts struct{ types, accounts, regions places }

func newCounts() counts { return counts{places{}, places{}, places{}} }

func (c counts) add(r filter.Row, ok bool) {
	c.types.count(r, filter.FieldType, ok)
	c.accounts.count(r, filter.FieldAccount, ok)
	c.regions.count(r, filter.FieldRegion, ok)
}

func (c counts) breakdown() Breakdown {
	return Breakdown{c.types.sorted(), c.accounts.sorted(), c.regions.sorted()}
}

type places map[string]*Place

func (p places) count(r filter.Row, by filter.Field, ok bool) {
	name, _ := r.Text(by)
	place := p[name]
	if place == nil {
		place = &Place{Name: strings.Clone(name)}
		p[place.Name] = place
	}
	place.Resources++
	if ok {
		place.Compliant++
		return
	}
	place.Cost.add(r)
}

// sorted returns the places, those with most resources that do not comply first.
func (p places) sorted() []Place {
	all := make([]Place, 0, len(p))
	for _, place := range p {
		all = append(all, *place)
	}
	slices.SortFunc(all, func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Resources-b.Compliant, a.Resources-a.Compliant), strings.Compare(a.Name, b.Name))
	})
	return all
}

// NewSurvey returns a Survey by a policy.
func NewSurvey(p Policy) (*Survey, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	s := &Survey{policy: p, all: newCounts()}
	for _, r := range p.Required {
		s.report.Keys = append(s.report.Keys, Key{Key: r.Key, MissingSamples: []Sample{}, InvalidSamples: []Sample{}})
		s.keys = append(s.keys, newCounts())
	}
	return s, nil
}

// Add counts one resource.
func (s *Survey) Add(r filter.Row) {
	typ, _ := r.Text(filter.FieldType)
	required, good := 0, true
	for i, need := range s.policy.Required {
		if !s.policy.requires(need, tracker.Type(typ)) {
			continue
		}
		required++
		value, carried := r.Tag(need.Key)
		key, ok := &s.report.Keys[i], carried && need.allows(value)
		s.keys[i].add(r, ok)
		if ok {
			key.Compliant++
			continue
		}
		good = false
		key.Cost.add(r)
		if carried {
			key.Invalid++
			key.InvalidSamples = keep(key.InvalidSamples, r, value)
		} else {
			key.Missing++
			key.MissingSamples = keep(key.MissingSamples, r, value)
		}
	}
	if required == 0 {
		s.report.Exempt++
		return
	}
	s.report.Resources++
	if good {
		s.report.Compliant++
	} else {
		s.report.Cost.add(r)
	}
	s.all.add(r, good)
}

// Report returns what has been counted so far.
func (s *Survey) Report() Report {
	r := s.report
	r.Keys = slices.Clone(r.Keys)
	r.Breakdown = s.all.breakdown()
	for i := range r.Keys {
		r.Keys[i].Breakdown = s.keys[i].breakdown()
	}
	return r
}

// keep adds a sample while there are few. Its texts are its own.
func keep(list []Sample, r filter.Row, value string) []Sample {
	if len(list) >= samples {
		return list
	}
	text := func(field filter.Field) string {
		text, _ := r.Text(field)
		return strings.Clone(text)
	}
	s := Sample{Type: tracker.Type(text(filter.FieldType)), Value: strings.Clone(value)}
	s.ResourceKey = tracker.Resource{
		AccountID: text(filter.FieldAccount), Region: text(filter.FieldRegion), Type: s.Type, ID: text(filter.FieldID),
	}.Key()
	if _, named := r.Text(filter.FieldName); named {
		s.ResourceName = new(text(filter.FieldName))
	}
	return append(list, s)
}

func (r Requirement) allows(value string) bool {
	if len(r.Values) == 0 {
		return value != ""
	}
	return slices.ContainsFunc(r.Values, func(pattern string) bool { return like(pattern, value) })
}

// like reports whether a value matches a pattern in which * stands for any
// characters and ? for one.
func like(pattern, value string) bool {
	p, s := []rune(pattern), []rune(value)
	// Where the last * is, and how much of the value it stands for so far.
	star, taken := -1, 0
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(p) && p[i] == '*':
			star, taken = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == s[j]):
			i++
			j++
		case star >= 0:
			taken++
			i, j = star+1, taken
		default:
			return false
		}
	}
	return strings.Trim(string(p[i:]), "*") == ""
}

// requires reports whether resources of a type have to carry a tag.
func (p Policy) requires(need Requirement, t tracker.Type) bool {
	return !slices.Contains(p.ExemptTypes, t) && (len(need.Types) == 0 || slices.Contains(need.Types, t))
}
