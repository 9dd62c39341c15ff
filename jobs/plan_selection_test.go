package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestPlan_Selection(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{})
	for i := range 2 {
		e.state[fmt.Sprintf("EC2_Instance-%d", i)] = "running"
	}
	s := acting(t, e)
	job := s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	for _, row := range []struct {
		name   string
		change func(*tracker.PlanRequest)
		state  tracker.PlanState
		reason string
	}{
		{"from a scan", func(*tracker.PlanRequest) {}, tracker.PlanSucceeded, ""},
		{"live", func(r *tracker.PlanRequest) { r.Select.JobID = "" }, tracker.PlanSucceeded, ""},
		{"too many", func(r *tracker.PlanRequest) { r.MaxItems = 1 }, tracker.PlanFailed, "more than 1 resources"},
		{"nothing", func(r *tracker.PlanRequest) {
			r.Select.Filter = filter.All(r.Select.Filter, filter.Where(filter.FieldState, "stopped"))
		}, tracker.PlanFailed, "holds no resource"},
		{"without the verb", func(r *tracker.PlanRequest) { r.Select.Filter = filter.Where(filter.FieldType, "IAM_User") }, tracker.PlanFailed, "IAM_User, which has no action stop"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := tracker.PlanRequest{Apply: true, Select: &tracker.PlanSelection{
				JobID: job.ID, Filter: filter.Where(filter.FieldType, "EC2_Instance"), Verb: "stop",
			}}
			row.change(&r)
			p := s.planEnd(s.plan(r).ID)
			if p.State != row.state || !strings.Contains(p.Reason, row.reason) {
				t.Errorf("plan is %s: %s", p.State, p.Reason)
			}
		})
	}
}

// What a selection asks of costs holds for a scan and for a listing of its own alike.
func TestPlan_SelectionByCost(t *testing.T) {
	t.Parallel()
	e := newEstate(map[string]string{"EC2_Instance-0": "running", "EC2_Instance-1": "running"})
	s := start(t, nil, jobs.Options{
		Actions: actions, Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
		Price: func(r *tracker.Resource) {
			r.MonthlyCost = new(map[string]tracker.Money{"EC2_Instance-0": 3 * tracker.Dollar, "EC2_Instance-1": 70 * tracker.Dollar}[r.ID])
		},
	})
	dear, err := filter.Parse("type:EC2_Instance cost>5")
	if err != nil {
		t.Fatal(err)
	}
	for name, job := range map[string]string{"from a scan": s.until(s.submit(tracker.ScanRequest{}).ID, ended).ID, "live": ""} {
		t.Run(name, func(t *testing.T) {
			r := tracker.PlanRequest{Select: &tracker.PlanSelection{JobID: job, Filter: dear, Verb: "stop"}}
			if p := s.planUntil(s.plan(r).ID, tracker.PlanPlanned, tracker.PlanFailed); p.Totals.Items != 1 {
				t.Errorf("the plan is %s with %d items, want the one that costs more than 5: %s", p.State, p.Totals.Items, p.Reason)
			}
		})
	}
}
