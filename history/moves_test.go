package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

func TestMoves(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		other := scan("other", 0, 2*day, "1 eu vol ok a used 999 x")
		other.Tenant = "u"
		s.must(t, scan("mon", 0, 1*day, monday), other, // a and b of vol in eu cost 10 and 20
			scan("tue", 0, 2*day, "1 eu vol ok a used 15 x\n1 eu vol ok c used 100 y\n1 us vol ok\n1 eu i ok i1 on null x"),
			scan("tue later", 0, 2*day+5, "1 eu vol ok a used 15 x\n1 eu vol ok c used 40 y"))
		for _, row := range []struct{ dimension, key, want string }{
			{"", "", "c +40, b -20, a +5"},
			{"type", "vol", "c +40, b -20, a +5"},
			{"type", "i", ""},
			{"region", "eu", "c +40, b -20, a +5"},
			{"account", "2", ""},
			{"tag:Team", "x", "a +5"},
		} {
			moves, err := s.Moves(t.Context(), "t", row.dimension, row.key, 2*day, 3*day, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range moves {
				got = append(got, fmt.Sprintf("%s %+d", gjson.GetBytes(m.JSON, "resource_id").Str, m.Cost))
				if m.Type == "" || m.Region == "" || m.AccountID != "1" {
					t.Errorf("%+v", m)
				}
			}
			is(t, row.dimension+" "+row.key, strings.Join(got, ", "), row.want)
		}
		moves, err := s.Moves(t.Context(), "t", "", "", 2*day, 3*day, 1)
		if err != nil || len(moves) != 1 {
			t.Errorf("at most one: %v %v", moves, err)
		}
	})
}

// TestLooked holds that a day counts on which something was seen, and stays when the looks are forgotten.
func TestLooked(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		if _, ok, err := s.FirstLook(t.Context(), "t"); ok || err != nil {
			t.Error(ok, err)
		}
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol denied"), scan("wed", 0, 3*day, monday), scan("thu", 0, 4*day, monday))
		cells, stale, never := seenAt(t, s, 2*day).Count()
		is(t, "cells", fmt.Sprint(cells, stale, never), "4 1 0")
		if err := s.Prune(t.Context(), 4*day); err != nil {
			t.Fatal(err)
		}
		days, err := s.Looked(t.Context(), "t", 0, 9)
		is(t, "days", fmt.Sprint(days, err), "[1 3 4] <nil>")
		days, err = s.Looked(t.Context(), "t", 2, 3)
		is(t, "some days", fmt.Sprint(days, err), "[3] <nil>")
		days, err = s.Looked(t.Context(), "u", 0, 9)
		is(t, "days of another tenant", fmt.Sprint(days, err), "[] <nil>")
		first, ok, err := s.FirstLook(t.Context(), "t")
		is(t, "first", fmt.Sprint(first, ok, err), "1 true <nil>")
	})
}
