package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/savings/savingstest"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// unserved is how the cells of a type end on moto that are not ok, and why.
type unserved struct {
	Outcome tracker.Outcome `json:"outcome"`
	Reason  string          `json:"reason"`
}

// TestEveryType scans an account that has some of everything for everything:
// all types that moto serves are found as they were made, and those that it does
// not serve are those of a list.
func TestEveryType(t *testing.T) {
	a := cataloguedAccount(t)
	c := newStack(t, a.url, "AWS_MAX_RETRIES=1").client(apiKey)
	job := c.scan(with(valid(), "regions", catalogueRegions))
	found := c.result(job.ID).Resources

	t.Run("types that moto does not serve", func(t *testing.T) {
		list := readJSON[map[tracker.Type]unserved](t, "not_served_by_moto.json")
		want, got := map[tracker.Type]tracker.Outcome{}, map[tracker.Type]tracker.Outcome{}
		for typ, u := range list {
			if u.Reason == "" {
				t.Errorf("%s is listed without a reason", typ)
			}
			want[typ] = u.Outcome
		}
		for _, cell := range c.coverage(job.ID).Cells {
			if cell.Outcome != tracker.OutcomeOK {
				got[cell.Type] = cell.Outcome
			}
		}
		for _, typ := range slices.Sorted(maps.Keys(got)) {
			t.Logf("%s: %s: %s", typ, got[typ], list[typ].Reason)
		}
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("(-listed +scanned):\n%s", d)
		}
	})
	t.Run("what is empty cannot be made", func(t *testing.T) {
		_, err := rds.NewFromConfig(a.config(catalogueRegions[0])).CreateDBCluster(t.Context(), &rds.CreateDBClusterInput{
			DBClusterIdentifier: aws.String("documents"), Engine: aws.String("docdb"), MasterUsername: aws.String("root"), MasterUserPassword: aws.String("not-a-secret-1"),
		})
		if err == nil {
			t.Error("moto has come to make DocumentDB clusters: seed them")
		}
	})
	t.Run("resources", func(t *testing.T) {
		a.check(t, a.told(t, a.selected(nil, nil)), found)
	})
	t.Run("types whose tags moto does not tell", func(t *testing.T) {
		list := readJSON[map[tracker.Type]string](t, "tags_unknown_to_moto.json")
		if d := gocmp.Diff(slices.Sorted(maps.Keys(list)), a.untagged(found)); d != "" {
			t.Errorf("(-listed +scanned):\n%s", d)
		}
	})
	t.Run("no cost is a false 0", func(t *testing.T) {
		for _, r := range found {
			switch {
			case r.Cost == nil || r.Cost.Basis == "":
				t.Errorf("nothing says what %s costs", r.Key())
			case r.MonthlyCost != nil && *r.MonthlyCost == 0 && r.Cost.Basis != tracker.CostFree && !holdsNothing(*r.Cost):
				t.Errorf("%s costs 0 by %s: %s", r.Key(), r.Cost.Basis, r.Cost.Reason)
			case r.MonthlyCost == nil && r.Cost.Reason == "":
				t.Errorf("the cost of %s is unknown for no reason", r.Key())
			}
		}
	})
	t.Run("findings make sense", func(t *testing.T) {
		_, findings := c.findings(job.ID, "limit=500")
		for _, problem := range savingstest.Of(found).Contradictions(findings) {
			t.Error(problem)
		}
		if len(findings) == 0 {
			t.Error("nothing was found")
		}
	})
	t.Run("metadata", func(t *testing.T) {
		for _, s := range scanners.Catalog {
			golden := goldenKeys(t, s.Type)
			for _, r := range found {
				if r.Type != s.Type {
					continue
				}
				if keys := strings.Join(slices.Sorted(maps.Keys(r.Metadata)), " "); !golden[keys] {
					t.Errorf("%s has the metadata %s, no golden resource has", r.Key(), keys)
				}
			}
		}
	})
}

// holdsNothing reports whether a cost of 0 is that of a thing that is charged by what
// it holds, and was seen to hold nothing, such as a log group without events.
func holdsNothing(c tracker.Cost) bool {
	return slices.ContainsFunc(c.Components, func(p tracker.CostComponent) bool {
		return p.UnitPrice != nil && *p.UnitPrice > 0 && p.Quantity == 0 && p.Monthly != nil
	})
}

// told is the part of the truth that moto tells: less the tags of some types.
func (a *account) told(t *testing.T, truth map[string]tracker.Resource) map[string]tracker.Resource {
	t.Helper()
	list := readJSON[map[tracker.Type]string](t, "tags_unknown_to_moto.json")
	for key, r := range truth {
		if list[r.Type] != "" {
			r.Tags = map[string]string{}
			truth[key] = r
		}
	}
	return truth
}

// untagged are the types of which no tags were found though some were made.
func (a *account) untagged(found []tracker.Resource) []tracker.Type {
	types := map[tracker.Type]bool{}
	for _, r := range a.truth {
		if len(r.Tags) > 0 {
			types[r.Type] = true
		}
	}
	for _, r := range found {
		if len(r.Tags) > 0 {
			delete(types, r.Type)
		}
	}
	return slices.Sorted(maps.Keys(types))
}

// goldenKeys are the sets of metadata that the golden resources of a type have.
func goldenKeys(t *testing.T, typ tracker.Type) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "scanners", "testdata", strings.ToLower(string(typ)), "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	var golden []tracker.Resource
	if err := json.Unmarshal(b, &golden); err != nil {
		t.Fatal(err)
	}
	sets := map[string]bool{}
	for _, r := range golden {
		sets[strings.Join(slices.Sorted(maps.Keys(r.Metadata)), " ")] = true
	}
	return sets
}

func readJSON[T any](t *testing.T, file string) T {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return v
}
