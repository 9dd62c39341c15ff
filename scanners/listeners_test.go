package scanners

import (
	"testing"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestNoListeners leaves out what takes a call for each load balancer, and shows it
// as not known.
func TestNoListeners(t *testing.T) {
	for _, without := range []bool{false, true} {
		account := simulator.New(simulator.Options{})
		listeners, found := 0, 0
		for _, region := range account.Regions() {
			target := Target{Config: account.Config(region), AccountID: account.ID(), NoListeners: without}
			err := loadBalancer.Run(t.Context(), target, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					if r.Metadata["type"] != "classic" {
						found++
						if r.Metadata["listeners"] != nil {
							listeners++
						}
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		calls := account.Calls()["elasticloadbalancing:DescribeListeners"]
		if found == 0 || (listeners == 0) != without || (calls == 0) != without {
			t.Errorf("without listeners %t: %d of %d load balancers have some, after %d calls", without, listeners, found, calls)
		}
	}
}
