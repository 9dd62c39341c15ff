package inventory

import (
	"encoding/json"
	"strings"

	"github.com/tidwall/gjson"
)

// Field is a part of a resource that differs: tags.KEY, metadata.PATH or a member's name. What is not there is null.
type Field struct {
	Field string `json:"field" example:"metadata.public_ip"`
	Old   any    `json:"old" doc:"As it was; null where it was not there"`
	New   any    `json:"new" doc:"As it is; null where it is not there"`
}

// Within reports whether the field is one of some, or a part of one.
func (f Field) Within(fields []string) bool {
	for _, one := range fields {
		if rest, ok := strings.CutPrefix(f.Field, one); ok && (rest == "" || rest[0] == '.') {
			return true
		}
	}
	return false
}

const (
	fieldCost     = "estimated_cost_monthly"
	fieldPricing  = "cost" // how the cost was made up
	fieldTags     = "tags"
	fieldMetadata = "metadata"
)

// differing lists what differs between two rows, and apart from it what does although nobody has changed anything. How a
// cost is made up is of the latter; so is the cost itself where nothing else differs but sizes and counts of that kind.
func differing(old, now []byte, noisy func(string) bool) (fields, noise []Field) {
	c := comparing{fields: []Field{}, noisy: noisy}
	a, b := gjson.ParseBytes(old), gjson.ParseBytes(now)
	c.members("", a, b, func(name string, a, b gjson.Result) {
		switch {
		case name == fieldTags && a.IsObject() && b.IsObject():
			c.members(fieldTags+".", a, b, c.differ)
		case name == fieldMetadata && a.IsObject() && b.IsObject():
			c.members(fieldMetadata+".", a, b, c.deep)
		case name == fieldPricing:
			c.noise = append(c.noise, Field{name, value(a), value(b)})
		default:
			c.differ(name, a, b)
		}
	})
	if c.metadata && len(c.fields) == 1 && c.fields[0].Field == fieldCost {
		return []Field{}, append(c.fields, c.noise...)
	}
	return c.fields, c.noise
}

// comparing is two rows on the way to what differs.
type comparing struct {
	fields, noise []Field
	metadata      bool // some of the noise is metadata
	noisy         func(string) bool
}

// members calls f with each member of one of two objects that differs, in the order of the first, then of the second.
func (c *comparing) members(prefix string, a, b gjson.Result, f func(name string, a, b gjson.Result)) {
	others := map[string]gjson.Result{}
	b.ForEach(func(key, v gjson.Result) bool {
		others[key.Str] = v
		return true
	})
	seen := map[string]bool{}
	a.ForEach(func(key, v gjson.Result) bool {
		seen[key.Str] = true
		if other := others[key.Str]; other.Raw != v.Raw {
			f(prefix+key.Str, v, other)
		}
		return true
	})
	b.ForEach(func(key, v gjson.Result) bool {
		if !seen[key.Str] {
			f(prefix+key.Str, gjson.Result{}, v)
		}
		return true
	})
}

// deep goes into objects of metadata.
func (c *comparing) deep(name string, a, b gjson.Result) {
	key, _, _ := strings.Cut(strings.TrimPrefix(name, fieldMetadata+"."), ".")
	switch {
	case c.noisy(key):
		c.metadata = true
		c.noise = append(c.noise, Field{name, value(a), value(b)})
	case a.IsObject() && b.IsObject():
		c.members(name+".", a, b, c.deep)
	default:
		c.differ(name, a, b)
	}
}

func (c *comparing) differ(name string, a, b gjson.Result) {
	if old, now := value(a), value(b); string(old) != string(now) {
		c.fields = append(c.fields, Field{name, old, now})
	}
}

func value(v gjson.Result) json.RawMessage {
	if !v.Exists() {
		return json.RawMessage("null")
	}
	return json.RawMessage(v.Raw)
}
