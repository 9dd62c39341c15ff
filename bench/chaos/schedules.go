package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

// schedule makes the schedules, which scan every minute.
func (v *victim) schedule(ctx context.Context) error {
	for i := range v.o.schedules {
		body := map[string]any{"name": fmt.Sprint("schedule ", i), "cron": "* * * * *", "types": []string{"EBS_Volume", "S3_Bucket"}, "keep": 50}
		var made struct {
			ID string `json:"schedule_id"`
		}
		if err := v.Caller.Do(ctx, http.MethodPost, "/api/v1/schedules", "", body, &made); err != nil {
			return err
		}
		v.schedules = append(v.schedules, made.ID)
	}
	return nil
}

// ticks are the runs of all schedules.
type ticks struct {
	runs                          []string // their jobs
	missed, doubled, wrong, other int
}

func (t ticks) bad() int { return t.missed + t.doubled + t.wrong + t.other }

func (t ticks) String() string {
	return fmt.Sprintf("runs of schedules: %d; minutes without one: %d, with two: %d; not whole: %d; other lines of their histories: %d",
		len(t.runs), t.missed, t.doubled, t.wrong, t.other)
}

// scheduled waits until each schedule has started two runs.
func (v *victim) scheduled(ctx context.Context) error {
	return lab.Until(ctx, "each schedule has started two runs", func() bool {
		for _, id := range v.schedules {
			if jobs, _, err := v.fired(ctx, id); err != nil || len(jobs) < 2 {
				return false
			}
		}
		return true
	})
}

// fired returns the jobs that a schedule has started, by their minute, and the other
// lines of its history.
func (v *victim) fired(ctx context.Context, id string) (jobs map[int64][]string, other []string, err error) {
	var told struct {
		History []tracker.ScheduleEvent `json:"history"`
	}
	if err := v.Caller.Get(ctx, "/api/v1/schedules/"+id+"/history", &told); err != nil {
		return nil, nil, err
	}
	jobs = map[int64][]string{}
	for _, e := range told.History {
		switch {
		case e.What == "schedule.fired" && e.Tick != nil:
			minute := e.Tick.Unix() / 60
			jobs[minute] = append(jobs[minute], e.Job)
		case e.What != "schedule.created" && e.What != "schedule.paused":
			other = append(other, e.What+" "+e.Detail)
		}
	}
	return jobs, other, nil
}

// checkSchedules ends the schedules, and counts the minutes from the first run to the last
// that have none or two, and the runs that did not find all.
func (v *victim) checkSchedules(ctx context.Context) (t ticks, err error) {
	for _, id := range v.schedules {
		if err := v.Caller.Do(ctx, http.MethodPost, "/api/v1/schedules/"+id+"/pause", "", nil, nil); err != nil {
			return t, err
		}
		jobs, other, err := v.fired(ctx, id)
		if err != nil {
			return t, err
		}
		for _, line := range other {
			fmt.Printf("schedule %s: %s\n", id, line)
		}
		t.other += len(other)
		minutes := slices.Sorted(maps.Keys(jobs))
		t.missed += int(minutes[len(minutes)-1]-minutes[0]) + 1 - len(minutes)
		for _, of := range jobs {
			t.doubled += len(of) - 1
			t.runs = append(t.runs, of...)
		}
	}
	for _, id := range t.runs {
		var j tracker.Job
		err := lab.Until(ctx, "run "+id+" ends", func() bool {
			return v.Caller.Get(ctx, "/api/v1/jobs/"+id, &j) != nil || j.State.Terminal()
		})
		if err != nil {
			return t, err
		}
		if j.State != tracker.JobSucceeded || j.Summary.TotalResources != v.scheduledResources() {
			t.wrong++
			fmt.Printf("run %s is %s, with %d resources of %d: %s\n", id, j.State, j.Summary.TotalResources, v.scheduledResources(), j.Reason)
		}
	}
	return t, nil
}

// scheduledResources is how many resources a run has to find.
func (v *victim) scheduledResources() (n int) {
	for _, region := range v.account.Regions() {
		n += v.account.Count("EBS_Volume", region) + v.account.Count("S3_Bucket", region)
	}
	return n
}
