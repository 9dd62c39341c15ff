package parts

import (
	"context"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/cloud/metrics"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/savings/savingstest"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestFindingsMakeSense: on the demo account and on a large one, no finding saves
// more than what it removes costs, and no cost is in two counted savings.
func TestFindingsMakeSense(t *testing.T) {
	now := time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)
	for name, o := range map[string]simulator.Options{"demo": {}, "large": {Resources: 20_000}} {
		t.Run(name, func(t *testing.T) {
			o.Clock = func() time.Time { return now }
			account := simulator.New(o)
			s := scan(t, o, "AMI", "CloudWatch_LogGroup", "EBS_Snapshot", "EBS_Volume", "EC2_Instance", "Elastic_IP", "Lambda_Function", "Load_Balancer",
				"NAT_Gateway", "Network_Interface", "RDS_Instance", "Route_Table")
			s.Job.CreatedAt, s.Job.Request.Metrics = now, true
			s.Metrics = func(ctx context.Context, _, region string, queries []tracker.MetricQuery) (tracker.MetricValues, error) {
				return metrics.Fetch(ctx, account.Config(region), now, queries)
			}
			var resources []tracker.Resource
			for _, typ := range s.rows {
				for _, b := range typ {
					r, err := rows.Resource(b)
					if err != nil {
						t.Fatal(err)
					}
					resources = append(resources, r)
				}
			}
			var findings []tracker.Finding
			if _, err := Findings(pricing.Embedded(), nil, nil)(t.Context(), s.Scanned, func(f tracker.Finding) error {
				findings = append(findings, f)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for _, problem := range savingstest.Of(resources).Contradictions(findings) {
				t.Error(problem)
			}
			if len(findings) < 20 {
				t.Errorf("%d findings of %d resources prove little", len(findings), len(resources))
			}
		})
	}
}
