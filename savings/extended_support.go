package savings

import "github.com/consolesensei/resource-tracker/tracker"

// extendedSupport finds that the resource's cost has a part for extended support,
// which an upgrade saves. Prices know when the support of each version ends.
func (c *Case) extendedSupport(facts ...string) *Match {
	cost := c.cost()
	for _, part := range cost.Components {
		if part.Name != "extended support" {
			continue
		}
		saving := unpriced("what extended support costs is not known: %s", part.Reason)
		if part.Monthly != nil {
			only := tracker.Cost{Value: part.Monthly, Components: []tracker.CostComponent{part}}
			saving = Saving{part.Monthly, arithmetic(only), cost.Confidence}
		}
		return &Match{Saving: saving, Evidence: with(c.facts(facts...), "support", part.Reason)}
	}
	return nil
}
