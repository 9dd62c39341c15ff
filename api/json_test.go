package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
)

// TestMembersGivenTwice sends every operation that takes a body one with a member
// twice, at several depths: readers of JSON differ in which of the two counts.
func TestMembersGivenTwice(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, &fake{})
	bodies := 0
	for _, o := range doc.operations {
		if o.RequestBody == nil {
			continue
		}
		bodies++
		for path, body := range map[string]string{
			"a":                          `{"a":1,"a":2}`,
			"billed_cost.max_paid_calls": `{"billed_cost":{"max_paid_calls":1,"max_paid_calls":1000000}}`,
			"x[1].y":                     `{"x":[{"y":1},{"y":1,"z":[{},{"q":"\"}"}],"y":2}],"n":null}`,
			`e\`:                         `{"e\\":1,"\u0065\\":[]}`,
		} {
			a := d.call(o.method, strings.NewReplacer("{", "", "}", "").Replace(o.path), body)
			if text, _ := a.json(t)["error"].(string); a.code != http.StatusBadRequest || !strings.Contains(text, path+": given more than once") {
				t.Errorf("%s %s of %s: %d %s", o.method, o.path, body, a.code, a.body)
			}
		}
	}
	if bodies == 0 {
		t.Error("no operation takes a body")
	}
}

// TestManyFaults: a small request with many faults gets a small answer.
func TestManyFaults(t *testing.T) {
	const items = 10_000
	d := open(t, &fake{}, func(o *api.Options) { o.MaxItems = items })
	body := `{"actions":[{}` + strings.Repeat(",{}", items-1) + `]}`
	a := d.call(http.MethodPost, "/api/v1/resources/bulk-action", body)
	if a.code != http.StatusUnprocessableEntity || len(a.body) > 8<<10 || !strings.Contains(a.body, "more") {
		t.Errorf("%d with %d bytes for a request of %d: %.300s", a.code, len(a.body), len(body), a.body)
	}
	if n := len(fmt.Sprint(a.json(t)["errors"])); n == 0 {
		t.Error("no fault is named")
	}
}
