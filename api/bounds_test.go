package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
)

// TestEverythingTakenHasAnEnd walks the schemas of all that requests can carry: every
// string has a length, every list and every map a number of members.
func TestEverythingTakenHasAnEnd(t *testing.T) {
	text, err := api.OpenAPI(api.Options{Types: types})
	if err != nil {
		t.Fatal(err)
	}
	type schema = map[string]any
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct {
				In, Name string
				Schema   schema
			}
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			} `json:"requestBody"`
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	has := func(s schema, words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return s[w] != nil })
	}
	faults := map[string]bool{}
	seen := map[string]bool{}
	var walk func(at string, s schema)
	walk = func(at string, s schema) {
		if ref, ok := s["$ref"].(string); ok {
			name := strings.TrimPrefix(ref, "#/components/schemas/")
			if !seen[name] {
				seen[name] = true
				walk(name, doc.Components.Schemas[name])
			}
			return
		}
		kinds := fmt.Sprint(s["type"])
		fault := func(lacks string) { faults[at+": a "+kinds+" lacks "+lacks] = true }
		if strings.Contains(kinds, "string") && !has(s, "maxLength", "enum", "const") && s["format"] != "date-time" && s["format"] != "date" {
			fault("maxLength")
		}
		if strings.Contains(kinds, "array") && !has(s, "maxItems") {
			fault("maxItems")
		}
		if s["type"] == nil && !has(s, "oneOf", "allOf", "anyOf", "const", "enum") {
			fault("a type")
		}
		if more, ok := s["additionalProperties"].(schema); ok {
			walk(at+".*", more)
		}
		// The decoder refuses members that a structure does not have.
		if strings.Contains(kinds, "object") && s["properties"] == nil && !has(s, "maxProperties") {
			fault("maxProperties")
		}
		for _, word := range []string{"oneOf", "allOf", "anyOf"} {
			list, _ := s[word].([]any)
			for _, one := range list {
				walk(at, one.(schema))
			}
		}
		// Resources to filter come back as they were sent: the body is their bound.
		if items, ok := s["items"].(schema); ok && at != "FilterBody.resources" {
			walk(at+"[]", items)
		}
		members, _ := s["properties"].(schema)
		for name, m := range members {
			walk(at+"."+name, m.(schema))
		}
	}
	taken := 0
	for _, operations := range doc.Paths {
		for _, o := range operations {
			for _, p := range o.Parameters {
				taken++
				walk(o.OperationID+" "+p.In+"."+p.Name, p.Schema)
			}
			for _, c := range o.RequestBody.Content {
				taken++
				walk(o.OperationID+" body", c.Schema)
			}
		}
	}
	if taken < 50 {
		t.Errorf("only %d parameters and bodies are described", taken)
	}
	for _, f := range slices.Sorted(maps.Keys(faults)) {
		t.Error(f)
	}
}

// TestLengthsAreRefused: what has no sensible end is refused where it is taken, and
// before its spelling is looked at.
func TestLengthsAreRefused(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.ServerCredentials = true })
	text := func(n int) string { return strings.Repeat("x", n) }
	many := `["eu-west-1"` + strings.Repeat(`,"eu-west-1"`, 100) + `]`
	for _, tc := range []struct{ name, path, body, text string }{
		{"region", "/api/v1/scan", credentials(`,"regions":["` + text(20<<10) + `"]`), "body.regions[0]: expected length <= 32"},
		{"region of the alias", "/scan-resources", credentials(`,"regions":["` + text(20<<10) + `"]`), "body.regions"},
		{"regions of the alias", "/scan-resources", credentials(`,"regions":` + many), "body.regions"},
		{"type", "/api/v1/scan", credentials(`,"types":["` + text(900<<10) + `"]`), "body.types[0]: expected length <= 128"},
		{"type to filter by", "/api/v1/resources/filter", `{"resources":[],"filters":{"resource_type":"` + text(900<<10) + `"}}`, "body.filters.resource_type: expected length <= 100"},
		{"tag to filter by", "/api/v1/resources/filter", `{"resources":[],"filters":{"tags":{"` + text(129) + `":"x"}}}`, "body.filters.tags: a tag's key has at most 128 characters"},
		{"short query", "/api/v1/resources/filter", `{"resources":[],"filter":"name:` + strings.Repeat("x or name:", 2000) + `x"}`, "body.filter: a filter has at most"},
		{"filter in JSON", "/api/v1/resources/filter", `{"resources":[],"filter":{"name":"` + text(300<<10) + `"}}`, "body.filter: a filter has at most"},
		{"resources", "/api/v1/resources/filter", `{"resources":[{}` + strings.Repeat(",{}", 200_000) + `]}`, "body.resources: expected at most 200000"},
		{"parameter", "/api/v1/plans", credentials(`,"actions":[{"resource_id":"i","resource_type":"EC2_Instance","region":"eu-west-1","action":"stop","params":{"x":["` + text(3000) + `"]}}]`), "body.actions[0].params: a parameter has at most"},
		{"name of a region in a schedule's key", "/api/v1/schedules", `{"name":"n","every_seconds":60,"secret_access_key":"` + text(300) + `"}`, "body.secret_access_key: expected length <= 256"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := d.call("POST", tc.path, tc.body)
			if said, _ := a.json(t)["error"].(string); a.code != 422 || !strings.Contains(said, tc.text) || len(a.body) > 4<<10 {
				t.Errorf("%d %.400s, want %q", a.code, a.body, tc.text)
			}
		})
	}
}
