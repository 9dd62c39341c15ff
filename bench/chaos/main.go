// Command chaos scans a simulated account many times while it kills the programs
// that do so. It then checks that every job ended once and is complete, and that
// its result equals the account, with nothing lost or doubled.
//
//	go run ./bench/chaos -jobs 100 -kill-for 90s -redis-kills 2
//
// It needs redis-server on PATH, and the two programs in -bin.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/simulator"
)

// system is the victim of chaos.
type system struct{ *lab.System }

type options struct {
	bin        string
	jobs       int
	workers    int
	resources  int
	latency    time.Duration
	submitFor  time.Duration
	killFor    time.Duration
	redisKills int
	apiKills   int
	patience   time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "bin", "folder of the programs api and worker")
	flag.IntVar(&o.jobs, "jobs", 100, "scans to submit")
	flag.IntVar(&o.workers, "workers", 3, "worker processes")
	flag.IntVar(&o.resources, "resources", 1111, "resources of the simulated account")
	flag.DurationVar(&o.latency, "latency", 300*time.Millisecond, "how long a call to the simulated account takes")
	flag.DurationVar(&o.submitFor, "submit-for", 60*time.Second, "time over which the scans are submitted")
	flag.DurationVar(&o.killFor, "kill-for", 75*time.Second, "time over which workers are killed, one every 1.5 to 4 s")
	flag.IntVar(&o.redisKills, "redis-kills", 2, "how often Redis is killed in that time")
	flag.IntVar(&o.apiKills, "api-kills", 1, "how often the API is killed in that time")
	flag.DurationVar(&o.patience, "patience", 5*time.Minute, "how long to wait for the last job after the last kill")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		log.Fatal("chaos: ", err)
	}
}

func run(ctx context.Context, o options) error {
	account := map[string]any{"Resources": o.resources, "Latency": o.latency.String()}
	b, err := json.Marshal(account)
	if err != nil {
		return err
	}
	so, err := simulator.FromJSON(bytes.NewReader(b))
	if err != nil {
		return err
	}
	truth := truthOf(simulator.New(so))
	started, err := lab.Start(ctx, lab.Options{Bin: o.bin, Workers: o.workers, Account: account})
	if err != nil {
		return err
	}
	defer started.Stop()
	s := system{started}

	began := time.Now()
	var jobs []string
	var submitErr error
	var submitting sync.WaitGroup
	submitting.Go(func() { jobs, submitErr = s.submit(ctx, o) })
	kills, err := s.mayhem(ctx, o)
	if err != nil {
		return err
	}
	submitting.Wait()
	if submitErr != nil {
		return submitErr
	}
	fmt.Printf("%d scans of %d resources; killed with -9: %d workers, %d times Redis, %d times the API, within %.0f s\n",
		len(jobs), len(truth), kills.workers, kills.redis, kills.api, time.Since(began).Seconds())
	return s.check(ctx, o, jobs, truth)
}

// killed counts the kills of mayhem.
type killed struct{ workers, redis, api int }

// mayhem kills processes at random; each is started again after a moment.
func (s system) mayhem(ctx context.Context, o options) (killed, error) {
	var k killed
	end := time.Now().Add(o.killFor)
	nextRedis, nextAPI := o.killFor/time.Duration(o.redisKills+1), o.killFor/time.Duration(o.apiKills+1)
	redisAt, apiAt := time.Now().Add(nextRedis), time.Now().Add(nextAPI)
	for time.Now().Before(end) {
		if err := lab.Pause(ctx, 1500*time.Millisecond+rand.N(2500*time.Millisecond)); err != nil {
			return k, err
		}
		s.Workers[rand.IntN(len(s.Workers))].Kill()
		k.workers++
		if k.redis < o.redisKills && time.Now().After(redisAt) {
			s.Redis.Kill()
			k.redis++
			redisAt = redisAt.Add(nextRedis)
		}
		if k.api < o.apiKills && time.Now().After(apiAt) {
			s.API.Kill()
			k.api++
			apiAt = apiAt.Add(nextAPI)
		}
	}
	return k, nil
}

// submit submits scans evenly over time. It repeats a submission whose answer
// was lost, under its idempotency key.
func (s system) submit(ctx context.Context, o options) ([]string, error) {
	ids := make([]string, o.jobs)
	var failed atomic.Pointer[error]
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			id, err := s.Client.Scan(ctx, fmt.Sprint("scan-", i))
			if err != nil {
				failed.Store(&err)
				return
			}
			ids[i] = id
		})
		if err := lab.Pause(ctx, o.submitFor/time.Duration(o.jobs)); err != nil {
			return nil, err
		}
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return ids, nil
}
