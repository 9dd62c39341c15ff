package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/fleet"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	scanners = 6 // as many scans are under way at once
	planners = 3
	// Each plan releases so many addresses, and reboots so many instances.
	releases = 4
	reboots  = 2
	changes  = releases + reboots
)

// types are what each scan lists.
var types = []tracker.Type{
	"CloudWatch_LogGroup", "EBS_Volume", "EC2_Instance", "Elastic_IP", "Lambda_Function", "Load_Balancer", "NAT_Gateway", "RDS_Instance", "S3_Bucket",
}

// traffic submits scans and plans, each under an idempotency key of its own and twice at
// the same time, as somebody does who has not heard of the first.
type traffic struct {
	caller *fleet.Caller
	enough atomic.Bool
	going  sync.WaitGroup

	mu         sync.Mutex
	scans      []submitted
	plans      []submitted
	doubled    int // submissions of one key that were answered with different IDs
	scansEnded int
	plansEnded int
	err        error
}

// submitted is a job or plan, and the request that made it.
type submitted struct {
	key, path string
	body      map[string]any
	id        string
	resources []string // that the plan changes
}

// begin submits until end.
func (t *traffic) begin(ctx context.Context, o options) {
	for range scanners {
		t.going.Go(func() { t.turns(ctx, &t.scans, &t.scansEnded, o.jobs, "scan", t.scan, t.scanEnds) })
	}
	for range planners {
		t.going.Go(func() { t.turns(ctx, &t.plans, &t.plansEnded, o.plans, "plan", t.plan, t.planEnds) })
	}
}

// turns submits one after the other, each when the one before has ended.
func (t *traffic) turns(ctx context.Context, into *[]submitted, ended *int, atLeast int, kind string,
	next func(n int) submitted, ends func(context.Context, string) (bool, error),
) {
	for {
		t.mu.Lock()
		n := len(*into)
		if n >= atLeast && t.enough.Load() || t.err != nil {
			t.mu.Unlock()
			return
		}
		s := next(n)
		s.key = fmt.Sprint(kind, "-", n)
		*into = append(*into, s)
		t.mu.Unlock()
		id, err := t.twice(ctx, s)
		t.mu.Lock()
		(*into)[n].id = id
		t.mu.Unlock()
		for over := false; err == nil && !over; {
			if over, err = ends(ctx, id); !over && err == nil {
				err = lab.Pause(ctx, 100*time.Millisecond)
			}
		}
		t.mu.Lock()
		*ended++
		t.err = errors.Join(t.err, err)
		t.mu.Unlock()
	}
}

// end lets what is under way come to its end, and sends every submission once more.
func (t *traffic) end(ctx context.Context, o options) error {
	ctx, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	t.enough.Store(true)
	over := make(chan struct{})
	go func() { t.going.Wait(); close(over) }()
	select {
	case <-over:
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		return fmt.Errorf("%d of %d scans and %d of %d plans have ended: %w", t.scansEnded, len(t.scans), t.plansEnded, len(t.plans), ctx.Err())
	}
	for _, s := range slices.Concat(t.scans, t.plans) {
		id, err := t.submit(ctx, s)
		if err != nil {
			return err
		}
		if id != s.id {
			t.doubled++
		}
	}
	return t.err
}

// goesOn waits until more scans and plans have been submitted and have ended.
func (t *traffic) goesOn(ctx context.Context, since string) error {
	t.mu.Lock()
	scans, plans := len(t.scans)+1, len(t.plans)+1
	t.mu.Unlock()
	return lab.Until(ctx, "scans and plans go on after "+since, func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.scansEnded >= scans && t.plansEnded >= plans || t.err != nil
	})
}

func (t *traffic) scan(int) submitted {
	return submitted{path: "/api/v1/scan", body: map[string]any{
		"access_key_id": "AKIASIM", "secret_access_key": "simulated", "single_flight": false, "types": types,
	}}
}

func (t *traffic) plan(n int) submitted {
	const region = "us-east-1"
	s := submitted{path: "/api/v1/plans?wait=0"}
	var items []map[string]any
	for i := range changes {
		id, kind, verb := fleet.Address(n*changes+i), tracker.Type("Elastic_IP"), "delete"
		if i >= releases {
			id, kind, verb = fleet.Instance(n*changes+i), "EC2_Instance", "reboot"
		}
		s.resources = append(s.resources, id)
		items = append(items, map[string]any{"resource_id": id, "resource_type": kind, "region": region, "action": verb})
	}
	s.body = map[string]any{
		"access_key_id": "AKIASIM", "secret_access_key": "simulated", "actions": items, "apply": true, "canary": false, "max_failure_percent": 100,
	}
	return s
}

// twice submits the same at the same time to two APIs.
func (t *traffic) twice(ctx context.Context, s submitted) (string, error) {
	var ids [2]string
	var errs [2]error
	var both sync.WaitGroup
	for i := range ids {
		both.Go(func() { ids[i], errs[i] = t.submit(ctx, s) })
	}
	both.Wait()
	if ids[0] != ids[1] {
		t.mu.Lock()
		t.doubled++
		t.mu.Unlock()
	}
	return ids[0], errors.Join(errs[0], errs[1])
}

func (t *traffic) submit(ctx context.Context, s submitted) (string, error) {
	var made struct {
		Job  string `json:"job_id"`
		Plan struct {
			ID string `json:"plan_id"`
		} `json:"plan"`
	}
	err := t.caller.Do(ctx, http.MethodPost, s.path, s.key, s.body, &made)
	if made.Job == "" {
		made.Job = made.Plan.ID
	}
	return made.Job, err
}

func (t *traffic) scanEnds(ctx context.Context, id string) (bool, error) {
	var j tracker.Job
	err := t.caller.Get(ctx, "/api/v1/jobs/"+id, &j)
	return j.State.Terminal(), err
}

func (t *traffic) planEnds(ctx context.Context, id string) (bool, error) {
	var p onePlan
	err := t.caller.Get(ctx, "/api/v1/plans/"+id+"?limit=1", &p)
	return p.Plan.State.Terminal(), err
}

// onePlan is a plan and its items, as the API answers them.
type onePlan struct {
	Plan  tracker.Plan       `json:"plan"`
	Items []tracker.PlanItem `json:"items"`
}
