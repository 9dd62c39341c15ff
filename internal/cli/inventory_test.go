package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

// TestInventory holds what each form asks for, what it prints, and what it says of what is not known.
func TestInventory(t *testing.T) {
	t.Parallel()
	const (
		good  = `"coverage":{"cells":2,"good":2,"worst":[]},"pending_scans":[]`
		stale = `"coverage":{"cells":2,"good":1,"stale":1,"worst":[]},"pending_scans":["J"]`
		one   = `{"account_id":"1","region":"eu","resource_type":"EC2_Instance","resource_id":"i-1"}`
		sums  = `"total":{"resources":3,"estimated_monthly_total":9},`
		group = `{"keys":["EC2_Instance",null],"resources":2,"estimated_monthly_total":7}`
		life  = `"success":true,"resource_key":"1/eu/EC2_Instance/i-1","resource":` + one + `,"first_seen":"2026-11-01T00:00:00Z","gone_at":null,` +
			`"findings":[{"rule":"idle_instance","state":"open"}],"plans":[{"plan_id":"P","author":"bob","action":"stop"}],` +
			`"audit":{"events":[{"what":"item.sent","who":"bob"}],"lines_read":20000,"read_since":"2026-11-01T00:00:00Z","complete":false}`
	)
	for name, row := range map[string]struct {
		args  string
		pages map[string]string // by path and query
		code  int
		out   []string
		says  string
	}{
		"pages, in order": {"inventory --order -cost --at 7d --limit 2 -o csv --columns id,key", map[string]string{
			"/api/v1/inventory?at=7d&limit=2&sort=-cost":          `"resources":[` + one + `],"next_cursor":"c",` + good,
			"/api/v1/inventory?at=7d&cursor=c&limit=1&sort=-cost": `"resources":[` + one + `],` + good,
		}, 0, []string{"id,key\ni-1,1/eu/EC2_Instance/i-1\ni-1,1/"}, "2 resources; everything was seen"},
		"not all is known":  {"inventory", map[string]string{"/api/v1/inventory?limit=1000": `"resources":[],` + stale}, ExitPartial, nil, "1 are stale and 0 were never seen"},
		"a scan is pending": {"inventory", map[string]string{"/api/v1/inventory?limit=1000": `"resources":[],` + stale}, ExitPartial, nil, "not in it yet: J"},
		"groups": {"inventory --group-by type,tag:team -o csv", map[string]string{
			"/api/v1/inventory/groups?by=type%2Ctag%3Ateam": sums + `"groups":[` + group + `],"other":{"resources":1,"estimated_monthly_total":2},` + good,
		}, 0, []string{`EC2_Instance`, `(none)`, `(other)`, `(total)`}, "3 resources: $9.00 a month"},
		"facets": {"inventory --facets type,region -o json", map[string]string{
			"/api/v1/inventory/facets?facet=type%2Cregion": sums + `"facets":[{"by":["type"],"groups":[` + group + `]}],` + good,
		}, 0, []string{`"facet": "type"`, `"(none)"`}, "3 resources"},
		"tags":      {"inventory --tags -o csv", map[string]string{"/api/v1/inventory/tags": `"keys":[{"key":"team","resources":2,"values":1}],"untagged":1,` + good}, 0, []string{"team,2,1"}, "1 resource without a tag"},
		"cells":     {"inventory --cells stale,unknown -o csv --columns standing", map[string]string{"/api/v1/inventory/coverage?limit=1000&standing=stale%2Cunknown": `"cells":[{"standing":"stale"}],` + stale}, ExitPartial, []string{"stale"}, "2 cells"},
		"two forms": {"inventory --tags --group-by type", nil, ExitUsage, nil, "can't be used together"},
		"a life": {"inventory history 1/eu/EC2_Instance/i-1", map[string]string{
			"/api/v1/inventory/1%2Feu%2FEC2_Instance%2Fi-1/history?limit=1000":          life + `,"cell":{"standing":"good"},"versions":[{"state":"stopped","fields":[{"field":"state","old":"running","new":"stopped"}]}],"next_cursor":"7"`,
			"/api/v1/inventory/1%2Feu%2FEC2_Instance%2Fi-1/history?cursor=7&limit=1000": life + `,"cell":{"standing":"good"},"versions":[{"state":"running","fields":[]}]`,
		}, 0, []string{"state: running → stopped", "idle_instance", "bob", "item.sent"}, "20,000 lines were looked at"},
		"a life that is stale": {"inventory history 1/eu/EC2_Instance/i-1 -o json", map[string]string{
			"/api/v1/inventory/1%2Feu%2FEC2_Instance%2Fi-1/history?limit=1000": life + `,"cell":{"standing":"stale"},"versions":[{"state":"running","fields":[]}]`,
		}, ExitPartial, []string{`"resource_key": "1/eu/EC2_Instance/i-1"`}, "its cell is stale, seen never"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, ok := row.pages[r.URL.RequestURI()]
				if !ok {
					http.Error(w, r.URL.RequestURI(), http.StatusUnprocessableEntity)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, "{%s}", body)
			}))
			defer srv.Close()
			code, out, errs := against(t, srv.URL, row.args)
			if code != row.code || !strings.Contains(errs, row.says) {
				t.Errorf("%d, want %d\n%s%s", code, row.code, out, errs)
			}
			for _, want := range row.out {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
		})
	}
}

// TestRecorded holds that a command whose server ends with it waits, and not for ever, until its scan is in the history.
func TestRecorded(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		here    bool
		pending int // how many answers lack it
		asked   int
		says    string
	}{
		"a server that goes on": {false, 5, 0, ""},
		"at once":               {true, 0, 1, ""},
		"after a while":         {true, 3, 4, ""},
		"never":                 {true, 1000, recordTries, "not in the history yet"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				pending := `"another"`
				if asked++; asked <= row.pending {
					pending += `,"J"`
				}
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"pending_scans":[%s]}`, pending)
			}))
			defer srv.Close()
			c, err := client.New(srv.URL, "key")
			if err != nil {
				t.Fatal(err)
			}
			var errs strings.Builder
			e := &env{ctx: t.Context(), stderr: &errs, getenv: func(string) string { return "" }, here: row.here}
			if err := e.recorded(c, "J"); err != nil || asked != row.asked || !strings.Contains(errs.String(), row.says) {
				t.Errorf("%v after %d: %s", err, asked, errs.String())
			}
		})
	}
}
