package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// TestBudgetsEnd holds what a script is told by the exit code, and what is sent.
func TestBudgetsEnd(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		states []string
		args   string
		code   int
		out    string
	}{
		"none":                     {nil, "budgets --exit-code", 0, ""},
		"within":                   {[]string{"within", "warned"}, "budgets --exit-code", 0, "forecast 100%"},
		"over, not asked for":      {[]string{"over"}, "budgets", 0, "over"},
		"over":                     {[]string{"unknown", "within", "over"}, "budgets --exit-code", ExitOverBudget, "over"},
		"forecast to be":           {[]string{"forecast_over", "unknown"}, "budgets list --exit-code", ExitOverBudget, "forecast_over"},
		"not known":                {[]string{"within", "unknown"}, "budgets --exit-code", ExitPartial, "unknown"},
		"added":                    {[]string{"unknown"}, "budgets add x --amount 5 --thresholds 80,forecast:100", 0, "unknown"},
		"an odd threshold":         {nil, "budgets add x --amount 5 --thresholds soon:80", ExitUsage, "--thresholds"},
		"without an amount":        {nil, "budgets add x", ExitUsage, "--amount"},
		"replaced with the server": {[]string{"unknown"}, "budgets set b1 x --amount 5", 0, "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				items := []client.BudgetItem{}
				for _, state := range row.states {
					items = append(items, client.BudgetItem{
						BudgetID: "b1", Name: "x", Standing: client.Standing{State: state}, Crossed: []client.Crossed{{Of: "forecast", Percent: 100}}, Thresholds: []client.Threshold{},
					})
				}
				var a any = client.BudgetsAnswer{Success: true, Budgets: items}
				if r.Method != http.MethodGet {
					var body client.BudgetBody
					if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Name != "x" || body.MonthlyAmount != 5 {
						t.Errorf("sent %+v: %v", body, err)
					}
					a = client.BudgetAnswer{Success: true, BudgetID: "b1", Standing: items[0].Standing, Thresholds: []client.Threshold{}}
				}
				if err := json.NewEncoder(w).Encode(a); err != nil {
					t.Error(err)
				}
			}))
			defer srv.Close()
			code, out, errs := against(t, srv.URL, row.args)
			if code != row.code || !strings.Contains(out+errs, row.out) {
				t.Errorf("%d, want %d\n%s%s", code, row.code, out, errs)
			}
		})
	}
}
