package api_test

import (
	"slices"
	"testing"
)

func TestOpenAPIDescribesEveryOperation(t *testing.T) {
	ids := map[string]string{}
	for _, o := range operations(t) {
		name := o.method + " " + o.path
		if o.OperationID == "" || o.Summary == "" || len(o.Security) == 0 {
			t.Errorf("%s: operationId %q, summary %q, security %v: none may be missing", name, o.OperationID, o.Summary, o.Security)
		}
		if ids[o.OperationID] != "" {
			t.Errorf("%s and %s are both called %s", name, ids[o.OperationID], o.OperationID)
		}
		ids[o.OperationID] = name
		if got := len(o.Security[0]) == 0; got != slices.Contains(openToAll, o.path) {
			t.Errorf("%s: open to everybody: %t", name, got)
		}
		good := 0
		for code, r := range o.Responses {
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
		if _, ok := o.Responses["401"]; ok == slices.Contains(openToAll, o.path) {
			t.Errorf("%s: answers 401: %t", name, ok)
		}
	}
}
