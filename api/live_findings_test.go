package api_test

import (
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// live is a door whose history has two findings of alice: one is open, one is resolved since.
func live(t *testing.T) *door {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Dictionary: []byte("{}"), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	place := history.Place{Region: "eu-west-1", Type: "EBS_Volume"}
	cell := tracker.Cell{AccountID: "123456789012", Region: place.Region, Type: place.Type}
	for n, found := range [][]string{{"vol-1", "vol-2"}, {"vol-1"}} {
		job, at := string(rune('a'+n)), epoch.Add(time.Duration(n)*24*time.Hour).UnixMilli()
		accounts := []string{cell.AccountID}
		err := h.Ingest(t.Context(), history.Scan{
			Tenant: alice, Job: job, At: at, Accounts: accounts,
			Cells: func(string) []history.Cell { return []history.Cell{{Place: place, Outcome: tracker.OutcomeOK}} },
			Rows: func(string, history.Cell) iter.Seq2[history.Row, error] {
				return func(yield func(history.Row, error) bool) {
					for i, id := range found {
						if !yield(history.Row{ID: id, State: "available", Hash: int64(i), Cost: new(int64(8 * tracker.Dollar)), JSON: []byte(`{"tags":{"team":"=web"}}`)}, nil) {
							return
						}
					}
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		err = h.Evaluate(t.Context(), history.Evaluation{
			Tenant: alice, Job: job, From: at, Accounts: accounts,
			Decided: func(string) []history.Decided {
				return []history.Decided{{Rule: "unattached_volume", Place: place, At: at}}
			},
			Findings: func(yield func(history.Finding, error) bool) {
				for _, id := range found {
					f := tracker.Finding{
						ID: "unattached_volume/" + cell.ID() + "/" + id, Rule: "unattached_volume", ResourceID: id, ResourceKey: cell.ID() + "/" + id, Type: cell.Type, AccountID: cell.AccountID, Region: cell.Region,
						MonthlySaving: new(8 * tracker.Dollar), Confidence: tracker.ConfidenceHigh, Counted: true, Risk: "medium", Title: "Volume", Evidence: tracker.Metadata{"age_days": 9.0},
						Fix: &tracker.ActionItem{ResourceID: id, Type: cell.Type, Region: cell.Region, AccountID: cell.AccountID, Verb: "delete"},
					}
					b, err := json.Marshal(f)
					if !yield(history.Finding{ID: f.ID, Rule: f.Rule, Cell: cell, Resource: id, Confidence: "high", Saving: new(int64(8 * tracker.Dollar)), Counted: true, At: at, JSON: b}, err) {
						return
					}
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return open(t, &fake{}, func(o *api.Options) { o.History = h })
}

type livePage struct {
	Summary  map[string]any   `json:"summary"`
	Groups   []map[string]any `json:"groups"`
	Findings []map[string]any `json:"findings"`
	Next     string           `json:"next_cursor"`
}

func (p livePage) ids() string {
	var all []string
	for _, f := range p.Findings {
		all = append(all, f["resource_id"].(string))
	}
	return strings.Join(all, " ")
}

func (d *door) live(query string) (p livePage) {
	d.Helper()
	a := d.call("GET", "/api/v1/findings"+query, "")
	if err := json.Unmarshal([]byte(a.body), &p); a.code != http.StatusOK || err != nil {
		d.Fatalf("%s: %d %s", query, a.code, a.body)
	}
	return p
}

func TestLiveFindings(t *testing.T) {
	d := live(t)
	for _, tc := range []struct{ name, query, want string }{
		{"open", "", "vol-1"},
		{"resolved", "?state=resolved", "vol-2"},
		{"all, the oldest first", "?state=all&sort=opened", "vol-1 vol-2"},
		{"of a rule", "?rule=idle_address,unattached_volume", "vol-1"},
		{"of another", "?rule=idle_address", ""},
		{"of an account, a region, a type, and a confidence", "?account_id=123456789012&region=eu-west-1&resource_type=EBS_Volume&confidence=high", "vol-1"},
		{"elsewhere", "?region=us-east-1", ""},
		{"that save enough", "?min_saving=8", "vol-1"},
		{"that save more", "?min_saving=8.01", ""},
		{"that count", "?counted=true", "vol-1"},
		{"of an owner", "?tag=team%3D%3Dweb", "vol-1"},
		{"of an owner, by the other form", "?tag.team=%3Dweb", "vol-1"},
		{"of another owner", "?tag.team=web", ""},
		{"of a resource", "?resource_id=vol-2&state=all", "vol-2"},
		{"resolved lately", "?state=resolved&resolved_since=" + epoch.Format(time.RFC3339), "vol-2"},
		{"resolved since", "?state=resolved&resolved_since=" + epoch.Add(25*time.Hour).Format(time.RFC3339), ""},
	} {
		if got := d.live(tc.query).ids(); got != tc.want {
			t.Errorf("%s: %s, not %s", tc.name, got, tc.want)
		}
	}
	first := d.live("?state=all&sort=opened&limit=1")
	if second := d.live("?state=all&sort=opened&limit=1&cursor=" + first.Next); first.ids()+second.ids() != "vol-1vol-2" || second.Next != "" {
		t.Errorf("pages: %v %v", first, second)
	}
	gone := d.live("?state=resolved")
	if f := gone.Findings[0]; f["resolution"] != "gone" || f["realised_saving"] != 8.0 || f["opened_at"] != "2026-11-21T12:00:00Z" || gone.Summary["realised_saving"] != 8.0 {
		t.Errorf("%v", gone)
	}
	for by, want := range map[string]string{"rule": "unattached_volume", "account": "123456789012", "tag:team": "=web", "tag:owner": "", "month": "", "type": "EBS_Volume"} {
		if p := d.live("?group_by=" + by); len(p.Groups) != 1 || p.Groups[0]["key"] != want || p.Groups[0]["monthly_saving"] != 8.0 {
			t.Errorf("by %s: %v", by, p)
		}
	}
	for query, field := range map[string]string{
		"?cursor=x": "query.cursor",
		"?state=all&limit=1&cursor=" + first.Next: "query.cursor", // of another order
		"?group_by=size":            "query.group_by",
		"?group_by=rule&format=csv": "query.group_by",
		"?group_by=rule&limit=5":    "query.group_by",
		"?sort=size":                "query.sort",
		"?state=lost":               "query.state",
		"?tag=team":                 "query.tag",
		"?min_saving=NaN":           "query.min_saving",
		"?resolved_since=lately":    "query.resolved_since",
		"?format=csv&cursor=x":      "query.cursor",
	} {
		if a := d.call("GET", "/api/v1/findings"+query, ""); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, field) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	lines := d.call("GET", "/api/v1/findings?format=ndjson&state=all", "")
	if strings.Count(lines.body, "\n") != 2 || !strings.Contains(lines.body, `"tags":{"team":"=web"}`) {
		t.Errorf("ndjson: %s", lines.body)
	}
	table := d.call("GET", "/api/v1/findings?format=csv", "")
	if rows := strings.Split(table.body, "\n"); len(rows) != 3 || !slices.Contains(strings.Split(rows[0], ","), "tags") || !strings.Contains(rows[1], `""team"":""=web""`) {
		t.Errorf("csv: %s", table.body)
	}
	if a := d.call("GET", "/api/v1/findings", "", "X-API-Key", other); !strings.Contains(a.body, `"findings":[]`) {
		t.Errorf("of another tenant: %s", a.body)
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/findings", ""); a.code != http.StatusServiceUnavailable || !strings.Contains(a.body, "DATABASE_URL") {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
}

// TestTrend_OfSaving: waste has a trend by rule; it is that of the findings that are open.
func TestTrend_OfSaving(t *testing.T) {
	d := live(t)
	target := "/api/v1/trend?measure=saving&by=rule&from=" + epoch.Format(time.DateOnly) + "&to=" + epoch.AddDate(0, 0, 1).Format(time.DateOnly)
	a := read[trendSeen](d, target)
	if len(a.Groups) != 1 || a.Groups[0].Key != "unattached_volume" || len(a.Total) != 2 || a.Total[0].Monthly != 16 || a.Total[1].Monthly != 8 || a.Total[1].Resources != 1 {
		t.Errorf("%+v", a)
	}
	if a := read[trendSeen](d, strings.Replace(target, "by=rule", "by=none", 1)); len(a.Groups) != 0 || a.Total[0].Monthly != 16 {
		t.Errorf("%+v", a)
	}
	for _, query := range []string{"?measure=saving&by=tag:team", "?by=rule"} {
		if a := d.call("GET", "/api/v1/trend"+query, ""); a.code != http.StatusUnprocessableEntity || !strings.Contains(a.body, "query.by") {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestAcknowledgement(t *testing.T) {
	d := live(t)
	path := func(id string) string {
		return "/api/v1/findings/" + url.PathEscape("unattached_volume/123456789012/eu-west-1/EBS_Volume/"+id) + "/acknowledgement"
	}
	until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	a := d.call("POST", path("vol-1"), `{"reason":"kept for a restore","until":"`+until+`"}`)
	if a.code != http.StatusOK || !strings.Contains(a.body, `"state":"acknowledged"`) || !strings.Contains(a.body, `"by":"`) || !strings.Contains(a.body, until) {
		t.Fatalf("%d %s", a.code, a.body)
	}
	if got := d.live("").ids() + "/" + d.live("?state=acknowledged").ids(); got != "/vol-1" {
		t.Error(got)
	}
	for _, tc := range []struct {
		method, path, body, who string
		code                    int
	}{
		{"POST", path("vol-1"), `{"reason":"mine"}`, other, http.StatusNotFound},
		{"DELETE", path("vol-1"), "", other, http.StatusNotFound},
		{"POST", path("vol-1"), `{"reason":"mine"}`, approver, http.StatusForbidden},
		{"POST", path("vol-9"), `{"reason":"mine"}`, key, http.StatusNotFound},
		{"POST", path("vol-2"), `{"reason":"mine"}`, key, http.StatusConflict},
		{"POST", path("vol-1"), `{"reason":" "}`, key, http.StatusUnprocessableEntity},
		{"POST", path("vol-1"), `{"reason":"mine","until":"2020-01-01T00:00:00Z"}`, key, http.StatusUnprocessableEntity},
		{"DELETE", path("vol-1"), "", key, http.StatusNoContent},
		{"DELETE", path("vol-1"), "", key, http.StatusNoContent},
	} {
		if a := d.call(tc.method, tc.path, tc.body, "X-API-Key", tc.who); a.code != tc.code {
			t.Errorf("%s %s %s: %d %s", tc.method, tc.path, tc.body, a.code, a.body)
		}
	}
	if got := d.live("").ids(); got != "vol-1" {
		t.Error(got)
	}
	var told []string
	for _, e := range d.fake.plans.trail {
		told = append(told, e.What+" "+e.Target.ResourceID+" "+e.Detail)
	}
	if len(told) != 3 || !strings.HasPrefix(told[0], "finding.acknowledged vol-1 unattached_volume: kept for a restore (until ") || told[1] != "finding.unacknowledged vol-1 unattached_volume" {
		t.Errorf("the audit: %q", told)
	}
}

// TestLiveFindingsArePlanned holds that open findings are planned by their IDs, and that 422 says which cannot be.
func TestLiveFindingsArePlanned(t *testing.T) {
	d := live(t)
	const path, open, resolved = "/api/v1/findings/plan", "unattached_volume/123456789012/eu-west-1/EBS_Volume/vol-1", "unattached_volume/123456789012/eu-west-1/EBS_Volume/vol-2"
	ids := func(ids ...string) string {
		b, _ := json.Marshal(ids)
		return credentials(`,"finding_ids":` + string(b))
	}
	if a := d.call("POST", path, ids(open, open)); a.code != 200 || len(d.fake.plans.asked) != 1 {
		t.Fatal(a.code, a.body)
	}
	if got := d.fake.plans.asked[0]; len(got.Request.Items) != 1 || got.Request.Items[0].ResourceID != "vol-1" || got.Request.Items[0].Verb != "delete" || got.Owner != alice {
		t.Errorf("%+v", got)
	}
	for says, body := range map[string]string{
		"body.finding_ids[1]": ids(open, "nothing"), "is resolved": ids(resolved), "is no finding of yours": ids("nothing"), "body.finding_ids": ids(),
	} {
		if a := d.call("POST", path, body); a.code != 422 || !strings.Contains(a.body, says) {
			t.Errorf("%s: %d %s", says, a.code, a.body)
		}
	}
	if a := d.call("POST", path, ids(open), "X-API-Key", other); a.code != 422 || !strings.Contains(a.body, "is no finding of yours") {
		t.Errorf("another tenant: %d %s", a.code, a.body)
	}
	d.call("POST", "/api/v1/findings/"+url.PathEscape(open)+"/acknowledgement", `{"reason":"kept"}`)
	if a := d.call("POST", path, ids(open)); a.code != 422 || !strings.Contains(a.body, "is acknowledged") {
		t.Errorf("acknowledged: %d %s", a.code, a.body)
	}
	if len(d.fake.plans.asked) != 1 {
		t.Errorf("%d plans were made", len(d.fake.plans.asked))
	}
}
