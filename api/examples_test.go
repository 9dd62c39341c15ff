package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/consolesensei/resource-tracker/api"
)

// TestEveryOperationHasAnExample walks the document: what takes a body or parameters has
// an example of it, which its own schema takes.
func TestEveryOperationHasAnExample(t *testing.T) {
	text, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Parameters  []struct {
				In, Name string
				Required bool
				Example  any
			}
			RequestBody struct {
				Content map[string]struct{ Example json.RawMessage }
			} `json:"requestBody"`
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	all, err := answered()
	if err != nil {
		t.Fatal(err)
	}
	pointer := func(path, method, rest string) string {
		return "/paths/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(path)) + "/" + method + rest
	}
	check := func(what, at string, value any) {
		schema, err := all.of(at)
		if err != nil {
			t.Fatal(what, err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			given := 0
			for i, p := range o.Parameters {
				what := o.OperationID + " " + p.In + " " + p.Name
				if p.Example != nil {
					given++
					check(what, pointer(path, method, fmt.Sprintf("/parameters/%d/schema", i)), p.Example)
				} else if p.Required {
					t.Errorf("%s is needed, and the example lacks it", what)
				}
			}
			for media, c := range o.RequestBody.Content {
				given++
				body, err := jsonschema.UnmarshalJSON(strings.NewReader(string(c.Example)))
				if err != nil {
					t.Errorf("%s has no example of its body", o.OperationID)
					continue
				}
				check(o.OperationID, pointer(path, method, "/requestBody/content/"+url.PathEscape(strings.ReplaceAll(media, "/", "~1"))+"/schema"), body)
			}
			if len(o.Parameters) > 0 && given == 0 {
				t.Errorf("%s %s (%s) has no example", method, path, o.OperationID)
			}
		}
	}
}
