package pricing_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestCatalog prices the resources in the recordings of every type, as they are
// and with no facts. Every cost has a value or a reason, and none is zero without
// being called free.
func TestCatalog(t *testing.T) {
	book := pricing.Embedded()
	recorded := recordings(t)
	for _, s := range scanners.Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			rs := recorded[s.Type]
			if len(rs) == 0 {
				t.Fatal("nothing is recorded")
			}
			for _, r := range rs {
				for _, region := range []string{r.Region, "us-east-1", "us-gov-west-1"} {
					r.Region = region
					honest(t, r, book.Cost(r))
				}
			}
			nothing := tracker.Resource{ID: "x", Type: s.Type, Region: "us-east-1", State: "unknown"}
			c := book.Cost(nothing)
			honest(t, nothing, c)
		})
	}
}

// honest reports a cost that says zero, or unknown, without saying why.
func honest(t *testing.T, r tracker.Resource, c tracker.Cost) {
	t.Helper()
	stored := 0.0
	var sum tracker.Money
	for _, part := range c.Components {
		if part.Monthly == nil && part.Reason == "" {
			t.Errorf("%s in %s: no price and no reason for %s", r.ID, r.Region, part.Name)
		}
		if part.Monthly != nil {
			stored += part.Quantity
			sum += *part.Monthly
		}
	}
	known := c.Basis == tracker.CostList || c.Basis == tracker.CostSpot || c.Basis == tracker.CostOtherRegion || c.Basis == tracker.CostFree
	switch {
	case known != (c.Value != nil):
		t.Errorf("%s in %s: basis %s, value %v", r.ID, r.Region, c.Basis, c.Value)
	case c.Value == nil && (c.Reason == "" || c.Confidence != tracker.ConfidenceNone):
		t.Errorf("%s in %s: unknown with reason %q, confidence %s", r.ID, r.Region, c.Reason, c.Confidence)
	case c.Value != nil && *c.Value == 0 && c.Basis == tracker.CostFree && c.Reason == "":
		t.Errorf("%s in %s: free without a reason", r.ID, r.Region)
	case c.Value != nil && *c.Value == 0 && c.Basis != tracker.CostFree && stored > 0:
		t.Errorf("%s in %s: a zero that is not free", r.ID, r.Region)
	case c.Value != nil && *c.Value != sum:
		t.Errorf("%s in %s: %s, but its components add up to %s", r.ID, r.Region, *c.Value, sum)
	}
	if c.Value != nil && c.Basis != tracker.CostFree && (c.Source == "" || c.AsOf == "") {
		t.Errorf("%s in %s: a price without source or day", r.ID, r.Region)
	}
	if c.Currency != "USD" || c.Components == nil {
		t.Errorf("%s in %s: %+v", r.ID, r.Region, c)
	}
}

// recordings returns the resources that scanners make of their recorded answers.
func recordings(t *testing.T) map[tracker.Type][]tracker.Resource {
	t.Helper()
	files, err := filepath.Glob("../scanners/testdata/*/want.json")
	if err != nil {
		t.Fatal(err)
	}
	out := map[tracker.Type][]tracker.Resource{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if err := json.Unmarshal(b, &rs); err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			out[r.Type] = append(out[r.Type], r)
		}
	}
	return out
}
