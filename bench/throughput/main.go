// Command throughput prints how many scans a minute 1, 2 and 4 worker processes
// do, and the share of linear growth that this is.
//
//	go run ./bench/throughput
//
// A worker runs few region tasks at once here, so that the latency of AWS limits
// it, as in service, and not the cores of one machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/tracker"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the programs api and worker")
	scans := flag.Int("scans", 30, "scans to time")
	resources := flag.Int("resources", 1111, "resources of the simulated account")
	latency := flag.Duration("latency", 50*time.Millisecond, "how long a call to AWS takes")
	slots := flag.Int("slots", 2, "region tasks that a worker runs at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	first := 0.0
	for _, workers := range []int{1, 2, 4} {
		rate, err := measure(ctx, lab.Options{
			Bin: *bin, Workers: workers,
			Account: map[string]any{"Resources": *resources, "Latency": latency.String()},
			Env:     []string{"AWS_CALL_LIMITS=" + lab.Unlimited, fmt.Sprintf("WORKER_CONCURRENCY=%d", *slots)},
		}, *scans)
		if err != nil {
			log.Fatal("throughput: ", err)
		}
		if workers == 1 {
			first = rate
		}
		fmt.Printf("%d workers of %d slots: %6.1f scans a minute, %3.0f %% of ideal\n", workers, *slots, rate, 100*rate/(first*float64(workers)))
	}
}

// measure returns scans a minute of a system that always has more to do.
func measure(ctx context.Context, o lab.Options, scans int) (float64, error) {
	s, err := lab.Start(ctx, o)
	if err != nil {
		return 0, err
	}
	defer s.Stop()
	scan := func(ctx context.Context, key string) error {
		id, err := s.Client.Scan(ctx, key)
		if err != nil {
			return err
		}
		j, err := s.Client.Ended(ctx, id)
		if err == nil && j.State != tracker.JobSucceeded {
			err = fmt.Errorf("scan %s ended %s: %s", id, j.State, j.Reason)
		}
		return err
	}
	if err := scan(ctx, "warm-up"); err != nil {
		return 0, err
	}
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2 * o.Workers)
	for i := range scans {
		g.Go(func() error { return scan(ctx, fmt.Sprint("scan-", i)) })
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	return float64(scans) / time.Since(began).Minutes(), nil
}
