package e2e

import (
	"testing"

	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestCatalogueOnSimulatedAccount runs every scanner on the simulated account:
// what the account has is found, and of everything else it has none.
func TestCatalogueOnSimulatedAccount(t *testing.T) {
	account := simulator.New(simulator.Options{Resources: 2000})
	for _, s := range scanners.Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			found := 0
			target := scanners.Target{Config: account.Config("us-east-1"), AccountID: account.ID()}
			err := s.Run(t.Context(), target, func(rs ...tracker.Resource) error {
				found += len(rs)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if s.Type == "Target_Group" { // they come with the load balancers, uncounted
				return
			}
			want := account.Count(s.Type, "us-east-1")
			if s.Global {
				want = account.Count(s.Type, tracker.Any)
			}
			if found != want {
				t.Errorf("found %d, want %d", found, want)
			}
		})
	}
}
