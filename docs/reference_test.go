package docs

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
)

var update = flag.Bool("update", false, "write the reference of the API anew")

const (
	requestsFile  = "api.md"
	referenceFile = "api-reference.md"
	schemasFile   = "api-schemas.md"

	requestsBegin = "<!-- begin: go test ./docs -run Reference -update writes the tables -->\n"
	requestsEnd   = "<!-- end -->\n"

	referencePreface = "# Reference of the API\n\n" +
		"`go test ./docs -run Reference -update` writes this page from the OpenAPI document. A test fails where it differs from it.\n\n" +
		"A **permission** is what the role of the caller must allow ([people](people.md)): `self` is allowed to all who are known, and a request " +
		"without one is answered to anybody. Errors are [`Problem`](api-schemas.md#problem). [Bodies](api-schemas.md) has what is sent and answered, " +
		"member by member, and [the API by example](api.md) how requests follow each other.\n"
	schemasPreface = "# Bodies of the API\n\n" +
		"`go test ./docs -run Reference -update` writes this page from the OpenAPI document. A test fails where it differs from it.\n\n" +
		"What [requests](api-reference.md) send and what they are answered, as JSON. A request with a member that is not here is refused. " +
		"An answer may grow members.\n\n## By name\n"
)

// apiGuides are the documents that say more of the requests with a tag.
var apiGuides = map[string]string{
	"inventory": "[inventory](inventory.md)",
	"savings":   "[rules of savings](savings.md)", "actions": "[plans](plans.md), [actions](actions.md)", "accounts": "[accounts](accounts.md)",
	"schedules": "[schedules](operations.md#schedules)", "webhooks": "[webhooks](webhooks.md)", "people": "[people](people.md), [quotas](quotas.md)",
	"compatibility": "[from the earlier service](migration.md)",
}

type document struct {
	Tags       []struct{ Name, Description string }
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

type operation struct {
	Summary, Description, OperationID string
	Permission                        string `json:"x-permission"`
	Tags                              []string
	Parameters                        []struct {
		Name, In, Description string
		Required              bool
		Schema                schema
	}
	RequestBody struct {
		Required bool
		Content  map[string]struct{ Schema schema }
	}
	Responses map[string]struct {
		Description string
		Content     map[string]struct{ Schema schema }
		Headers     map[string]struct{ Description string }
	}
}

// request is an operation with its place.
type request struct {
	operation
	name string // such as POST /api/v1/scan
}

// TestReference compares the documents with the API's.
func TestReference(t *testing.T) {
	text, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile(requestsFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(guide), requestsBegin)
	_, after, ends := strings.Cut(rest, requestsEnd)
	if !begins || !ends {
		t.Fatalf("%s has no place for its tables", requestsFile)
	}
	for file, want := range map[string]string{
		requestsFile:  before + requestsBegin + d.tables() + requestsEnd + after,
		referenceFile: referencePreface + d.reference(),
		schemasFile:   schemasPreface + d.bodies(),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s (-committed +generated):\n%s%v\ngo test ./docs -run Reference -update writes it anew", file, cmp.Diff(string(got), want), err)
		}
	}
}

// TestReferenceHasEachRequestOnce holds the names of the headings, which links lead to.
func TestReferenceHasEachRequestOnce(t *testing.T) {
	for _, file := range []string{referenceFile, schemasFile} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, h := range regexp.MustCompile("(?m)^### `?(.*?)`?$").FindAllStringSubmatch(string(text), -1) {
			if seen[anchor(h[1])] {
				t.Errorf("%s: two headings are #%s", file, anchor(h[1]))
			}
			seen[anchor(h[1])] = true
		}
		if len(seen) < 50 {
			t.Errorf("%s has only %d headings", file, len(seen))
		}
	}
}

// requests are those with a tag, by path, and what reads before what changes.
func (d document) requests(tag string) []request {
	var found []request
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			if op, ok := d.Paths[path][method]; ok && op.Tags[0] == tag {
				found = append(found, request{op, strings.ToUpper(method) + " " + path})
			}
		}
	}
	return found
}

