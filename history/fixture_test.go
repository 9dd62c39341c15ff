package history

import (
	"cmp"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/tracker"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		os.Exit(child(url))
	}
	os.Exit(historytest.Run(m))
}

// scan is a scan as text: lines of "account region type outcome [id state cost team]".
func scan(job string, run, at int64, text string) Scan {
	type key struct {
		account string
		Place
	}
	var accounts []string
	cells, rows := map[string][]Cell{}, map[key][]Row{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		c := Cell{Place{f[1], tracker.Type(f[2])}, tracker.Outcome(f[3])}
		if !slices.Contains(accounts, f[0]) {
			accounts = append(accounts, f[0])
		}
		if !slices.Contains(cells[f[0]], c) {
			cells[f[0]] = append(cells[f[0]], c)
		}
		if len(f) > 4 {
			k := key{f[0], c.Place}
			rows[k] = append(rows[k], row(f[4], f[5], f[6], f[7]))
		}
	}
	return Scan{
		Tenant: "t", Job: job, Run: run, At: at, Accounts: accounts,
		Cells: func(account string) []Cell { return cells[account] },
		Rows: func(account string, c Cell) iter.Seq2[Row, error] {
			return func(yield func(Row, error) bool) {
				for _, r := range rows[key{account, c.Place}] {
					if !yield(r, nil) {
						return
					}
				}
			}
		},
	}
}

// row is a resource. Its cost is a number, or null.
func row(id, state, cost, team string) Row {
	json := fmt.Appendf(nil, `{"resource_id":%q,"state":%q,"estimated_cost_monthly":%s,"tags":{"Team":%q}}`, id, state, cost, team)
	r := Row{ID: id, State: state, Hash: hash(json), JSON: json}
	if cost != "null" {
		r.Cost = new(gjson.Parse(cost).Int())
	}
	return r
}

// engines runs a test on both engines, side by side.
func engines(t *testing.T, f func(t *testing.T, s *Store)) {
	t.Helper()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h ?.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, opened(t, url))
		})
	}
}

func opened(t *testing.T, url string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Options{
		URL: url, Tags: []string{"Team"}, Migrate: true,
		Dictionary: []byte(`{"resource_id":"i","state":"running","estimated_cost_monthly":1,"tags":{"Team":"a"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *Store) must(t *testing.T, scans ...Scan) {
	t.Helper()
	for _, sc := range scans {
		if err := s.Ingest(t.Context(), sc); err != nil {
			t.Fatal(err)
		}
	}
}

// at is what was there at a time, read by pages of two.
func at(t *testing.T, s *Store, when int64, narrow ...Cells) string {
	t.Helper()
	var all []string
	for cursor := int64(0); ; {
		page, err := s.AsOf(t.Context(), "t", append(narrow, Cells{})[0], when, cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page {
			all = append(all, fmt.Sprintf("%s:%s@%d/%d", gjson.GetBytes(v.JSON, "resource_id").Str, v.State, v.From, v.StateSince))
			cursor = v.Resource
		}
		if len(page) < 2 {
			slices.Sort(all)
			return strings.Join(all, " ")
		}
	}
}

func diff(t *testing.T, s *Store, from, to Seen) string {
	t.Helper()
	var all []string
	unknown, err := s.Diff(t.Context(), "t", from, to, func(c Change) error {
		v, sign := cmp.Or(c.New, c.Old), "~"
		if c.Old == nil {
			sign = "+"
		} else if c.New == nil {
			sign = "-"
		}
		all = append(all, sign+gjson.GetBytes(v.JSON, "resource_id").Str)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range unknown {
		all = append(all, "?"+p.Region+"/"+string(p.Type))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func seenBy(t *testing.T, s *Store, job string) Seen {
	t.Helper()
	seen, err := s.SeenBy(t.Context(), "t", job)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func seenAt(t *testing.T, s *Store, at int64) Seen {
	t.Helper()
	seen, err := s.SeenAt(t.Context(), "t", at)
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func is(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}
