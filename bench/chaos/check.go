package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// truthOf returns the state of every resource of the account, by key.
func truthOf(a *simulator.Account) map[string]string {
	truth := map[string]string{}
	for _, t := range lab.Types {
		for r := range a.Each(t, tracker.Any) {
			truth[r.Key()] = r.State
		}
	}
	return truth
}

// tally counts the outcomes of the jobs.
type tally struct {
	ended                       map[tracker.JobState]int
	twice, lost, doubled, wrong int
	slowest                     time.Duration
}

// check waits for every job and compares it with the truth.
func (s system) check(ctx context.Context, o options, jobs []string, truth map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	t := tally{ended: map[tracker.JobState]int{}}
	for _, id := range jobs {
		if err := s.checkJob(ctx, id, truth, &t); err != nil {
			return fmt.Errorf("after %v: %w", t.ended, err)
		}
	}
	var states []string
	for _, state := range slices.Sorted(maps.Keys(t.ended)) {
		states = append(states, fmt.Sprintf("%s %d", state, t.ended[state]))
	}
	fmt.Printf("ended: %v; ended twice: %d; resources lost: %d, doubled: %d, wrong: %d; slowest scan %.1f s\n",
		states, t.twice, t.lost, t.doubled, t.wrong, t.slowest.Seconds())
	if t.ended[tracker.JobSucceeded] != len(jobs) || t.twice+t.lost+t.doubled+t.wrong > 0 {
		return errors.New("the check failed")
	}
	return nil
}

func (s system) checkJob(ctx context.Context, id string, truth map[string]string, t *tally) error {
	j, err := s.Client.Ended(ctx, id)
	if err != nil {
		return err
	}
	t.ended[j.State]++
	t.slowest = max(t.slowest, j.FinishedAt.Sub(j.CreatedAt))
	commits, err := s.RDB.HGet(ctx, "rt:{"+id+"}:m", "commits").Result()
	if err != nil {
		return fmt.Errorf("read how often job %s ended: %w", id, err)
	}
	if n, err := strconv.Atoi(commits); err != nil || n != 1 {
		t.twice++
	}
	seen := make(map[string]bool, len(truth))
	err = s.Client.Resources(ctx, id, func(r tracker.Resource) {
		key := r.Key()
		state, ok := truth[key]
		switch {
		case seen[key]:
			t.doubled++
		case !ok || state != r.State:
			t.wrong++
		default:
			seen[key] = true
		}
	})
	t.lost += len(truth) - len(seen)
	return err
}
