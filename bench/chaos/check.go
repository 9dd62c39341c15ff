package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// truth scans the account once before anything happens, and returns the state of each
// resource by its key, when it has as many of each type in each region as the account.
func (v *victim) truth(ctx context.Context) (map[string]string, error) {
	s := v.traffic.scan(0)
	s.key = "truth"
	id, err := v.traffic.submit(ctx, s)
	v.first = id
	for over := false; err == nil && !over; {
		over, err = v.traffic.scanEnds(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	all, err := v.resources(ctx, id)
	if err != nil {
		return nil, err
	}
	truth, counts := map[string]string{}, map[string]int{}
	for _, r := range all {
		truth[r.Key()] = r.State
		counts[string(r.Type)+" "+r.Region]++
	}
	for _, t := range types {
		for _, region := range v.account.Regions() {
			if at := string(t) + " " + region; counts[at] != v.account.Count(t, region) {
				return nil, fmt.Errorf("before anything happens, a scan finds %d of %s, and there are %d", counts[at], at, v.account.Count(t, region))
			}
		}
	}
	if len(truth) != len(all) {
		return nil, errors.New("before anything happens, a scan finds a resource twice")
	}
	return truth, nil
}

// resources is the result of a scan.
func (v *victim) resources(ctx context.Context, id string) ([]tracker.Resource, error) {
	var result struct {
		Resources []tracker.Resource `json:"resources"`
	}
	err := v.Caller.Get(ctx, "/api/v1/jobs/"+id+"/result", &result)
	return result.Resources, err
}

// tally counts what became of the jobs and plans.
type tally struct {
	scans map[tracker.JobState]int
	plans map[tracker.PlanState]int
	items map[tracker.ItemState]int
	// Of the scans: those that ended twice, and resources that are not as in the account.
	twice, lost, doubled, wrong int
	// Of the items: changes made twice, and items that say otherwise than AWS.
	again, untrue, unknown int
	// What the lists of jobs and plans have too few or too many.
	listed int
}

// check compares everything with the truth.
func (v *victim) check(ctx context.Context, truth map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, v.o.patience)
	defer cancel()
	y := tally{scans: map[tracker.JobState]int{}, plans: map[tracker.PlanState]int{}, items: map[tracker.ItemState]int{}}
	for _, s := range v.traffic.scans {
		if err := v.checkScan(ctx, s.id, truth, &y); err != nil {
			return err
		}
	}
	for _, p := range v.traffic.plans {
		if err := v.checkPlan(ctx, p, &y); err != nil {
			return err
		}
	}
	runs, err := v.checkSchedules(ctx)
	if err != nil {
		return err
	}
	if err := v.checkLists(ctx, runs.runs, &y); err != nil {
		return err
	}
	events := v.checkEvents(ctx)
	fmt.Printf("scans: %s; ended twice: %d; resources lost: %d, doubled: %d, wrong: %d\n", counts(y.scans), y.twice, y.lost, y.doubled, y.wrong)
	fmt.Printf("plans: %s; items: %s; changes sent twice: %d, items that are not as AWS has it: %d, not known and said so: %d\n",
		counts(y.plans), counts(y.items), y.again, y.untrue, y.unknown)
	fmt.Printf("keys answered with another job: %d; jobs and plans that nobody asked for, or that are not listed: %d\n%s\n", v.traffic.doubled, y.listed, events)
	if len(v.schedules) > 0 {
		fmt.Println(runs)
	}
	bad := y.twice + y.lost + y.doubled + y.wrong + y.again + y.untrue + y.listed + v.traffic.doubled + events.bad() + runs.bad()
	if y.scans[tracker.JobSucceeded] != len(v.traffic.scans) || bad > 0 {
		return errors.New("the check failed")
	}
	return nil
}

func counts[S ~string](of map[S]int) string {
	var all []string
	for _, state := range slices.Sorted(maps.Keys(of)) {
		all = append(all, fmt.Sprintf("%s %d", state, of[state]))
	}
	return strings.Join(all, ", ")
}

func (v *victim) checkScan(ctx context.Context, id string, truth map[string]string, y *tally) error {
	var j tracker.Job
	if err := v.Caller.Get(ctx, "/api/v1/jobs/"+id, &j); err != nil {
		return err
	}
	if y.scans[j.State]++; j.State != tracker.JobSucceeded {
		fmt.Printf("scan %s is %s: %s\n", id, j.State, j.Reason)
	}
	if n, err := v.Redis.Client.HGet(ctx, "rt:{"+id+"}:m", "commits").Int(); err != nil || n != 1 {
		y.twice++
		fmt.Printf("scan %s ended %d times: %v\n", id, n, err)
	}
	all, err := v.resources(ctx, id)
	if err != nil {
		return err
	}
	seen := make(map[string]bool, len(truth))
	for _, r := range all {
		key := r.Key()
		state, ok := truth[key]
		switch {
		case seen[key]:
			y.doubled++
		case !ok || state != r.State:
			y.wrong++
		default:
			seen[key] = true
		}
	}
	y.lost += len(truth) - len(seen)
	return nil
}

// checkPlan holds each item to what AWS was sent: a verified one once, one of which it is
// not known once at most, and says so, and any other never.
func (v *victim) checkPlan(ctx context.Context, s submitted, y *tally) error {
	var p onePlan
	if err := v.Caller.Get(ctx, "/api/v1/plans/"+s.id+"?limit=1000", &p); err != nil {
		return err
	}
	y.plans[p.Plan.State]++
	sent := v.aws.Changed()
	if len(p.Items) != len(s.resources) {
		y.untrue++
		fmt.Printf("plan %s has %d items: %s %s\n", s.id, len(p.Items), p.Plan.State, p.Plan.Reason)
	}
	for _, it := range p.Items {
		y.items[it.Ledger.State]++
		n := sent[it.ResourceID]
		unknown := strings.Contains(it.Ledger.Message, "not known")
		switch {
		case n > 1:
			y.again++
			fmt.Printf("%s of %s was sent %d times: %s: %s\n", it.Verb, it.ResourceID, n, it.Ledger.State, it.Ledger.Message)
		case it.Ledger.State == tracker.ItemVerified && n == 1:
		case it.Ledger.State == tracker.ItemFailed && unknown:
			y.unknown++
		default:
			y.untrue++
			fmt.Printf("%s of %s was sent %d times: %s: %s\n", it.Verb, it.ResourceID, n, it.Ledger.State, it.Ledger.Message)
		}
	}
	return nil
}

// checkLists finds jobs and plans that nobody asked for, and those that are not listed.
func (v *victim) checkLists(ctx context.Context, runs []string, y *tally) error {
	wanted := map[string]bool{v.first: true}
	for _, s := range slices.Concat(v.traffic.scans, v.traffic.plans) {
		wanted[s.id] = true
	}
	for _, id := range runs {
		wanted[id] = true
	}
	for _, path := range []string{"/api/v1/jobs", "/api/v1/plans"} {
		for cursor := ""; ; {
			var page struct {
				Jobs []struct {
					ID string `json:"job_id"`
				} `json:"jobs"`
				Plans []struct {
					ID string `json:"plan_id"`
				} `json:"plans"`
				Next string `json:"next_cursor"`
			}
			if err := v.Caller.Get(ctx, path+"?limit=100&cursor="+cursor, &page); err != nil {
				return err
			}
			var ids []string
			for _, j := range page.Jobs {
				ids = append(ids, j.ID)
			}
			for _, p := range page.Plans {
				ids = append(ids, p.ID)
			}
			for _, id := range ids {
				if !wanted[id] {
					y.listed++
					fmt.Printf("%s has %s, which nobody asked for\n", path, id)
				}
				delete(wanted, id)
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
	}
	for id := range wanted {
		y.listed++
		fmt.Printf("%s is not listed\n", id)
	}
	return nil
}
