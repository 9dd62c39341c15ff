package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// latencies are the times of full pages, as AWS answers from a near region.
var latencies = map[string]time.Duration{
	"ec2:DescribeInstances":              1200 * time.Millisecond, // 5.4 MB
	"ec2:DescribeVolumes":                400 * time.Millisecond,
	"iam:GetAccountAuthorizationDetails": 600 * time.Millisecond,
	"rds:DescribeDBInstances":            250 * time.Millisecond,
	"elasticloadbalancing:":              150 * time.Millisecond,
	"s3:ListBuckets":                     300 * time.Millisecond,
	"cloudwatch:GetMetricData":           300 * time.Millisecond,
	"lambda:ListFunctions":               150 * time.Millisecond,
	"tag:GetResources":                   150 * time.Millisecond,
}

// latency is the time of any other call.
const latency = 100 * time.Millisecond

func latencyOf(service, operation string) time.Duration {
	for _, api := range []string{service + ":" + operation, service + ":"} {
		if l, ok := latencies[api]; ok {
			return l
		}
	}
	return latency
}

// options describe the simulated account to a worker.
func options(resources int) map[string]any {
	slow := make([]map[string]any, 0, len(latencies))
	for api, l := range latencies {
		service, operation, _ := strings.Cut(api, ":")
		slow = append(slow, map[string]any{
			"service": service, "operation": operation, "kind": simulator.Slow, "delay": (l - latency).String(),
		})
	}
	return map[string]any{"resources": resources, "quotas": true, "latency": latency.String(), "faults": slow}
}

// walk is a scan of the same account by the scanners alone, in this process, one
// after another and at no latency. It shows which calls the scan makes and what
// they cost.
type walk struct {
	tallies   map[simulator.API]simulator.Tally
	resources int
	found     map[tracker.Type]int
	cpu       time.Duration // scanners, SDK and simulator, with their garbage collection
	simulated atomic.Int64  // nanoseconds of it in the simulator's answers, without garbage collection
}

// walkThrough walks through the account.
func walkThrough(ctx context.Context, account *simulator.Account, types []tracker.Type, noListeners bool) (*walk, error) {
	w := &walk{found: map[tracker.Type]int{}}
	before, _, err := lab.Rusage(syscall.RUSAGE_SELF)
	if err != nil {
		return nil, err
	}
	share := scanners.NewShare()
	for i, region := range account.Regions() {
		cfg := account.Config(region)
		cfg.APIOptions = append(slices.Clip(cfg.APIOptions), w.meter)
		for _, t := range types {
			s, ok := scanners.Find(t)
			if !ok || s.Global && i > 0 {
				continue
			}
			target := scanners.Target{Config: cfg, AccountID: account.ID(), Types: types, NoListeners: noListeners, Share: share}
			if err := s.Run(ctx, target, func(rs ...tracker.Resource) error { w.found[t] += len(rs); w.resources += len(rs); return nil }); err != nil {
				return nil, err
			}
		}
	}
	// The account does not count its further resources, such as target groups.
	for _, t := range types {
		if n := account.Count(t, tracker.Any); n > 0 && n != w.found[t] {
			return nil, fmt.Errorf("the scanner of %s found %d of %d", t, w.found[t], n)
		}
	}
	after, _, err := lab.Rusage(syscall.RUSAGE_SELF)
	w.cpu, w.tallies = after-before, account.Tallies()
	return w, err
}

// meter measures the time that the simulator's answers take on the thread that
// makes them.
func (w *walk) meter(stack *middleware.Stack) error {
	return stack.Deserialize.Insert(middleware.DeserializeMiddlewareFunc("Meter",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			took := onThread()
			out, metadata, err := next.HandleDeserialize(ctx, in)
			w.simulated.Add(int64(took()))
			return out, metadata, err
		}), "SimulatorAnswer", middleware.Before)
}
