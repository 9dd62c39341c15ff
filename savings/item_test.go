package savings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOfItem: what is not known before or after is not known, and what a verb leaves
// as it is saves nothing.
func TestOfItem(t *testing.T) {
	unseen := tracker.Resource{ID: "vol-2", Type: "EBS_Volume"}
	for _, row := range []struct {
		name, verb string
		resource   tracker.Resource
		taken      []tracker.Resource
		want       *tracker.Money
	}{
		{"stopped", "stop", instance("i-1", "m5.large", "running"), nil, new(tracker.Dollars(70.08))},
		{"started", "start", instance("i-1", "m5.large", "stopped"), nil, new(tracker.Dollars(-70.08))},
		{"of unknown price", "stop", instance("i-1", "m9.large", "running"), nil, nil},
		{"of unknown price afterwards", "start", instance("i-1", "m9.large", "stopped"), nil, nil},
		{"rebooted, whatever it costs", "reboot", instance("i-1", "m9.large", "running"), nil, new(tracker.Money)},
		{"free", "delete", res("ECS_Cluster", "web", "active", 1, m{}), nil, new(tracker.Money)},
		{"with a volume", "terminate", instance("i-1", "m5.large", "stopped"), scan(volume("gp2", 100, 300, 1)), new(10 * tracker.Dollar)},
		{"with all", "terminate", instance("i-1", "m5.large", "running"), scan(volume("gp2", 100, 300, 1)), new(tracker.Dollars(80.08))},
		{"with a volume that nobody saw", "terminate", instance("i-1", "m5.large", "stopped"), scan(volume("gp2", 100, 300, 1), unseen), nil},
		{"restored", "restore", tracker.Resource{ID: "vol-1", Type: "EBS_Volume", State: tracker.Gone}, nil, nil},
		{"gone already", "delete", tracker.Resource{ID: "vol-1", Type: "EBS_Volume", State: tracker.Gone}, nil, new(tracker.Money)},
	} {
		t.Run(row.name, func(t *testing.T) {
			item := tracker.ActionItem{ResourceID: row.resource.ID, Type: row.resource.Type, Verb: row.verb}
			got := savings.OfItem(list{}, actions.After, item, row.resource, row.taken, now)
			if diff := cmp.Diff(row.want, got.Monthly); diff != "" {
				t.Errorf("%s (-want +got):\n%s", got.Basis, diff)
			}
		})
	}
}
