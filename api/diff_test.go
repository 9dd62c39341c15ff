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
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// remembered is a history in a file, which is empty.
func remembered(t *testing.T) *history.Store {
	t.Helper()
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Dictionary: []byte("{}"), Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

// scanned is a cell and what a scan found in it; a cell without an outcome was seen to its end.
type scanned struct {
	tracker.Cell
	outcome tracker.Outcome
	found   []tracker.Resource
}

// take brings a scan into a history.
func take(t *testing.T, h *history.Store, tenant, job string, at time.Time, cells ...scanned) {
	t.Helper()
	takeRun(t, h, history.Scan{Tenant: tenant, Job: job, At: at.UnixMilli()}, cells...)
}

// takeRun is take of a run.
func takeRun(t *testing.T, h *history.Store, scan history.Scan, cells ...scanned) {
	t.Helper()
	byAccount := map[string][]history.Cell{}
	found := map[tracker.Cell][]tracker.Resource{}
	var accounts []string
	for _, c := range cells {
		if byAccount[c.AccountID] == nil {
			accounts = append(accounts, c.AccountID)
		}
		if c.outcome == "" {
			c.outcome = tracker.OutcomeOK
		}
		byAccount[c.AccountID] = append(byAccount[c.AccountID], history.Cell{Place: history.Place{Region: c.Region, Type: c.Type}, Outcome: c.outcome})
		found[c.Cell] = c.found
	}
	scan.Accounts, scan.Cells = accounts, func(account string) []history.Cell { return byAccount[account] }
	scan.Rows = func(account string, c history.Cell) iter.Seq2[history.Row, error] {
		return func(yield func(history.Row, error) bool) {
			for _, r := range found[tracker.Cell{AccountID: account, Region: c.Region, Type: c.Type}] {
				r.AccountID, r.Region, r.Type = account, c.Region, c.Type
				b, err := json.Marshal(r)
				row := history.Row{ID: r.ID, State: r.State, JSON: b, Hash: int64(xxhash.Sum64(b))}
				if r.MonthlyCost != nil {
					row.Cost = new(int64(*r.MonthlyCost))
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
	if err := h.Ingest(t.Context(), scan); err != nil {
		t.Fatal(err)
	}
}

const (
	monday  = "00000000-0000-7000-8000-000000000001"
	tuesday = "00000000-0000-7000-8000-000000000002"
	theirs  = "00000000-0000-7000-8000-000000000003"
)

func dollars(n int) *tracker.Money { return new(tracker.Money(n) * tracker.Dollar) }

// twoDays is the history of two scans, of which the second saw less.
func twoDays(t *testing.T) (h *history.Store, first, second time.Time) {
	t.Helper()
	h = remembered(t)
	cell := func(region string, typ tracker.Type) tracker.Cell {
		return tracker.Cell{AccountID: "123456789012", Region: region, Type: typ}
	}
	instance := func(state, team string, ip any, seen int) tracker.Resource {
		return tracker.Resource{ID: "i-1", Name: new("web"), State: state, Tags: map[string]string{"team": team}, MonthlyCost: dollars(10), Metadata: tracker.Metadata{"public_ip": ip, "last_used": seen}}
	}
	second = time.Now().UTC().Truncate(time.Hour).Add(-time.Hour)
	first = second.AddDate(0, 0, -1)
	take(t, h, alice, monday, first,
		scanned{cell("eu-west-1", "EC2_Instance"), "", []tracker.Resource{instance("running", "a", nil, 1), {ID: "i-2", State: "stopped"}}},
		scanned{cell("us-east-1", "EC2_Instance"), "", []tracker.Resource{{ID: "i-3", State: "running"}}},
		scanned{cell("global", "S3_Bucket"), "", []tracker.Resource{{ID: "logs", State: "active", MonthlyCost: dollars(1), Metadata: tracker.Metadata{"last_used": 1}}}},
	)
	take(t, h, alice, tuesday, second,
		scanned{cell("eu-west-1", "EC2_Instance"), "", []tracker.Resource{instance("running", "b", "1.2.3.4", 2), {ID: "i-4", State: "running", MonthlyCost: dollars(7)}}},
		scanned{cell("us-east-1", "EC2_Instance"), tracker.OutcomeDenied, nil},
		scanned{cell("global", "S3_Bucket"), "", []tracker.Resource{{ID: "logs", State: "active", MonthlyCost: dollars(3), Metadata: tracker.Metadata{"last_used": 2}}}},
	)
	take(t, h, bob, theirs, second, scanned{cell("eu-west-1", "EC2_Instance"), "", []tracker.Resource{{ID: "i-9", State: "running"}}})
	return h, first, second
}

func withHistory(h *history.Store) func(*api.Options) {
	return func(o *api.Options) { o.History, o.Noisy = h, func(key string) bool { return key == "last_used" } }
}

func TestDiff(t *testing.T) {
	h, first, second := twoDays(t)
	d := open(t, &fake{}, withHistory(h))
	got := d.call("GET", "/api/v1/diff?from="+monday+"&to="+tuesday+"&group_by=type,change", "").json(t)
	var want any
	text := fmt.Sprintf(`{"success":true,"from":{"at":%q,"job_id":%q},"to":{"at":%q,"job_id":%q},"complete":false,"group_by":["type","change"],
	"summary":{"added":1,"removed":1,"changed":1,"cost_difference":7,"resources_with_unknown_cost":1,
		"by_change":{"added":{"resources":1,"cost_difference":7,"resources_with_unknown_cost":0},"removed":{"resources":1,"cost_difference":0,"resources_with_unknown_cost":1},
			"changed":{"resources":1,"cost_difference":0,"resources_with_unknown_cost":0}},
		"noise":{"resources":1,"cost_difference":2,"resources_with_unknown_cost":0},
		"groups":[{"key":["EC2_Instance","added"],"added":1,"removed":0,"changed":0,"cost_difference":7,"resources_with_unknown_cost":0},
			{"key":["EC2_Instance","changed"],"added":0,"removed":0,"changed":1,"cost_difference":0,"resources_with_unknown_cost":0},
			{"key":["EC2_Instance","removed"],"added":0,"removed":1,"changed":0,"cost_difference":0,"resources_with_unknown_cost":1}]},
	"changes":[
		{"change":"changed","resource_id":"i-1","resource_name":"web","account_id":"123456789012","region":"eu-west-1","resource_type":"EC2_Instance","selected":"both",
			"resource_key":"123456789012/eu-west-1/EC2_Instance/i-1","state":"running","since":%[3]q,"cost_before":10,"cost_now":10,"cost_difference":0,
			"fields":[{"field":"tags.team","old":"a","new":"b"},{"field":"metadata.public_ip","old":null,"new":"1.2.3.4"}]},
		{"change":"removed","resource_id":"i-2","resource_name":null,"account_id":"123456789012","region":"eu-west-1","resource_type":"EC2_Instance","selected":"before",
			"resource_key":"123456789012/eu-west-1/EC2_Instance/i-2","state":"stopped","since":%[3]q,"cost_before":null,"cost_now":null,"cost_difference":null,"fields":[]},
		{"change":"added","resource_id":"i-4","resource_name":null,"account_id":"123456789012","region":"eu-west-1","resource_type":"EC2_Instance","selected":"now",
			"resource_key":"123456789012/eu-west-1/EC2_Instance/i-4","state":"running","since":%[3]q,"cost_before":null,"cost_now":7,"cost_difference":7,"fields":[]}],
	"unknown":{"cells":1,"cells_known":2,"by_reason":{"not_seen":1},
		"list":[{"account_id":"123456789012","region":"us-east-1","resource_type":"EC2_Instance","reason":"not_seen","outcome":"denied","last_seen":%[1]q}]}}`,
		first.Format(time.RFC3339), monday, second.Format(time.RFC3339), tuesday)
	if err := json.Unmarshal([]byte(text), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, any(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// changesOf lists the changes of all pages of a diff.
func changesOf(t *testing.T, d *door, query string) (all []string) {
	t.Helper()
	for cursor := ""; ; {
		got := d.call("GET", "/api/v1/diff?"+query+cursor, "").json(t)
		changes, ok := got["changes"].([]any)
		if !ok {
			t.Fatalf("%s: %v", query, got)
		}
		for _, c := range changes {
			c := c.(map[string]any)
			line := fmt.Sprint(c["change"], " ", c["resource_id"])
			for _, n := range append(c["fields"].([]any), "|") {
				if f, ok := n.(map[string]any); ok {
					line += fmt.Sprint(" ", f["field"])
				}
			}
			if noise, ok := c["noise"].([]any); ok {
				line += fmt.Sprint(" and ", len(noise), " of noise")
			}
			all = append(all, line)
		}
		if (cursor == "") != (got["summary"] != nil) {
			t.Errorf("%s: the summary is on the first page only: %v", query+cursor, got["summary"])
		}
		next, more := got["next_cursor"].(string)
		if !more {
			return all
		}
		cursor = "&cursor=" + next
	}
}

func TestDiffQueries(t *testing.T) {
	h, first, _ := twoDays(t)
	d := open(t, &fake{}, withHistory(h))
	const all = "changed i-1 tags.team metadata.public_ip; removed i-2; added i-4"
	for _, c := range []struct{ name, query, want string }{
		{"scans", "from=" + monday + "&to=" + tuesday, all},
		{"since the beginning", "", all},
		{"times", "from=" + first.Format(time.RFC3339) + "&to=0h", all},
		{"a time and a scan", "from=" + first.Format(time.RFC3339) + "&to=" + tuesday, all},
		{"by pages", "limit=1", all},
		{"some kinds", "changes=added,removed", "removed i-2; added i-4"},
		{"a filter of what is", "filter=state:running", "changed i-1 tags.team metadata.public_ip; added i-4"},
		{"a filter of what was", "filter=state:stopped", "removed i-2"},
		{"a type", "resource_type=S3_Bucket", ""},
		{"an account without anything", "account_id=210987654321", ""},
		{"what appeared", "filter=meta.public_ip&selected=now", "changed i-1 tags.team metadata.public_ip"},
		{"what is gone from a team", "filter=tag:team=a&selected=before", "changed i-1 tags.team metadata.public_ip"},
		{"a field", "fields=metadata.public_ip&changes=changed", "changed i-1 tags.team metadata.public_ip"},
		{"another field", "fields=state&changes=changed", ""},
		{"with noise", "noise=include", "changed i-1 tags.team metadata.public_ip and 1 of noise; removed i-2; added i-4; changed logs and 2 of noise"},
		{"noise alone", "noise=only", "changed logs and 2 of noise"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(changesOf(t, d, c.query), "; "); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
	first = first.Add(-time.Second)
	for _, c := range []struct {
		query string
		code  int
		field string
	}{
		{"from=" + first.Format(time.RFC3339), 422, "query.from"},
		{"to=" + first.Format(time.RFC3339), 422, "query.to"},
		{"from=yesterday", 422, "query.from"},
		{"from=1h&to=2h", 422, "query.from"},
		{"from=" + tuesday + "&to=" + monday, 422, "query.from"},
		{"from=" + theirs, 404, ""},
		{"group_by=owner", 422, "query.group_by"},
		{"group_by=type,type", 422, "query.group_by"},
		{"group_by=type,region,state", 422, "query.group_by"},
		{"filter=type:Nothing", 422, "query.filter"},
		{"changes=moved", 422, "query.changes"},
		{"selected=never", 422, "query.selected"},
		{"noise=loud", 422, "query.noise"},
		{"unknown_limit=10001", 422, "query.unknown_limit"},
		{"cursor=x", 422, "query.cursor"},
		{"cursor=1.2.3.abc", 422, "query.cursor"},
		{"format=csv&limit=3", 422, "query.limit"},
	} {
		a := d.call("GET", "/api/v1/diff?"+c.query, "")
		if a.code != c.code || !strings.Contains(a.body, c.field) {
			t.Errorf("%s: %d %s", c.query, a.code, a.body)
		}
	}
	if a := open(t, &fake{}).call("GET", "/api/v1/diff", ""); a.code != 503 {
		t.Errorf("without a history: %d %s", a.code, a.body)
	}
	if a := open(t, &fake{}, withHistory(remembered(t))).call("GET", "/api/v1/diff", ""); a.code != 404 {
		t.Errorf("without scans: %d %s", a.code, a.body)
	}
}

// TestDiffAfterPrune holds that a time of which versions are forgotten is refused, with the earliest that is kept.
func TestDiffAfterPrune(t *testing.T) {
	h, first, second := twoDays(t)
	if err := h.Prune(t.Context(), first.Add(time.Hour).UnixMilli()); err != nil {
		t.Fatal(err)
	}
	d := open(t, &fake{}, withHistory(h))
	if a := d.call("GET", "/api/v1/diff?from="+monday, ""); a.code != 422 || !strings.Contains(a.body, first.Add(time.Hour).Format(time.RFC3339)) {
		t.Errorf("%d %s", a.code, a.body)
	}
	if got := changesOf(t, d, "from="+first.Add(time.Hour).Format(time.RFC3339)+"&to="+second.Format(time.RFC3339)); len(got) != 3 {
		t.Errorf("%q", got)
	}
}

// TestDiffOfSchedule compares a run of a schedule, and each of its tries, with what the runs before had seen.
func TestDiffOfSchedule(t *testing.T) {
	h, end := remembered(t), time.Now().UTC().Truncate(time.Hour)
	run := func(schedule, job string, run int64, ago time.Duration, cells ...scanned) {
		t.Helper()
		takeRun(t, h, history.Scan{Tenant: alice, Schedule: schedule, Job: job, Run: run, At: end.Add(-ago).UnixMilli()}, cells...)
	}
	at := func(region string) tracker.Cell {
		return tracker.Cell{AccountID: "123456789012", Region: region, Type: "EC2_Instance"}
	}
	found := func(ids ...string) (all []tracker.Resource) {
		for _, id := range ids {
			all = append(all, tracker.Resource{ID: id, State: "running"})
		}
		return all
	}
	const first, hand, second = monday, tuesday, theirs
	run("s", first, 0, 5*time.Hour, scanned{at("eu-west-1"), "", found("i-1")}, scanned{at("us-east-1"), "", found("i-2")})
	run("", hand, 0, 4*time.Hour, scanned{at("eu-west-1"), "", found("i-1", "i-3")})
	run("s", second, 0, 3*time.Hour, scanned{at("eu-west-1"), "", found("i-1", "i-3")}, scanned{at("us-east-1"), tracker.OutcomeTimeout, nil})
	run("s", second, 1, 2*time.Hour, scanned{at("us-east-1"), "", found("i-4")})
	d := open(t, &fake{}, withHistory(h))
	for query, want := range map[string]string{
		"from=earlier&to=" + second:                      "added i-3; removed i-2; added i-4",
		"from=earlier&limit=1&to=" + second:              "added i-3; removed i-2; added i-4",
		"from=earlier&to=" + second + ".0":               "added i-3",
		"from=earlier&to=" + second + ".1":               "removed i-2; added i-4",
		"from=earlier&to=" + first:                       "", // nothing was seen before
		"from=" + hand + "&to=" + second + ".0":          "",
		"from=earlier&to=" + second + "&selected=before": "removed i-2",
	} {
		if got := strings.Join(changesOf(t, d, query), "; "); got != want {
			t.Errorf("%s:\n got %s\nwant %s", query, got, want)
		}
	}
	if from := d.call("GET", "/api/v1/diff?from=earlier&to="+second, "").json(t)["from"].(map[string]any); from["schedule_id"] != "s" {
		t.Errorf("from %v", from)
	}
	for query, want := range map[string]int{
		"from=earlier": 422, "from=earlier&to=1h": 422, "from=earlier&to=" + hand: 422, "from=1h&to=earlier": 422,
		"from=earlier&to=" + second + ".2": 404, "to=" + second + ".99999999999": 422, "from=earlier&to=00000000-0000-7000-8000-00000000000f": 404,
	} {
		if a := d.call("GET", "/api/v1/diff?"+query, ""); a.code != want {
			t.Errorf("%s: %d %s", query, a.code, a.body)
		}
	}
}

func TestDiffExports(t *testing.T) {
	h, _, second := twoDays(t)
	d := open(t, &fake{}, withHistory(h))
	a := d.call("GET", "/api/v1/diff?format=csv&changes=added", "")
	want := "change,resource_type,resource_id,resource_name,region,account_id,state,since,cost_before,cost_now,cost_difference,selected,fields,noise\n" +
		"added,EC2_Instance,i-4,,eu-west-1,123456789012,running," + second.Format(time.RFC3339) + ",,7,7,now,[],\n"
	if diff := cmp.Diff(want, a.body); diff != "" || a.header.Get("X-Scan-Complete") != "false" || a.header.Get("X-Unknown-Cells") != "1" {
		t.Errorf("%v (-want +got):\n%s", a.header, diff)
	}
	a = d.call("GET", "/api/v1/diff", "", "Accept", "application/x-ndjson")
	if lines := strings.Split(strings.TrimSpace(a.body), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], `{"change":"changed","resource_id":"i-1"`) {
		t.Errorf("%s", a.body)
	}
}
