package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/internal/config"
)

// demoLife bounds how long filling the demo takes.
const demoLife = 2 * time.Minute

// fillDemo gives a new demo what a service has that is in use: schedules, a scan with its
// billed cost, a plan to look at, one that waits for its hour and one that was carried
// out. It asks the service's own API, and leaves alone what has schedules already. What
// cannot be is named in the error, and the rest is there.
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
	var lacks []error
	nightly, err := t.AddSchedule(ctx, nil, demoScan)
	if err == nil {
		_, err = t.RunSchedule(ctx, nightly.ScheduleID, nil)
	}
	lacks = append(lacks, named(err, "the schedule %s and its run", demoScan.Name))
	_, err = t.AddSchedule(ctx, nil, demoOffice)
	lacks = append(lacks, named(err, "the schedule %s", demoOffice.Name))

	people := demoPeople{author: t}
	if cfg.ActionApproval {
		p, leave, err := s.twoPeople(ctx, t)
		if err != nil {
			return errors.Join(append(lacks, named(err, "two people for its plans, and the plans"))...)
		}
		defer leave()
		people = p
	}
	for _, p := range demoPlans {
		lacks = append(lacks, named(people.make(ctx, p), "the plan to %s %v", p.selects.Action, p.selects.Filter))
	}
	return errors.Join(lacks...)
}

// named says which example an error is about.
func named(err error, what string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(what+": %w", append(args, err)...)
}

// demoPeople make the demo's plans. Nobody approves what they asked for, so that where
// plans are approved there is a second of them.
type demoPeople struct{ author, approver *client.Tracker }

// twoPeople gives two people a key each, until leave.
func (s *Service) twoPeople(ctx context.Context, admin *client.Tracker) (p demoPeople, leave func(), err error) {
	var keys []string
	leave = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		for _, id := range keys {
			_ = admin.DeleteKey(ctx, id) // it ends within a day
		}
	}
	for _, of := range []struct {
		person, role string
		as           **client.Tracker
	}{{"demo-author", "actor", &p.author}, {"demo-approver", "approver", &p.approver}} {
		made, err := admin.AddKey(ctx, client.KeyBody{
			Name: "examples of the demo", Person: of.person, ExpiresInDays: new(1), Grants: []client.GrantBody{{Role: of.role}},
		})
		if err == nil {
			keys = append(keys, made.Key.KeyID)
			*of.as, err = client.New(s.URL, made.APIKey)
		}
		if err != nil {
			leave()
			return p, nil, named(err, "a key for %s", of.person)
		}
	}
	return p, leave, nil
}

// make makes a plan and applies it, if it is to be.
func (d demoPeople) make(ctx context.Context, p demoPlan) error {
	plan, err := d.author.AddPlan(ctx, nil, client.PlanBody{Select: &p.selects})
	if err != nil || !p.apply {
		return err
	}
	if plan, err = d.author.WaitPlan(ctx, plan.Plan.PlanID, nil); err != nil {
		return err
	}
	id, digest := plan.Plan.PlanID, plan.Plan.Digest
	if d.approver != nil {
		if _, err := d.approver.ApprovePlan(ctx, id, client.ApproveInputBody{Digest: digest}); err != nil {
			return err
		}
	}
	_, err = d.author.ApplyPlan(ctx, id, nil, client.ApplyBody{Digest: digest, AfterSeconds: &p.after})
	return err
}

// demoPlan is a plan of the demo.
type demoPlan struct {
	selects client.SelectionBody
	apply   bool
	after   int // seconds
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
	demoPlans = []demoPlan{
		{selects: client.SelectionBody{Filter: "type:EBS_Volume state:available", Action: "delete"}},
		{selects: client.SelectionBody{Filter: "type:EC2_Instance state:running tag:Environment=test", Action: "stop"}, apply: true, after: 24 * 3600},
		{
			selects: client.SelectionBody{Filter: "type:EBS_Volume tag:Team=data", Action: "tag", Params: map[string]any{"tags": map[string]string{"Reviewed": "2026"}}},
			apply:   true,
		},
	}
)
