package lake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	dayMillis = 24 * 60 * 60 * 1000
	// pageRows is how many rows are in memory before they are on their way into a file.
	pageRows = 1000
	// claimLife is for how long a day, or a period, is a worker's without a sign of life.
	claimLife = 10 * time.Minute
	// catchUp is how many days back are written that were missed.
	catchUp = 30
)

// Exporter writes the days of a history out.
type Exporter struct {
	History *history.Store
	To      Files
	Now     func() time.Time // nil: time.Now
}

// Next writes one day that is due, and says which; it is empty where none is. A day that fails is due again in a while. Run
// twice at once, or again, it writes the same files.
func (e *Exporter) Next(ctx context.Context) (day string, err error) {
	now := e.Now
	if now == nil {
		now = time.Now
	}
	claimed, ok, err := e.History.ClaimExport(ctx, now().UnixMilli(), now().Add(claimLife).UnixMilli(), catchUp)
	if err != nil || !ok {
		return "", err
	}
	day = date(claimed.Day)
	ctx, cancel := context.WithCancel(ctx)
	var renewing sync.WaitGroup
	defer renewing.Wait()
	renewing.Go(func() {
		for tick := time.NewTicker(claimLife / 3); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C: // a claim that is lost has another write the same
				_ = e.History.RenewExport(ctx, claimed, now().Add(claimLife).UnixMilli())
			}
		}
	})
	defer cancel()
	if err := e.Day(ctx, claimed.Tenant, claimed.Day); err != nil {
		return day, fmt.Errorf("%s of tenant %s: %w", day, claimed.Tenant, err)
	}
	return day, e.History.Exported(ctx, claimed, now().UnixMilli())
}

// Day writes a day of a tenant: what there was at its end (inventory), what began or ended on it (versions), and what
// was known of each cell (coverage). Each has a file an account, and _SUCCESS when all are there.
func (e *Exporter) Day(ctx context.Context, tenant string, day int64) error {
	end := (day + 1) * dayMillis
	seen, err := e.History.SeenAt(ctx, tenant, end-1)
	if err != nil {
		return err
	}
	accounts := slices.Sorted(maps.Keys(seen))
	tables := map[string]*wrote{"inventory": {}, "versions": {}, "coverage": {}}
	for _, account := range accounts {
		cells, err := e.History.CellsOf(ctx, tenant, account)
		if err != nil {
			return err
		}
		a := &accountDay{h: e.History, tenant: tenant, account: account, cells: cells, seen: seen, from: day * dayMillis, end: end}
		for name, write := range map[string]func(context.Context, io.Writer) (int64, error){"inventory": a.inventory, "versions": a.versions, "coverage": a.coverage} {
			err := e.To.Write(ctx, partition(name, tenant, day)+"account="+url.PathEscape(account)+"/part-0.parquet", func(w io.Writer) error {
				n, err := write(ctx, w)
				tables[name].Rows += n
				tables[name].Files++
				return err
			})
			if err != nil {
				return fmt.Errorf("%s of account %s: %w", name, account, err)
			}
		}
	}
	for name, counts := range tables {
		err := e.To.Write(ctx, partition(name, tenant, day)+"_SUCCESS", func(w io.Writer) error { return json.NewEncoder(w).Encode(counts) })
		if err != nil {
			return err
		}
	}
	return nil
}

// wrote is what a table has of a day.
type wrote struct {
	Files int   `json:"files"`
	Rows  int64 `json:"rows"`
}

func partition(table, tenant string, day int64) string {
	return table + "/tenant=" + url.PathEscape(tenant) + "/day=" + date(day) + "/"
}

func date(day int64) string { return time.UnixMilli(day * dayMillis).UTC().Format(time.DateOnly) }

// accountDay is a day of an account on its way out.
type accountDay struct {
	h               *history.Store
	tenant, account string
	cells           map[int64]tracker.Cell
	seen            history.Seen
	from, end       int64
}

func (a *accountDay) inventory(ctx context.Context, w io.Writer) (int64, error) {
	t := newTable[Row](w)
	for cursor, full := int64(0), true; full; {
		page, err := a.h.AsOf(ctx, a.tenant, history.Cells{Accounts: []string{a.account}}, a.end-1, cursor, pageRows)
		if err == nil && len(page) > 0 {
			cursor = page[len(page)-1].Resource
			err = a.add(ctx, t, page)
		}
		if err != nil {
			return 0, t.close(err)
		}
		full = len(page) == pageRows
	}
	return t.rows, t.close(nil)
}

func (a *accountDay) versions(ctx context.Context, w io.Writer) (int64, error) {
	t := newTable[Row](w)
	var page []history.Version
	err := a.h.Changed(ctx, a.tenant, a.account, a.from, a.end, func(v history.Version) error {
		if page = append(page, v); len(page) < pageRows {
			return nil
		}
		err := a.add(ctx, t, page)
		page = page[:0]
		return err
	})
	if err == nil {
		err = a.add(ctx, t, page)
	}
	return t.rows, t.close(err)
}

// add writes versions, which are in the order of their cells.
func (a *accountDay) add(ctx context.Context, t *table[Row], page []history.Version) error {
	first := map[int64]int64{}
	rows, bytes := make([]Row, len(page)), 0
	for i, n := 0, 0; i < len(page); i = n {
		cell := page[i].Cell()
		at := a.cells[cell]
		seen := a.seen.Last(at)
		var names []string
		for n = i; n < len(page) && page[n].Cell() == cell; n++ {
			rows[n] = rowOf(page[n], at, 0, seen, a.end)
			names = append(names, rows[n].ResourceID)
			bytes += len(page[n].JSON)
		}
		if err := a.h.FirstSeen(ctx, cell, names, first); err != nil {
			return err
		}
		for ; i < n; i++ {
			rows[i].FirstSeen = moment(first[page[i].Resource])
		}
	}
	return t.add(rows, bytes)
}

func (a *accountDay) coverage(_ context.Context, w io.Writer) (int64, error) {
	t := newTable[CoverageRow](w)
	var rows []CoverageRow
	for _, r := range (history.Seen{a.account: a.seen[a.account]}).Readings() {
		rows = append(rows, CoverageRow{
			AccountID: r.AccountID, Region: r.Region, Type: string(r.Type), SeenAt: moment(r.Seen), LookedAt: *moment(r.Looked), Outcome: string(r.Outcome),
		})
	}
	err := t.add(rows, 0)
	return t.rows, t.close(err)
}

// Export writes what is due, a day after another, and tells of each how that ended: "written" or "failed".
func (e *Exporter) Export(ctx context.Context, told func(how string)) error {
	var failed error
	for ctx.Err() == nil {
		day, err := e.Next(ctx)
		if day == "" {
			return errors.Join(failed, err)
		}
		if err != nil {
			told("failed")
			failed = errors.Join(failed, err)
			continue // what is claimed is not claimed again: the next day may go well
		}
		told("written")
	}
	return failed
}
