package api_test

import (
	"regexp"
	"slices"
	"testing"
)

func TestOpenAPIDescribesEveryOperation(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	var tags []string
	for _, tag := range doc.Tags {
		tags = append(tags, tag.Name)
	}
	ids := map[string]string{}
	for _, o := range doc.operations {
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
		for _, tag := range o.Tags {
			if !slices.Contains(tags, tag) {
				t.Errorf("%s: the tag %s is not described", name, tag)
			}
		}
		for _, p := range o.Parameters {
			if p.Description == "" {
				t.Errorf("%s: %s.%s has no description", name, p.In, p.Name)
			}
		}
		good := 0
		for code, r := range o.Responses {
			if code[0] == '2' {
				good++
			}
			if r.Description == "" {
				t.Errorf("%s: answer %s has no description", name, code)
			}
			for header, h := range r.Headers {
				if h.Description+h.Schema.Description == "" {
					t.Errorf("%s: the header %s of answer %s has no description", name, header, code)
				}
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

// A path parameter that no input reads would always be empty.
func TestPathParametersAreRead(t *testing.T) {
	for _, o := range operations(t) {
		for _, p := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(o.path, -1) {
			read := false
			for _, known := range o.Parameters {
				read = read || known.In == "path" && known.Name == p[1]
			}
			if !read {
				t.Errorf("%s reads no %s of its path", o.OperationID, p[1])
			}
		}
	}
}
