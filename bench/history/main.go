// Command history brings scans of a made-up organisation into a history, and prints what that
// takes: time, CPU, memory, bytes, and how long it then takes to answer.
//
//	go run ./bench/history -resources 1000000 -scans 30
//	go run ./bench/history -database postgres://… -scans 30
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

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/history"
)

func main() {
	database := flag.String("database", "", "URL of an empty PostgreSQL database; empty: a SQLite file of its own")
	resources := flag.Int("resources", 1_000_000, "resources of the organisation")
	accounts := flag.Int("accounts", 1000, "accounts that they are in")
	scans := flag.Int("scans", 30, "scans, one a day")
	changing := flag.Float64("changing", 0.02, "the share of resources that change from scan to scan")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *database, estate{*resources, *accounts, *changing}, *scans); err != nil {
		log.Fatal("history: ", err)
	}
}

func run(ctx context.Context, database string, e estate, scans int) error {
	file := ""
	if database == "" {
		dir, err := os.MkdirTemp("", "history")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "history.sqlite")
		database = file
	}
	example, _ := e.row(0, 0, e.scan(0).Cells("")[0], 0)
	s, err := history.Open(ctx, history.Options{URL: database, Dictionary: example.JSON, Tags: []string{"team"}, Migrate: true})
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("%d resources in %d accounts × %d regions × %d types; a day changes %.1f %%\n\n", e.resources, e.accounts, len(regions), len(types), 100*e.changing)
	fmt.Println("| scan | seconds | core-seconds | peak MiB | MiB on disk |\n|---|---|---|---|---|")
	var later []time.Duration
	for n := range scans {
		began := time.Now()
		before, _, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return err
		}
		if err := s.Ingest(ctx, e.scan(n)); err != nil {
			return err
		}
		took := time.Since(began)
		after, peak, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return err
		}
		if n > 0 {
			later = append(later, took)
		}
		fmt.Printf("| %d | %.1f | %.1f | %d | %s |\n", n+1, took.Seconds(), (after - before).Seconds(), peak>>20, size(file))
	}
	if len(later) > 0 {
		slices.Sort(later)
		fmt.Printf("\na later scan: median %.1f s, longest %.1f s\n", later[len(later)/2].Seconds(), later[len(later)-1].Seconds())
	}
	return answer(ctx, s, e, scans)
}

// answer prints how long what the API asks takes.
func answer(ctx context.Context, s *history.Store, e estate, scans int) error {
	last := int64(20_000+scans-1) * day
	account := e.scan(0).Accounts[e.accounts/2]
	seen := func(at int64) (history.Seen, error) { return s.SeenAt(ctx, "default", at) }
	page := func(cells history.Cells, at int64) func() (int, error) {
		return func() (int, error) {
			p, err := s.AsOf(ctx, "default", cells, at, 0, 1000)
			return len(p), err
		}
	}
	diff := func(days int64) func() (int, error) {
		return func() (n int, err error) {
			from, err := seen(last - days*day)
			if err != nil {
				return 0, err
			}
			to, err := seen(last)
			if err != nil {
				return 0, err
			}
			_, err = s.Diff(ctx, "default", from, to, func(history.Change) error { n++; return nil })
			return n, err
		}
	}
	fmt.Println("\n| question | median of five | rows |\n|---|---|---|")
	for _, q := range []struct {
		name string
		ask  func() (int, error)
	}{
		{"1,000 resources now", page(history.Cells{}, last)},
		{"1,000 resources half of the days ago", page(history.Cells{}, last-int64(scans/2)*day)},
		{"one account", page(history.Cells{Accounts: []string{account}}, last)},
		{"one type", page(history.Cells{Types: types[:1]}, last)},
		{"one type in one region", page(history.Cells{Types: types[3:4], Regions: regions[5:6]}, last)},
		{"diff of a day", diff(1)},
		{"diff of a week", diff(min(7, int64(scans-1)))},
		{"trend by type", func() (int, error) { d, err := s.Trend(ctx, "default", "type", 0, 30_000); return len(d), err }},
		{"trend by team", func() (int, error) { d, err := s.Trend(ctx, "default", "tag:team", 0, 30_000); return len(d), err }},
		{"readings of all cells", func() (int, error) { r, err := seen(last); return len(r.Readings()), err }},
	} {
		var took []time.Duration
		var rows int
		for range 5 {
			began := time.Now()
			n, err := q.ask()
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			took, rows = append(took, time.Since(began)), n
		}
		slices.Sort(took)
		fmt.Printf("| %s | %.1f ms | %d |\n", q.name, float64(took[2].Microseconds())/1000, rows)
	}
	return nil
}

// size is how large the files of SQLite are, in MiB.
func size(file string) string {
	if file == "" {
		return "–"
	}
	var n int64
	for _, f := range []string{file, file + "-wal"} {
		if info, err := os.Stat(f); err == nil {
			n += info.Size()
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%8d", n>>20))
}
