package parts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// demoBudgets are those of the demo: one that most of its month has been spent of, one that is forecast to be over, one
// within.
var demoBudgets = []budgets.Spec{
	{Name: "Everything", Amount: 8000 * tracker.Dollar},
	{Name: "Instances", Filter: "type:EC2_Instance", Amount: 3000 * tracker.Dollar},
	{Name: "Volumes and snapshots", Filter: "type:EBS_Volume,EBS_Snapshot", Amount: 4000 * tracker.Dollar},
}

// addDemoBudgets makes the budgets of the demo. Run twice, the second changes nothing.
func addDemoBudgets(ctx context.Context, h *history.Store, now time.Time) error {
	for i, spec := range demoBudgets {
		spec.Thresholds = budgets.DefaultThresholds()
		spec.Check()
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(spec.Name)).String()
		kept, err := budgets.New(tracker.DefaultTenant, id, spec, "demo", now.Add(time.Duration(i)*time.Millisecond)).Kept()
		if err != nil {
			return err
		}
		if _, err := h.AddBudget(ctx, kept, budgets.Most); err != nil {
			return err
		}
	}
	return nil
}
