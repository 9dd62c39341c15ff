package api_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/tracker"
)

type reportSeen struct {
	From, To time.Time
	Filter   string
	Sections []struct {
		Name, Unknown string
		Lists         []string
		Facts         []struct {
			Name, Label string
			Value       any
		}
		Tables []struct {
			Name    string
			Columns []struct{ Name, Sum string }
			Rows    [][]any
		}
	}
}

// fact is the number of a fact; NaN where there is none.
func (r reportSeen) fact(section, name string) float64 {
	for _, s := range r.Sections {
		for _, f := range s.Facts {
			if s.Name == section && f.Name == name {
				if v, ok := f.Value.(float64); ok {
					return v
				}
			}
		}
	}
	return math.NaN()
}

// adds holds every figure against the table that it is the sum of, and every list against what the API answers.
func (r reportSeen) adds(d *door) {
	d.Helper()
	held := 0
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			for i, c := range t.Columns {
				if c.Sum == "" || len(t.Rows) == 0 && s.Name == "dearest" {
					continue
				}
				sum := 0.0
				for _, row := range t.Rows {
					n, _ := row[i].(float64)
					sum += n
				}
				if want := r.fact(s.Name, c.Sum); math.IsNaN(want) || math.Abs(sum-want) > 1e-6 {
					d.Errorf("%s: %s of %s add up to %v, and %s is %v", s.Name, c.Name, t.Name, sum, c.Sum, want)
				}
				held++
			}
		}
		for _, path := range s.Lists {
			if a := d.call("GET", path, ""); a.code != 200 {
				d.Errorf("the list of %s: %s: %d %s", s.Name, path, a.code, a.body)
			}
		}
	}
	if held < 15 {
		d.Errorf("%d columns were held against facts", held)
	}
}

// estate takes random scans of accounts, types and regions into a history, some cells of which fail.
func estate(t *testing.T, r *rand.Rand) *door {
	t.Helper()
	h := remembered(t)
	cost := map[string]*tracker.Money{}
	for n := 20; n >= 0; n -= 1 + r.IntN(3) {
		var cells []scanned
		for account := range 3 {
			for region := range 2 {
				for _, kind := range []tracker.Type{"EC2_Instance", "EBS_Volume", "RDS_Instance", "S3_Bucket"} {
					c := scanned{Cell: tracker.Cell{AccountID: fmt.Sprintf("%012d", account+1), Region: fmt.Sprintf("eu-west-%d", region+1), Type: kind}}
					for i := range 6 {
						id := fmt.Sprint(account, region, kind, i)
						if _, there := cost[id]; !there || r.IntN(5) == 0 {
							cost[id] = nil
							if r.IntN(4) > 0 {
								cost[id] = new(tracker.Dollars(float64(r.IntN(50000)) / 100))
							}
						}
						if r.IntN(8) == 0 {
							continue
						}
						found := tracker.Resource{ID: id, Name: tracker.Named("<b>" + id), State: "running", Tags: map[string]string{"team": "a|b"}, MonthlyCost: cost[id], Metadata: tracker.Metadata{}}
						if cost[id] != nil && r.IntN(4) == 0 {
							found.Cost = &tracker.Cost{Value: cost[id], Currency: "USD", Basis: tracker.CostOtherRegion, Confidence: tracker.ConfidenceLow, Components: []tracker.CostComponent{}}
						}
						c.found = append(c.found, found)
					}
					if r.IntN(6) == 0 {
						c.outcome, c.found = tracker.OutcomeDenied, nil
					}
					cells = append(cells, c)
				}
			}
		}
		take(t, h, alice, fmt.Sprint("job-", n), time.Now().AddDate(0, 0, -n).Add(-time.Minute), cells...)
	}
	return open(t, &fake{}, func(o *api.Options) { o.History = h })
}

func TestReportAddsUp(t *testing.T) {
	for seed := range uint64(3) {
		d := estate(t, rand.New(rand.NewPCG(seed, 1)))
		for _, query := range []string{"", "?days=30", "?from=5d&to=2d", "?filter=" + url.QueryEscape("type:EC2_Instance or type:S3_Bucket"), "?account_id=000000000002&days=9", "?filter=cost>200"} {
			r := read[reportSeen](d, "/api/v1/reports/summary"+query)
			r.adds(d)
			costs, trend := r.fact("cost", "monthly_cost"), r.fact("trend", "last")
			if kept := !strings.Contains(query, "cost"); kept && !strings.Contains(query, "to=") && math.Abs(costs-trend) > 1e-6 {
				t.Errorf("%q: the inventory costs %v, the trend ends at %v", query, costs, trend)
			}
			if all := r.fact("dearest", "monthly_cost"); all != costs {
				t.Errorf("%q: the dearest are of %v, the inventory is %v", query, all, costs)
			}
		}
	}
}

