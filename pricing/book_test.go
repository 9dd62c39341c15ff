package pricing_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write the golden file of prices")

// TestPrices names every price that has changed.
func TestPrices(t *testing.T) {
	var b strings.Builder
	for r := range pricing.Embedded().Rows() {
		fmt.Fprintf(&b, "%s in %s: %s a %s, %s\n", r.Key, r.Region, r.Rate.Price, r.Rate.Unit, r.Rate.AsOf)
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

// TestRate looks prices up by region, and never gets another region's in
// silence.
func TestRate(t *testing.T) {
	gp3 := pricing.Key{Service: "ebs", Item: "storage", Class: "gp3"}
	address := pricing.Key{Service: "vpc", Item: "public-ipv4"}
	book := pricing.Embedded()
	live := book.With(pricing.Row{Region: "eu-west-1", Key: gp3, Rate: pricing.Rate{
		Price: tracker.Dollars(0.088), Unit: "gb-month", AsOf: "2026-11-01", Source: "live",
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
		{"another region's, said so", book, "eu-west-1", gp3, 0.08, tracker.CostOtherRegion, "list price of us-east-1: the price list lacks that of eu-west-1"},
		{"the same everywhere", book, "ap-south-1", address, 0.005, tracker.CostList, ""},
		{"another partition", book, "us-gov-west-1", address, 0, tracker.CostUnknown, "the price list has no prices of us-gov-west-1"},
		{"China", book, "cn-north-1", gp3, 0, tracker.CostUnknown, "the price list has no prices of cn-north-1"},
		{"no region", book, tracker.Global, gp3, 0, tracker.CostUnknown, "the region is not known, and the price differs between regions"},
		{"not in the list", book, "us-east-1", pricing.Instance("x9.huge", "linux", ""), 0, tracker.CostUnknown, "the price list lacks ec2 instance x9.huge linux"},
		{"a live price goes first", live, "eu-west-1", gp3, 0.088, tracker.CostList, ""},
		{"a live price is its region's alone", live, "eu-central-1", gp3, 0.08, tracker.CostOtherRegion, "list price of us-east-1: the price list lacks that of eu-central-1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, ok := tc.book.Rate(tc.region, tc.key)
			if ok != (tc.price > 0) || r.Price != tracker.Dollars(tc.price) || r.Basis != tc.basis || r.Reason != tc.reason {
				t.Errorf("%+v, %t", r, ok)
			}
		})
	}
}
