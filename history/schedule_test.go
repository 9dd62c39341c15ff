package history

import (
	"fmt"
	"testing"
)

// TestSchedule compares each run of a schedule with what its earlier runs had seen, whatever other scans saw between.
func TestSchedule(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		of := func(schedule string, sc Scan) Scan {
			sc.Schedule = schedule
			return sc
		}
		// told is what a run tells: of its own cells only, and only of those that an earlier run had seen.
		told := func(sc Scan) string {
			t.Helper()
			s.must(t, sc)
			from, err := s.SeenBySchedule(t.Context(), "t", sc.Schedule, sc.At)
			if err != nil {
				t.Fatal(err)
			}
			to, err := s.SeenByRun(t.Context(), "t", Scanned{Job: sc.Job, Run: sc.Run, At: sc.At})
			if err != nil {
				t.Fatal(err)
			}
			return diff(t, s, from, to)
		}
		is(t, "the first tells nothing", told(of("s", scan("mon", 0, 1*day, monday))), "?eu/i ?eu/vol ?eu/vol ?us/vol")
		s.must(t, scan("by hand", 0, 1*day+5, "1 eu vol ok a free 10 x\n1 eu vol ok b used 20 y\n1 eu vol ok n used 1 x"), of("other", scan("other", 0, 1*day+7, "1 us vol ok q used 1 x")))
		tuesday := "1 eu vol ok a free 10 x\n1 eu vol ok b used 20 y\n1 eu vol ok n used 1 x\n1 eu i denied\n1 us vol ok q used 1 x\n1 ap vol ok new used 1 x"
		is(t, "what others have seen between is told too, a cell seen first is not", told(of("s", scan("tue", 0, 2*day, tuesday))), "+n +q ?ap/vol ?eu/i ?eu/vol ~a")
		is(t, "and told again the same", told(of("s", scan("tue", 0, 2*day, tuesday))), "+n +q ?ap/vol ?eu/i ?eu/vol ~a")
		is(t, "the run again of what failed tells of that alone", told(of("s", scan("tue", 1, 2*day+5, "1 eu i empty"))), "-i1 ?ap/vol ?eu/vol ?eu/vol ?us/vol")
		is(t, "the first run is still what it was", told(of("s", scan("tue", 0, 2*day, tuesday))), "+n +q ?ap/vol ?eu/i ?eu/vol ~a")
		is(t, "what failed last is compared with what was seen before", told(of("s", scan("wed", 0, 3*day, "1 eu vol timeout\n1 eu i ok i1 on null x"))), "+i1 ?ap/vol ?eu/vol ?eu/vol ?us/vol")
		is(t, "which counts", told(of("s", scan("thu", 0, 4*day, "1 eu vol ok a free 10 x\n1 eu vol ok n used 1 x"))), "-b ?ap/vol ?eu/i ?eu/vol ?us/vol")
		s.must(t, scan("newer", 0, 6*day, "1 eu vol ok a free 10 x"))
		is(t, "what a newer scan had seen is for the next run", told(of("s", scan("fri", 0, 5*day, "1 eu vol ok a free 10 x"))), "?ap/vol ?eu/i ?eu/vol ?eu/vol ?us/vol")
		is(t, "which tells it", told(of("s", scan("sun", 0, 7*day, "1 eu vol ok a free 10 x"))), "-n ?ap/vol ?eu/i ?eu/vol ?us/vol")
		runs, err := s.Runs(t.Context(), "t", "tue")
		is(t, "runs", fmt.Sprint(runs, err), fmt.Sprint([]Scanned{{"tue", 0, 2 * day, "s"}, {"tue", 1, 2*day + 5, "s"}}, nil))
		if err := s.Prune(t.Context(), 9*day); err != nil {
			t.Fatal(err)
		}
		is(t, "what is not kept any more is not compared", told(of("s", scan("next", 0, 10*day, "1 eu vol ok z used 1 x"))), "?eu/vol")
		is(t, "and of another tenant is nothing", fmt.Sprint(s.SeenBySchedule(t.Context(), "u", "s", 10*day)), "map[] <nil>")
	})
}
