package rows_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

// golden are the resources that scanners make of recorded answers, of every type,
// priced, and one that is odd in every way.
func golden(t testing.TB) []tracker.Resource {
	t.Helper()
	files, err := filepath.Glob("../../scanners/testdata/*/want.json")
	if err != nil || len(files) < 50 {
		t.Fatal(files, err)
	}
	odd := "a \"quoted\" \\ name, <b> \u2028 \x01 {[}]: é 🏠"
	all := []tracker.Resource{{}, {
		ID: odd, Name: &odd, Type: "T", Tags: map[string]string{"": "", odd: odd, "a.b": "1"}, Created: tracker.At(new(time.Unix(1, 5))),
		Metadata: tracker.Metadata{odd: []any{odd, nil, true, -1.5e-9, map[string]any{odd: odd}}, "none": nil, "empty": map[string]any{}},
		Cost:     &tracker.Cost{UpperBound: true, Components: []tracker.CostComponent{}},
	}, {ID: "unpriced", Cost: &tracker.Cost{}}}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if err := json.Unmarshal(b, &rs); err != nil {
			t.Fatal(file, err)
		}
		for i := range rs {
			pricing.Embedded().Price(&rs[i])
		}
		all = append(all, rs...)
	}
	return all
}

// row writes a resource as the store does.
func row(t testing.TB, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decoded reads a row as encoding/json does.
func decoded(t testing.TB, row []byte) (r tracker.Resource) {
	t.Helper()
	if err := json.Unmarshal(row, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRowsAreReadWhole(t *testing.T) {
	for _, r := range golden(t)[1:] {
		b := row(t, r)
		got, err := rows.Resource(b)
		if diff := cmp.Diff(decoded(t, b), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", b, err, diff)
		}
		want := tracker.Resource{ID: r.ID, Type: r.Type, AccountID: r.AccountID, Region: r.Region}
		got, err = rows.Of(b).Identity()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("the identity of %s: %v (-want +got):\n%s", b, err, diff)
		}
	}
}

// What is read of a row, in whatever order, is what the whole resource holds.
func TestRowsAreReadByField(t *testing.T) {
	in := &rows.Row{}
	for _, r := range golden(t) {
		b := row(t, r)
		r = decoded(t, b)
		in.Read(string(b))
		same := func(what string, want, got any) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s of %s (-want +got):\n%s", what, b, diff)
			}
		}
		for _, key := range append(slices.Collect(maps.Keys(r.Metadata)), "no such") {
			same(key, r.Meta(key), in.Meta(key))
		}
		for _, f := range []filter.Field{
			filter.FieldName, filter.FieldType, filter.FieldRegion, filter.FieldAccount, filter.FieldState, filter.FieldID, filter.FieldARN,
		} {
			same(string(f), fmt.Sprint(r.Text(f)), fmt.Sprint(in.Text(f)))
		}
		for _, key := range append(slices.Collect(maps.Keys(r.Tags)), "no such") {
			same("tag "+key, fmt.Sprint(r.Tag(key)), fmt.Sprint(in.Tag(key)))
		}
		same("cost", fmt.Sprint(r.MonthlyNanos()), fmt.Sprint(in.MonthlyNanos()))
		same("creation", fmt.Sprint(r.CreatedAt()), fmt.Sprint(in.CreatedAt()))
		same("basis", r.Basis(), in.Basis())
		if err := in.Err(); err != nil {
			t.Errorf("%s: %v", b, err)
		}
	}
}

func TestMalformedRowsAreErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:                                  "expected an object",
		`[]`:                                "expected an object",
		`{"resource_id":"i-1"`:              "expected an object",
		`{"resource_id":"i-1`:               "expected an object",
		`{"resource_id":"i-1"}}`:            "expected an object",
		`{"resource_id":"i-1",}`:            "expected an object",
		`{"resource_id":"i-1" "region":""}`: "expected an object",
		`{"resource_id":"i-1","metadata":{`: "expected an object",
		`{"resource_id":}`:                  "expected an object",
		`{resource_id:"i-1"}`:               "expected an object",
		`{}`:                                "resource_id: expected a string",
		`{"resource_id":5}`:                 "resource_id: expected a string",
		`{"resource_id":"i-1","creation_date":"yesterday"}`:        "creation_date: expected a time such as 2026-01-31T12:00:00Z",
		`{"resource_id":"i-1","creation_date":5}`:                  "creation_date: expected a time such as 2026-01-31T12:00:00Z",
		`{"resource_id":"i-1","estimated_cost_monthly":"5"}`:       "estimated_cost_monthly: expected a number",
		`{"resource_id":"i-1","estimated_cost_monthly":-Infinity}`: "estimated_cost_monthly: expected a number",
		`{"resource_id":"i-1","tags":[]}`:                          "tags: expected an object",
		`{"resource_id":"i-1","tags":{"a":5}}`:                     "tags: expected a string",
		`{"resource_id":"i-1","metadata":"x"}`:                     "metadata: expected an object",
		`{"resource_id":"i-1","cost":{"components":{}}}`:           "components: expected an array",
	} {
		if r, err := rows.Resource([]byte(text)); err == nil || err.Error() != "read a row: "+want {
			t.Errorf("%s is read as %v, %v", text, r, err)
		}
	}
	for text, query := range map[string]string{
		`{"resource_id":"i-1`: "state:on", `{"state":5}`: "state:on", `{"tags":{"a":1}}`: "tag:a=1", `{"tags":"a"}`: "tag:a=1",
		`{"metadata":[]}`: "meta.a:1", `{"estimated_cost_monthly":"5"}`: "cost>1", `{"creation_date":"yesterday"}`: "age>1d",
	} {
		f, err := filter.Parse(query)
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := rows.Of([]byte(text)).Selected(f); ok || err == nil {
			t.Errorf("%s with %s: %t, %v", text, query, ok, err)
		}
	}
	if err := rows.Cells([]byte(`{"a":1`), []string{"a"}, []string{""}); err == nil {
		t.Error("cells of half a row")
	}
}

func TestCells(t *testing.T) {
	cells := []string{"of", "the", "last", "row", "!"}
	err := rows.Cells([]byte(` { "text":"a \"b\"", "null":null, "number":1.50, "object":{"a": [1,"}"]}, "other":true } `), []string{"object", "none", "null", "text", "number"}, cells)
	if diff := cmp.Diff([]string{`{"a": [1,"}"]}`, "", "", `a "b"`, "1.50"}, cells); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestFindings(t *testing.T) {
	saving := tracker.Dollar
	want := tracker.Finding{
		Rule: "idle", ResourceID: "i-1", ResourceName: tracker.Named("web"), Type: "EC2_Instance", Region: "eu-west-1", AccountID: "1", Counted: true,
		MonthlySaving: &saving, Evidence: tracker.Metadata{"resource_id": "another"},
		Fix: &tracker.ActionItem{
			ResourceID: "i-1", Type: "EC2_Instance", Region: "eu-west-1", AccountID: "1", Verb: "stop",
			Params: tracker.Metadata{"days": 1.0, "list": []any{"a"}}, Lift: []string{"protect_tag", "other"},
		},
	}
	x := rows.Of(row(t, want))
	name, _ := x.Text(filter.FieldName)
	id, _ := x.Text(filter.FieldID)
	got := tracker.Finding{
		Rule: x.Rule(), ResourceID: id, ResourceName: &name, Type: "EC2_Instance", Region: "eu-west-1", AccountID: "1", Counted: x.Counted(),
		MonthlySaving: x.MonthlySaving(), Evidence: want.Evidence, Fix: x.Fix(),
	}
	if diff := cmp.Diff(want, got); diff != "" || x.Err() != nil {
		t.Error(x.Err(), diff)
	}
	x = rows.Of(row(t, tracker.Finding{}))
	if x.Fix() != nil || x.MonthlySaving() != nil || x.Counted() || x.Rule() != "" || x.Err() != nil {
		t.Error(x.Fix(), x.MonthlySaving(), x.Err())
	}
}

// FuzzRows reads whatever there is without a panic, and every row that is one as
// encoding/json does.
func FuzzRows(f *testing.F) {
	for _, r := range golden(f)[:20] {
		f.Add(string(row(f, r)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = rows.Resource([]byte(text))
		_ = rows.Cells([]byte(text), []string{"tags", "cost"}, make([]string, 2))
		var r tracker.Resource
		if json.Unmarshal([]byte(text), &r) != nil || r.ID == "" {
			return
		}
		b := row(t, r)
		got, err := rows.Resource(b)
		if diff := cmp.Diff(decoded(t, b), got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", b, err, diff)
		}
	})
}
