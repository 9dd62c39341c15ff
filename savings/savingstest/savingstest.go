// Package savingstest holds findings to what resources cost.
package savingstest

import (
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Costs are what the resources of a scan cost, by their keys; nil: it is not known.
type Costs map[string]*tracker.Money

// Of returns what resources cost.
func Of(rs []tracker.Resource) Costs {
	costs := Costs{}
	for _, r := range rs {
		costs[r.Key()] = r.MonthlyCost
	}
	return costs
}

// Contradictions returns what findings say that cannot be. None saves more than its
// resource costs and, where that is less, those together that it names. A resource
// whose cost is in one counted saving is in no other.
func (c Costs) Contradictions(findings []tracker.Finding) []string {
	var out []string
	counted := map[string]string{} // the finding that has the cost of a resource
	claim := func(f tracker.Finding, keys ...string) {
		if !f.Counted {
			return
		}
		for _, key := range keys {
			if other, taken := counted[key]; taken {
				out = append(out, fmt.Sprintf("%s and %s both count what %s costs", other, f.ID, key))
			}
			counted[key] = f.ID
		}
	}
	for _, f := range findings {
		own, seen := c[f.ResourceKey]
		switch {
		case !seen:
			out = append(out, fmt.Sprintf("%s is about what the scan has not found", f.ID))
		case f.MonthlySaving == nil || *f.MonthlySaving <= 0:
		case own == nil:
			claim(f, f.ResourceKey) // charged by use, which metrics tell
		case *f.MonthlySaving <= *own:
			claim(f, f.ResourceKey)
		default:
			claim(f, append([]string{f.ResourceKey}, f.Related...)...)
			sum := *own
			for _, key := range f.Related {
				if m := c[key]; m != nil {
					sum += *m
				}
			}
			if *f.MonthlySaving > sum {
				out = append(out, fmt.Sprintf("%s saves %s of %s: %s", f.ID, f.MonthlySaving, sum, f.Basis))
			}
		}
	}
	return out
}
