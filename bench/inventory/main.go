// Command inventory measures orders and counts over the inventory of a made-up organisation: each beside the time that one
// process takes to read every resource whole, one after the other, in the same run.
//
//	go run ./bench/inventory
//	go run ./bench/inventory -database postgres -resources 200000
//	go run ./bench/inventory -database /tmp/million.sqlite
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/estate"
	"github.com/consolesensei/resource-tracker/bench/internal/lab"
	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/internal/rows"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

func main() {
	database := flag.String("database", "sqlite", `sqlite: a file of its own; postgres: a server of its own; or a file or the URL of a database, which is filled where it is empty`)
	resources := flag.Int("resources", 1_000_000, "resources of the organisation")
	only := flag.String("only", "", "measure only questions whose names begin so")
	times := flag.Int("times", 3, "how often each is measured: the median counts")
	profile := flag.String("profile", "", "a file to write a CPU profile of the questions to")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *database, estate.Estate{Resources: *resources, Accounts: max(1, *resources/1000)}, *only, *times, *profile); err != nil {
		log.Fatal("inventory: ", err)
	}
}

func run(ctx context.Context, database string, e estate.Estate, only string, times int, profile string) error {
	dir, err := os.MkdirTemp("", "inventory")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	switch database {
	case "sqlite":
		database = filepath.Join(dir, "history.sqlite")
	case "postgres":
		url, stop, err := historytest.Start(ctx, "fsync=off", "shared_buffers=256MB", "max_wal_size=4GB")
		if err != nil {
			return err
		}
		defer stop()
		database = url
	}
	h, err := history.Open(ctx, history.Options{URL: database, Dictionary: e.Examples(), Migrate: true})
	if err != nil {
		return err
	}
	defer h.Close()
	began := time.Now()
	if err := h.Ingest(ctx, e.Scan(0)); err != nil {
		return err
	}
	fmt.Printf("%d resources in %d accounts, in after %.0f s\n\n", e.Resources, e.Accounts, time.Since(began).Seconds())
	return measure(ctx, h, only, times, profile)
}

// question is something that the console asks.
type question struct {
	name string
	ask  func() error
}

func measure(ctx context.Context, h *history.Store, only string, times int, profile string) error {
	whole, err := took(times, func() error { return readWhole(ctx, h) })
	if err != nil {
		return err
	}
	fmt.Println("| question | s | of reading all whole | core-s | peak MiB |\n|---|---|---|---|---|")
	whole.print("every resource read whole, one after the other", whole)
	end, err := lab.Profile(profile)
	if err != nil {
		return err
	}
	defer end()
	for _, q := range questions(ctx, h) {
		if !strings.HasPrefix(q.name, only) {
			continue
		}
		t, err := took(times, q.ask)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		t.print(q.name, whole)
	}
	return nil
}

// readWhole reads what there is as a sorted page would that knows nothing of what it needs, on one core.
func readWhole(ctx context.Context, h *history.Store) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	in := &rows.Row{}
	return h.Walk(ctx, history.Walk{Tenant: "default", At: estate.DayOf(1)}, func(page []history.Version) (func() error, error) {
		return func() error {
			for _, v := range page {
				in.Read(string(v.JSON))
				in.Text(filter.FieldName)
			}
			return in.Err()
		}, nil
	})
}

func questions(ctx context.Context, h *history.Store) (all []question) {
	view := func(query string) inventory.View {
		f, err := filter.Parse(query)
		if err != nil {
			panic(err) // they are below
		}
		return inventory.View{
			History: h, Tenant: "default", At: time.UnixMilli(estate.DayOf(1)), Filter: f,
			Service: func(t tracker.Type) string { return strings.ToLower(string(t)) }, Kept: inventory.NewKept(1, 5000),
		}
	}
	page := func(query, sort string) func() error {
		return func() error {
			o, err := inventory.ParseOrder(sort)
			if err != nil {
				return err
			}
			_, err = view(query).Page(ctx, "", o, 100)
			return err
		}
	}
	for _, sort := range []string{"name", "-cost", "type", "state", "region", "id", "created", "first_seen", "-state_since"} {
		all = append(all, question{"sort=" + sort, page("", sort)})
	}
	for _, query := range []string{"type:EC2_Instance", "state:running", "region:eu-west-1", "tag:team=search"} {
		all = append(all, question{"sort=-cost of " + query, page(query, "-cost")})
	}
	counts := func(sets ...[]inventory.Dimension) func() error {
		return func() error {
			_, err := view("").Sum(ctx, sets, 20)
			return err
		}
	}
	return append(all,
		question{"facet=type,account,state", counts([]inventory.Dimension{"type"}, []inventory.Dimension{"account"}, []inventory.Dimension{"state"})},
		question{"facet=type,region,account,state", counts([]inventory.Dimension{"type"}, []inventory.Dimension{"region"}, []inventory.Dimension{"account"}, []inventory.Dimension{"state"})},
		question{"facet=type,region,tag:team", counts([]inventory.Dimension{"type"}, []inventory.Dimension{"region"}, []inventory.Dimension{"tag:team"})},
		question{"groups by account,type", counts([]inventory.Dimension{"account", "type"})},
		question{"tags", func() error { _, err := view("").Tags(ctx, 100); return err }},
	)
}

// cost is what something took.
type cost struct {
	time, cores time.Duration
	peak        int64
}

// took measures so many times, and is the median.
func took(times int, f func() error) (cost, error) {
	var all []cost
	for range times {
		before, _, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return cost{}, err
		}
		began := time.Now()
		if err := f(); err != nil {
			return cost{}, err
		}
		t := time.Since(began)
		after, peak, err := lab.Rusage(syscall.RUSAGE_SELF)
		if err != nil {
			return cost{}, err
		}
		all = append(all, cost{t, after - before, peak})
	}
	slices.SortFunc(all, func(a, b cost) int { return int(a.time - b.time) })
	return all[len(all)/2], nil
}

func (c cost) print(name string, whole cost) {
	fmt.Printf("| %s | %.2f | %.2f | %.2f | %d |\n", name, c.time.Seconds(), c.time.Seconds()/whole.time.Seconds(), c.cores.Seconds(), c.peak>>20)
}
