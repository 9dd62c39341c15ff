package history

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

// trends is every trend from a day on, in lines. Keys of which nothing is left are not in it.
func trends(t *testing.T, s *Store, from int64) (text string) {
	t.Helper()
	for _, dimension := range []string{"type", "region", "account", "tag:Team"} {
		days, err := s.Trend(t.Context(), "t", dimension, from, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range days {
			if d.Resources > 0 {
				text += fmt.Sprintln(dimension, d.Key, d.Day, d.Resources, d.Unpriced, d.Cost)
			}
		}
	}
	return text
}

// TestFold holds that totals of days that are left stay as they are, whatever comes in late or is forgotten later.
func TestFold(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		scans, _ := estate()
		s.must(t, scans[:4]...)
		s.must(t, scans[5:]...)
		before := trends(t, s, 6)
		for range 2 {
			if err := s.Fold(t.Context(), 6); err != nil {
				t.Fatal(err)
			}
			is(t, "folded", trends(t, s, 6), before)
		}
		var n int
		if err := s.db.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM trend WHERE day < 6) + (SELECT count(*) FROM waste WHERE day < 6) + (SELECT count(*) FROM rollup WHERE day < 6)`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows of days before: %v", n, err)
		}
		if first, ok, err := s.FirstLook(t.Context(), "t"); err != nil || !ok || first < 6 {
			t.Errorf("known since %d %v %v", first, ok, err)
		}
		if err := s.Forget(t.Context(), "t", "1"); err != nil {
			t.Fatal(err)
		}
		url := filepath.Join(t.TempDir(), "other.sqlite")
		if s.pg {
			url = historytest.Database(t)
		}
		other := opened(t, url)
		for i, sc := range scans {
			if sc.Accounts = []string{"0", "2"}; i != 4 {
				other.must(t, sc)
			}
		}
		is(t, "folded, and an account forgotten", trends(t, s, 6), trends(t, other, 6))
	})
}

// TestForget_OnTheWay holds that a scan which began before does not bring back what was forgotten, and a later one does.
func TestForget_OnTheWay(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("a", 0, 1, "1 eu vol ok x on 1 a\n2 eu vol ok y on 1 a"))
		mine, err := s.Knows(t.Context(), "t", "1")
		theirs, err2 := s.Knows(t.Context(), "u", "1")
		if !mine || theirs || err != nil || err2 != nil {
			t.Errorf("account 1 is known: %v, of another tenant: %v, %v %v", mine, theirs, err, err2)
		}
		if err := s.Forget(t.Context(), "t", "1"); err != nil {
			t.Fatal(err)
		}
		s.must(t, scan("b", 0, 2, "1 eu vol ok x on 1 a\n2 eu vol ok y on 1 a"))
		is(t, "a scan that was on its way", at(t, s, Forever-1), "y:on@1/1")
		s.must(t, scan("c", 0, Forever/2, "1 eu vol ok x on 1 a"))
		is(t, "a later scan", at(t, s, Forever-1), fmt.Sprintf("x:on@%d/%d y:on@1/1", Forever/2, Forever/2))
		if err := s.Forget(t.Context(), "t", ""); err != nil {
			t.Fatal(err)
		}
		s.must(t, scan("d", 0, 3, "1 eu vol ok x on 1 a"))
		is(t, "without the tenant", at(t, s, Forever-1), "")
	})
}

// TestForgetAt_Again holds that what came in after it is not deleted when it is run once more.
func TestForgetAt_Again(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("a", 0, 1, "1 eu vol ok x on 1 a"))
		for _, account := range []string{"1", ""} {
			if err := s.ForgetAt(t.Context(), "t", account, 2); err != nil {
				t.Fatal(err)
			}
			s.must(t, scan("b", 0, 2, "1 eu vol ok x on 1 a"), scan("c"+account, 0, 3, "1 eu vol ok y on 1 a"))
			s.evaluates(t, evaluation("b", 0, 2, "1 eu vol loose\n1 eu vol loose x 1"))
			is(t, "findings of a scan before it", live(t, s, "t", FindingQuery{}), "")
			if err := s.ForgetAt(t.Context(), "t", account, 2); err != nil {
				t.Fatal(err)
			}
			is(t, "forgotten twice as of 2", at(t, s, Forever-1), "y:on@3/3")
		}
	})
}
