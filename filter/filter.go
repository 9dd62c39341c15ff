// Package filter is the language that resources are selected with: it reads and
// writes filters, and matches them with rows. It knows of a row what conditions
// look at, and imports the standard library only.
package filter

import (
	"slices"
	"time"
)

// Filter selects resources by conditions that are joined with and, or and not.
// The zero Filter selects everything. It is written in two ways that mean the
// same, as a short query and as JSON: Parse reads both, String and
// MarshalJSON write the one canonical form of each. docs/filters.md is for people.
//
// Evaluation knows three answers. A comparison with what is not known (a cost, a
// creation time, a number that the metadata lacks) is neither true nor false, and
// so is its negation: unknown is not zero, and nothing is selected because of it.
type Filter struct {
	root *node     // nil selects everything
	at   time.Time // when ages are counted; zero is when Match is called
}

// node is a condition, or parts that are joined.
type node struct {
	join  join
	parts []*node   // of and and or two or more, none of them of the same join; of not one
	cond  Condition // of leaf
}

type join uint8

const (
	leaf join = iota
	and
	or
	not
)

// The bounds of a filter. What a filter is printed as nests at most twice as deep
// as the filter, so that it can always be read again.
const (
	maxDepth      = 20
	maxNesting    = 100 // of what is written, before it is simplified
	maxConditions = 200
	maxValues     = 1000
	maxText       = 1024 // bytes of a value or a key
)

// Where selects resources that have one of the values in a field, exactly. Empty
// values do not count; without any, everything is selected.
func Where(field Field, values ...string) Filter {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
	if len(values) == 0 {
		return Filter{}
	}
	return Filter{root: &node{cond: newCondition(field, "", OpEquals, values...)}}
}

// WhereTag selects resources that carry a tag with exactly this value, which may
// be empty.
func WhereTag(key, value string) Filter {
	return Filter{root: &node{cond: newCondition(FieldTag, key, OpEquals, value)}}
}

// All selects what every one of the filters selects.
func All(filters ...Filter) Filter {
	all := Filter{}
	var parts []*node
	for _, f := range filters {
		if f.root != nil {
			parts = append(parts, f.root)
		}
		if all.at.IsZero() {
			all.at = f.at
		}
	}
	if len(parts) > 0 {
		all.root = joined(and, parts)
	}
	return all
}

// At returns the filter with ages counted at t, so that all of a listing is
// selected at one time.
func (f Filter) At(t time.Time) Filter {
	f.at = t
	return f
}

// Time is when ages are counted; zero is when Match is called.
func (f Filter) Time() time.Time { return f.at }

// Row is a resource as conditions look at it.
type Row interface {
	// Text is what a field holds that is text as it stands; false where the
	// resource has none. FieldService is never asked for: it is part of the ARN.
	Text(field Field) (text string, ok bool)
	// Tag is the value of a tag; false where the resource does not carry it.
	Tag(key string) (value string, ok bool)
	// Meta is a member of the metadata: text, a number, a boolean, a list or a map
	// of those, or whatever JSON makes of it; nil where there is none.
	Meta(member string) any
	// MonthlyNanos is the cost of a month in billionths of a dollar; false where it
	// is not known.
	MonthlyNanos() (nanos int64, known bool)
	// CreatedAt is when the resource was created; false where it is not known.
	CreatedAt() (at time.Time, known bool)
}

// Match reports whether r is selected.
func (f Filter) Match(r Row) bool {
	if f.root == nil {
		return true
	}
	if f.at.IsZero() {
		f.at = time.Now()
	}
	return f.root.eval(r, f.at) == yes
}

// IsZero reports whether the filter selects everything.
func (f Filter) IsZero() bool { return f.root == nil }

// Equal reports whether two filters are written the same.
func (f Filter) Equal(g Filter) bool { return f.String() == g.String() }

// Conditions returns the conditions in the order they were written.
func (f Filter) Conditions() []Condition {
	var all []Condition
	var walk func(n *node)
	walk = func(n *node) {
		if n.join == leaf {
			all = append(all, n.cond)
		}
		for _, p := range n.parts {
			walk(p)
		}
	}
	if f.root != nil {
		walk(f.root)
	}
	return all
}

// Possible reports whether a group of resources, such as those of a page, can
// hold one that the filter selects. may says whether it can hold one that meets a
// condition; what it cannot tell it allows.
func (f Filter) Possible(may func(Condition) bool) bool {
	return f.root == nil || f.root.possible(may, false)
}

func (n *node) possible(may func(Condition) bool, negated bool) bool {
	part := func(p *node) bool { return p.possible(may, negated) }
	switch {
	case n.join == leaf:
		// That a group can meet a condition does not say that it cannot miss it.
		return negated || may(n.cond)
	case n.join == not:
		return n.parts[0].possible(may, !negated)
	case (n.join == and) != negated:
		return !slices.ContainsFunc(n.parts, func(p *node) bool { return !part(p) })
	}
	return slices.ContainsFunc(n.parts, part)
}

// MayHold reports whether a resource can be selected one field of which holds text,
// whatever its other fields are.
func (f Filter) MayHold(field Field, text string) bool {
	return f.root == nil || f.root.knowing(field, text) != no
}

// knowing is the verdict on a resource of which one field is known.
func (n *node) knowing(field Field, text string) verdict {
	switch n.join {
	case and:
		v := yes
		for _, p := range n.parts {
			v = min(v, p.knowing(field, text))
		}
		return v
	case or:
		v := no
		for _, p := range n.parts {
			v = max(v, p.knowing(field, text))
		}
		return v
	case not:
		return -n.parts[0].knowing(field, text)
	case leaf:
	}
	if n.cond.Field != field {
		return unknown
	}
	return n.cond.evalText(text, true)
}

// verdict is what is known of a condition for one resource.
type verdict int8

const (
	no      verdict = -1
	unknown verdict = 0
	yes     verdict = 1
)

func (n *node) eval(r Row, at time.Time) verdict {
	switch n.join {
	case and:
		v := yes
		for _, p := range n.parts {
			if v = min(v, p.eval(r, at)); v == no {
				break
			}
		}
		return v
	case or:
		v := no
		for _, p := range n.parts {
			if v = max(v, p.eval(r, at)); v == yes {
				break
			}
		}
		return v
	case not:
		return -n.parts[0].eval(r, at)
	case leaf:
	}
	return n.cond.eval(r, at)
}

// joined joins parts with and or or, taking in those that are joined the same.
func joined(j join, parts []*node) *node {
	var flat []*node
	for _, p := range parts {
		if p.join == j {
			flat = append(flat, p.parts...)
		} else {
			flat = append(flat, p)
		}
	}
	if len(flat) == 1 {
		return flat[0]
	}
	return &node{join: j, parts: flat}
}

// negated is the opposite of n; twice is n itself.
func negated(n *node) *node {
	if n.join == not {
		return n.parts[0]
	}
	return &node{join: not, parts: []*node{n}}
}

// check holds a filter that was read against the bounds.
func (n *node) check() error {
	conditions, values := 0, 0
	var walk func(n *node, depth int) error
	walk = func(n *node, depth int) error {
		if n.join == leaf {
			conditions++
			values += len(n.cond.Values)
		}
		switch {
		case depth > maxDepth:
			return errorf(Place{}, "nested deeper than %d", maxDepth)
		case conditions > maxConditions:
			return errorf(Place{}, "more than %d conditions", maxConditions)
		case values > maxValues:
			return errorf(Place{}, "more than %d values", maxValues)
		}
		for _, p := range n.parts {
			if err := walk(p, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(n, 0)
}
