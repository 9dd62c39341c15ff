// Command recovery kills a worker with -9 and prints how long it takes until
// another one takes its region tasks up.
//
//	go run ./bench/recovery
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the programs api and worker")
	rounds := flag.Int("rounds", 7, "workers to kill")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var took []time.Duration
	for round := range *rounds {
		d, err := measure(ctx, *bin)
		if err != nil {
			log.Fatal("recovery: ", err)
		}
		fmt.Printf("round %d: all region tasks taken up again after %.1f s\n", round+1, d.Seconds())
		took = append(took, d)
	}
	slices.Sort(took)
	fmt.Printf("median %.1f s, worst %.1f s\n", took[len(took)/2].Seconds(), took[len(took)-1].Seconds())
}

// measure kills the only worker in the middle of a scan while another comes up,
// and returns the time until each region that it ran is begun anew.
func measure(ctx context.Context, bin string) (time.Duration, error) {
	s, err := lab.Start(ctx, lab.Options{
		Bin: bin, Workers: 2, Account: map[string]any{"Resources": 400, "Latency": "3s"},
		Env: []string{"AWS_CALL_LIMITS=" + lab.Unlimited},
	})
	if err != nil {
		return 0, err
	}
	defer s.Stop()
	id, err := s.Client.Scan(ctx, "recovery")
	if err != nil {
		return 0, err
	}
	// Every region runs on one of the two workers, no matter which.
	before, err := until(ctx, s, id, func(runs map[string]string) bool { return len(runs) >= 17 })
	if err != nil {
		return 0, err
	}
	s.Workers[0].Kill()
	killed := time.Now()
	var last time.Time
	_, err = until(ctx, s, id, func(runs map[string]string) bool {
		for unit, n := range runs {
			if before[unit] != n {
				before[unit], last = n, time.Now()
			}
		}
		j, err := s.Client.Job(ctx, id)
		return err == nil && j.State.Terminal()
	})
	if err != nil {
		return 0, err
	}
	j, err := s.Client.Job(ctx, id)
	if err == nil && j.State != tracker.JobSucceeded {
		err = fmt.Errorf("the scan ended %s: %s", j.State, j.Reason)
	}
	if err == nil && last.IsZero() {
		err = errors.New("the killed worker ran nothing")
	}
	return last.Sub(killed), err
}

// until waits until the number of runs of each region task meets a condition.
func until(ctx context.Context, s *lab.System, id string, as func(runs map[string]string) bool) (map[string]string, error) {
	for {
		units, err := s.RDB.HGetAll(ctx, "rt:{"+id+"}:u").Result()
		if err != nil {
			return nil, err
		}
		runs := map[string]string{}
		for unit, v := range units {
			if f := strings.Split(v, ":"); f[0] != "h" && f[0] != "q" && !strings.HasSuffix(unit, "/*") {
				runs[unit] = f[1]
			}
		}
		if as(runs) {
			return runs, nil
		}
		if err := lab.Pause(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
	}
}
