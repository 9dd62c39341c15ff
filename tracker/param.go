package tracker

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Param is something that a verb takes.
type Param struct {
	Name     string `json:"name"`
	Kind     string `json:"kind" enum:"string,integer,boolean,strings,map"`
	Required bool   `json:"required"`
	Doc      string `json:"description"`
	// Min and Max bound an integer, where Max is above 0; Enum lists allowed strings.
	Min  int      `json:"minimum,omitempty"`
	Max  int      `json:"maximum,omitempty"`
	Enum []string `json:"enum,omitempty"`
	// Tags says that the strings or the map are keys of tags.
	Tags bool `json:"-"`
}

// Kinds of parameters.
const (
	ParamString  = "string"
	ParamInteger = "integer"
	ParamBoolean = "boolean"
	ParamStrings = "strings"
	ParamMap     = "map"
)

// fault is what is wrong with a parameter or with lift.
type fault struct{ field, message string }

// faults are what is wrong with the parameters and the lifts of a verb, sorted by
// parameter: the one check of both, whichever way an item was chosen.
func (a ActionInfo) faults(params Metadata, lift []string) []fault {
	var all []fault
	note := func(field, format string, args ...any) {
		all = append(all, fault{field, fmt.Sprintf(format, args...)})
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		i := slices.IndexFunc(a.Params, func(p Param) bool { return p.Name == name })
		if i < 0 {
			note("params."+name, "is no parameter; allowed: %s", a.paramNames())
		} else if message := a.Params[i].refuse(params[name]); message != "" {
			note("params."+name, "%s", message)
		}
	}
	for _, p := range a.Params {
		if _, given := params[p.Name]; p.Required && !given {
			note("params."+p.Name, "is required: %s", p.Doc)
		}
	}
	for _, rule := range lift {
		if !slices.Contains(a.Liftable, rule) {
			note("lift", "%q is no rule that can be lifted; allowed: %s", rule, orNone(a.Liftable))
		}
	}
	return all
}

func (a ActionInfo) paramNames() string {
	names := make([]string, len(a.Params))
	for i, p := range a.Params {
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

// refuse says why a value is not one of p; "" lets it through.
func (p Param) refuse(v any) string {
	switch p.Kind {
	case ParamString:
		if s, ok := v.(string); ok && s != "" {
			return p.outside(s)
		}
		return "has to be a string: " + p.Doc
	case ParamInteger:
		n, ok := Integer(v)
		switch {
		case !ok:
			return "has to be an integer: " + p.Doc
		case p.Max > 0 && (n < int64(p.Min) || n > int64(p.Max)):
			return fmt.Sprintf("has to be from %d to %d", p.Min, p.Max)
		}
		return p.outside(strconv.FormatInt(n, 10))
	case ParamBoolean:
		if _, ok := v.(bool); !ok {
			return "has to be true or false: " + p.Doc
		}
		return ""
	case ParamStrings:
		list, ok := Strings(v)
		if !ok || len(list) == 0 || slices.Contains(list, "") {
			return "has to be a list of strings, of which none is empty: " + p.Doc
		}
		return p.tagged(list, nil)
	case ParamMap:
		pairs, ok := Pairs(v)
		if !ok || len(pairs) == 0 {
			return "has to be an object of strings: " + p.Doc
		}
		return p.tagged(slices.Sorted(maps.Keys(pairs)), pairs)
	}
	return fmt.Sprintf("is of a kind that is not known: %s", p.Kind)
}

// outside says that a value is none of those that are listed.
func (p Param) outside(s string) string {
	if len(p.Enum) == 0 || slices.Contains(p.Enum, s) {
		return ""
	}
	return fmt.Sprintf("%s is not allowed; allowed: %s", s, strings.Join(p.Enum, ", "))
}

// The bounds of tags that every service accepts (Tagging AWS Resources User Guide,
// tag naming limits and requirements).
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// tagged holds tags to what every service accepts, and to no key of AWS's own.
func (p Param) tagged(keys []string, values map[string]string) string {
	if !p.Tags {
		return ""
	}
	if len(keys) > maxTags {
		return fmt.Sprintf("has %d tags, and a resource has at most %d", len(keys), maxTags)
	}
	for _, k := range keys {
		if n := len([]rune(k)); n == 0 || n > maxTagKey {
			return fmt.Sprintf("key %q has to have 1 to %d characters", k, maxTagKey)
		}
		if strings.HasPrefix(strings.ToLower(k), "aws:") {
			return fmt.Sprintf("key %q is AWS's own", k)
		}
		if len([]rune(values[k])) > maxTagValue {
			return fmt.Sprintf("the value of %q has more than %d characters", k, maxTagValue)
		}
	}
	return ""
}

// Faults are what is wrong with the parameters and lifts that a plan is asked for
// with, by field, such as actions[3].params.keys or select.params.desired_capacity.
// Those of a selection have to be right for every type that it may select.
func (r PlanRequest) Faults(catalogue []ActionInfo) []*Error {
	var all []*Error
	for i, it := range r.Items {
		for _, e := range it.Faults(catalogue) {
			e.Field = fmt.Sprintf("actions[%d].%s", i, e.Field)
			all = append(all, e)
		}
	}
	if s := r.Select; s != nil {
		for _, e := range faultsOf(catalogue, s.Verb, s.Params, s.Lift, s.MaySelect) {
			e.Field = "select." + e.Field
			all = append(all, e)
		}
	}
	return all
}

// Check is the first of Faults; nil without any.
func (r PlanRequest) Check(catalogue []ActionInfo) error {
	for _, e := range r.Faults(catalogue) {
		return e
	}
	return nil
}

// Faults are what is wrong with the parameters and lifts of an item. A verb that its
// type does not have is none: the plan refuses it by name.
func (it ActionItem) Faults(catalogue []ActionInfo) []*Error {
	return faultsOf(catalogue, it.Verb, it.Params, it.Lift, func(t Type) bool { return t == it.Type })
}

// faultsOf are the faults by each action that a verb means. What several types
// refuse in the same words is one fault that names them.
func faultsOf(catalogue []ActionInfo, verb string, params Metadata, lift []string, of func(Type) bool) []*Error {
	var order []fault
	refusing := map[fault][]string{}
	for _, a := range catalogue {
		if !of(a.Type) || !a.Called(verb) {
			continue
		}
		for _, f := range a.faults(params, lift) {
			if refusing[f] == nil {
				order = append(order, f)
			}
			refusing[f] = append(refusing[f], fmt.Sprintf("%s of %s", a.Verb, a.Type))
		}
	}
	all := make([]*Error, len(order))
	for i, f := range order {
		all[i] = Invalid(f.field, "%s (%s)", f.message, some(refusing[f]))
	}
	return all
}

// some names the first few of a list.
func some(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// Parameters and metadata are kept as JSON: a number comes back as a float64, a list
// as []any.

// Integer reads a whole number of whatever Go type; a number in a string is none.
func Integer(v any) (int64, bool) {
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

// Strings reads a list of strings.
func Strings(v any) ([]string, bool) {
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

// Pairs reads an object of strings.
func Pairs(v any) (map[string]string, bool) {
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
