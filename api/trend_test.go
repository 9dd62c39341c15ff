package api_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// past is a history of scans of one account, in a file.
type past struct {
	*testing.T
	*history.Store
	scans int
}

func newPast(t *testing.T) *past {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Tags: []string{"team"}, Dictionary: []byte("{}"), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return &past{t, h, 0}
}

// thing is an instance of eu-west-1. Dollars below none are not known.
type thing struct {
	id, team string
	dollars  float64
}

// saw takes in a scan that saw things some days ago; none of a bucket, whose cell is as outcome says.
func (p *past) saw(tenant string, daysAgo int, outcome tracker.Outcome, things ...thing) {
	p.Helper()
	p.scans++
	cells := []history.Cell{
		{Place: history.Place{Region: "eu-west-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeOK},
		{Place: history.Place{Region: "global", Type: "S3_Bucket"}, Outcome: outcome},
	}
	err := p.Ingest(p.Context(), history.Scan{
		Tenant: tenant, Job: fmt.Sprint("job-", p.scans), At: time.Now().AddDate(0, 0, -daysAgo).UnixMilli(), Accounts: []string{"111122223333"},
		Cells: func(string) []history.Cell { return cells },
		Rows: func(_ string, c history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, th := range things {
					r := tracker.Resource{
						ID: th.id, Name: tracker.Named("name of " + th.id), Type: "EC2_Instance", AccountID: "111122223333", Region: "eu-west-1", State: "running",
						Tags: map[string]string{"team": th.team}, Metadata: tracker.Metadata{},
					}
					row := history.Row{ID: th.id, State: r.State}
					if th.dollars >= 0 {
						r.MonthlyCost = new(tracker.Dollars(th.dollars))
						row.Cost = new(int64(*r.MonthlyCost))
					}
					row.JSON, _ = json.Marshal(r)
					row.Hash = int64(xxhash.Sum64(row.JSON))
					if c.Type == "EC2_Instance" && !yield(row, nil) {
						return
					}
				}
			}
		},
	})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *past) door() *door {
	p.Helper()
	return open(p.T, &fake{}, func(o *api.Options) { o.History = p.Store })
}

func daysAgo(n int) string { return time.Now().UTC().AddDate(0, 0, -n).Format(time.DateOnly) }

// read calls, and decodes the answer.
func read[T any](d *door, target string) (v T) {
	d.Helper()
	a := d.call("GET", target, "")
	if a.code != 200 {
		d.Fatalf("%s: %d %s", target, a.code, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		d.Fatal(err)
	}
	return v
}

type trendSeen struct {
	KnownSince string `json:"known_since"`
	Complete   bool
	Observed   int `json:"observed_days"`
	Total      []trendPointSeen
	Groups     []struct {
		Key    string
		Points []trendPointSeen
	}
	Other []trendPointSeen
	Cells struct {
		Cells, Stale int
		Never        int `json:"never_seen"`
	}
}

type trendPointSeen struct {
	Day       string
	Days      int
	Observed  bool
	Resources int
	Unpriced  int
	Monthly   float64 `json:"monthly_cost"`
	Spend     float64
}

func TestTrend(t *testing.T) {
	p := newPast(t)
	d := p.door()
	if a := read[trendSeen](d, "/api/v1/trend"); len(a.Total) != 0 || a.KnownSince != "" || !a.Complete {
		t.Errorf("before the first scan: %+v", a)
	}
	p.saw(alice, 5, tracker.OutcomeDenied, thing{"i-1", "shop", 31}, thing{"i-2", "data", 62}, thing{"i-3", "ops", -1})
	p.saw(alice, 3, tracker.OutcomeDenied, thing{"i-1", "shop", 31}, thing{"i-2", "data", 124})
	p.saw(bob, 1, tracker.OutcomeOK, thing{"i-9", "shop", 900})
	a := read[trendSeen](d, "/api/v1/trend?by=tag:team&top=1&from=9d")
	if a.KnownSince != daysAgo(5) || len(a.Total) != 6 || a.Observed != 2 || !a.Complete || a.Cells.Cells != 2 || a.Cells.Stale != 1 || a.Cells.Never != 1 {
		t.Errorf("%+v", a)
	}
	var seen []string
	for _, p := range a.Total {
		seen = append(seen, fmt.Sprint(p.Resources, " ", p.Unpriced, " ", p.Monthly, " ", p.Observed))
	}
	if got := strings.Join(seen, ", "); got != "3 1 93 true, 3 1 93 false, 2 0 155 true, 2 0 155 false, 2 0 155 false, 2 0 155 false" {
		t.Errorf("total: %s", got)
	}
	if len(a.Groups) != 1 || a.Groups[0].Key != "data" || a.Groups[0].Points[2].Monthly != 124 {
		t.Errorf("groups: %+v", a.Groups)
	}
	for i, p := range a.Total {
		if sum := a.Groups[0].Points[i].Monthly + a.Other[i].Monthly; sum != p.Monthly {
			t.Errorf("%s: the groups and other are %v, the total %v", p.Day, sum, p.Monthly)
		}
	}
	// A key that is asked for has points whatever others cost, and one that nothing has none.
	if b := read[trendSeen](d, "/api/v1/trend?by=tag:team&top=1&from=9d&key=shop"); len(b.Groups) != 1 || b.Groups[0].Key != "shop" || b.Groups[0].Points[5].Monthly != 31 ||
		b.Other[5].Monthly != 124 || b.Total[5].Monthly != 155 {
		t.Errorf("a key: %+v", b)
	}
	if b := read[trendSeen](d, "/api/v1/trend?by=account&from=9d&key=999900001111"); len(b.Groups) != 0 || b.Other[5].Monthly != 155 || b.Total[5].Monthly != 155 {
		t.Errorf("a key of nothing: %+v", b)
	}
	for _, interval := range []string{"week", "month"} {
		b := read[trendSeen](d, "/api/v1/trend?by=none&interval="+interval)
		days, spend := 0, 0.0
		for _, p := range b.Total {
			days, spend = days+p.Days, spend+p.Spend
		}
		want := 0.0
		for _, p := range a.Total {
			want += p.Spend
		}
		if days != 6 || spend < want-1e-6 || spend > want+1e-6 || b.Total[len(b.Total)-1].Monthly != 155 || len(b.Groups) != 0 || b.Other != nil {
			t.Errorf("%s: %d days, %v, want %v: %+v", interval, days, spend, want, b)
		}
	}
	csv := d.call("GET", "/api/v1/trend?by=region&format=csv", "")
	lines := strings.Split(strings.TrimSpace(csv.body), "\n")
	if len(lines) != 1+6+6 || lines[0] != "day,series,key,days,observed_days,resources,unpriced,monthly_cost,spend" || !strings.HasPrefix(lines[7], daysAgo(5)+",group,eu-west-1,1,1,3,1,93,") {
		t.Errorf("csv:\n%s", csv.body)
	}
	for query, fault := range map[string]string{
		"by=owner": "query.by", "by=tag:env": "those that have one are team", "from=yesterday": "query.from", "to=30d&from=7d": "query.from",
		"from=2020-01-01": "expected week or month", "interval=hour": "query.interval", "top=0": "query.top", "measure=waste": "query.measure", "from=1000-01-01&interval=month": "query.from",
		"by=none&key=shop": "query.key", "key=" + strings.Repeat("a", 257): "query.key",
	} {
		if a := d.call("GET", "/api/v1/trend?"+query, ""); a.code != 422 || !strings.Contains(a.body, fault) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestForecast(t *testing.T) {
	p := newPast(t)
	d := p.door()
	type month struct {
		ToDate   float64 `json:"month_to_date"`
		Forecast float64
		Low      float64
		High     float64
		Method   string
		Unpriced int
		Assumed  int `json:"assumed_days"`
	}
	type answer struct {
		Days, Day int
		Total     month
		Groups    []struct {
			Key string
			month
		}
	}
	if a := read[answer](d, "/api/v1/forecast"); a.Total.Method != "none" {
		t.Errorf("before the first scan: %+v", a)
	}
	p.saw(alice, 60, tracker.OutcomeOK, thing{"i-1", "shop", 310}, thing{"i-2", "data", -1})
	if a := read[answer](d, "/api/v1/forecast"); a.Total.Method != "flat" || a.Total.Forecast != 310 || a.Total.Unpriced != 1 || a.Total.Low > 310 {
		t.Errorf("after one scan: %+v", a)
	}
	for n := 59; n >= 0; n-- {
		p.saw(alice, n, tracker.OutcomeOK, thing{"i-1", "shop", 310}, thing{"i-2", "data", -1})
	}
	a := read[answer](d, "/api/v1/forecast?by=tag:team")
	want := 310 * float64(a.Day) / float64(a.Days)
	near := func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }
	if a.Total.Method != "damped_trend" || !near(a.Total.Forecast, 310) || !near(a.Total.Low, 310) || !near(a.Total.High, 310) || !near(a.Total.ToDate, want) || a.Total.Assumed != 0 {
		t.Errorf("of a constant: %+v, want %v to date", a, want)
	}
	if len(a.Groups) != 2 || a.Groups[0].Key != "shop" || !near(a.Groups[0].Forecast, 310) {
		t.Errorf("%+v", a.Groups)
	}
	if a := read[answer](d, "/api/v1/forecast?by=tag:team&top=1&key=data"); len(a.Groups) != 1 || a.Groups[0].Key != "data" || a.Groups[0].Unpriced != 1 || !near(a.Total.Forecast, 310) {
		t.Errorf("a key: %+v", a)
	}
	for _, query := range []string{"by=tag:env", "key=shop", "by=none&key=shop"} {
		if a := d.call("GET", "/api/v1/forecast?"+query, ""); a.code != 422 {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestAnomalies(t *testing.T) {
	p := newPast(t)
	d := p.door()
	for n := 20; n >= 0; n-- {
		things := []thing{{"i-1", "shop", 300}, {"i-2", "data", 200}}
		if n <= 4 {
			things = append(things, thing{"i-3", "data", 90}, thing{"i-4", "data", 400})
			things[0].dollars = 310
		}
		p.saw(alice, n, tracker.OutcomeOK, things...)
	}
	type answer struct {
		Judged    int `json:"judged_days"`
		Found     int
		Anomalies []struct {
			Day       string
			Key       *string
			Step      float64
			High      float64 `json:"expected_high"`
			Resources []struct {
				ID   string `json:"resource_id"`
				Step float64
				Is   string
			}
		}
	}
	a := read[answer](d, "/api/v1/anomalies?by=tag:team")
	if len(a.Anomalies) != 2 || a.Found != 2 || a.Judged != 13 {
		t.Fatalf("%+v", a)
	}
	if x := a.Anomalies[0]; x.Key != nil || x.Day != daysAgo(4) || x.Step != 500 || x.High != 525 || fmt.Sprint(x.Resources) != "[{i-4 400 added} {i-3 90 added} {i-1 10 changed}]" {
		t.Errorf("the total: %+v", x)
	}
	if x := a.Anomalies[1]; x.Key == nil || *x.Key != "data" || fmt.Sprint(x.Resources) != "[{i-4 400 added} {i-3 90 added}]" {
		t.Errorf("a key: %+v", x)
	}
	if a := read[answer](d, "/api/v1/anomalies?by=none&min_step=501"); len(a.Anomalies) != 0 || a.Judged != 13 {
		t.Errorf("a step that is too small: %+v", a)
	}
	if a := read[answer](d, "/api/v1/anomalies?by=none&from=2d"); len(a.Anomalies) != 0 {
		t.Errorf("of later days: %+v", a)
	}
	if a := read[answer](d, "/api/v1/anomalies?by=tag:team&key=data"); len(a.Anomalies) != 1 || a.Found != 1 || *a.Anomalies[0].Key != "data" {
		t.Errorf("of a key: %+v", a)
	}
	if a := d.call("GET", "/api/v1/anomalies?by=none&key=data", ""); a.code != 422 || !strings.Contains(a.body, "query.key") {
		t.Errorf("a key of nothing: %d %s", a.code, a.body)
	}
	if a := read[answer](d, "/api/v1/anomalies?limit=1"); len(a.Anomalies) != 1 || a.Found != 2 {
		t.Errorf("one: %+v", a)
	}
}

func TestTrendsWithoutHistory(t *testing.T) {
	d := open(t, &fake{})
	for _, path := range []string{"trend", "forecast", "anomalies"} {
		if a := d.call("GET", "/api/v1/"+path, ""); a.code != 503 || !strings.Contains(a.body, "DATABASE_URL") {
			t.Errorf("%s: %d %s", path, a.code, a.body)
		}
	}
}
