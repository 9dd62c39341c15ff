package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

func TestDiffers(t *testing.T) {
	t.Parallel()
	got := differs(client.Change{
		Fields: []client.Field{{Field: "state", Old: "running", New: "stopped"}, {Field: "metadata.public_ip", Old: nil, New: "192.0.2.1"}, {Field: "metadata.ports", Old: []any{22.0}, New: []any{}}},
		Noise:  []client.Field{{Field: "metadata.size_bytes", Old: 1.0, New: 2.0}},
	})
	if want := "state: running → stopped, metadata.public_ip: none → 192.0.2.1, metadata.ports: [22] → [], (metadata.size_bytes: 1 → 2)"; got != want {
		t.Errorf("%s\n%s", got, want)
	}
}

func TestChangeGroups(t *testing.T) {
	t.Parallel()
	got := changeGroups(&client.Totals{Added: 3, Groups: []client.ChangeGroup{{Key: []string{"EC2_Instance", ""}, Added: 2}}, Other: &client.Sums{Added: 1}})
	want := []client.ChangeGroup{{Key: []string{"EC2_Instance", "(none)"}, Added: 2}, {Key: []string{"(other)"}, Added: 1}, {Key: []string{"(total)"}, Added: 3}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestDiffEnds holds what a script is told by the exit code.
func TestDiffEnds(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		changed, unknown int
		args             string
		code             int
		says             string
	}{
		"nothing":                     {0, 0, "diff --exit-code", 0, "0 added, 0 removed, 0 changed"},
		"something":                   {1, 0, "diff", 0, "1 changed"},
		"something, asked for":        {1, 0, "diff --exit-code", ExitChanged, "1 changed"},
		"not all is known":            {0, 2, "diff --exit-code", ExitPartial, "2 of 5 cells is not known (2 not_seen): --unknown lists them"},
		"something, and not all":      {1, 2, "diff --exit-code", ExitChanged, "2 of 5 cells"},
		"something by groups":         {1, 0, "diff --exit-code --group-by type", ExitChanged, "1 changed"},
		"the cells, not asked for":    {1, 2, "diff --unknown", ExitPartial, "2 of 5 cells"},
		"a kind that does not exist":  {0, 0, "diff --changes moved", ExitUsage, "moved"},
		"what to do with noise, odd":  {0, 0, "diff --noise loud", ExitUsage, "loud"},
		"a form that is not answered": {0, 0, "diff -o xml", ExitUsage, "xml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				a := client.DiffAnswer{
					Success: true, Complete: row.unknown == 0, Changes: []client.Change{}, GroupBy: []string{}, Summary: &client.Totals{Changed: row.changed},
					Unknown: client.UnknownCells{Cells: row.unknown, CellsKnown: 3, ByReason: map[string]int{"not_seen": row.unknown}, List: []client.UnknownCell{}},
				}
				w.Header().Set("Content-Type", "application/json")
				if err := json.NewEncoder(w).Encode(a); err != nil {
					t.Error(err)
				}
			}))
			defer srv.Close()
			code, out, errs := against(t, srv.URL, row.args)
			if code != row.code || !strings.Contains(errs, row.says) {
				t.Errorf("%d, want %d\n%s%s", code, row.code, out, errs)
			}
		})
	}
}
