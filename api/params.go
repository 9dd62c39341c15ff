package api

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The bounds of parameters, whichever verb takes them.
const (
	maxParamText = 2048
	maxParamList = 100
)

// paramsBody is what a verb takes. The catalogue of actions says of which form each
// is; its bounds are those of all.
type paramsBody tracker.Metadata

// Schema implements huma.SchemaProvider. The alternatives are an extension, which huma
// shows and does not validate: the catalogue names the form that a parameter has.
func (paramsBody) Schema(huma.Registry) *huma.Schema {
	type object = map[string]any
	text := object{"type": "string", "maxLength": maxParamText}
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Extensions: object{"oneOf": []object{
		text,
		{"type": "number"},
		{"type": "boolean"},
		{"type": "array", "maxItems": maxParamList, "items": text},
		{"type": "object", "maxProperties": maxParamList, "additionalProperties": text},
	}}}}
}

// refuse says which parameter has no end, or nothing.
func (b paramsBody) refuse() string {
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if utf8.RuneCountInString(name) > maxParamText || longer(b[name]) {
			return fmt.Sprintf("a parameter has at most %d characters, or %d members of them", maxParamText, maxParamList)
		}
	}
	return ""
}

// longer reports whether a value is longer than parameters may be.
func longer(v any) bool {
	switch v := v.(type) {
	case string:
		return utf8.RuneCountInString(v) > maxParamText
	case []any:
		return len(v) > maxParamList || slices.ContainsFunc(v, longer)
	case map[string]any:
		if len(v) > maxParamList {
			return true
		}
		for name, member := range v {
			if longer(name) || longer(member) {
				return true
			}
		}
	}
	return false
}
