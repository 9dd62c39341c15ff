package docs

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// schema is what the reference says of a value.
type schema struct {
	Ref                  string `json:"$ref"`
	Description          string
	Type                 types
	Format, Pattern      string
	Enum                 []any
	Default              any
	Properties           map[string]schema
	Required             []string
	Items                *schema
	OneOf, AnyOf         []schema
	AdditionalProperties more
	Minimum, Maximum     *float64
	MinLength, MaxLength *int
	MinItems, MaxItems   *int
	MaxProperties        *int
}

// types is one type, or a list of them.
type types []string

func (t *types) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = types{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// more says what members an object has besides; nil is any or none.
type more struct{ *schema }

func (m *more) UnmarshalJSON(b []byte) error {
	var whether bool
	if json.Unmarshal(b, &whether) == nil {
		return nil
	}
	m.schema = &schema{}
	return json.Unmarshal(b, m.schema)
}

// is says what a value may be. file is where the schemas are that it names.
func (s schema) is(file string) string {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return fmt.Sprintf("[`%s`](%s#%s)", name, file, strings.ToLower(name))
	}
	if each := slices.Concat(s.OneOf, s.AnyOf); len(each) > 0 {
		var all []string
		for _, one := range each {
			all = append(all, one.is(file))
		}
		return strings.Join(all, " or ")
	}
	var kinds []string
	for _, kind := range s.Type {
		switch {
		case kind == "array" && s.Items != nil:
			kind = "list of " + s.Items.is(file)
		case kind == "object" && s.AdditionalProperties.schema != nil:
			kind = "object of " + s.AdditionalProperties.is(file)
		}
		kinds = append(kinds, kind)
	}
	text := strings.Join(kinds, " or ")
	if text == "" {
		text = "anything"
	}
	if bounds := s.bounds(); len(bounds) > 0 {
		text += ", " + strings.Join(bounds, ", ")
	}
	return text
}

// bounds are the limits of a value.
func (s schema) bounds() []string {
	var all []string
	if s.Format != "" && s.Format != "int64" && s.Format != "double" {
		all = append(all, s.Format)
	}
	if len(s.Enum) > 0 {
		var values []string
		for _, v := range s.Enum {
			values = append(values, code(v))
		}
		all = append(all, "one of "+strings.Join(values, ", "))
	}
	for _, b := range []struct {
		format string
		bound  *int
	}{
		{"at least %d characters", s.MinLength},
		{"at most %d characters", s.MaxLength},
		{"at least %d entries", s.MinItems},
		{"at most %d entries", s.MaxItems},
		{"at most %d members", s.MaxProperties},
	} {
		if b.bound != nil {
			all = append(all, fmt.Sprintf(b.format, *b.bound))
		}
	}
	if s.Minimum != nil {
		all = append(all, fmt.Sprintf("from %v", *s.Minimum))
	}
	if s.Maximum != nil {
		all = append(all, fmt.Sprintf("to %v", *s.Maximum))
	}
	if s.Pattern != "" {
		all = append(all, "matches "+code(s.Pattern))
	}
	if s.Default != nil {
		all = append(all, "else "+code(s.Default))
	}
	return all
}

// code is a value in a cell of a table.
func code(v any) string {
	text, ok := v.(string)
	if !ok {
		b, _ := json.Marshal(v)
		text = string(b)
	}
	text = strings.ReplaceAll(text, "|", `\|`)
	if strings.Contains(text, "`") {
		return "`` " + text + " ``"
	}
	return "`" + text + "`"
}
