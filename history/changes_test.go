package history

import (
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

const monday = `
1 eu vol ok a used 10 x
1 eu vol ok b used 20 y
1 eu i   ok i1 on null x
1 us vol empty
2 eu vol ok z used 5 x`

func TestChanges(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday))
		is(t, "monday", at(t, s, 1*day), "a:used@86400000/86400000 b:used@86400000/86400000 i1:on@86400000/86400000 z:used@86400000/86400000")
		is(t, "before", at(t, s, 1*day-1), "")
		tuesday := `
1 eu vol ok a free 10 x
1 eu vol ok c used 1 y
1 eu vol ok c used 1 y
1 eu i   throttled
1 us vol ok d used 2 y
2 eu vol ok z used 5 x`
		s.must(t, scan("tue", 0, 2*day, tuesday), scan("tue", 0, 2*day, tuesday)) // run twice
		is(t, "tuesday", at(t, s, 2*day), "a:free@172800000/172800000 c:used@172800000/172800000 d:used@172800000/172800000 i1:on@86400000/86400000 z:used@86400000/86400000")
		is(t, "monday still", at(t, s, 2*day-1), "a:used@86400000/86400000 b:used@86400000/86400000 i1:on@86400000/86400000 z:used@86400000/86400000")
		is(t, "scans", diff(t, s, seenBy(t, s, "mon"), seenBy(t, s, "tue")), "+c +d -b ?eu/i ~a")
		is(t, "times", diff(t, s, seenAt(t, s, 1*day), seenAt(t, s, 2*day)), "+c +d -b ?eu/i ~a")
		// the failed cell runs again, as the scan's next run
		s.must(t, scan("tue", 1, 2*day+5, "1 eu i empty"))
		is(t, "after retry", diff(t, s, seenBy(t, s, "mon"), seenBy(t, s, "tue")), "+c +d -b -i1 ~a")
		// b comes back, a changes its tag and keeps its state; another scan sees one type only
		s.must(t, scan("wed", 0, 3*day, "1 eu vol ok a free 10 y\n1 eu vol ok b used 20 y\n1 eu vol ok c used 1 y"))
		is(t, "volumes in eu", at(t, s, 3*day, Cells{Accounts: []string{"1"}, Regions: []string{"eu"}, Types: []tracker.Type{"vol"}}), "a:free@259200000/172800000 b:used@259200000/259200000 c:used@172800000/172800000")
		is(t, "nothing", at(t, s, 3*day, Cells{Regions: []string{"ap"}}), "")
		is(t, "wednesday", at(t, s, 3*day), "a:free@259200000/172800000 b:used@259200000/259200000 c:used@172800000/172800000 d:used@172800000/172800000 z:used@86400000/86400000")
		is(t, "partial", diff(t, s, seenBy(t, s, "tue"), seenBy(t, s, "wed")), "+b ?eu/i ?eu/vol ?us/vol ~a")
	})
}

func TestLate(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("wed", 0, 3*day, "1 eu vol ok a free 10 x\n1 us vol denied"))
		s.must(t, scan("tue", 0, 2*day, "1 eu vol ok n used 1 x\n1 us vol ok d used 1 x\n2 eu vol empty"))
		is(t, "late", at(t, s, 3*day), "a:free@259200000/259200000 d:used@172800000/172800000 i1:on@86400000/86400000")
		is(t, "late diff", diff(t, s, seenBy(t, s, "mon"), seenBy(t, s, "tue")), "+d -z ?eu/i ?eu/vol")
	})
}
