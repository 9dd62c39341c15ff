package savings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOneCounts: of what is found about one resource, only what saves most
// counts, and nothing does where a finding on another resource holds it.
func TestOneCounts(t *testing.T) {
	for _, tc := range []struct {
		name     string
		resource tracker.Resource
		others   []tracker.Resource
		want     []string // rule, and whether it counts
	}{
		{"delete and retype", volume("gp2", 100, 300, 30), nil, []string{"unattached_volume counted", "gp2_to_gp3"}},
		{"retype alone", volume("gp2", 100, 300, 30, "i-1"), scan(instance("i-1", "m5.large", "running")), []string{"gp2_to_gp3 counted"}},
		{"counted at the stopped instance", volume("gp2", 100, 300, 30, "i-1"), scan(stopped("i-1", 60)), []string{"gp2_to_gp3"}},
		{"two ways to delete", snapshot("snap-1", "vol-9", 365), nil, []string{"old_snapshot counted", "orphan_snapshot"}},
		{"two ways to retype", instance("i-1", "m4.large", "running"), nil, []string{"graviton_instance counted", "previous_generation_instance"}},
		{"two without a price", instance("i-1", "r3.large", "running"), nil, []string{"previous_generation_instance counted"}},
	} {
		e := evaluation(t, savings.Options{}, append(tc.others, tc.resource)...)
		var got []string
		for _, f := range e.Find(tc.resource, nil) {
			got = append(got, strings.TrimSpace(f.Rule+map[bool]string{true: " counted"}[f.Counted]))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// TestTotals: a report adds up what counts, and keeps apart what has no price.
func TestTotals(t *testing.T) {
	rs := scan(volume("gp2", 100, 300, 30), volume("gp2", 50, 300, 30, "i-1"), with(volume("gp2", 100, 300, 30), "volume_type", "gp9"))
	e := evaluation(t, savings.Options{Rules: []string{"gp2_to_gp3", "unattached_volume"}}, rs...)
	for _, r := range rs {
		e.Find(r, nil)
	}
	want := []tracker.RuleReport{
		{Rule: "gp2_to_gp3", Description: "A volume is of type gp2.", Status: "evaluated", Findings: 2, MonthlySaving: tracker.Dollar},
		{
			Rule: "unattached_volume", Description: "A volume is available, not attached, and at least 7 days old.", Status: "evaluated",
			Findings: 2, MonthlySaving: 10 * tracker.Dollar, Unpriced: 1,
		},
	}
	if diff := cmp.Diff(want, e.Report()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestChain: thirty daily snapshots of one volume share their blocks. What deleting
// one saves is not known, and nothing of it is counted.
func TestChain(t *testing.T) {
	var rs []tracker.Resource
	for i := range 30 {
		rs = append(rs, with(snapshot(fmt.Sprintf("snap-%d", i), "vol-9", 100+i), "incremental", i > 0))
	}
	e := evaluation(t, savings.Options{Rules: []string{"old_snapshot", "orphan_snapshot"}}, rs...)
	for _, r := range rs {
		for _, f := range e.Find(r, nil) {
			if f.MonthlySaving != nil {
				t.Errorf("%s %s saves %s: %s", f.Rule, f.ResourceID, f.MonthlySaving, f.Basis)
			}
		}
	}
	for _, report := range e.Report() {
		if report.MonthlySaving != 0 || report.Findings != 30 {
			t.Errorf("%s: %d findings, %s", report.Rule, report.Findings, report.MonthlySaving)
		}
	}
}

// TestNotSeen: what a rule relies on and was not seen is never taken for missing.
func TestNotSeen(t *testing.T) {
	orphan := snapshot("snap-1", "vol-9", 10)
	ended := func(outcome tracker.Outcome, missing ...tracker.Type) []tracker.CellReport {
		var cells []tracker.CellReport
		for _, c := range everything() {
			for _, typ := range missing {
				if c.Type == typ {
					c.Outcome = outcome
				}
			}
			if c.Outcome != "not scanned" {
				cells = append(cells, c)
			}
		}
		return cells
	}
	for _, tc := range []struct {
		name           string
		cells          []tracker.CellReport
		filtered       bool
		status, reason string
	}{
		{"all seen", everything(), false, "evaluated", ""},
		{"volumes denied", ended(tracker.OutcomeDenied, "EBS_Volume"), false, "not_evaluated", "1 not decided on: the scan of EBS_Volume ended as denied"},
		{"volumes not scanned", ended("not scanned", "EBS_Volume"), false, "not_evaluated", "1 not decided on: EBS_Volume was not scanned"},
		{"volumes not ended", ended("", "EBS_Volume"), false, "not_evaluated", "1 not decided on: the scan of EBS_Volume has not ended"},
		{"filtered by tags", everything(), true, "not_evaluated", "1 not decided on: the scan kept only resources with certain tags"},
		{
			"some snapshots not seen", append(everything(), tracker.CellReport{
				Cell: tracker.Cell{AccountID: account, Region: "eu-west-1", Type: "EBS_Snapshot"}, Outcome: tracker.OutcomeThrottled,
			}), false,
			"evaluated", "1 of 2 scans of EBS_Snapshot did not end well, one as throttled",
		},
	} {
		e := evaluationOf(t, tc.cells, savings.Options{Rules: []string{"orphan_snapshot"}, Filtered: tc.filtered}, orphan)
		found := len(e.Find(orphan, nil))
		report := e.Report()[0]
		if want := map[string]int{"evaluated": 1}[tc.status]; report.Status != tc.status || report.Reason != tc.reason || found != want {
			t.Errorf("%s: %d findings, %s: %q, want %d, %s: %q", tc.name, found, report.Status, report.Reason, want, tc.status, tc.reason)
		}
	}
}

// TestDenied: a metric that could not be read leaves its rules undecided, and says
// why; rules without metrics decide all the same.
func TestDenied(t *testing.T) {
	r := instance("i-1", "m4.xlarge", "running")
	e := evaluation(t, savings.Options{Metrics: true, Rules: []string{"graviton_instance", "idle_instance", "oversized_instance"}}, r)
	values := tracker.MetricValues{}
	for _, q := range e.Wanted(r) {
		values[q.ID()] = tracker.MetricSeries{Failure: "cloudwatch:GetMetricData: AccessDenied"}
	}
	if len(values) != 4 {
		t.Errorf("%d metrics are wanted, want 4", len(values))
	}
	for _, f := range e.Find(r, values) {
		if f.Rule != "graviton_instance" {
			t.Errorf("%s finds %s", f.Rule, f.Basis)
		}
	}
	reason := "1 not decided on: CPUUtilization could not be read: cloudwatch:GetMetricData: AccessDenied"
	want := map[string]string{"graviton_instance": "evaluated ", "idle_instance": "not_evaluated " + reason, "oversized_instance": "not_evaluated " + reason}
	got := map[string]string{}
	for _, report := range e.Report() {
		got[report.Rule] = report.Status + " " + report.Reason
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestManyReasons: whatever AWS says, a report stays short.
func TestManyReasons(t *testing.T) {
	e := evaluation(t, savings.Options{Metrics: true, Rules: []string{"idle_instance"}})
	for i := range 100 {
		r := instance(fmt.Sprintf("i-%d", i), "m5.large", "running")
		values := tracker.MetricValues{}
		for _, q := range e.Wanted(r) {
			values[q.ID()] = tracker.MetricSeries{Failure: fmt.Sprint("request ", i)}
		}
		e.Find(r, values)
	}
	if reason := e.Report()[0].Reason; strings.Count(reason, ";") != 5 || !strings.Contains(reason, "95 not decided on: other reasons") {
		t.Errorf("%q", reason)
	}
}

// TestNoneScanned: a rule whose own type is not among those of the scan was not
// evaluated, though nothing failed.
func TestNoneScanned(t *testing.T) {
	cells := []tracker.CellReport{{Cell: tracker.Cell{AccountID: account, Region: region, Type: "VPC"}, Outcome: tracker.OutcomeOK}}
	for _, r := range evaluationOf(t, cells, savings.Options{Metrics: true}).Report() {
		if r.Status != "not_evaluated" || !strings.HasSuffix(r.Reason, "was not scanned") {
			t.Errorf("%s: %s: %q", r.Rule, r.Status, r.Reason)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, tc := range []struct {
		name string
		o    savings.Options
		want string
	}{
		{"no prices", savings.Options{}, "savings: no prices"},
		{"no effects", savings.Options{Prices: list{}}, "savings: nothing tells what verbs do"},
		{"no such rule", savings.Options{Prices: list{}, After: actions.After, Rules: []string{"idle_volume"}}, `no rule of savings is named "idle_volume"`},
		{
			"out of range",
			savings.Options{Prices: list{}, After: actions.After, Thresholds: savings.Thresholds{OldSnapshotDays: -1, IdleCPUPercent: 101}},
			"thresholds: old_snapshot_days is -1 and has to be from 1 to 3650; idle_cpu_percent is 101 and has to be from 1 to 100",
		},
		{
			"more days needed than read",
			savings.Options{Prices: list{}, After: actions.After, Thresholds: savings.Thresholds{MetricDays: 3}},
			"thresholds: min_metric_days is 7 and has to be at most metric_days, which is 3",
		},
	} {
		if _, err := savings.New(tc.o); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}
