package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestOpen holds that tables are made once, however many begin at once, and only where that is allowed.
func TestOpen(t *testing.T) {
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(t.Context(), Options{URL: url, Dictionary: []byte("{}")}); !errors.Is(err, ErrOlder) {
				t.Fatalf("without tables: %v", err)
			}
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					s, err := Open(t.Context(), Options{URL: url, Dictionary: []byte("{}"), Migrate: true})
					if err != nil {
						t.Error(err)
						return
					}
					_ = s.Close()
				})
			}
			all.Wait()
			s, err := Open(t.Context(), Options{URL: url, Dictionary: []byte("{} of another release")})
			if err != nil {
				t.Fatal(err)
			}
			files, err := migrations.ReadDir("migrations")
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if err := s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM migration`).Scan(&n); err != nil || n != len(files) {
				t.Errorf("%d migrations: %v", n, err)
			}
			if err := errors.Join(s.Ping(t.Context()), s.Close()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestOpen_NoPasswordInErrors(t *testing.T) {
	for _, url := range []string{"postgres://me:s3cret@127.0.0.1:1/db?connect_timeout=1", "postgres://me:s3cret@[::1/db"} {
		if _, err := Open(t.Context(), Options{URL: url, Dictionary: []byte("{}")}); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
	if _, err := Open(t.Context(), Options{URL: "/nowhere/h.sqlite", Dictionary: []byte("{}"), Migrate: true}); err == nil || !strings.Contains(err.Error(), "/nowhere/h.sqlite") {
		t.Errorf("%v", err)
	}
}

func TestLife(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 x"), scan("wed", 0, 3*day, "1 eu vol empty"))
		l, ok, err := s.Life(t.Context(), "t", tracker.Cell{AccountID: "1", Region: "eu", Type: "vol"}, "a", Forever, 10)
		if err != nil || !ok || l.First != 1*day || l.Gone != 3*day || len(l.Versions) != 2 || l.Versions[0].State != "free" || l.Versions[0].To != 3*day || *l.Versions[1].Cost != 10 {
			t.Errorf("%v %v %+v", err, ok, l)
		}
		for _, other := range []struct{ tenant, id string }{{"u", "a"}, {"t", "nothing"}} {
			if _, ok, err := s.Life(t.Context(), other.tenant, tracker.Cell{AccountID: "1", Region: "eu", Type: "vol"}, other.id, Forever, 10); ok || err != nil {
				t.Errorf("%v: %v %v", other, ok, err)
			}
		}
		is(t, "of another tenant", fmt.Sprint(s.AsOf(t.Context(), "u", Cells{}, 9*day, 0, 10)), "[] <nil>")
		is(t, "of another tenant", fmt.Sprint(s.AsOf(t.Context(), "u", Cells{Accounts: []string{"1"}}, 9*day, 0, 10)), "[] <nil>")
	})
}

// TestReadings holds that a cell which was not seen stays what it was last seen to be, and says so.
func TestReadings(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol denied\n1 ap vol timeout"))
		var got []string
		for _, r := range seenAt(t, s, 9*day).Readings() {
			got = append(got, fmt.Sprint(r.AccountID, "/", r.Region, "/", r.Type, " ", r.Seen/day, " ", r.Looked/day, " ", r.Outcome))
		}
		is(t, "readings", strings.Join(got, ", "), "1/ap/vol 0 2 timeout, 1/eu/i 1 1 ok, 1/eu/vol 1 2 denied, 1/us/vol 1 1 ok, 2/eu/vol 1 1 ok")
		scans, err := s.Scans(t.Context(), "t", 9*day, 10)
		is(t, "scans", fmt.Sprint(scans, err), fmt.Sprint([]Scanned{{Job: "tue", At: 2 * day}, {Job: "mon", At: 1 * day}}, nil))
	})
}

func TestPrune(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 x"), scan("wed", 0, 3*day, "1 eu vol ok a used 10 x"), scan("thu", 0, 4*day, "1 eu vol ok a used 10 x"))
		before := at(t, s, 9*day)
		if err := s.Prune(t.Context(), 3*day); err != nil {
			t.Fatal(err)
		}
		is(t, "now", at(t, s, 9*day), before)
		is(t, "the day before", at(t, s, 2*day), "i1:on@86400000/86400000 z:used@86400000/86400000")
		since, err := s.Since(t.Context(), "t")
		is(t, "since", fmt.Sprint(since/day, err), "3 <nil>")
		l, ok, err := s.Life(t.Context(), "t", tracker.Cell{AccountID: "1", Region: "eu", Type: "vol"}, "a", Forever, 10)
		is(t, "life", fmt.Sprint(len(l.Versions), l.First/day, ok, err), "1 1 true <nil>")
		days, err := s.Trend(t.Context(), "t", "type", 1, 4)
		is(t, "totals stay", fmt.Sprint(days, err), "[{i 1 1 1 0} {vol 1 3 0 35} {vol 2 2 0 15}] <nil>")
		s.must(t, scan("fri", 0, 5*day, "1 eu vol ok b used 20 y\n1 eu i empty")) // b was forgotten: it is new
		is(t, "friday", at(t, s, 5*day), "b:used@432000000/432000000 z:used@86400000/86400000")
	})
}

func TestForget(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		scans := []Scan{scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 y\n2 eu vol ok z used 6 x")}
		only := []Scan{scan("mon", 0, 1*day, "2 eu vol ok z used 5 x"), scan("tue", 0, 2*day, "2 eu vol ok z used 6 x")}
		for i := range only { // the same without account 1, for another tenant
			only[i].Tenant = "u"
		}
		s.must(t, append(scans, only...)...)
		if err := s.Forget(t.Context(), "t", "1"); err != nil {
			t.Fatal(err)
		}
		is(t, "now", at(t, s, 9*day), "z:used@172800000/86400000")
		for _, dimension := range []string{"type", "region", "account", "tag:Team"} {
			var got [2][]Day
			for i, tenant := range []string{"t", "u"} {
				days, err := s.Trend(t.Context(), tenant, dimension, 1, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range days {
					if (d != Day{Key: d.Key, Day: d.Day}) {
						got[i] = append(got[i], d)
					}
				}
			}
			is(t, dimension, fmt.Sprint(got[0]), fmt.Sprint(got[1]))
		}
		if err := s.Forget(t.Context(), "t", ""); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"account", "cell", "resource", "version", "observation", "looked", "rollup", "trend", "scan"} {
			var all, rest int
			if err := s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&all); err != nil {
				t.Fatal(err)
			}
			if err := s.Forget(t.Context(), "nobody", ""); err != nil {
				t.Fatal(err)
			}
			if err := s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table).Scan(&rest); err != nil || all == 0 || rest != all {
				t.Errorf("%s: %d rows of the other tenant, %d left: %v", table, all, rest, err)
			}
		}
	})
}

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.sqlite")
	opened(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}
