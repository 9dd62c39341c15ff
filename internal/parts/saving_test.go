package parts

import (
	"context"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOneSaving: a finding saves what the plan saves that is made of it, on the
// demo account and on a large one.
func TestOneSaving(t *testing.T) {
	now := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
	checked := map[string]int{}
	for name, o := range map[string]simulator.Options{"demo": {}, "large": {Resources: 20_000}} {
		t.Run(name, func(t *testing.T) {
			o.Clock = func() time.Time { return now }
			account := simulator.New(o)
			s := scan(t, o, "AMI", "CloudWatch_LogGroup", "EBS_Snapshot", "EBS_Volume", "EC2_Instance", "Elastic_IP", "Launch_Template", "Load_Balancer", "NAT_Gateway",
				"Network_Interface", "RDS_Instance", "Route_Table")
			s.Job.CreatedAt, s.Job.Request.Metrics = now, true
			s.Metrics = func(ctx context.Context, _, region string, queries []tracker.MetricQuery) (tracker.MetricValues, error) {
				return metrics.Fetch(ctx, account.Config(region), now, queries)
			}
			perRule := map[string]int{}
			_, err := Findings(pricing.Embedded(), nil, nil)(t.Context(), s.Scanned, func(f tracker.Finding) error {
				if f.Fix == nil || perRule[f.Rule] == 50 {
					return nil
				}
				perRule[f.Rule]++
				checked[f.Rule]++
				action, ok := actions.Find(f.Fix.Type, f.Fix.Verb)
				if !ok {
					t.Fatalf("%s is repaired by no action", f.ID)
				}
				sight, err := action.Look(t.Context(), actions.Target{Config: account.Config(f.Region), AccountID: f.AccountID}, *f.Fix)
				if err != nil {
					t.Fatal(err)
				}
				item := savings.OfItem(pricing.Embedded(), actions.After, *f.Fix, sight.Resource, sight.Taken, now)
				if diff := gocmp.Diff(f.MonthlySaving, item.Monthly); diff != "" {
					t.Errorf("%s (-finding +plan):\n%s\n%s\n%s", f.ID, diff, f.Basis, item.Basis)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	// What the simulator does not serve is looked at on moto, by the tests of actions.
	unserved := []tracker.Type{"ECS_Cluster", "EFS_FileSystem", "ElastiCache_Cluster", "Redshift_Cluster", "Secret"}
	for _, r := range savings.Catalog {
		if r.Verb != "" && checked[r.Name] == 0 && !slices.Contains(unserved, r.Types[0]) {
			t.Errorf("no resource shows what %s saves", r.Name)
		}
	}
}
