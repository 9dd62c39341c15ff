package parts

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/jobs/records"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// rowsDictionary is what rows of the history are compressed with. A change of it costs nothing that is kept: the
// history keeps each dictionary that it has used.
//
//go:embed rows.dictionary
var rowsDictionary []byte

// History opens the history that settings name: DATABASE_URL, or a file in the data folder of a service with a Redis
// of its own. It is nil, without an error, where there is none.
func History(ctx context.Context, cfg config.Config) (*history.Store, error) {
	o := history.Options{URL: cfg.DatabaseURL.Reveal(), Dictionary: rowsDictionary, Tags: cfg.HistoryTags, Migrate: cfg.DatabaseMigrate}
	if o.URL == "" {
		if !cfg.Embedded() {
			return nil, nil //nolint:nilnil // no history is no fault
		}
		if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
			return nil, fmt.Errorf("DATA_DIR: %w", err)
		}
		o.URL, o.Migrate = HistoryFile(cfg), true
	}
	h, err := history.Open(ctx, o)
	if err != nil && cfg.DatabaseURL != "" {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	return h, err
}

// HistoryFile is the file of the history of a service with a Redis of its own.
func HistoryFile(cfg config.Config) string { return filepath.Join(cfg.DataDir, "history.sqlite") }

// keeping is what a worker does with a history; nil without one. The demo account has a past in it.
func keeping(cfg config.Config, h *history.Store, st *store.Store, demo Demo, log *slog.Logger) *records.Options {
	if h == nil {
		return nil
	}
	keep := keeper(h, st)
	if demo.On && demo.Options == "" {
		keep = withPast(h, cfg.ProtectTags, log, keep)
	}
	return &records.Options{
		Keep: keep, Export: exporting(cfg, h), Bill: bills(cfg, h),
		Forget: func(ctx context.Context, f store.Forgetting) error {
			return h.ForgetAt(ctx, f.Tenant, f.Account, f.At.UnixMilli())
		},
		Prune:  func(ctx context.Context) error { return prune(ctx, h, cfg, time.Now()) },
		Reckon: func(ctx context.Context) error { return reckoner(h, st).Run(ctx, time.Now()) },
	}
}

// prune forgets what is older than settings say, by whole days, so that there is something to do once a day.
func prune(ctx context.Context, h *history.Store, cfg config.Config, now time.Time) error {
	before := func(kept time.Duration) time.Time { return now.Add(-kept).Truncate(24 * time.Hour) }
	return errors.Join(
		h.Prune(ctx, before(cfg.HistoryRetention).UnixMilli()),
		h.PruneFindings(ctx, before(cfg.FindingsRetention).UnixMilli()),
		h.Fold(ctx, before(cfg.TrendRetention).Unix()/(24*60*60)),
		h.PruneBilled(ctx, before(cfg.TrendRetention).Unix()/(24*60*60)),
		h.PruneBudgets(ctx, before(cfg.TrendRetention).Unix()/(24*60*60)),
	)
}

// reckoner reckons budgets, and tells webhooks what they cross.
func reckoner(h *history.Store, st *store.Store) budgets.Reckoner {
	return budgets.Reckoner{History: h, Tell: func(ctx context.Context, c history.Crossing) error {
		at, data, err := budgets.Event(c)
		if err != nil {
			return err
		}
		return st.TellBudget(ctx, c.Tenant, store.EventID(budgets.EventName(c)...), at, data)
	}}
}

// keeper has a history take scans in.
func keeper(h *history.Store, st *store.Store) func(context.Context, store.Record) error {
	return func(ctx context.Context, r store.Record) error {
		cells := map[history.Place]store.RecordCell{}
		err := h.Ingest(ctx, history.Scan{
			Tenant: r.Job.Owner, Job: r.Job.ID, Schedule: r.Job.Schedule, Run: int64(r.Run), At: r.At.UnixMilli(), Accounts: slices.Sorted(maps.Keys(r.Cells)),
			Cells: func(account string) []history.Cell {
				clear(cells)
				of := make([]history.Cell, 0, len(r.Cells[account]))
				for _, c := range r.Cells[account] {
					at := history.Place{Region: c.Region, Type: c.Type}
					cells[at] = c
					of = append(of, history.Cell{Place: at, Outcome: c.Outcome})
				}
				return of
			},
			Rows: func(_ string, c history.Cell) iter.Seq2[history.Row, error] {
				return func(yield func(history.Row, error) bool) {
					err := st.EachOf(ctx, r, cells[c.Place], func(json []byte) error {
						if !yield(historyRow(json), nil) {
							return errEnough
						}
						return nil
					})
					if err != nil && !errors.Is(err, errEnough) {
						yield(history.Row{}, err)
					}
				}
			},
		})
		if err != nil {
			return err
		}
		if err := keepFindings(ctx, h, st, r); err != nil {
			return err
		}
		return tellChanges(ctx, h, st, r)
	}
}

var errEnough = errors.New("enough")

// historyRow is a resource as the history takes it in. What tells a change is all but what differs in every scan. Of
// the cost, which may come from a size by the byte, two digits tell.
func historyRow(json []byte) history.Row {
	row := history.Row{JSON: json}
	h := xxhash.New()
	gjson.ParseBytes(json).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "resource_id":
			row.ID = value.Str
		case "state":
			row.State = value.Str
		case "estimated_cost_monthly":
			if value.Type == gjson.Number {
				row.Cost = new(int64(tracker.Dollars(value.Num)))
			}
			_, _ = h.WriteString(strconv.FormatFloat(value.Num, 'e', 1, 64) + value.Type.String())
			return true
		case "cost":
			return true
		case "metadata":
			value.ForEach(func(key, value gjson.Result) bool {
				if !scanners.Noise(key.Str) {
					_, _ = h.WriteString(key.Raw + value.Raw)
				}
				return true
			})
			return true
		}
		_, _ = h.WriteString(key.Raw + value.Raw)
		return true
	})
	row.Hash = int64(h.Sum64())
	return row
}
