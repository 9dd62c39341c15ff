package pricing_test

import (
	"encoding/csv"
	"flag"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write the golden file of prices")

// TestPrices names every price that has changed: the prices that were added by
// hand one by one, those of the sheets by their number and their sum.
func TestPrices(t *testing.T) {
	var b strings.Builder
	book := pricing.Embedded()
	for r := range added(t) {
		fmt.Fprintf(&b, "%s in %s: %s a %s, %s\n", r.Key, r.Region, r.Rate.Price, r.Rate.Unit, r.Rate.AsOf)
	}
	for _, region := range append([]string{"**"}, book.Regions()...) {
		type sum struct {
			prices int
			total  tracker.Money
		}
		sums := map[string]sum{}
		for r := range book.Rows(region) {
			s := sums[r.Key.Service]
			sums[r.Key.Service] = sum{s.prices + 1, s.total + r.Rate.Price}
		}
		for _, service := range slices.Sorted(maps.Keys(sums)) {
			fmt.Fprintf(&b, "%s in %s: %d prices, together %s\n", service, region, sums[service].prices, sums[service].total)
		}
	}
	const golden = "testdata/prices.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("prices changed; -update when they were meant to (-want +got):\n%s", diff)
	}
}

// added yields the prices of data/prices.csv as the book has them.
func added(t *testing.T) iter.Seq[pricing.Row] {
	t.Helper()
	f, err := os.Open("data/prices.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	in := csv.NewReader(f)
	in.Comment = '#'
	lines, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return func(yield func(pricing.Row) bool) {
		for _, l := range lines[1:] {
			k := pricing.Key{Service: l[1], Item: l[2], Class: l[3], Variant: l[4]}
			region := strings.Replace(l[0], "*", "af-south-1", 1)
			r, ok := pricing.Embedded().Rate(region, k)
			if !ok || r.Basis != tracker.CostList {
				t.Errorf("%s in %s: %+v", k, region, r)
			}
			if !yield(pricing.Row{Region: l[0], Key: k, Rate: r}) {
				return
			}
		}
	}
}

// TestRate looks prices up by region, and never gets another region's in
// silence.
func TestRate(t *testing.T) {
	gp3 := pricing.Key{Service: "ebs", Item: "storage", Class: "gp3"}
	address := pricing.Key{Service: "vpc", Item: "public-ipv4"}
	m8i, onlyEast := pricing.Instance("m8i.large", "linux", ""), pricing.Instance("p6-b300.48xlarge", "linux", "")
	book := pricing.Embedded()
	live := book.With(pricing.Row{Region: "eu-west-1", Key: gp3, Rate: pricing.Rate{
		Price: tracker.Dollars(0.087), Unit: "gb-month", AsOf: "2026-11-01", Source: "live",
	}})
	for _, tc := range []struct {
		name   string
		book   *pricing.Book
		region string
		key    pricing.Key
		price  float64
		basis  tracker.CostBasis
		reason string
	}{
		{"the region's own", book, "us-east-1", gp3, 0.08, tracker.CostList, ""},
		{"another region's own", book, "eu-west-1", gp3, 0.088, tracker.CostList, ""},
		{"another region's, said so", book, "eu-west-1", m8i, 0.10584, tracker.CostOtherRegion, "list price of us-east-1: the price list lacks that of eu-west-1"},
		{"of a region other than us-east-1", book, "us-east-1", pricing.Instance("dl2q.24xlarge", "linux", ""), 8.9194, tracker.CostOtherRegion, "list price of us-west-2: the price list lacks that of us-east-1"},
		{"a region of tomorrow", book, "eu-east-1", gp3, 0.08, tracker.CostOtherRegion, "list price of us-east-1: the price list lacks that of eu-east-1"},
		{"GovCloud's own", book, "us-gov-west-1", gp3, 0.096, tracker.CostList, ""},
		{"GovCloud's other region", book, "us-gov-west-1", onlyEast, 170.9, tracker.CostOtherRegion, "list price of us-gov-east-1: the price list lacks that of us-gov-west-1"},
		{"not a commercial region's for GovCloud", book, "us-gov-west-1", pricing.Key{Service: "elasticache", Item: "backup"}, 0, tracker.CostUnknown, "the price list lacks elasticache backup"},
		{"the same everywhere", book, "ap-south-1", address, 0.005, tracker.CostList, ""},
		{"another partition", book, "us-gov-west-1", address, 0.005, tracker.CostList, ""},
		{"China", book, "cn-north-1", gp3, 0, tracker.CostUnknown, "the price list has no prices of cn-north-1"},
		{"no region", book, tracker.Global, gp3, 0, tracker.CostUnknown, "the region is not known, and the price differs between regions"},
		{"not in the list", book, "us-east-1", pricing.Instance("x9.huge", "linux", ""), 0, tracker.CostUnknown, "the price list lacks ec2 instance x9.huge linux"},
		{"a live price goes first", live, "eu-west-1", gp3, 0.087, tracker.CostList, ""},
		{"a live price is its region's alone", live, "eu-central-1", gp3, 0.0952, tracker.CostList, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, ok := tc.book.Rate(tc.region, tc.key)
			if ok != (tc.price > 0) || r.Price != tracker.Dollars(tc.price) || r.Basis != tc.basis || r.Reason != tc.reason {
				t.Errorf("%+v, %t", r, ok)
			}
		})
	}
}
