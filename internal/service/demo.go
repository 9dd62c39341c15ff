package service

import (
	"cmp"
	"context"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/config"
)

// demoLife bounds how long filling the demo takes.
const demoLife = 2 * time.Minute

// fillDemo gives a new demo what a service has that is in use: schedules, a scan with its
// billed cost, a plan to look at, one that waits for its hour and one that was carried
// out. It asks the service's own API, and leaves alone what has schedules already.
func (s *Service) fillDemo(ctx context.Context, cfg config.Config) error {
	ctx, cancel := context.WithTimeout(ctx, demoLife)
	defer cancel()
	key := cmp.Or(append([]string{s.Key}, cfg.OperatorAPIKeys.Reveal()...)...)
	if key == "" {
		return nil // whoever set keys without an operator's gets an empty demo
	}
	t, err := client.New(s.URL, key)
	if err != nil {
		return err
	}
	known, err := t.ListSchedules(ctx, nil)
	if err != nil || len(known.Schedules) > 0 {
		return err
	}
	nightly, err := t.AddSchedule(ctx, nil, demoScan)
	if err != nil {
		return err
	}
	if _, err := t.AddSchedule(ctx, nil, demoOffice); err != nil {
		return err
	}
	if _, err := t.RunSchedule(ctx, nightly.ScheduleID, nil); err != nil {
		return err
	}
	for _, p := range demoPlans {
		plan, err := t.AddPlan(ctx, nil, client.PlanBody{Select: &p.selects})
		if err != nil {
			return err
		}
		if !p.apply {
			continue
		}
		if plan, err = t.WaitPlan(ctx, plan.Plan.PlanID, nil); err != nil {
			return err
		}
		if _, err := t.ApplyPlan(ctx, plan.Plan.PlanID, nil, client.ApplyBody{Digest: plan.Plan.Digest, AfterSeconds: &p.after}); err != nil {
			return err
		}
	}
	return nil
}

var (
	demoScan = client.ScheduleBody{
		Name: "every night", Cron: "0 3 * * *", Metrics: new(true),
		BilledCost: &client.BilledBody{GroupBy: []string{"service", "region", "tag:Team"}, MaxPaidCalls: new(10)},
	}
	demoOffice = client.ScheduleBody{
		Name: "office hours of dev", OffHours: &client.OffHours{Begin: "0 19 * * 1-5", End: "0 7 * * 1-5"}, TimeZone: "Europe/Berlin",
		Plan: &client.SchedulePlan{Select: client.SelectionBody{Filter: "type:EC2_Instance tag:Environment=dev", Action: "stop"}},
	}
	// What the demo costs and could save does not change by them.
	demoPlans = []struct {
		selects client.SelectionBody
		apply   bool
		after   int // seconds
	}{
		{selects: client.SelectionBody{Filter: "type:EBS_Volume state:available", Action: "delete"}},
		{selects: client.SelectionBody{Filter: "type:EC2_Instance state:running tag:Environment=test", Action: "stop"}, apply: true, after: 24 * 3600},
		{
			selects: client.SelectionBody{Filter: "type:EBS_Volume tag:Team=data", Action: "tag", Params: map[string]any{"tags": map[string]string{"Reviewed": "2026"}}},
			apply:   true,
		},
	}
)
