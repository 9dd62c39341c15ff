package pricing_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// The document has a part written by people, up to the mark. Below it are the
// rules and the price list.
const (
	document = "../docs/pricing.md"
	mark     = "<!-- Below: written by `go test ./pricing -update`. -->\n"
)

func TestDocument(t *testing.T) {
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	written, _, ok := strings.Cut(string(b), mark)
	if !ok {
		t.Fatalf("%s lacks the line %s", document, mark)
	}
	want := written + mark + "\n" + types(t) + "\n" + prices()
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(string(b), "\n")); diff != "" {
		t.Errorf("%s is not what the rules say; -update writes it (-rules +document):\n%s", document, diff)
	}
}

// types lists what of each type is priced, as recordings and check values show it.
func types(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("## Types\n| type | priced | charged by use, and left out | free or unknown |\n|---|---|---|---|\n")
	seen := recordings(t)
	for _, c := range checks {
		seen[c.resource.Type] = append(seen[c.resource.Type], c.resource)
	}
	for _, s := range scanners.Catalog {
		priced, left, otherwise := map[string]bool{}, map[string]bool{}, map[string]bool{}
		for _, r := range seen[s.Type] {
			if r.Region != tracker.Global {
				r.Region = "us-east-1"
			}
			c := pricing.Embedded().Cost(r)
			for _, part := range c.Components {
				switch {
				case part.Monthly != nil:
					priced[part.Name] = true
				case part.Reason == "charged by use":
					left[part.Name] = true
				}
			}
			switch {
			case c.Basis == tracker.CostFree:
				otherwise["free: "+c.Reason] = true
			case c.Basis == tracker.CostUnknown && len(c.Components) == 0:
				otherwise["unknown: "+c.Reason] = true
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", s.Type, listed(priced, ", "), listed(left, ", "), listed(otherwise, "; "))
	}
	return b.String()
}

func listed(set map[string]bool, separator string) string {
	return strings.Join(slices.Sorted(maps.Keys(set)), separator)
}

// prices prints the price list without its many instance types.
func prices() string {
	var b strings.Builder
	b.WriteString("## Prices\n| what | region | $ | a | as of |\n|---|---|--:|---|---|\n")
	instances := 0
	for r := range pricing.Embedded().Rows() {
		if r.Key == pricing.Instance(r.Key.Class, "linux", "") {
			instances++
			continue
		}
		region := strings.Replace(r.Region, "*", "every", 1)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Key, region, r.Rate.Price, r.Rate.Unit, r.Rate.AsOf)
	}
	fmt.Fprintf(&b, "\nFurther %d instance types on Linux, shared tenancy, in us-east-1.\n", instances)
	return b.String()
}