func TestReportFormats(t *testing.T) {
	d := estate(t, rand.New(rand.NewPCG(7, 7)))
	const path = "/api/v1/reports/summary"
	page := d.call("GET", path, "", "Accept", "text/html")
	for _, part := range []string{"<h1>", `id="cost"`, `id="trend"`, "<svg", "&lt;b&gt;", `id="waste"`, `id="coverage"`} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	for _, part := range []string{"<b>", "<script", "src=", "url(", "http:", "https:", "<link"} {
		if strings.Contains(page.body, part) {
			t.Errorf("the page has %s", part)
		}
	}
	if csp := page.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	if md := d.call("GET", path+"?format=md", ""); md.code != 200 || !strings.Contains(md.body, "## Cost now") || !strings.Contains(md.body, `\<b\>`) {
		t.Errorf("%d %.300s", md.code, md.body)
	}
	csv := d.call("GET", path+"?format=csv", "")
	if !strings.HasPrefix(csv.body, "section,table,row,name,value,kind,label,note\n") || !strings.Contains(csv.body, "\ncost,,,monthly_cost,") {
		t.Errorf("%.300s", csv.body)
	}
	if excel := d.call("GET", path+"?format=csv-excel", ""); !strings.HasPrefix(excel.body, "\ufeff\"section\",") {
		t.Errorf("%.300s", excel.body)
	}
	for query, fault := range map[string]string{
		"days=367": "query.days", "days=3&from=3d": "query.days", "from=2000-01-01": "the history can be asked from", "to=2999-01-01": "query.to",
		"from=1d&to=2d": "query.from", "from=soon": "query.from", "filter=typ:x": "query.filter", "format=docx": "query.format", "format=pdf": "print CSS",
		"account_id=1234567890123": "query.account_id", "filter=" + url.QueryEscape(strings.Repeat("a", 17000)): "query.filter",
	} {
		if a := d.call("GET", path+"?"+query, ""); a.code != 422 || !strings.Contains(a.body, fault) {
			t.Errorf("%.40s: %d %s", query, a.code, a.body)
		}
	}
}

func TestReportKnowsNothing(t *testing.T) {
	if a := open(t, &fake{}).call("GET", "/api/v1/reports/summary", ""); a.code != 503 {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
	p := newPast(t)
	d := p.door()
	p.saw(bob, 1, tracker.OutcomeOK, thing{"i-9", "shop", 900})
	if a := d.call("GET", "/api/v1/reports/summary", ""); a.code != 404 {
		t.Errorf("before the first scan of its own: %d %s", a.code, a.body)
	}
	p.saw(alice, 3, tracker.OutcomeDenied, thing{"i-1", "shop", 31}, thing{"i-2", "data", 62}, thing{"i-3", "data", -1})
	p.saw(alice, 0, tracker.OutcomeDenied, thing{"i-1", "shop", 41}, thing{"i-2", "data", 62}, thing{"i-3", "data", -1})
	r := read[reportSeen](d, "/api/v1/reports/summary?tag=team=shop&days=30")
	r.adds(d)
	b, _ := json.Marshal(r)
	for name, want := range map[string]float64{"cost monthly_cost": 41, "trend last": 41, "trend first": 31, "changes cost_difference": 10, "coverage unknown": 1, "waste open": 0} {
		section, fact, _ := strings.Cut(name, " ")
		if got := r.fact(section, fact); got != want {
			t.Errorf("%s is %v, want %v: %s", name, got, want, b)
		}
	}
	r = read[reportSeen](d, "/api/v1/reports/summary?filter=state:running")
	if got := fmt.Sprint(r.Sections[2].Unknown, r.Sections[4].Unknown); !strings.Contains(got, "No trend is kept") || !strings.Contains(got, "Findings are not told") {
		t.Errorf("by a filter that nothing is kept by: %q", got)
	}
}
