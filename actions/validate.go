package actions

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Kinds of parameters.
const (
	kindString  = "string"
	kindInteger = "integer"
	kindBoolean = "boolean"
	kindStrings = "strings"
	kindMap     = "map"
)

// Validate checks what an item says beyond its resource: every parameter and every
// lift has to be one that the action knows.
func (a Action) Validate(item tracker.ActionItem) error {
	if item.ResourceID == "" {
		return tracker.Invalid("resource_id", "is required")
	}
	for _, name := range slices.Sorted(maps.Keys(item.Params)) {
		i := slices.IndexFunc(a.Params, func(p tracker.Param) bool { return p.Name == name })
		if i < 0 {
			return tracker.Invalid("params."+name, "%s of %s has no such parameter; allowed: %s", a.Verb, a.Type, paramNames(a.Params))
		}
		if err := validParam(a.Params[i], item.Params[name]); err != nil {
			return err
		}
	}
	for _, p := range a.Params {
		if _, given := item.Params[p.Name]; p.Required && !given {
			return tracker.Invalid("params."+p.Name, "is required: %s", p.Doc)
		}
	}
	_, liftable := a.Rules()
	for _, rule := range item.Lift {
		if !slices.Contains(liftable, rule) {
			return tracker.Invalid("lift", "%q is no rule of %s on %s that can be lifted; allowed: %s", rule, a.Verb, a.Type, orNone(liftable))
		}
	}
	return nil
}

func validParam(p tracker.Param, v any) error {
	field := "params." + p.Name
	switch p.Kind {
	case kindString:
		s, ok := v.(string)
		if !ok || s == "" {
			return tracker.Invalid(field, "has to be a string: %s", p.Doc)
		}
		return allowed(p, field, s)
	case kindInteger:
		n, ok := integer(v)
		if !ok {
			return tracker.Invalid(field, "has to be an integer: %s", p.Doc)
		}
		if p.Max > 0 && (n < int64(p.Min) || n > int64(p.Max)) {
			return tracker.Invalid(field, "has to be from %d to %d", p.Min, p.Max)
		}
		return allowed(p, field, strconv.FormatInt(n, 10))
	case kindBoolean:
		if _, ok := v.(bool); !ok {
			return tracker.Invalid(field, "has to be true or false: %s", p.Doc)
		}
	case kindStrings:
		if ss, ok := list(v); !ok || len(ss) == 0 || slices.Contains(ss, "") {
			return tracker.Invalid(field, "has to be a list of strings, of which none is empty: %s", p.Doc)
		}
	case kindMap:
		if m, ok := pairs(v); !ok || len(m) == 0 {
			return tracker.Invalid(field, "has to be an object of strings: %s", p.Doc)
		}
	}
	if p.Name == "tags" || p.Name == "keys" || p.Name == "remove" {
		return validTags(field, v)
	}
	return nil
}

func allowed(p tracker.Param, field, s string) error {
	if len(p.Enum) > 0 && !slices.Contains(p.Enum, s) {
		return tracker.Invalid(field, "%s is not allowed; allowed: %s", s, strings.Join(p.Enum, ", "))
	}
	return nil
}

// validTags holds tags to what every service accepts: keys of 1 to 128 and values
// of up to 256 characters, and no key of AWS's own (Tagging AWS resources).
func validTags(field string, v any) error {
	m, _ := pairs(v)
	keys, _ := list(v)
	for _, k := range append(keys, slices.Sorted(maps.Keys(m))...) {
		if n := len([]rune(k)); n == 0 || n > 128 {
			return tracker.Invalid(field, "key %q has to have 1 to 128 characters", k)
		}
		if strings.HasPrefix(strings.ToLower(k), "aws:") {
			return tracker.Invalid(field, "key %q is AWS's own", k)
		}
		if len([]rune(m[k])) > 256 {
			return tracker.Invalid(field, "the value of %q has more than 256 characters", k)
		}
	}
	return nil
}

func paramNames(params []tracker.Param) string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	return orNone(names)
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// unless says when a step applies that a boolean parameter leaves out.
func unless(name string) func(tracker.ActionItem) bool {
	return func(item tracker.ActionItem) bool { return !item.Params.Flag(name) }
}

// Plans are kept as JSON: a number comes back as a float64, a list as []any.

// integer reads a whole number of whatever Go type.
func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int32:
		return int64(n), true
	case int64:
		return n, true
	case float64:
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<53
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	default:
		return 0, false
	}
}

// int32p returns a number for a request; nil when there is none.
func int32p(v any) *int32 {
	n, ok := integer(v)
	if !ok {
		return nil
	}
	i := int32(n)
	return &i
}

// stringp returns a string for a request; nil when there is none.
func stringp(v any) *string {
	s, _ := v.(string)
	if s == "" {
		return nil
	}
	return &s
}

// boolp returns a boolean for a request; nil when there is none.
func boolp(v any) *bool {
	b, ok := v.(bool)
	if !ok {
		return nil
	}
	return &b
}

// list reads a list of strings.
func list(v any) ([]string, bool) {
	switch l := v.(type) {
	case []string:
		return l, true
	case []any:
		out := make([]string, len(l))
		for i, item := range l {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out[i] = s
		}
		return out, true
	default:
		return nil, false
	}
}

// pairs reads an object of strings.
func pairs(v any) (map[string]string, bool) {
	switch m := v.(type) {
	case map[string]string:
		return m, true
	case map[string]any:
		out := make(map[string]string, len(m))
		for k, item := range m {
			s, ok := item.(string)
			if !ok {
				return nil, false
			}
			out[k] = s
		}
		return out, true
	default:
		return nil, false
	}
}
