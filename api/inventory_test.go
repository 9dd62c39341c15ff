package api_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// cellOf is the cell that a resource of the fake's scans is in.
func cellOf(r tracker.Resource) tracker.Cell {
	c := tracker.Cell{AccountID: r.AccountID, Region: r.Region, Type: r.Type}
	if r.Type == "S3_Bucket" {
		c.Region = tracker.Global
	}
	return c
}

// keptIn is a history of scans, each of which sees cells whole, and one of them not.
func keptIn(t *testing.T, scans ...[]tracker.Resource) *history.Store {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Migrate: true, Dictionary: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, found := range scans {
		of := map[history.Place][]tracker.Resource{}
		cells := []history.Cell{{Place: history.Place{Region: "us-east-1", Type: "EC2_Instance"}, Outcome: tracker.OutcomeDenied}}
		for _, r := range found {
			c := cellOf(r)
			p := history.Place{Region: c.Region, Type: c.Type}
			if of[p] == nil {
				cells = append(cells, history.Cell{Place: p, Outcome: tracker.OutcomeOK})
			}
			of[p] = append(of[p], r)
		}
		err := h.Ingest(t.Context(), history.Scan{
			Tenant: alice, Job: "kept", Run: int64(i), At: time.Now().Add(time.Duration(i-len(scans)) * time.Hour).UnixMilli(), Accounts: []string{"123456789012"},
			Cells: func(string) []history.Cell { return cells },
			Rows: func(_ string, c history.Cell) iter.Seq2[history.Row, error] {
				return func(yield func(history.Row, error) bool) {
					for _, r := range of[c.Place] {
						b, err := json.Marshal(r)
						row := history.Row{ID: r.ID, State: r.State, Hash: int64(xxhash.Sum64(b)), JSON: b}
						if r.MonthlyCost != nil {
							row.Cost = new(int64(*r.MonthlyCost))
						}
						if !yield(row, err) {
							return
						}
					}
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// inventoried is a server whose newest scan saw the bucket only, and the one before both resources.
func inventoried(t *testing.T) *door {
	t.Helper()
	f := finished(tracker.JobPartial)
	both := f.found["job-1"]
	f.found["job-1"] = both[1:]
	return open(t, f, func(o *api.Options) { o.History = keptIn(t, both, both[1:]) })
}

func TestInventory(t *testing.T) {
	d := inventoried(t)
	for query, want := range map[string]string{
		"":                             "i-1 logs",
		"?filter=type:S3_Bucket":       "logs",
		"?region=us-east-1":            "logs",
		"?sort=-id":                    "logs i-1",
		"?sort=cost":                   "i-1 logs",
		"?tag.env=prod":                "i-1",
		"?at=" + "30d":                 "",
		"?filter=id:logs&sort=name,id": "logs",
	} {
		a := d.call("GET", "/api/v1/inventory"+query, "")
		if got := idsIn(t, a); got != want || a.code != 200 {
			t.Errorf("%s: %q, not %q: %d %s", query, got, want, a.code, a.body)
		}
	}
	v := d.call("GET", "/api/v1/inventory", "").json(t)
	c, _ := v["coverage"].(map[string]any)
	worst, _ := c["worst"].([]any)
	if c["cells"] != 3.0 || c["good"] != 2.0 || c["unknown"] != 1.0 || len(worst) != 1 {
		t.Errorf("coverage %v", c)
	}
	cells := d.call("GET", "/api/v1/inventory/coverage?standing=stale,unknown", "").json(t)["cells"].([]any)
	if len(cells) != 1 || cells[0].(map[string]any)["outcome"] != "denied" {
		t.Errorf("cells %v", cells)
	}
	first := d.call("GET", "/api/v1/inventory?sort=-id&limit=1", "").json(t)
	next, _ := first["next_cursor"].(string)
	if got := idsIn(t, d.call("GET", "/api/v1/inventory?sort=-id&limit=1&cursor="+url.QueryEscape(next), "")); got != "i-1" {
		t.Errorf("the second page: %q", got)
	}
	if a := d.call("GET", "/api/v1/inventory?sort=id&cursor="+url.QueryEscape(next), ""); a.code != 422 || !strings.Contains(a.body, "query.cursor") {
		t.Errorf("a cursor of another order: %d %s", a.code, a.body)
	}
	for query, field := range map[string]string{
		"?sort=size": "query.sort", "?at=yesterday": "query.at", "?at=2999-01-01": "query.at", "?max_age=x": "query.max_age", "?filter=x": "query.filter",
		"/facets?facet=size": "query.facet", "/facets": "query.facet", "/groups?by=type,type": "query.by", "/coverage?cursor=x": "query.cursor", "/coverage?standing=bad": "query.standing",
	} {
		if a := d.call("GET", "/api/v1/inventory"+query, ""); a.code != 422 || !strings.Contains(a.body, field) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
	for _, path := range []string{"", "/facets?facet=type", "/groups?by=type", "/tags", "/coverage"} {
		a := d.call("GET", "/api/v1/inventory"+path, "", "X-API-Key", other)
		if a.code != 200 || strings.Contains(a.body, "i-1") || strings.Contains(a.body, "123456789012") {
			t.Errorf("%s of another tenant: %d %s", path, a.code, a.body)
		}
		if a := open(t, &fake{}).call("GET", "/api/v1/inventory"+path, ""); a.code != 503 || !strings.Contains(a.body, "DATABASE_URL") {
			t.Errorf("%s without a history: %d %s", path, a.code, a.body)
		}
	}
}

func TestInventoryExports(t *testing.T) {
	d := inventoried(t)
	a := d.call("GET", "/api/v1/inventory?format=csv&sort=-id", "")
	lines := strings.Split(a.body, "\n")
	if a.code != 200 || len(lines) != 4 || !strings.HasSuffix(lines[0], "cost,seen_at,first_seen,state_since,stale") || !strings.HasPrefix(lines[1], "logs,") || !strings.HasSuffix(lines[2], ",false") {
		t.Errorf("%d %s", a.code, a.body)
	}
	if a := d.call("GET", "/api/v1/inventory?format=ndjson", ""); strings.Count(a.body, "\n") != 2 || a.header.Get("X-Scan-Complete") != "false" {
		t.Errorf("%d %s", a.code, a.body)
	}
}

func TestInventoryExportsChosenColumns(t *testing.T) {
	found := finished(tracker.JobPartial).found["job-1"]
	found[1].Tags = map[string]string{"env": "=HYPERLINK(\"http://evil\")", "=1+1": "-2"}
	found[1].Cost = &tracker.Cost{Basis: "other_region"}
	d := open(t, finished(tracker.JobPartial), func(o *api.Options) { o.History = keptIn(t, found) })
	columns := func(names ...string) string {
		return "/api/v1/inventory?sort=-id&" + url.Values{"columns": {strings.Join(names, ",")}}.Encode()
	}
	for format, want := range map[string]string{
		"csv": `tag:env,name,resource_id,cost.basis,tag:=1+1,tag:a=b
"=HYPERLINK(""http://evil"")",logs,logs,other_region,-2,
prod,web,i-1,,,"c,d"
`,
		"csv-excel": "\ufeff" + strings.ReplaceAll(`"tag:env","name","resource_id","cost.basis","tag:=1+1","tag:a=b"
"'=HYPERLINK(""http://evil"")","logs","logs","other_region","'-2",""
"prod","web","i-1","","","c,d"
`, "\n", "\r\n"),
	} {
		a := d.call("GET", columns("tag:env", "name", "resource_id", "cost.basis", "tag:=1+1", "tag:a=b")+"&format="+format, "")
		if diff := cmp.Diff(want, a.body); a.code != 200 || diff != "" {
			t.Errorf("%s: %d %s", format, a.code, diff)
		}
	}
	for query, says := range map[string]string{
		columns("resource_id", "size") + "&format=csv":                `"query.columns[1]"`,
		columns("Region") + "&format=csv":                             "there are resource_id, resource_name",
		columns("tag:") + "&format=csv":                               "lacks the key",
		columns("region", "region") + "&format=csv-excel":             "is there twice",
		columns("region") + "&format=ndjson":                          "belongs to format=csv",
		columns("region"):                                             "belongs to format=csv",
		columns("tag:" + strings.Repeat("k", 200)):                    "query.columns",
		columns(strings.Split(strings.Repeat("region,", 70), ",")...): "query.columns",
		"/api/v1/inventory?format=csv&columns=metadata.x":             "is no column",
		"/api/v1/inventory?format=csv&columns=region,,state":          "is no column",
	} {
		if a := d.call("GET", query, ""); a.code != 422 || !strings.Contains(a.body, says) && !strings.Contains(a.body, strings.ReplaceAll(says, `"`, `\"`)) {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestInventoryCounts(t *testing.T) {
	d := inventoried(t)
	v := d.call("GET", "/api/v1/inventory/facets?facet=type,tag:env&top=1", "").json(t)
	facets, _ := v["facets"].([]any)
	byType, _ := facets[0].(map[string]any)
	if len(facets) != 2 || byType["groups"].([]any)[0].(map[string]any)["estimated_monthly_total"] != 7.0 || byType["other"].(map[string]any)["resources_with_unknown_cost"] != 1.0 {
		t.Errorf("facets %v", v)
	}
	v = d.call("GET", "/api/v1/inventory/groups?by=account,type", "").json(t)
	if groups := v["groups"].([]any); len(groups) != 2 || !slices.Equal(groups[0].(map[string]any)["keys"].([]any), []any{"123456789012", "EC2_Instance"}) {
		t.Errorf("groups %v", v)
	}
	v = d.call("GET", "/api/v1/inventory/tags?top=1", "").json(t)
	if keys := v["keys"].([]any); len(keys) != 1 || keys[0].(map[string]any)["key"] != "env" || keys[0].(map[string]any)["values"] != 2.0 || v["other_keys"] != 2.0 {
		t.Errorf("tags %v", v)
	}
}

// TestResourcesFromTheInventory holds that a scan of some types does not hide the other resources.
func TestResourcesFromTheInventory(t *testing.T) {
	d := inventoried(t)
	a := d.call("GET", "/api/v1/resources", "")
	v := a.json(t)
	if got := idsIn(t, a); got != "i-1 logs" || v["total"] != 2.0 || v["job_id"] != "job-1" || v["state"] != "partial" || v["complete"] != false {
		t.Errorf("%q %s", got, a.body)
	}
	next, _ := d.call("GET", "/api/v1/resources?limit=1", "").json(t)["next_cursor"].(string)
	if got := idsIn(t, d.call("GET", "/api/v1/resources?cursor="+url.QueryEscape(next), "")); got != "logs" {
		t.Errorf("the second page: %q", got)
	}
	if got := idsIn(t, d.call("GET", "/api/v1/resources?cursor=job-1~0", "")); got != "logs" {
		t.Errorf("a cursor of a scan: %q", got)
	}
	if a := d.call("GET", "/api/v1/resources?format=ndjson", ""); strings.Count(a.body, "\n") != 2 {
		t.Error(a.body)
	}
	nothing := open(t, finished(tracker.JobSucceeded), func(o *api.Options) { o.History = keptIn(t) })
	if a := nothing.call("GET", "/api/v1/resources", ""); idsIn(t, a) != "i-1 logs" || a.json(t)["job_id"] != "job-1" {
		t.Errorf("no scan is in the history: %s", a.body)
	}
}

// TestInventoryPending holds that an answer waits for a scan that has just ended, and not for long.
func TestInventoryPending(t *testing.T) {
	d := inventoried(t)
	looks, end := 0, time.Now()
	job := tracker.Job{ID: "just-ended", FinishedAt: &end}
	d.fake.unrecorded = func() []tracker.Job {
		if looks++; looks < 3 {
			return []tracker.Job{job}
		}
		return nil
	}
	if v := d.call("GET", "/api/v1/inventory", "").json(t); len(v["pending_scans"].([]any)) != 0 || looks != 3 {
		t.Errorf("%d looks: %v", looks, v["pending_scans"])
	}
	long := end.Add(-time.Hour)
	d.fake.unrecorded = func() []tracker.Job { return []tracker.Job{{ID: "stuck", FinishedAt: &long}} }
	if v := d.call("GET", "/api/v1/inventory", "").json(t); !slices.Equal(v["pending_scans"].([]any), []any{"stuck"}) {
		t.Errorf("%v", v["pending_scans"])
	}
	if v := d.call("GET", "/api/v1/resources", "").json(t); fmt.Sprint(v["pending_scans"]) != "[stuck]" {
		t.Errorf("of /resources: %v", v["pending_scans"])
	}
	for _, path := range []string{"/api/v1/resources", "/api/v1/inventory"} {
		if a := d.call("GET", path+"?format=ndjson", ""); a.header.Get("X-Pending-Scans") != "stuck" {
			t.Errorf("%s in lines: %v", path, a.header)
		}
	}
}