// tables are the requests by tag, a line each.
func (d document) tables() string {
	var b strings.Builder
	for _, tag := range d.Tags {
		fmt.Fprintf(&b, "**%s**", tag.Description)
		if guide := apiGuides[tag.Name]; guide != "" {
			fmt.Fprintf(&b, ": %s", guide)
		}
		b.WriteString("\n\n| request | does | permission |\n|---|---|---|\n")
		for _, r := range d.requests(tag.Name) {
			fmt.Fprintf(&b, "| [`%s`](api-reference.md#%s) | %s | %s |\n", r.name, anchor(r.name), prose(r.Summary), r.permission())
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// reference are the requests by tag, each with all that it takes and answers.
func (d document) reference() string {
	var b strings.Builder
	for _, tag := range d.Tags {
		fmt.Fprintf(&b, "\n## %s\n", tag.Description)
		for _, r := range d.requests(tag.Name) {
			fmt.Fprintf(&b, "\n### `%s`\n%s.", r.name, prose(r.Summary))
			if r.Description != "" {
				fmt.Fprintf(&b, " %s", prose(r.Description))
			}
			fmt.Fprintf(&b, "\n\nOperation `%s`", r.OperationID)
			if p := r.permission(); p != "" {
				fmt.Fprintf(&b, ", permission %s", p)
			}
			b.WriteString(".\n")
			if len(r.Parameters) > 0 {
				b.WriteString("\n| parameter | in | is | says |\n|---|---|---|---|\n")
				for _, p := range r.Parameters {
					fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s |\n", p.Name, required(p.Required), p.In, p.Schema.is(""), prose(p.Description))
				}
			}
			r.body(&b)
			r.answers(&b)
		}
	}
	return b.String()
}

func (r request) permission() string {
	if r.Permission == "" {
		return ""
	}
	return "`" + r.Permission + "`"
}

func (r request) body(b *strings.Builder) {
	for _, media := range slices.Sorted(maps.Keys(r.RequestBody.Content)) {
		optional := ""
		if !r.RequestBody.Required {
			optional = ", which may be absent"
		}
		fmt.Fprintf(b, "\nBody%s: %s as `%s`.\n", optional, r.RequestBody.Content[media].Schema.is("api-schemas.md"), media)
	}
}

// answers lists what a request may be answered. Problems are alike, and one line.
func (r request) answers(b *strings.Builder) {
	b.WriteString("\n| answer | says | body | headers |\n|---|---|---|---|\n")
	var problems []string
	for _, code := range slices.Sorted(maps.Keys(r.Responses)) {
		a := r.Responses[code]
		if _, ok := a.Content["application/problem+json"]; ok && len(a.Content) == 1 {
			problems = append(problems, "`"+code+"`")
			continue
		}
		var bodies, headers []string
		for _, media := range slices.Sorted(maps.Keys(a.Content)) {
			bodies = append(bodies, fmt.Sprintf("`%s`: %s", media, a.Content[media].Schema.is("api-schemas.md")))
		}
		for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
			headers = append(headers, fmt.Sprintf("`%s`: %s", name, prose(a.Headers[name].Description)))
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", code, prose(a.Description), strings.Join(bodies, "<br>"), strings.Join(headers, "<br>"))
	}
	if len(problems) > 0 {
		fmt.Fprintf(b, "\nErrors: %s.\n", strings.Join(problems, ", "))
	}
}

// bodies are all schemas by name, each with its members.
func (d document) bodies() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		s := d.Components.Schemas[name]
		fmt.Fprintf(&b, "\n### %s\n", name)
		if s.Description != "" {
			fmt.Fprintf(&b, "%s.\n", strings.TrimSuffix(prose(s.Description), "."))
		}
		if len(s.Properties) == 0 {
			fmt.Fprintf(&b, "\nIs %s.\n", s.is(""))
			continue
		}
		b.WriteString("\n| member | is | says |\n|---|---|---|\n")
		for _, member := range slices.Sorted(maps.Keys(s.Properties)) {
			p := s.Properties[member]
			fmt.Fprintf(&b, "| `%s`%s | %s | %s |\n", member, required(slices.Contains(s.Required, member)), p.is(""), prose(p.Description))
		}
	}
	return b.String()
}

func required(yes bool) string {
	if yes {
		return " (required)"
	}
	return ""
}

// prose is a text of the document in a line of Markdown.
func prose(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "[", `\[`).Replace(text)
}
