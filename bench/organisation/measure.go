package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

// unitsAtOnce and cellsAtOnce are what a worker runs at once, and window is how many
// units of one job are on the queue: the service's defaults.
const (
	unitsAtOnce = 32
	cellsAtOnce = 256
	window      = 256
)

// measure scans the organisation once.
func measure(ctx context.Context, o setup) (*figures, error) {
	dir, err := os.MkdirTemp("", "organisation")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cloud, err := startAWS(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	defer cloud.End()
	s, err := lab.Start(ctx, lab.Options{Bin: o.bin, Workers: o.workers, Masters: o.masters, Env: []string{
		"AWS_ENDPOINT_URL=" + cloud.url, "ORGANIZATION_ROLE=audit", "SCAN_TIMEOUT_SECONDS=86400",
		"QUOTAS=cells_per_job=0,cells_per_day=0,stored_bytes=0",
	}})
	if err != nil {
		return nil, err
	}
	defer s.Stop()
	// A small scan comes first, so that the programs have started.
	warm, err := s.Client.ScanWith(ctx, "warm-up", map[string]any{"regions": []string{"eu-west-1"}}, "NAT_Gateway")
	if err != nil {
		return nil, err
	}
	if _, err := s.Client.Ended(ctx, warm); err != nil {
		return nil, err
	}
	f := &figures{setup: o}
	if f.callsBefore, err = cloud.tally(ctx); err != nil {
		return nil, err
	}
	if f.before, err = partsOf(s, cloud); err != nil {
		return nil, err
	}
	if f.redisBefore, err = memoryOf(ctx, s); err != nil {
		return nil, err
	}
	machine := machineTime()

	if f.id, err = s.Client.ScanWith(ctx, "organisation", map[string]any{"organization": true, "no_listeners": true}, o.types...); err != nil {
		return nil, err
	}
	if err := f.watch(ctx, s); err != nil {
		return nil, err
	}
	f.machine = machineTime().less(machine)
	if f.after, err = partsOf(s, cloud); err != nil {
		return nil, err
	}
	if f.calls, err = cloud.tally(ctx); err != nil {
		return nil, err
	}
	if err := f.finishing(ctx, s); err != nil {
		return nil, err
	}
	if err := f.check(ctx, s); err != nil {
		return nil, err
	}
	if f.redis, err = memoryOf(ctx, s); err != nil {
		return nil, err
	}
	f.kinds, err = kindsOf(ctx, s, f.id)
	return f, err
}

// watch waits for the scan to end, and meanwhile samples Redis and the queues, and
// kills workers.
func (f *figures) watch(ctx context.Context, s *lab.System) error {
	began := time.Now()
	watched, stop := context.WithCancel(ctx)
	var beside sync.WaitGroup
	defer beside.Wait()
	defer stop()
	beside.Go(func() { f.sample(watched, s) })
	if f.setup.kill > 0 {
		beside.Go(func() {
			for lab.Pause(watched, f.setup.kill) == nil {
				s.Workers[rand.IntN(len(s.Workers))].Kill()
				f.killed++
			}
		})
	}
	said := time.Now()
	for {
		asked := time.Now()
		j, err := s.Client.Job(ctx, f.id)
		if err != nil {
			return err
		}
		f.answers = append(f.answers, time.Since(asked))
		if time.Since(said) > 30*time.Second {
			said = time.Now()
			fmt.Fprintf(os.Stderr, "%4.0f s: %s, %d of %d cells, %d discoveries to come\n",
				time.Since(began).Seconds(), j.State, j.Progress.CellsClosed, j.Progress.CellsTotal, j.Progress.Discovering)
		}
		if j.State.Terminal() {
			f.job, f.took = j, j.FinishedAt.Sub(j.CreatedAt)
			return nil
		}
		if err := lab.Pause(ctx, 500*time.Millisecond); err != nil {
			return fmt.Errorf("the scan is still %s, %d of %d cells: %w", j.State, j.Progress.CellsClosed, j.Progress.CellsTotal, err)
		}
	}
}

// sample looks at Redis and at the oldest waiting task, once a second.
func (f *figures) sample(ctx context.Context, s *lab.System) {
	inspector := asynq.NewInspectorFromRedisClient(s.RDB)
	for lab.Pause(ctx, time.Second) == nil {
		if m, err := memoryOf(ctx, s); err == nil {
			for len(f.peaks) < len(m) {
				f.peaks = append(f.peaks, 0)
			}
			for i := range m {
				f.peaks[i] = max(f.peaks[i], m[i].bytes)
			}
		}
		oldest := time.Duration(0)
		queues, _ := inspector.Queues()
		for _, q := range queues {
			if info, err := inspector.GetQueueInfo(q); err == nil {
				oldest = max(oldest, info.Latency)
			}
		}
		f.latencies = append(f.latencies, oldest)
	}
}

// finishing reads how long the scan took from its last cell to its end.
func (f *figures) finishing(ctx context.Context, s *lab.System) error {
	fields, err := s.RDB.HMGet(ctx, "rt:{"+f.id+"}:m", "finalizing_at", "finished_at").Result()
	if err != nil {
		return err
	}
	var at [2]int64
	for i := range at {
		text, _ := fields[i].(string)
		at[i], _ = strconv.ParseInt(text, 10, 64)
	}
	f.finish = time.Duration(at[1]-at[0]) * time.Millisecond
	return nil
}

// concurrency is how many calls can be under way at once, and what bounds them.
func (o setup) concurrency() int {
	regional := 0
	for _, t := range o.types {
		if t != "IAM_User" && t != "IAM_Role" && t != "S3_Bucket" {
			regional++
		}
	}
	return min(o.workers*cellsAtOnce, min(o.workers*unitsAtOnce, window)*max(1, regional))
}

// ideal is the least time of the scan: what its calls wait for, or what the machine
// computes, whichever is longer.
func (f *figures) ideal() (waiting, computing time.Duration) {
	waiting = time.Duration(f.distinct()) * f.setup.latency / time.Duration(f.setup.concurrency())
	return waiting, f.cpu() / time.Duration(runtime.NumCPU())
}

func (f *figures) distinct() int { return f.calls.Distinct - f.callsBefore.Distinct }

// wrong says whether anything is missing, or doubled.
func (f *figures) wrong() error {
	cells := f.setup.cells()
	switch {
	case f.job.State != tracker.JobSucceeded:
		return fmt.Errorf("the scan ended %s: %s", f.job.State, f.job.Reason)
	case f.found != f.known || f.distinctFound != f.known:
		return fmt.Errorf("the scan has %d resources, %d of them distinct, and the organisation has %d", f.found, f.distinctFound, f.known)
	case len(f.regionsSeen) != f.setup.accounts*f.setup.regions:
		return fmt.Errorf("the scan has resources in %d regions of accounts, of %d", len(f.regionsSeen), f.setup.accounts*f.setup.regions)
	case f.job.Progress.CellsClosed != cells:
		return fmt.Errorf("the scan has %d cells, of %d", f.job.Progress.CellsClosed, cells)
	}
	return nil
}

// cells is how many cells the scan has to have.
func (o setup) cells() int {
	global := 0
	for _, t := range o.types {
		if slices.Contains([]tracker.Type{"IAM_User", "IAM_Role", "S3_Bucket"}, t) {
			global++
		}
	}
	return o.accounts * ((len(o.types)-global)*o.regions + global)
}
