package e2e

import (
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

// catalogueRegions are the regions of the account that has some of everything.
var catalogueRegions = []string{"us-east-1", "eu-west-1"}

// catalogued is the account that has one or two resources a region of every type
// that moto serves: started and filled by the first test that asks.
var catalogued = sync.OnceValues(func() (*account, error) {
	m, err := startMoto()
	if err != nil {
		return nil, err
	}
	shared.mu.Lock()
	shared.motos = append(shared.motos, m)
	shared.mu.Unlock()

	a := newAccount(m)
	var g errgroup.Group
	for i, region := range catalogueRegions {
		g.Go(func() error {
			s := a.seeder(region)
			return s.run(append(s.basics(i == 0), s.everything(i == 0)...))
		})
	}
	if err = g.Wait(); err != nil {
		return nil, err
	}
	for i, region := range catalogueRegions {
		if err := a.seeder(region).seedFiles(i == 0); err != nil {
			return nil, err
		}
	}
	return a, nil
})

// everything makes what basics does not.
func (s *seeder) everything(first bool) []step {
	steps := []step{
		{"networks", s.network},
		{"images", s.images},
		{"machinery", s.machinery},
		{"containers", s.containers},
		{"layers", s.layers},
		{"clusters", s.clusters},
		{"tables", s.tables},
		{"caches", s.caches},
		{"files", s.files},
		{"queues", s.queues},
		{"streams", s.streams},
		{"events", s.events},
		{"secrets", s.secrets},
		{"APIs", s.gatewaysOfAPIs},
		{"stacks", s.stacks},
		{"imports", s.imports},
		{"learning", s.learning},
		{"desktops", s.desktops},
		{"surroundings", s.surroundings},
	}
	if first {
		steps = append([]step{{"principals", s.principals}, {"edge", s.edge}, {"big data", s.bigData}}, steps...)
	}
	return steps
}

// other notes what no scanner lists and the tagging API tells.
func (s *seeder) other(arn string, r tracker.Resource) {
	r.ID, r.ARN, r.Type, r.State = arn, arn, "Other", "unknown"
	s.add(r)
}

// cataloguedAccount is the shared account of every type and its truth.
func cataloguedAccount(t *testing.T) *account {
	t.Helper()
	a, err := catalogued()
	if err != nil {
		t.Fatalf("seed moto: %v", err)
	}
	return a
}
