// Command quota scans a simulated account of a hundred thousand resources in 17
// regions, under AWS's quotas and at the latencies of full pages. It prints the
// calls, the CPU and the time, against the least time that the quotas allow.
//
//	go run ./bench/quota              # the types that the account holds
//	go run ./bench/quota -catalogue   # every type there is
//	go run ./bench/quota -wire        # the same lists as bytes over HTTP, as fast as it goes
//
// The simulator answers within the worker, behind the SDK's middleware, so that
// nothing is decoded there. With -wire this process serves the pages as AWS
// writes them, and the figures include the SDK's decoding.
//
// It needs redis-server on PATH, and the two programs in -bin.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

func main() {
	bin := flag.String("bin", "bin", "folder of the programs api and worker")
	resources := flag.Int("resources", 100_000, "resources of the simulated account")
	catalogue := flag.Bool("catalogue", false, "scan every type, and not only those that the account holds")
	wire := flag.Bool("wire", false, "serve the account over HTTP, without latency and quotas")
	paced := flag.Bool("paced", false, "with -wire: keep to the call budget")
	exclude := flag.String("exclude", "", "types that are not scanned, separated by commas")
	noListeners := flag.Bool("no-listeners", false, "leave out the listeners of load balancers, which take a call each")
	patience := flag.Duration("patience", 20*time.Minute, "how long all of it may take")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *patience)
	defer cancel()
	types := lab.Types
	if *catalogue {
		types = nil
		for _, s := range scanners.Catalog {
			types = append(types, s.Type)
		}
	}
	types = slices.DeleteFunc(slices.Clone(types), func(t tracker.Type) bool {
		return slices.Contains(strings.Split(*exclude, ","), string(t))
	})
	var err error
	if *wire {
		err = served(ctx, *bin, *resources, types, *paced, *noListeners)
	} else {
		err = simulated(ctx, *bin, *resources, types, *noListeners)
	}
	if err != nil {
		log.Fatal("quota: ", err)
	}
}

// simulated scans under quotas.
func simulated(ctx context.Context, bin string, resources int, types []tracker.Type, noListeners bool) error {
	account := simulator.New(simulator.Options{Resources: resources})
	w, err := walkThrough(ctx, account, types, noListeners)
	if err != nil {
		return err
	}
	var calls int
	for _, t := range w.tallies {
		calls += t.Calls
	}
	row("scanners alone, no quotas", "%d resources in %d calls, %.1f core-s, of which %.1f in the simulator's answers", w.resources, calls, w.cpu.Seconds(), time.Duration(w.simulated.Load()).Seconds())
	chain, quota := bounds(w.tallies)
	row("longest chain of pages", "%s", chain)
	row("slowest quota", "%s", quota)

	took, err := scan(ctx, lab.Options{Bin: bin, Workers: 1, Account: options(resources)}, w.resources, types, noListeners)
	if err != nil {
		return err
	}
	row("against the bound", "%.2f times", took.Seconds()/max(chain.least, quota.least).Seconds())
	return nil
}

// scan scans once and prints what it took.
func scan(ctx context.Context, o lab.Options, resources int, types []tracker.Type, noListeners bool) (time.Duration, error) {
	port, err := lab.FreePort(ctx)
	if err != nil {
		return 0, err
	}
	metrics := "127.0.0.1:" + port
	o.Env = append(o.Env, "METRICS_ADDR="+metrics, "SCAN_TIMEOUT_SECONDS=3600")
	s, err := lab.Start(ctx, o)
	if err != nil {
		return 0, err
	}
	defer s.Stop()
	// A scan of one type comes first, so that the worker has started and knows
	// its scripts.
	warm, err := s.Client.Scan(ctx, "warm-up", "NAT_Gateway")
	if err != nil {
		return 0, err
	}
	if _, err := s.Client.Ended(ctx, warm); err != nil {
		return 0, err
	}
	idle, err := idling(ctx, s.Workers[0])
	if err != nil {
		return 0, err
	}
	callsBefore, err := scrape(ctx, metrics)
	if err != nil {
		return 0, err
	}
	cpuBefore, err := s.Workers[0].CPU()
	if err != nil {
		return 0, err
	}

	id, err := s.Client.ScanWith(ctx, "quota", map[string]any{"no_listeners": noListeners}, types...)
	if err != nil {
		return 0, err
	}
	j, err := s.Client.Ended(ctx, id)
	if err != nil {
		return 0, err
	}
	took := j.FinishedAt.Sub(j.CreatedAt)
	cpuAfter, err := s.Workers[0].CPU()
	if err != nil {
		return 0, err
	}
	calls, err := scrape(ctx, metrics)
	if err != nil {
		return 0, err
	}
	rss, err := s.Workers[0].PeakRSS()
	if err != nil {
		return 0, err
	}
	row("scan", "%s, %d types, %d of %d resources in %.1f s", j.State, len(types), j.Summary.TotalResources, resources, took.Seconds())
	row("calls", "%d, %d of them throttled; the call budget held %d lists back", calls.total-callsBefore.total,
		calls.throttled-callsBefore.throttled, calls.heldBack-callsBefore.heldBack)
	row("calls by API", "%s", listed(calls.calls, callsBefore.calls))
	if failed := listed(calls.failed, callsBefore.failed); failed != "" {
		row("failed calls", "%s", failed)
	}
	row("worker, CPU", "%.1f core-s; an idle one takes %.1f in that time", (cpuAfter - cpuBefore).Seconds(), idle*took.Seconds())
	row("worker, peak RSS", "%d MiB", rss>>20)
	if j.State != tracker.JobSucceeded {
		return 0, fmt.Errorf("the scan ended %s: %s", j.State, j.Reason)
	}
	if j.Summary.TotalResources != resources {
		return 0, fmt.Errorf("the scan found %d resources of %d", j.Summary.TotalResources, resources)
	}
	return took, nil
}

// idling returns how much of a core an idle worker takes to look for work.
func idling(ctx context.Context, worker *lab.Process) (float64, error) {
	before, err := worker.CPU()
	if err != nil {
		return 0, err
	}
	const long = 5 * time.Second
	if err := lab.Pause(ctx, long); err != nil {
		return 0, err
	}
	after, err := worker.CPU()
	return (after - before).Seconds() / long.Seconds(), err
}

// listed names the entries with the highest counts.
func listed(after, before map[string]int) string {
	calls := maps.Clone(after)
	for api, n := range before {
		calls[api] -= n
	}
	apis := slices.SortedFunc(maps.Keys(calls), func(a, b string) int {
		if d := calls[b] - calls[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var parts []string
	others := 0
	for _, api := range apis {
		if len(parts) < 16 && calls[api] > 0 {
			parts = append(parts, api+" "+strconv.Itoa(calls[api]))
		} else {
			others += calls[api]
		}
	}
	if others > 0 {
		parts = append(parts, "others "+strconv.Itoa(others))
	}
	return strings.Join(parts, ", ")
}

func row(what, format string, args ...any) {
	fmt.Printf("%-28s %s\n", what, fmt.Sprintf(format, args...))
}
