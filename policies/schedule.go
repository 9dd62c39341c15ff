package policies

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/filter"
)

// schedule makes the server's schedule what the policy says. It is known by its name, so that it is made once
// however often the policy is carried out. The server selects anew at each run.
func (r *run) schedule(ctx context.Context, p *Policy, result *Result) error {
	if !r.within(p, result) {
		return nil
	}
	want := r.scheduleOf(p)
	for s, err := range r.tracker.Schedules(ctx) {
		if err != nil {
			return fmt.Errorf("schedules: %w", err)
		}
		if s.Name != want.Name {
			continue
		}
		result.ScheduleID = s.ScheduleID
		if same(want, s) {
			result.settle(StateApplied, "schedule %s is as the policy says", s.Name)
			return nil
		}
		if !r.Apply {
			result.settle(StatePlanned, "schedule %s would be changed", s.Name)
			return nil
		}
		want.Paused, want.Keep = new(s.Paused), new(s.Keep)
		if _, err := r.tracker.PutSchedule(ctx, s.ScheduleID, want); err != nil {
			return fmt.Errorf("change schedule %s: %w", s.Name, err)
		}
		result.settle(StateApplied, "schedule %s was changed", s.Name)
		return nil
	}
	if !r.Apply {
		result.settle(StatePlanned, "schedule %s would be made", want.Name)
		return nil
	}
	made, err := r.tracker.AddSchedule(ctx, nil, want)
	if err != nil {
		return fmt.Errorf("make schedule %s: %w", want.Name, err)
	}
	result.ScheduleID = made.ScheduleID
	result.settle(StateApplied, "schedule %s was made", want.Name)
	return nil
}

func (r *run) scheduleOf(p *Policy) client.ScheduleBody {
	plan := &client.SchedulePlan{Select: client.SelectionBody{
		Action: p.Schedule.Verb, Params: p.Schedule.Params, Lift: p.Schedule.Lift, Filter: filter.All(r.scope(p), p.filter).String(),
	}}
	if p.Limits.MaxItems > 0 {
		plan.MaxItems = new(p.Limits.MaxItems)
	}
	if p.Limits.MaxPercent > 0 {
		plan.MaxSharePercent = new(p.Limits.MaxPercent)
	}
	return client.ScheduleBody{
		Name: "policy " + p.Name, Cron: p.Schedule.Cron, TimeZone: p.Schedule.TimeZone, Account: p.Schedule.Account, Plan: plan,
	}
}

// same reports whether a schedule is what is wanted already.
func same(want client.ScheduleBody, is client.ScheduleItem) bool {
	if is.Plan == nil || is.Plan.Select == nil || want.Cron != is.Cron || want.TimeZone != is.TimeZone || want.Account != is.Account {
		return false
	}
	wanted, err := filter.Parse(fmt.Sprint(want.Plan.Select.Filter))
	var kept filter.Filter
	if b, e := json.Marshal(is.Plan.Select.Filter); err != nil || e != nil || kept.UnmarshalJSON(b) != nil || !kept.Equal(wanted) {
		return false
	}
	at := func(n *int) int {
		if n == nil {
			return 0
		}
		return *n
	}
	a, b := want.Plan.Select, is.Plan.Select
	return a.Action == b.Action && fmt.Sprint(a.Lift) == fmt.Sprint(b.Lift) && maps.EqualFunc(a.Params, b.Params, func(x, y any) bool { return fmt.Sprint(x) == fmt.Sprint(y) }) &&
		at(want.Plan.MaxItems) == is.Plan.MaxItems && at(want.Plan.MaxSharePercent) == is.Plan.MaxSharePercent
}
