package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

type budgetSeen struct {
	ID         string  `json:"budget_id"`
	Filter     string  `json:"filter"`
	Amount     float64 `json:"monthly_amount"`
	Thresholds []budgets.Threshold
	Standing   struct {
		State      string
		Ratio      *float64
		Resources  int
		ReckonedAt *time.Time `json:"reckoned_at"`
	}
	Crossed []struct {
		Of     string
		ToldAt *time.Time `json:"told_at"`
	}
}

func TestBudgets(t *testing.T) {
	p := newPast(t)
	p.saw(alice, 40, tracker.OutcomeOK, thing{"i-1", "search", 300}, thing{"i-2", "web", 50})
	d := p.door()
	a := d.call("POST", "/api/v1/budgets", `{"name":"Search","filter":"tag:team=search","monthly_amount":200}`)
	var b budgetSeen
	if err := json.Unmarshal([]byte(a.body), &b); err != nil || a.code != 201 || a.header.Get("Location") != "/api/v1/budgets/"+b.ID {
		t.Fatal(a.code, a.body, err)
	}
	if b.Standing.State != "unknown" || b.Standing.ReckonedAt != nil || len(b.Thresholds) != 3 {
		t.Errorf("made: %+v", b)
	}
	reckon := budgets.Reckoner{History: p.Store, Tell: func(context.Context, history.Crossing) error { return nil }}
	if err := reckon.Run(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	b = read[budgetSeen](d, "/api/v1/budgets/"+b.ID)
	if b.Standing.Resources != 1 || b.Standing.Ratio == nil || b.Standing.ReckonedAt == nil || len(b.Crossed) == 0 || b.Crossed[0].ToldAt == nil {
		t.Errorf("reckoned: %+v", b)
	}
	if a := d.call("PUT", "/api/v1/budgets/"+b.ID, `{"name":"Search","monthly_amount":100000,"thresholds":[]}`); a.code != 200 {
		t.Fatal(a.code, a.body)
	}
	if err := reckon.Run(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	b = read[budgetSeen](d, "/api/v1/budgets/"+b.ID)
	if b.Standing.State != "within" || b.Standing.Resources != 2 || b.Filter != "" || len(b.Crossed) > 0 || len(b.Thresholds) > 0 {
		t.Errorf("replaced: %+v", b)
	}
	if a := d.call("POST", "/api/v1/budgets", `{"name":" Search ","monthly_amount":1}`); a.code != 409 {
		t.Errorf("a name that another has: %d %s", a.code, a.body)
	}
	if list := read[struct{ Budgets []budgetSeen }](d, "/api/v1/budgets"); len(list.Budgets) != 1 {
		t.Errorf("%+v", list)
	}
	for _, path := range []string{"/api/v1/budgets/x", "/api/v1/budgets/01a21d9a-3c89-71dd-a1e7-fe58123b7ece"} {
		for method, body := range map[string]string{"GET": "", "DELETE": "", "PUT": `{"name":"x","monthly_amount":1}`} {
			if a := d.call(method, path, body); a.code != 404 {
				t.Errorf("%s %s: %d %s", method, path, a.code, a.body)
			}
		}
	}
	if a := d.call("DELETE", "/api/v1/budgets/"+b.ID, ""); a.code != 204 {
		t.Error(a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/budgets/"+b.ID, ""); a.code != 404 {
		t.Error(a.code, a.body)
	}
}

// TestBudgets_Refused: what a budget cannot be is refused by the name of its field, and a tenant has a hundred at most.
func TestBudgets_Refused(t *testing.T) {
	d := newPast(t).door()
	for body, field := range map[string]string{
		`{"monthly_amount":1}`:                                                       "body",
		`{"name":" ","monthly_amount":1}`:                                            "body.name",
		`{"name":"x"}`:                                                               "body",
		`{"name":"x","monthly_amount":0}`:                                            "body.monthly_amount",
		`{"name":"x","monthly_amount":1,"filter":"type:Nothing"}`:                    "body.filter",
		`{"name":"x","monthly_amount":1,"filter":"age>3d"}`:                          "body.filter",
		`{"name":"x","monthly_amount":1,"thresholds":[{"percent":0,"of":"actual"}]}`: "body.thresholds[0].percent",
		`{"name":"x","monthly_amount":1,"thresholds":[{"percent":1,"of":"spend"}]}`:  "body.thresholds[0].of",
		`{"name":"x","monthly_amount":1,"currency":"EUR"}`:                           "body.currency",
		`{"name":"x","monthly_amount":1,"thresholds":[` + strings.Repeat(`{"percent":5,"of":"actual"},`, 10) + `{"percent":1,"of":"actual"}]}`: "body.thresholds",
	} {
		if a := d.call("POST", "/api/v1/budgets", body); a.code != 422 || !strings.Contains(a.body, `"`+field) {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
	for i := range budgets.Most {
		if a := d.call("POST", "/api/v1/budgets", fmt.Sprintf(`{"name":"b%d","monthly_amount":1}`, i)); a.code != 201 {
			t.Fatal(a.code, a.body)
		}
	}
	if a := d.call("POST", "/api/v1/budgets", `{"name":"more","monthly_amount":1}`); a.code != 409 {
		t.Error(a.code, a.body)
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/budgets", ""); a.code != 503 {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
}
