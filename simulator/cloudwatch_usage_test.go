package simulator_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// usage reads a fortnight of one metric of one resource.
func usage(t *testing.T, a *simulator.Account, namespace, name, stat, key, value string, period int32) ([]float64, error) {
	t.Helper()
	end := time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	out, err := cloudwatch.NewFromConfig(a.Config(home)).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(end.AddDate(0, 0, -14)), EndTime: &end,
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("m0"), MetricStat: &types.MetricStat{
			Stat: &stat, Period: &period,
			Metric: &types.Metric{Namespace: &namespace, MetricName: &name, Dimensions: []types.Dimension{{Name: &key, Value: &value}}},
		}}},
	})
	if err != nil {
		return nil, err
	}
	return out.MetricDataResults[0].Values, nil
}

func november() time.Time { return time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC) }

// TestUsageIsLasting: of the running instances some do nothing and some are
// busy, the same ones in every account with the same options. Instances that do
// not run report nothing.
func TestUsageIsLasting(t *testing.T) {
	read := func(a *simulator.Account) map[string][]float64 {
		all := map[string][]float64{}
		for r := range a.Each("EC2_Instance", home) {
			v, err := usage(t, a, "AWS/EC2", "CPUUtilization", "Maximum", "InstanceId", r.ID, 86400)
			if err != nil {
				t.Fatal(err)
			}
			if want := map[string]int{"running": 14}[r.State]; len(v) != want {
				t.Errorf("%s is %s and has %d values, want %d", r.ID, r.State, len(v), want)
			}
			all[r.ID] = v
		}
		return all
	}
	options := simulator.Options{Resources: 300, Clock: november}
	first := read(simulator.New(options))
	if diff := cmp.Diff(first, read(simulator.New(options))); diff != "" {
		t.Errorf("two accounts differ:\n%s", diff)
	}
	idle, busy := 0, 0
	for v := range maps.Values(first) {
		switch {
		case len(v) == 0:
		case slices.Max(v) < 5:
			idle++
		case slices.Max(v) > 60:
			busy++
		}
	}
	if idle == 0 || busy == 0 {
		t.Errorf("%d instances are idle and %d busy", idle, busy)
	}
}

// TestUsageOfNothing: a resource that does not exist has no values. Other
// periods than a day are not simulated.
func TestUsageOfNothing(t *testing.T) {
	a := simulator.New(simulator.Options{Clock: november})
	var instance tracker.Resource
	for instance = range a.Each("EC2_Instance", home) {
		break
	}
	for _, row := range []struct{ name, namespace, metric, key, value string }{
		{"no such instance", "AWS/EC2", "CPUUtilization", "InstanceId", "i-00000000000000001"},
		{"no such metric", "AWS/EC2", "Happiness", "InstanceId", instance.ID},
		{"of another dimension", "AWS/EC2", "CPUUtilization", "ImageId", instance.ID},
	} {
		if v, err := usage(t, a, row.namespace, row.metric, "Maximum", row.key, row.value, 86400); err != nil || len(v) > 0 {
			t.Errorf("%s: %v, %v", row.name, v, err)
		}
	}
	if _, err := usage(t, a, "AWS/EC2", "CPUUtilization", "Maximum", "InstanceId", instance.ID, 300); code(err) != "NotSimulated" {
		t.Errorf("five minutes: %v", err)
	}
}
