package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// evaluation is one as text: lines of "account region type rule [id saving]", where a line without a resource says that
// the rule has decided on the cell.
func evaluation(job string, run, at int64, text string) Evaluation {
	e := Evaluation{Tenant: "t", Job: job, Run: run, From: at}
	decided := map[string][]Decided{}
	var findings []Finding
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if !slices.Contains(e.Accounts, f[0]) {
			e.Accounts = append(e.Accounts, f[0])
		}
		c := tracker.Cell{AccountID: f[0], Region: f[1], Type: tracker.Type(f[2])}
		if len(f) == 4 {
			decided[f[0]] = append(decided[f[0]], Decided{f[3], Place{c.Region, c.Type}, at})
			continue
		}
		n := Finding{ID: f[3] + "/" + c.ID() + "/" + f[4], Rule: f[3], Cell: c, Resource: f[4], Confidence: "low", Counted: true, At: at, JSON: []byte(`{"finding_id":"` + f[4] + `"}`)}
		if f[5] != "null" {
			n.Saving = row(f[4], "", f[5], "").Cost
		}
		findings = append(findings, n)
	}
	e.Decided = func(account string) []Decided { return decided[account] }
	e.Findings = func(yield func(Finding, error) bool) {
		for _, f := range findings {
			if !yield(f, nil) {
				return
			}
		}
	}
	return e
}

func (s *Store) evaluates(t *testing.T, all ...Evaluation) {
	t.Helper()
	for _, e := range all {
		if err := s.Evaluate(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// live is what is known of findings, read by pages of two.
func live(t *testing.T, s *Store, tenant string, q FindingQuery) string {
	t.Helper()
	var all []string
	for mark := (Mark{}); ; {
		page, err := s.Findings(t.Context(), tenant, q, "saving", true, mark, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page {
			id := strings.Split(f.ID, "/")
			text := fmt.Sprintf("%s:%s %s %d-%d", id[0], id[len(id)-1], f.State, f.Opened/day, f.Seen/day)
			if f.Unconfirmed {
				text += "?"
			}
			if f.Resolution != nil {
				text += " " + *f.Resolution + " " + amount(f.Realised)
			}
			if f.Reopened > 0 {
				text += fmt.Sprint(" again ", f.Reopened)
			}
			all, mark = append(all, text), f.Mark
		}
		if len(page) < 2 {
			return strings.Join(all, ", ")
		}
	}
}

func amount(n *int64) string {
	if n == nil {
		return "null"
	}
	return fmt.Sprint(*n)
}

// waste is the waste by rule on a day.
func waste(t *testing.T, s *Store, tenant, dimension string, on int64) string {
	t.Helper()
	days, err := s.Trend(t.Context(), tenant, dimension, on, on)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range days {
		if (d != Day{Key: d.Key, Day: d.Day}) {
			all = append(all, fmt.Sprintf("%s %d %d/%d", d.Key, d.Cost, d.Resources, d.Unpriced))
		}
	}
	return strings.Join(all, ", ")
}

// TestEvaluate holds that a finding is resolved only where its rule has decided, or where its resource is gone.
func TestEvaluate(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday))
		mon := evaluation("mon", 0, 1*day, "1 eu vol loose\n1 eu vol loose a 10\n1 eu vol loose b 20\n1 eu i idle i1 null\n2 eu vol loose\n2 eu vol loose z 5")
		s.evaluates(t, mon, mon)
		is(t, "monday", live(t, s, "t", FindingQuery{}), "loose:b open 1-1, loose:a open 1-1, loose:z open 1-1, idle:i1 open 1-1")
		is(t, "monday's waste", waste(t, s, "t", "saving rule", 1), "idle 0 1/1, loose 35 3/0")
		is(t, "by tag", live(t, s, "t", FindingQuery{Tags: [][2]string{{"Team", "y"}}}), "loose:b open 1-1")
		is(t, "of another tenant", live(t, s, "u", FindingQuery{}), "")

		// a is cheaper and not found, b is gone, z's cell was denied and its rule has not decided, i1's neither
		s.must(t, scan("tue", 0, 2*day, "1 eu vol ok a free 4 x\n1 eu i throttled\n2 eu vol denied"))
		s.evaluates(t, evaluation("tue", 0, 2*day, "1 eu vol loose\n2 us vol loose"))
		is(t, "tuesday", live(t, s, "t", FindingQuery{}), "loose:b resolved 1-1 gone 20, loose:a resolved 1-1 repaired 6, loose:z open 1-1?, idle:i1 open 1-1?")
		is(t, "tuesday's waste", waste(t, s, "t", "saving rule", 2), "idle 0 1/1, loose 5 1/0")
		is(t, "open", live(t, s, "t", FindingQuery{State: StateOpen}), "loose:z open 1-1?, idle:i1 open 1-1?")

		// without rules a resource that is gone is known to be gone all the same
		s.must(t, scan("wed", 0, 3*day, "1 eu i empty\n1 eu vol ok a free 4 x"))
		s.evaluates(t, evaluation("wed", 0, 3*day, "1 eu vol loose\n1 eu vol loose a 4"))
		is(t, "wednesday", live(t, s, "t", FindingQuery{Accounts: []string{"1"}}), "loose:b resolved 1-1 gone 20, loose:a open 3-3 again 1, idle:i1 resolved 1-1 gone null")

		// what comes late changes nothing of what is newer
		s.must(t, scan("late", 0, 2*day+1, "1 eu vol ok a free 4 x\n1 eu vol ok b used 20 y\n2 eu vol ok z used 5 x"))
		s.evaluates(t, evaluation("late", 0, 2*day+1, "1 eu vol loose\n1 eu vol loose b 20\n1 eu vol loose c 9\n2 eu vol loose"))
		is(t, "late", live(t, s, "t", FindingQuery{}), "loose:b resolved 1-1 gone 20, loose:z resolved 1-1 repaired 0, loose:a open 3-3 again 1, idle:i1 resolved 1-1 gone null")
		is(t, "by region", waste(t, s, "t", "saving region", 3), "eu 4 1/0")
		groups, err := s.GroupFindings(t.Context(), "t", FindingQuery{State: StateResolved}, "month", 10)
		is(t, "realised", fmt.Sprint(groups, err), "[{1970-01 3 0 3 25 1 20 1}] <nil>")
	})
}

