package parts

import (
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestPrune holds of each setting of retention that what is older goes and what is current stays.
func TestPrune(t *testing.T) {
	const days = 24 * time.Hour
	now := time.Date(2026, 11, 27, 13, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		set            func(*config.Config)
		versions, days int // that are left of the ten days, of a resource that changed on each
	}{
		"nothing is old":                 {func(*config.Config) {}, 10, 10},
		"HISTORY_RETENTION_DAYS":         {func(c *config.Config) { c.HistoryRetention = 3 * days }, 5, 10},
		"HISTORY_TREND_RETENTION_DAYS":   {func(c *config.Config) { c.TrendRetention = 3 * days }, 10, 4},
		"both, of the shortest there is": {func(c *config.Config) { c.HistoryRetention, c.TrendRetention = days, days }, 3, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Migrate: true, Dictionary: []byte("{}")})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close()
			begin := now.Add(-9 * days)
			for n := range 10 {
				if err := h.Ingest(t.Context(), aVolume(n, begin.Add(time.Duration(n)*days))); err != nil {
					t.Fatal(err)
				}
			}
			cfg := config.Config{HistoryRetention: 400 * days, TrendRetention: 400 * days}
			row.set(&cfg)
			for range 2 {
				if err := prune(t.Context(), h, cfg, now); err != nil {
					t.Fatal(err)
				}
			}
			versions := 0
			for n := range 10 {
				page, err := h.AsOf(t.Context(), "t", history.Cells{}, begin.Add(time.Duration(n)*days).UnixMilli(), 0, 10)
				if err != nil {
					t.Fatal(err)
				}
				versions += len(page)
			}
			trend, err := h.Trend(t.Context(), "t", "type", 0, now.Unix()/86400)
			if err != nil || len(trend) == 0 {
				t.Fatal(trend, err)
			}
			looked, err := h.Looked(t.Context(), "t", 0, now.Unix()/86400)
			if err != nil || versions != row.versions || len(trend) != row.days || len(looked) != row.days {
				t.Errorf("%d versions, %d days, %d looked at, %v; want %d and %d", versions, len(trend), len(looked), err, row.versions, row.days)
			}
			if last := trend[len(trend)-1]; last.Resources != 1 || last.Cost != 9 {
				t.Errorf("now there is %+v", last)
			}
		})
	}
}

// aVolume is a scan that sees one volume, which costs another sum each time.
func aVolume(n int, at time.Time) history.Scan {
	cell := history.Cell{Place: history.Place{Region: "eu-west-1", Type: "EBS_Volume"}, Outcome: tracker.OutcomeOK}
	return history.Scan{
		Tenant: "t", Job: fmt.Sprint("j", n), At: at.UnixMilli(), Accounts: []string{"111122223333"},
		Cells: func(string) []history.Cell { return []history.Cell{cell} },
		Rows: func(string, history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				yield(history.Row{ID: "vol-1", State: "in-use", Cost: new(int64(n)), Hash: int64(n) + 1, JSON: []byte(`{"resource_id":"vol-1"}`)}, nil)
			}
		},
	}
}

// TestPrune_Findings holds of HISTORY_FINDINGS_RETENTION_DAYS that findings go that were resolved before, and that one
// that is open stays, however old.
func TestPrune_Findings(t *testing.T) {
	const days = 24 * time.Hour
	now := time.Date(2026, 11, 27, 13, 0, 0, 0, time.UTC)
	h, err := history.Open(t.Context(), history.Options{URL: filepath.Join(t.TempDir(), "h.sqlite"), Migrate: true, Dictionary: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	// Ten days ago all were found; five and two days ago one less each.
	for n, scan := range []struct {
		ago   time.Duration
		found []string
	}{{10 * days, []string{"old", "young", "open"}}, {5 * days, []string{"young", "open"}}, {2 * days, []string{"open"}}} {
		at := now.Add(-scan.ago)
		volume := aVolume(n, at)
		err := h.Ingest(t.Context(), volume)
		if err == nil {
			err = h.Evaluate(t.Context(), history.Evaluation{
				Tenant: "t", Job: volume.Job, From: at.UnixMilli(), Accounts: volume.Accounts,
				Decided: func(string) []history.Decided {
					return []history.Decided{{Rule: "idle", Place: history.Place{Region: "eu-west-1", Type: "EBS_Volume"}, At: at.UnixMilli()}}
				},
				Findings: func(yield func(history.Finding, error) bool) {
					for _, id := range scan.found {
						f := history.Finding{ID: id, Rule: "idle", Cell: tracker.Cell{AccountID: "111122223333", Region: "eu-west-1", Type: "EBS_Volume"}, Resource: "vol-1", At: at.UnixMilli(), JSON: []byte("{}")}
						if !yield(f, nil) {
							return
						}
					}
				},
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		kept time.Duration
		want string
	}{{400 * days, "old resolved, open open, young resolved"}, {3 * days, "open open, young resolved"}, {days, "open open"}} {
		if err := prune(t.Context(), h, config.Config{HistoryRetention: 400 * days, TrendRetention: 400 * days, FindingsRetention: row.kept}, now); err != nil {
			t.Fatal(err)
		}
		page, err := h.Findings(t.Context(), "t", history.FindingQuery{Now: now.UnixMilli()}, "rule", false, history.Mark{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		var left []string
		for _, f := range page {
			left = append(left, f.ID+" "+f.State)
		}
		slices.Sort(left)
		if got := strings.Join(left, ", "); got != row.want {
			t.Errorf("kept for %s: %s, not %s", row.kept, got, row.want)
		}
	}
}
