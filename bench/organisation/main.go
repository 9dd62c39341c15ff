// Command organisation scans a simulated organisation with the real programs on a
// Redis Cluster, and prints what each part of the service takes for it, against the
// least that is possible.
//
//	go run ./bench/organisation -accounts 1000
//	go run ./bench/organisation -accounts 200 -against workers=1
//	go run ./bench/organisation -accounts 200 -against masters=0
//	go run ./bench/organisation -accounts 200 -kill 5s
//
// AWS is a process of its own, which answers over HTTP, in AWS's protocols and after
// AWS's latency. It needs redis-server on PATH, and the two programs in -bin.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/wire"
	"github.com/consolesensei/resource-tracker/tracker"
)

// setup is what is measured.
type setup struct {
	bin                                 string
	accounts, regions, workers, masters int
	most                                int // resources of a type in a region
	types                               []tracker.Type
	latency                             time.Duration
	perSecond                           float64 // AWS's quota; 0 is none
	kill                                time.Duration
}

func (o setup) organization() wire.Organization {
	regions := slices.DeleteFunc(tracker.Regions(), func(r string) bool { return tracker.PartitionOf(r) != "aws" })
	return wire.Organization{Accounts: o.accounts, Regions: regions[:min(o.regions, len(regions))], Most: o.most}
}

func main() {
	var o setup
	flag.StringVar(&o.bin, "bin", "bin", "folder of the programs api and worker")
	flag.IntVar(&o.accounts, "accounts", 1000, "accounts of the organisation")
	flag.IntVar(&o.regions, "regions", 17, "regions of each account")
	flag.IntVar(&o.workers, "workers", 4, "worker processes")
	flag.IntVar(&o.masters, "masters", 3, "masters of the Redis Cluster; 0 is one Redis without")
	flag.IntVar(&o.most, "most", 3, "resources of a type that a region holds at most; it holds one at least")
	flag.DurationVar(&o.latency, "latency", 50*time.Millisecond, "how long a call to AWS takes")
	flag.Float64Var(&o.perSecond, "quota", 0, "calls a second that AWS allows of an operation in a region of an account; 0 is any number")
	flag.DurationVar(&o.kill, "kill", 0, "kill a worker with -9 as often as this; 0 is never")
	types := flag.String("types", "", "types to scan, separated by commas; empty: all that the organisation holds")
	against := flag.String("against", "", "measure this too, before the rest, and print the ratio: workers=N or masters=N")
	patience := flag.Duration("patience", time.Hour, "how long all of it may take")
	serve := flag.String("serve", "", "be the AWS of the organisation at an address, as the command starts it by itself")
	flag.Parse()
	if *serve != "" {
		log.Fatal("organisation: ", serveAWS(*serve, o))
	}
	o.types = wire.Types()
	if *types != "" {
		o.types = nil
		for t := range strings.SplitSeq(*types, ",") {
			o.types = append(o.types, tracker.Type(t))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, *patience)
	defer cancel()
	if err := run(ctx, o, *against); err != nil {
		log.Fatal("organisation: ", err)
	}
}

// run measures, and before that what the figures are compared with.
func run(ctx context.Context, o setup, against string) error {
	var before *figures
	if against != "" {
		other, err := o.with(against)
		if err != nil {
			return err
		}
		if before, err = measure(ctx, other); err != nil {
			return err
		}
		before.print()
		fmt.Println()
	}
	f, err := measure(ctx, o)
	if err != nil {
		return err
	}
	f.print()
	if before != nil {
		row("against "+against, "%.2f times as fast, with %.2f times the CPU", before.took.Seconds()/f.took.Seconds(), f.cpu().Seconds()/before.cpu().Seconds())
	}
	return f.wrong()
}

// with is the setup with one thing changed.
func (o setup) with(change string) (setup, error) {
	what, value, _ := strings.Cut(change, "=")
	n, err := strconv.Atoi(value)
	switch {
	case err == nil && what == "workers" && n > 0:
		o.workers = n
	case err == nil && what == "masters" && n >= 0:
		o.masters = n
	default:
		return o, fmt.Errorf("-against %s: expected workers=N or masters=N", change)
	}
	return o, nil
}

func row(what, format string, args ...any) {
	fmt.Printf("%-30s %s\n", what, fmt.Sprintf(format, args...))
}