func TestAcknowledge(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday))
		s.evaluates(t, evaluation("mon", 0, 1*day, "1 eu vol loose\n1 eu vol loose a 10\n1 eu vol loose b 20"))
		ack := func(id string, a Acknowledgement, now int64) {
			t.Helper()
			ok, err := s.Acknowledge(t.Context(), "t", "loose/1/eu/vol/"+id, a, now)
			is(t, "acknowledged "+id, fmt.Sprint(ok, err), fmt.Sprint(id == "a", nil))
		}
		why := Acknowledgement{By: new("me"), Why: new("kept for a restore"), At: new(int64(1 * day)), Until: new(int64(4 * day))}
		ack("a", why, 2*day)
		ack("a", why, 2*day)
		ack("nothing", why, 2*day)
		if ok, err := s.Acknowledge(t.Context(), "u", "loose/1/eu/vol/a", why, 2*day); ok || err != nil {
			t.Error("another tenant's", ok, err)
		}
		now := FindingQuery{Now: 3 * day}
		is(t, "acknowledged", live(t, s, "t", now), "loose:b open 1-1, loose:a acknowledged 1-1")
		is(t, "waste", waste(t, s, "t", "saving rule", 2), "loose 20 1/0")
		now.State = StateOpen
		is(t, "open", live(t, s, "t", now), "loose:b open 1-1")
		now.Now = 4 * day
		is(t, "its time is over", live(t, s, "t", now), "loose:b open 1-1, loose:a open 1-1")
		s.must(t, scan("fri", 0, 5*day, "1 eu vol ok a used 10 x\n1 eu vol ok b used 20 y"))
		s.evaluates(t, evaluation("fri", 0, 5*day, "1 us vol loose\n1 eu vol loose a 10"))
		is(t, "waste after", waste(t, s, "t", "saving rule", 5), "loose 30 2/0")
		ack("a", Acknowledgement{By: new("me"), Why: new("again"), At: new(int64(5 * day))}, 5*day)
		is(t, "for ever", live(t, s, "t", FindingQuery{State: StateAcknowledged, Now: 99 * day}), "loose:a acknowledged 1-5")
		ack("a", Acknowledgement{}, 6*day)
		is(t, "taken away", live(t, s, "t", FindingQuery{Now: 6 * day}), "loose:b open 1-1?, loose:a open 1-5")
		is(t, "waste in the end", waste(t, s, "t", "saving rule", 6), "loose 30 2/0")
	})
}

func TestFindings_PrunedAndForgotten(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, monday))
		s.evaluates(t, evaluation("mon", 0, 1*day, "1 eu vol loose\n1 eu vol loose a 10\n1 eu vol loose b 20\n2 eu vol loose\n2 eu vol loose z 5"),
			evaluation("tue", 0, 2*day, "1 eu vol loose\n1 eu vol loose a 10"))
		if err := s.PruneFindings(t.Context(), 2*day); err != nil {
			t.Fatal(err)
		}
		is(t, "not yet", live(t, s, "t", FindingQuery{}), "loose:b resolved 1-1 repaired 0, loose:a open 1-2, loose:z open 1-1")
		if err := s.PruneFindings(t.Context(), 2*day+1); err != nil {
			t.Fatal(err)
		}
		is(t, "pruned", live(t, s, "t", FindingQuery{}), "loose:a open 1-2, loose:z open 1-1")
		if err := s.Forget(t.Context(), "t", "1"); err != nil {
			t.Fatal(err)
		}
		is(t, "forgotten", live(t, s, "t", FindingQuery{}), "loose:z open 1-1")
		for _, dimension := range []string{"saving rule", "saving region", "saving type", "saving account"} {
			for on := range int64(3) {
				want := ""
				if on > 0 {
					want = map[string]string{"rule": "loose", "region": "eu", "type": "vol", "account": "2"}[strings.Fields(dimension)[1]] + " 5 1/0"
				}
				is(t, fmt.Sprint(dimension, on), waste(t, s, "t", dimension, on), want)
			}
		}
	})
}

func TestStateSince(t *testing.T) {
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		s.must(t, scan("mon", 0, 1*day, monday), scan("tue", 0, 2*day, "1 eu vol ok a free 10 x"), scan("wed", 0, 3*day, "1 eu vol ok a free 11 x"))
		eu := tracker.Cell{AccountID: "1", Region: "eu", Type: "vol"}
		since, err := s.StateSince(t.Context(), "t", []Key{{eu, "a"}, {eu, "b"}, {eu, "it's"}})
		is(t, "since", fmt.Sprint(since, err), fmt.Sprint(map[Key]StateSince{{eu, "a"}: {"free", 2 * day}}, nil))
		since, err = s.StateSince(t.Context(), "u", []Key{{eu, "a"}})
		is(t, "of another tenant", fmt.Sprint(since, err), "map[] <nil>")
	})
}
