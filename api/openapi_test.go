package api_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
)

func TestOpenAPIDescribesEveryOperation(t *testing.T) {
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Security    []map[string][]string
			Responses   map[string]struct {
				Description string
				Content     map[string]struct{ Schema map[string]any }
			}
		}
	}
	b, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("OpenAPI %q, want 3.1.0", doc.OpenAPI)
	}
	open := []string{"/health", "/api/v1/health", "/ready"}
	ids := map[string]string{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			name := method + " " + path
			if op.OperationID == "" || op.Summary == "" || len(op.Security) == 0 {
				t.Errorf("%s: operationId %q, summary %q, security %v: none may be missing", name, op.OperationID, op.Summary, op.Security)
			}
			if ids[op.OperationID] != "" {
				t.Errorf("%s and %s are both called %s", name, ids[op.OperationID], op.OperationID)
			}
			ids[op.OperationID] = name
			if got := len(op.Security[0]) == 0; got != slices.Contains(open, path) {
				t.Errorf("%s: open to everybody: %t", name, got)
			}
			good := 0
			for code, r := range op.Responses {
				if code[0] == '2' {
					good++
				}
				if r.Description == "" {
					t.Errorf("%s: answer %s has no description", name, code)
				}
				for media, c := range r.Content {
					if len(c.Schema) == 0 {
						t.Errorf("%s: answer %s has no schema for %s", name, code, media)
					}
				}
			}
			if good == 0 {
				t.Errorf("%s: no answer of success", name)
			}
			if _, ok := op.Responses["401"]; ok == slices.Contains(open, path) {
				t.Errorf("%s: answers 401: %t", name, ok)
			}
		}
	}
}
