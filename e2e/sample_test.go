package e2e

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

// specification is the OpenAPI document of a running API, as JSON.
type specification map[string]any

// at follows members; nil where one is missing.
func at(v any, members ...string) any {
	for _, m := range members {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[m]
	}
	return v
}

// resolve follows a reference to a schema.
func (s specification) resolve(schema map[string]any) map[string]any {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		schema, _ = at(map[string]any(s), strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).(map[string]any)
	}
}

// route is an operation of the document.
type route struct {
	method, path string
	operation    map[string]any
}

func (r route) id() string { id, _ := r.operation["operationId"].(string); return id }

// routes are all operations, in a fixed order.
func (s specification) routes() []route {
	var all []route
	paths, _ := s["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		methods, _ := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			operation, _ := methods[method].(map[string]any)
			all = append(all, route{strings.ToUpper(method), path, operation})
		}
	}
	return all
}

// bodyOf is the schema of what an operation takes, or nil.
func (s specification) bodyOf(r route) map[string]any {
	schema, _ := at(r.operation, "requestBody", "content", "application/json", "schema").(map[string]any)
	if schema == nil {
		return nil
	}
	return s.resolve(schema)
}

// sampler makes values that a schema takes.
type sampler struct {
	spec specification
	rng  *rand.Rand
	// known are values of members by their names, where any text will not do.
	known map[string][]any
}

// value is one that the schema takes, as far as patterns allow to tell; name is what
// the member is called.
func (s sampler) value(name string, schema map[string]any, depth int) any {
	schema = s.spec.resolve(schema)
	if v, ok := s.known[name]; ok {
		return v[s.rng.IntN(len(v))]
	}
	if v, ok := schema["const"]; ok {
		return v
	}
	if v, ok := schema["enum"].([]any); ok {
		return v[s.rng.IntN(len(v))]
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		if v, ok := schema[word].([]any); ok {
			chosen, _ := v[s.rng.IntN(len(v))].(map[string]any)
			return s.value(name, chosen, depth)
		}
	}
	switch kindOf(schema) {
	case "object":
		return s.object(schema, depth)
	case "array":
		items, _ := schema["items"].(map[string]any)
		list := []any{}
		for range s.between(schema, "minItems", "maxItems", 3) {
			list = append(list, s.value(name, items, depth+1))
		}
		return list
	case "integer", "number":
		low, high := numberOr(schema["minimum"], 0), numberOr(schema["maximum"], 1000)
		return low + s.rng.Float64()*0 + float64(s.rng.IntN(int(min(high-low, 1000))+1))
	case "boolean":
		return s.rng.IntN(2) == 0
	}
	return s.text(schema)
}

// kindOf is the type of a schema, of several the first that is not null.
func kindOf(schema map[string]any) string {
	switch t := schema["type"].(type) {
	case string:
		return t
	case []any:
		for _, v := range t {
			if v != "null" {
				kind, _ := v.(string)
				return kind
			}
		}
	}
	if _, ok := schema["properties"]; ok {
		return "object"
	}
	return "string"
}

func (s sampler) object(schema map[string]any, depth int) map[string]any {
	out := map[string]any{}
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		member, _ := properties[name].(map[string]any)
		if slices.Contains(required, any(name)) || depth < 4 && s.rng.IntN(4) == 0 {
			out[name] = s.value(name, member, depth+1)
		}
	}
	if more, ok := schema["additionalProperties"].(map[string]any); ok && depth < 4 {
		out["env"] = s.value("", more, depth+1)
	}
	return out
}

func (s sampler) between(schema map[string]any, least, most string, bound int) int {
	low := int(numberOr(schema[least], 0))
	high := min(int(numberOr(schema[most], float64(bound))), max(low, bound))
	return low + s.rng.IntN(high-low+1)
}

func numberOr(v any, otherwise float64) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case json.Number:
		f, _ := n.Float64()
		return f
	}
	return otherwise
}

// texts are what strings are made of.
var texts = []string{"a", "prod", "EC2_Instance", "eu-west-1", "2026-11-26", "0 6 * * *", "stop", "111122223333", "job-1", "type:EC2_Instance", "x y", ""}

func (s sampler) text(schema map[string]any) string {
	switch schema["format"] {
	case "date-time":
		return "2026-11-26T10:00:00Z"
	case "uri":
		return "https://example.com/hook"
	}
	text := texts[s.rng.IntN(len(texts))]
	if text == "" && numberOr(schema["minLength"], 0) > 0 {
		return texts[0]
	}
	return text
}
