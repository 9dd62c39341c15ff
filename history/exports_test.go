package history

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestExports holds which days are to be written out, and that each is one worker's.
func TestExports(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 x"))
		claim := func(now int64) string {
			t.Helper()
			e, ok, err := s.ClaimExport(t.Context(), now, now+10, 30)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				return "none"
			}
			if err := s.Exported(t.Context(), e, now); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(e.Tenant, e.Day)
		}
		e, ok, err := s.ClaimExport(t.Context(), 3*day, 3*day+10, 30)
		is(t, "first", fmt.Sprint(e.Tenant, e.Day, ok, err), "t1 true <nil>")
		is(t, "second", claim(3*day), "t2")
		is(t, "while the first is claimed", claim(3*day), "none")
		if err := s.RenewExport(t.Context(), e, 3*day+20); err != nil {
			t.Fatal(err)
		}
		is(t, "while the claim is renewed", claim(3*day+15), "none")
		is(t, "when the claim has ended", claim(3*day+21), "t1")
		is(t, "nothing more", claim(3*day+22), "none")
		s.must(t, scan("late", 0, 2*day+1, "1 eu vol ok a used 10 x"))
		is(t, "with a late scan", claim(3*day+23), "t2")
		is(t, "with a late scan, once", claim(3*day+24), "none")
		is(t, "days without scans", claim(12*day)+claim(12*day)+claim(12*day), "t3t4t5")
		if err := s.Prune(t.Context(), 9*day); err != nil {
			t.Fatal(err)
		}
		is(t, "days that lack versions", claim(12*day)+claim(12*day)+claim(12*day)+claim(12*day), "t9t10t11none")
		if err := s.Forget(t.Context(), "t", ""); err != nil {
			t.Fatal(err)
		}
		var n int
		err = s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM export`).Scan(&n)
		is(t, "of a tenant that is forgotten", fmt.Sprint(n, err), "0 <nil>")
	})
}

// TestChanged holds which versions began or ended on a day, with when their resources were first seen.
func TestChanged(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 x"), scan("wed", 0, 3*day, "1 eu vol ok a free 10 x\n1 eu vol ok n free 1 x"))
		cells, err := s.CellsOf(t.Context(), "t", "1")
		if err != nil {
			t.Fatal(err)
		}
		for at, want := range map[int64]string{
			1: "vol/a 1-2 first 1, vol/b 1-2 first 1, i/i1 1- first 1", // as they are now
			2: "vol/a 1-2 first 1, vol/a 2- first 1, vol/b 1-2 first 1",
			3: "vol/n 3- first 3",
			4: "",
		} {
			var got []string
			err := s.Changed(t.Context(), "t", "1", at*day, (at+1)*day, func(v Version) error {
				first := map[int64]int64{}
				id := strings.Split(string(v.JSON), `"`)[3]
				to := ""
				if v.To != Forever {
					to = fmt.Sprint(v.To / day)
				}
				err := s.FirstSeen(t.Context(), v.Cell(), []string{id, "another"}, first)
				got = append(got, fmt.Sprintf("%s/%s %d-%s first %d", cells[v.Cell()].Type, id, v.From/day, to, first[v.Resource]/day))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			is(t, fmt.Sprint("day ", at), strings.Join(got, ", "), want)
		}
		none, err := s.CellsOf(t.Context(), "u", "1")
		is(t, "of another tenant", fmt.Sprint(none, err, s.Changed(t.Context(), "u", "1", 0, 9*day, func(Version) error { return errors.New("one") })), "map[] <nil> <nil>")
	})
}

// TestBilled holds that what was billed counts by its last reading, whole, and to those who have the account.
func TestBilled(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday))
		begin := func(mark string, now int64) *Bill {
			t.Helper()
			b, err := s.BeginBill(t.Context(), "2026-11", mark, now, now+10)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		add := func(b *Bill, account string, at, amount int64) error {
			return b.Add(t.Context(), []Charge{{account, at, "EC2", "eu", "Usage", "USD", amount, amount, nil}, {account, at, "EC2", "eu", "Usage", "USD", 1, 1, new(int64(1))}}, 0)
		}
		billed := func(tenant, by string, from, to int64) string {
			t.Helper()
			all, err := s.Billed(t.Context(), tenant, by, from, to)
			text := fmt.Sprint(err)
			for _, b := range all {
				text += fmt.Sprint(" ", b.Key, " ", b.Currency, " ", b.Category, " ", b.Amount, " ", b.List == nil)
			}
			return text
		}
		first := begin("a", 100)
		if begin("a", 105) != nil {
			t.Error("two read a period at once")
		}
		if err := errors.Join(add(first, "1", 5, 10), add(first, "2", 6, 20), add(first, "9", 6, 30)); err != nil {
			t.Fatal(err)
		}
		is(t, "before the end", billed("t", "account", 0, 9), "<nil>")
		if err := first.End(t.Context(), "a", 110); err != nil {
			t.Fatal(err)
		}
		is(t, "by account", billed("t", "account", 0, 9), "<nil> 1 USD Usage 11 true 2 USD Usage 21 true")
		is(t, "by service", billed("t", "service", 0, 9), "<nil> EC2 USD Usage 32 true")
		is(t, "of a day", billed("t", "region", 5, 6), "<nil> eu USD Usage 11 true")
		is(t, "of another tenant", billed("u", "account", 0, 9), "<nil>")
		if begin("a", 120) != nil {
			t.Error("what is read is read again")
		}

		dead := begin("b", 120)
		if err := add(dead, "1", 5, 100); err != nil {
			t.Fatal(err)
		}
		second := begin("b", 200)
		if err := add(dead, "1", 5, 100); !errors.Is(err, ErrTakenOver) {
			t.Error(err)
		}
		if err := dead.End(t.Context(), "b", 200); !errors.Is(err, ErrTakenOver) {
			t.Error(err)
		}
		if err := errors.Join(add(second, "1", 5, 7), second.End(t.Context(), "b", 210)); err != nil {
			t.Fatal(err)
		}
		is(t, "read anew", billed("t", "account", 0, 9), "<nil> 1 USD Usage 8 true")
		days, err := s.BilledDays(t.Context(), "t", 0, 9)
		is(t, "days", fmt.Sprint(days, err), "[{1 5 5} {2 0 0}] <nil>")
		if _, err := s.Billed(t.Context(), "t", "resource", 0, 9); err == nil {
			t.Error("billed by resource")
		}

		u := scan("mon", 0, 1*day, "1 eu vol ok a free 10 x")
		u.Tenant = "u"
		s.must(t, u)
		if err := s.Forget(t.Context(), "t", "1"); err != nil {
			t.Fatal(err)
		}
		is(t, "who still has the account", billed("u", "account", 0, 9), "<nil> 1 USD Usage 8 true")
		if err := errors.Join(s.Forget(t.Context(), "u", "")); err != nil {
			t.Fatal(err)
		}
		var n int
		err = s.db.QueryRowContext(t.Context(), `SELECT count(*) FROM billed`).Scan(&n)
		is(t, "nobody has the account", fmt.Sprint(n, err), "0 <nil>")

		third := begin("c", 300)
		if err := errors.Join(add(third, "2", 5, 7), add(third, "2", 6, 7), third.End(t.Context(), "c", 310), s.PruneBilled(t.Context(), 6)); err != nil {
			t.Fatal(err)
		}
		is(t, "pruned", billed("t", "account", 0, 9), "<nil> 2 USD Usage 8 true")
	})
}
