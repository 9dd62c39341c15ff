// Command history brings scans of a made-up organisation into a history, and prints what that
// takes: time, CPU, memory, bytes, and how long it then takes to answer.
//
//	go run ./bench/history
//	go run ./bench/history -database postgres
//	go run ./bench/history -database postgres://… -scans 90
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/estate"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/history"
)

// The aims, and what a history of a million resources took when it was designed.
const (
	mostLater  = 20 * time.Second
	mostAnswer = 200 * time.Millisecond
	mostMemory = 256 // MiB
)

func main() {
	database := flag.String("database", "sqlite", `sqlite: a file of its own; postgres: a server of its own; or the URL of an empty database`)
	resources := flag.Int("resources", 1_000_000, "resources of the organisation")
	accounts := flag.Int("accounts", 1000, "accounts that they are in")
	scans := flag.Int("scans", 30, "scans, one a day")
	changing := flag.Float64("changing", 0.02, "the share of resources that change from scan to scan")
	profile := flag.String("profile", "", "a file to write a CPU profile of the last scan to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *database, estate.Estate{Resources: *resources, Accounts: *accounts, Changing: *changing}, *scans, *profile); err != nil {
		log.Fatal("history: ", err)
	}
}

func run(ctx context.Context, database string, e estate.Estate, scans int, profile string) error {
	dir, err := os.MkdirTemp("", "history")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := ""
	switch database {
	case "sqlite":
		file = filepath.Join(dir, "history.sqlite")
		database = file
	case "postgres":
		url, stop, err := startPostgres(ctx)
		if err != nil {
			return err
		}
		defer stop()
		database = url
	}
	s, err := history.Open(ctx, history.Options{URL: database, Dictionary: e.Examples(), Tags: []string{"team"}, Migrate: true})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("%d resources in %d accounts × %d regions × %d types; a day changes %.1f %%; load %s\n\n", e.Resources, e.Accounts, len(estate.Regions), len(estate.Types), 100*e.Changing, load())
	took, err := ingests(ctx, s, e, scans, disk{file, database}, profile)
	if err != nil {
		return err
	}
	took.print(e, scans)
	return answer(ctx, s, e, scans)
}

// ingested is what bringing the scans in took.
type ingested struct {
	first, median, worst time.Duration
	cores                time.Duration // of a later scan, the median
	own                  time.Duration // of making up the rows of one scan, which is in all of these
	peak                 int64
	bytes, more          int64 // after the first, and what the others added
}

// ingests brings the scans in.
func ingests(ctx context.Context, s *history.Store, e estate.Estate, scans int, on disk, profile string) (t ingested, err error) {
	began := time.Now()
	walk(e, scans)
	t.own = time.Since(began)
	fmt.Println("| scan | seconds | core-seconds | peak MiB | MiB on disk | load |\n|---|---|---|---|---|---|")
	var later, cores []time.Duration
	for n := range scans {
		file := ""
		if n == scans-1 {
			file = profile
		}
		end, err := lab.Profile(file)
		if err != nil {
			return t, err
		}
		began := time.Now()
		before, _, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return t, err
		}
		if err := s.Ingest(ctx, e.Scan(n)); err != nil {
			return t, err
		}
		took := time.Since(began)
		end()
		after, peak, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return t, err
		}
		size, err := on.size(ctx)
		if err != nil {
			return t, err
		}
		t.peak = peak
		if n == 0 {
			t.first, t.bytes = took, size
		} else {
			t.more = size - t.bytes
			later, cores = append(later, took), append(cores, after-before)
		}
		fmt.Printf("| %d | %.1f | %.1f | %d | %d | %s |\n", n+1, took.Seconds(), (after - before).Seconds(), peak>>20, size>>20, load())
	}
	slices.Sort(later)
	slices.Sort(cores)
	if len(later) > 0 {
		t.median, t.worst, t.cores = later[len(later)/2], later[len(later)-1], cores[len(cores)/2]
	}
	return t, nil
}

// print prints the table of what it took, with the aims.
func (t ingested) print(e estate.Estate, scans int) {
	changed := max(1, float64(e.Resources)*e.Changing*float64(scans-1))
	fmt.Println("\n| | took | aim | |\n|---|---|---|---|")
	fmt.Printf("| first scan | %.1f s | | |\n", t.first.Seconds())
	fmt.Printf("| a later scan, median | %.1f s (%.1f core-s) | %.0f s | %s |\n", t.median.Seconds(), t.cores.Seconds(), mostLater.Seconds(), reached(t.median <= mostLater))
	fmt.Printf("| a later scan, longest | %.1f s | | |\n", t.worst.Seconds())
	fmt.Printf("| of each, making up the rows | %.1f s | | |\n", t.own.Seconds())
	fmt.Printf("| bytes a resource | %.0f | | |\n", float64(t.bytes)/float64(e.Resources))
	fmt.Printf("| bytes a change | %.0f | | |\n", float64(t.more)/changed)
	fmt.Printf("| peak RSS of the process | %d MiB | %d MiB | %s |\n", t.peak>>20, mostMemory, reached(t.peak>>20 <= mostMemory))
}

func reached(yes bool) string {
	if yes {
		return "reached"
	}
	return "**not reached**"
}

// walk makes up the rows of a scan, for nothing.
func walk(e estate.Estate, n int) {
	scan := e.Scan(n)
	for _, account := range scan.Accounts {
		for _, c := range scan.Cells(account) {
			for range scan.Rows(account, c) { //nolint:errcheck // that it takes time is the point
			}
		}
	}
}

// load is the load of the machine, where it tells.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "–"
	}
	one, _, _ := strings.Cut(string(b), " ")
	return one
}
