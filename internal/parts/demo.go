package parts

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/past"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// pastDays is how many past days a demo has, each with a reading at pastAt (UTC), which is when its schedule scans.
	pastDays = 60
	pastAt   = 3 * time.Hour
	// pastJob begins the job IDs of these readings; a reading's number of days ago follows.
	pastJob = "demo-past-"
)

// withPast has the past of the demo account come into the history before the first scan does.
func withPast(h *history.Store, protectTags []string, log *slog.Logger, keep func(context.Context, store.Record) error) func(context.Context, store.Record) error {
	var mu sync.Mutex
	var told bool
	tell := func(ctx context.Context) error {
		mu.Lock()
		defer mu.Unlock()
		if told {
			return nil
		}
		began := time.Now()
		days, err := tellPast(ctx, h, protectTags, began)
		if err == nil && days > 0 {
			err = addDemoBudgets(ctx, h, began)
		}
		if err != nil {
			return fmt.Errorf("the past of the demo: %w", err)
		}
		if told = true; days > 0 {
			log.InfoContext(ctx, "the history has the past of the demo", "days", days, "seconds", time.Since(began).Seconds())
		}
		return nil
	}
	return func(ctx context.Context, r store.Record) error {
		if err := tell(ctx); err != nil {
			return err
		}
		return keep(ctx, r)
	}
}

// tellPast brings in the past days of the demo account that a history lacks, with what was found on them. One with a
// scan in it has them, unless a process died on the way; then it goes on with those of the same days, from the last on.
// days is how many it brought in.
func tellPast(ctx context.Context, h *history.Store, protectTags []string, now time.Time) (days int, err error) {
	scans, err := h.Scans(ctx, tracker.DefaultTenant, history.Forever, 1)
	if err != nil {
		return 0, err
	}
	next, last := pastDays-1, now.UTC().Add(-pastAt).Truncate(24*time.Hour).Add(pastAt)
	if len(scans) > 0 {
		ago, demo := strings.CutPrefix(scans[0].Job, pastJob)
		n, err := strconv.Atoi(ago)
		if !demo || err != nil || n == 0 { // it has a scan of its own, or all of its past
			return 0, nil //nolint:nilerr // another scan's ID is no number
		}
		next, last = n, time.UnixMilli(scans[0].At).UTC().AddDate(0, 0, n)
	}
	// An account of its own: what is done in the one that the worker scans is not of the past.
	sim := simulator.New(simulator.Options{})
	cells, today, err := look(ctx, sim)
	if err != nil {
		return 0, err
	}
	book := pricing.Embedded()
	find := Findings(book, protectTags, h)
	for p := past.Of(last, today); next >= 0; next-- {
		s := pastScan(p, next, sim.ID(), cells, book)
		if err := h.Ingest(ctx, s); err != nil {
			return days, err
		}
		e, err := pastEvaluation(ctx, s, find)
		if err == nil {
			err = h.Evaluate(ctx, e)
		}
		if err != nil {
			return days, err
		}
		days++
	}
	return days, nil
}

// look scans an account, without a store.
func look(ctx context.Context, sim *simulator.Account) (cells []history.Cell, today []past.Thing, err error) {
	share, book := scanners.NewShare(), pricing.Embedded()
	for _, region := range append(sim.Regions(), tracker.Global) {
		for _, info := range scanners.Types() {
			if (info.Scope == tracker.Global) != (region == tracker.Global) {
				continue
			}
			s, _ := scanners.Find(info.Type)
			target := scanners.Target{Config: sim.Config(region), AccountID: sim.ID(), Share: share}
			if region == tracker.Global {
				target.Config.Region = sim.Regions()[0]
			}
			err := s.Run(ctx, target, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					book.Price(&r)
					today = append(today, past.Thing{Resource: r, Cell: region})
				}
				return nil
			})
			if err != nil {
				return nil, nil, err
			}
			cells = append(cells, history.Cell{Place: history.Place{Region: region, Type: info.Type}, Outcome: tracker.OutcomeOK})
		}
	}
	return cells, today, nil
}

// pastScan is the reading of so many days ago.
func pastScan(p *past.Past, ago int, account string, cells []history.Cell, book *pricing.Book) history.Scan {
	there := map[history.Place][]tracker.Resource{}
	for _, t := range p.On(ago) {
		if t.Cost == nil {
			book.Price(&t.Resource)
		}
		at := history.Place{Region: t.Cell, Type: t.Type}
		there[at] = append(there[at], t.Resource)
	}
	return history.Scan{
		Tenant: tracker.DefaultTenant, Job: fmt.Sprintf("%s%02d", pastJob, ago), At: p.Day(ago).UnixMilli(), Accounts: []string{account},
		Cells: func(string) []history.Cell {
			seen := make([]history.Cell, len(cells))
			for i, c := range cells {
				if o := p.Outcome(c.Region, ago); o != "" {
					c.Outcome = o
				}
				seen[i] = c
			}
			return seen
		},
		Rows: func(_ string, c history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, r := range there[c.Place] {
					row, err := asRow(r)
					if !yield(row, err) || err != nil {
						return
					}
				}
			}
		},
	}
}

// asRow is a resource as the store writes it.
func asRow(r tracker.Resource) (history.Row, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return history.Row{}, err
	}
	return historyRow(bytes.TrimSpace(b.Bytes())), nil
}
