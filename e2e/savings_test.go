package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// savings is what the API answers about findings.
type savings struct {
	State   tracker.JobState       `json:"state"`
	Summary tracker.FindingsReport `json:"summary"`
	// Findings are those of one page.
	Findings []tracker.Finding `json:"findings"`
	Next     string            `json:"next_cursor"`
}

// findings are all findings that a query selects, page by page.
func (c *client) findings(id, query string) (savings, []tracker.Finding) {
	c.t.Helper()
	var all []tracker.Finding
	page := savings{Next: "-"}
	for cursor := ""; page.Next != ""; cursor = page.Next {
		page = get[savings](c, "/api/v1/jobs/"+id+"/findings?"+query+"&cursor="+cursor)
		all = append(all, page.Findings...)
		if page.Next == "" {
			break
		}
	}
	return page, all
}

// costSums are what the API answers about costs.
type costSums struct {
	Total  tracker.Money `json:"estimated_monthly_total"`
	Known  int           `json:"resources_with_known_cost"`
	Groups []struct {
		Key   string        `json:"key"`
		Total tracker.Money `json:"estimated_monthly_total"`
	} `json:"groups"`
}

// planned is what the API answers about a plan.
type planned struct {
	Plan  tracker.Plan       `json:"plan"`
	Items []tracker.PlanItem `json:"items"`
}

// TestTheDemoCanSave adds up what the demo account costs, finds what it could do
// without, and does without some of it.
func TestTheDemoCanSave(t *testing.T) {
	c := newSystem(t, simulator.Options{}).client(t)
	job := c.scan(with(valid(), "metrics", true))
	if job.State != tracker.JobSucceeded {
		t.Fatalf("the job ended %s: %s", job.State, job.Reason)
	}

	t.Run("costs", func(t *testing.T) {
		sums := get[costSums](c, "/api/v1/jobs/"+job.ID+"/costs")
		total := tracker.Money(0)
		for _, g := range sums.Groups {
			total += g.Total
		}
		if total != sums.Total || total < tracker.Dollar || sums.Known == 0 || len(sums.Groups) < 10 {
			t.Errorf("%d types of %v add up to %v", len(sums.Groups), sums.Total, total)
		}
	})
	report, all := c.findings(job.ID, "limit=50")
	t.Run("findings", func(t *testing.T) {
		if report.Summary.Status != tracker.Evaluated || report.Summary.MetricsRead == 0 {
			t.Fatalf("%+v", report.Summary)
		}
		var rules []string
		counted, total := map[string]int{}, tracker.Money(0)
		for _, f := range all {
			rules = append(rules, f.Rule)
			if f.Counted {
				counted[f.ResourceKey]++
				if f.MonthlySaving != nil {
					total += *f.MonthlySaving
				}
			}
		}
		slices.Sort(rules)
		if rules = slices.Compact(rules); len(rules) < 15 {
			t.Errorf("%d rules have found something: %v", len(rules), rules)
		}
		for key, n := range counted {
			if n > 1 {
				t.Errorf("%d findings about %s count", n, key)
			}
		}
		if len(all) != report.Summary.Findings || total != *report.Summary.MonthlySaving || total <= 0 {
			t.Errorf("%d findings of %v, the summary has %d of %v", len(all), total, report.Summary.Findings, *report.Summary.MonthlySaving)
		}
		lines := strings.Count(string(c.do(http.MethodGet, "/api/v1/jobs/"+job.ID+"/findings?format=ndjson", nil).body), "\n")
		if lines != len(all) {
			t.Errorf("%d findings in lines, %d in pages", lines, len(all))
		}
	})
	t.Run("a plan of a rule", func(t *testing.T) {
		const rule = "idle_address"
		_, before := c.findings(job.ID, "counted=true&rule="+rule)
		a := c.do(http.MethodPost, "/api/v1/jobs/"+job.ID+"/findings/"+rule+"/plan?wait=60", with(valid(), "canary", false))
		dry := decoded[planned](c, "the plan", a, http.StatusOK)
		if dry.Plan.State != tracker.PlanPlanned || dry.Plan.Totals.Items != len(before) {
			t.Fatalf("the plan is %s with %d items, want %d: %.500s", dry.Plan.State, dry.Plan.Totals.Items, len(before), a.body)
		}
		a = c.do(http.MethodPost, "/api/v1/plans/"+dry.Plan.ID+"/apply?wait=60", map[string]any{"digest": dry.Plan.Digest})
		done := decoded[planned](c, "applying it", a, http.StatusOK)
		var gone []string
		for _, it := range done.Items {
			switch it.Ledger.State {
			case tracker.ItemVerified:
				gone = append(gone, it.ResourceID)
			case tracker.ItemRefused:
				t.Logf("%s is refused: %+v", it.ResourceID, it.Refusals)
			default:
				t.Errorf("%s of %s is %s", it.Verb, it.ResourceID, it.Ledger.State)
			}
		}
		if len(gone) == 0 {
			t.Fatal("nothing was verified")
		}
		again := c.scan(with(with(valid(), "types", []string{"Elastic_IP"}), "single_flight", false))
		_, after := c.findings(again.ID, "rule="+rule)
		var want, got []string
		for _, f := range before {
			if !slices.Contains(gone, f.ResourceID) {
				want = append(want, f.ResourceID)
			}
		}
		for _, f := range after {
			got = append(got, f.ResourceID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("found after the plan (-want +got):\n%s", d)
		}
	})
}

// TestFindingsNeedMetricsAskedFor reads no metric unasked, and says so.
func TestFindingsNeedMetricsAskedFor(t *testing.T) {
	s := newSystem(t, simulator.Options{})
	c := s.client(t)
	job := c.scan(with(valid(), "types", []string{"EC2_Instance", "NAT_Gateway", "Route_Table"}))
	report, _ := c.findings(job.ID, "limit=1")
	i := slices.IndexFunc(report.Summary.ByRule, func(r tracker.RuleReport) bool { return r.Rule == "idle_instance" })
	if r := report.Summary.ByRule[i]; r.Status != tracker.NotEvaluated || r.Reason != "metrics were not asked for" {
		t.Errorf("%+v", r)
	}
	if n := s.account.Calls()["cloudwatch:GetMetricData"]; n > 0 {
		t.Errorf("%d calls for metrics", n)
	}
}
