// Command chaos scans a simulated account and carries out plans, many times, while it
// kills the programs that do so, and their Redis. It then checks that every job ended once
// and is complete, that its result equals the account, and that AWS was sent each change
// once: nothing is lost and nothing doubled.
//
//	go run ./bench/chaos -jobs 100 -kill-for 90s -redis-kills 2
//	go run ./bench/chaos -redis cluster -reshards 2
//	go run ./bench/chaos -redis sentinel
//	go run ./bench/chaos -before /tmp/older/bin       # a rolling upgrade in place of kills
//
// It needs redis-server and redis-cli on PATH, and the two programs in -bin.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/fleet"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/internal/embedded"
	"github.com/consolesensei/resource-tracker/simulator"
)

type options struct {
	bin        string
	before     string
	redis      string
	jobs       int
	plans      int
	schedules  int
	apis       int
	workers    int
	resources  int
	latency    time.Duration
	killFor    time.Duration
	redisKills int
	reshards   int
	apiKills   int
	patience   time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "bin", "folder of the programs api and worker")
	flag.StringVar(&o.before, "before", "", "folder of the programs of the version before: nothing is killed, all are replaced one by one")
	flag.StringVar(&o.redis, "redis", fleet.Server, "server, cluster (three masters with a replica each) or sentinel (two replicas, three sentinels)")
	flag.IntVar(&o.jobs, "jobs", 100, "scans to submit at least")
	flag.IntVar(&o.plans, "plans", 50, "plans to submit at least, of six changes each")
	flag.IntVar(&o.schedules, "schedules", 0, "schedules that scan every minute; each runs twice at least")
	flag.IntVar(&o.apis, "apis", 2, "API processes")
	flag.IntVar(&o.workers, "workers", 3, "worker processes")
	flag.IntVar(&o.resources, "resources", 1111, "resources of the simulated account")
	flag.DurationVar(&o.latency, "latency", 100*time.Millisecond, "how long a call to the simulated account takes")
	flag.DurationVar(&o.killFor, "kill-for", 75*time.Second, "time over which workers are killed, one every 1.5 to 4 s")
	flag.IntVar(&o.redisKills, "redis-kills", 2, "how often a master of Redis is killed in that time, or longer")
	flag.IntVar(&o.reshards, "reshards", 1, "how often slots of a cluster are moved after that")
	flag.IntVar(&o.apiKills, "api-kills", 1, "how often an API is killed in that time")
	flag.DurationVar(&o.patience, "patience", 5*time.Minute, "how long to wait for the last job after the last kill")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	embedded.LogTo(slog.New(slog.DiscardHandler)) // a line for each dial of a server that was killed
	if err := run(ctx, o); err != nil {
		log.Fatal("chaos: ", err)
	}
}

// victim is the service under chaos, and what it is given to do.
type victim struct {
	*fleet.Fleet
	o        options
	aws      *fleet.AWS
	account  *simulator.Account
	receiver *receiver
	traffic  *traffic
	// first is the scan before anything happens.
	first     string
	schedules []string
}

func run(ctx context.Context, o options) error {
	v, err := start(ctx, o)
	if err != nil {
		return err
	}
	defer v.stop()
	truth, err := v.truth(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	v.traffic.begin(ctx, o)
	what, err := "", error(nil)
	if o.before != "" {
		what, err = v.upgrade(ctx)
	} else {
		what, err = v.mayhem(ctx)
	}
	if err == nil {
		err = v.scheduled(ctx)
	}
	if ended := v.traffic.end(ctx, o); err == nil {
		err = ended
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	fmt.Printf("redis: %s, %d APIs, %d workers; %d scans of %d resources, %d plans of %d changes; %s; within %.0f s\n", o.redis, o.apis, o.workers,
		len(v.traffic.scans), len(truth), len(v.traffic.plans), changes, what, time.Since(began).Seconds())
	return v.check(ctx, truth)
}

// start starts the programs, all of the version before where there is one.
func start(ctx context.Context, o options) (*victim, error) {
	b, err := json.Marshal(map[string]any{"Resources": o.resources})
	if err != nil {
		return nil, err
	}
	so, err := simulator.FromJSON(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	v := &victim{o: o, account: simulator.New(so), receiver: newReceiver()}
	v.aws = fleet.ServeAWS(v.account, o.latency)
	bin := o.bin
	if o.before != "" {
		bin = o.before
	}
	v.Fleet, err = fleet.Start(ctx, fleet.Options{Bin: bin, Redis: o.redis, APIs: o.apis, Workers: o.workers, Env: []string{
		"AWS_ENDPOINT_URL=" + v.aws.URL, "AWS_CALL_LIMITS=" + lab.Unlimited, "WEBHOOK_ALLOW=127.0.0.0/8", "SHUTDOWN_GRACE_SECONDS=10",
		"QUOTAS=requests=0,address.requests=0,jobs=0,jobs_per_day=0,cells_per_day=0,plans=0,plans_per_day=0",
		"ALLOW_SERVER_CREDENTIALS=true", "AWS_ACCESS_KEY_ID=AKIASERVER", "AWS_SECRET_ACCESS_KEY=simulated", "AWS_REGION=us-east-1",
	}})
	if err != nil {
		v.aws.Close()
		v.receiver.server.Close()
		return nil, err
	}
	v.traffic = &traffic{caller: v.Caller}
	if err := errors.Join(v.subscribe(ctx), v.schedule(ctx)); err != nil {
		v.stop()
		return nil, err
	}
	return v, nil
}

func (v *victim) stop() {
	v.Stop()
	v.aws.Close()
	v.receiver.server.Close()
}
