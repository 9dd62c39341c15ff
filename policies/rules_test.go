package policies

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write rules.json from the catalogue")

// TestRules compares the list of rules with the catalogue; -update writes it.
func TestRules(t *testing.T) {
	names := func(types []tracker.Type) (out []string) {
		for _, one := range types {
			out = append(out, string(one))
		}
		return out
	}
	all := map[string]rule{}
	for _, r := range savings.Catalog {
		all[r.Name] = rule{Types: names(r.Types), Reads: names(r.Reads()), Metrics: len(r.Metrics) > 0}
	}
	want, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("rules.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(rulesJSON, want) {
		t.Error("rules.json is not the catalogue: go test ./policies -run TestRules -update")
	}
}
