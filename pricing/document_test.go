package pricing_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

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
	want := written + mark + "\n" + types(t) + "\n" + states() + "\n" + ends() + "\n" + coverage() + "\n" + prices(t)
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

// states lists what is billed in the states of each type.
func states() string {
	var b strings.Builder
	b.WriteString("## States\n| type | in full | storage alone | nothing | not known | source |\n|---|---|---|---|---|---|\n")
	for _, s := range scanners.Catalog {
		if !pricing.HasBilling(s.Type) {
			continue
		}
		lists := map[string][]string{}
		for _, state := range pricing.States(s.Type) {
			what := pricing.BilledAs(tracker.Resource{Type: s.Type, State: state})
			lists[what] = append(lists[what], state)
		}
		fmt.Fprintf(&b, "| %s |", s.Type)
		for _, what := range []string{"full", "storage", "nothing", "unsure"} {
			fmt.Fprintf(&b, " %s |", strings.Join(lists[what], ", "))
		}
		fmt.Fprintf(&b, " %s |\n", pricing.BillingSource(s.Type))
	}
	return b.String()
}

// ends lists when the standard support of versions ends.
func ends() string {
	var b strings.Builder
	b.WriteString("## Ends of support\nExtended support is charged for from a day on, and at the third year's price from another. `data/support.csv` names the source of each row.\n\n" +
		"| product | version | standard support ends | charged from | third year's price from |\n|---|---|---|---|---|\n")
	date := func(t time.Time) string {
		if t.IsZero() {
			return "–"
		}
		return t.Format(time.DateOnly)
	}
	for _, v := range pricing.Supports() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", v.Product, v.Version, date(v.Ends), date(v.Charged), date(v.Dearer))
	}
	return b.String()
}

// coverage counts the prices of each service in each region.
func coverage() string {
	var b strings.Builder
	b.WriteString("## Coverage\nPrices of each service in each region, by `data/list`; those of every region are not among them.\n\n")
	book := pricing.Embedded()
	counts, services := map[string]map[string]int{}, map[string]bool{}
	for _, region := range book.Regions() {
		counts[region] = map[string]int{}
		for r := range book.Rows(region) {
			counts[region][r.Key.Service]++
			services[r.Key.Service] = true
		}
	}
	names := slices.Sorted(maps.Keys(services))
	fmt.Fprintf(&b, "| region | all | %s |\n|---|--:|%s\n", strings.Join(names, " | "), strings.Repeat("--:|", len(names)))
	for _, region := range book.Regions() {
		all, cells := 0, make([]string, 0, len(names))
		for _, service := range names {
			n := counts[region][service]
			all += n
			cell := "–"
			if n > 0 {
				cell = strconv.Itoa(n)
			}
			cells = append(cells, cell)
		}
		fmt.Fprintf(&b, "| %s | %d | %s |\n", region, all, strings.Join(cells, " | "))
	}
	return b.String()
}

// prices prints the prices that were added by hand.
func prices(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("## Prices that the sheets lack\n| what | region | $ | a | as of |\n|---|---|--:|---|---|\n")
	for r := range added(t) {
		region := strings.Replace(r.Region, "*", "every", 1)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.Key, region, r.Rate.Price, r.Rate.Unit, r.Rate.AsOf)
	}
	return b.String()
}
