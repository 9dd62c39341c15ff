package history

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A findingsModel is findings over time in a few lines.
type findingsModel struct {
	looks     model
	decided   map[string]int64     // by "cell rule": when that was decided on last
	evaluated map[string]int64     // by account: the newest evaluation that decided on something
	known     map[string]*lifetime // by "cell rule id"
}

type lifetime struct {
	opened, seen, resolved, reopened, saving int64
	resolution                               string
	acknowledged                             bool
}

// gone is since when a resource is not in its cell any more; 0 is that it is there, or never was.
func (m findingsModel) gone(cell, id string) (at int64) {
	was := false
	for _, l := range m.looks[cell] {
		switch _, is := l.rows[id]; {
		case is:
			was, at = true, 0
		case was && at == 0:
			at = l.at
		}
	}
	return at
}

// take brings an evaluation in: what rules decided on, and what they found with its saving.
func (m findingsModel) take(at int64, accounts []string, decided map[string]bool, found map[string]int64) {
	for key, saving := range found {
		k := m.known[key]
		if m.decided[key[:strings.LastIndex(key, " ")]] >= at || k != nil && (k.seen > at || k.resolved > at) {
			continue // something newer is known
		}
		if k == nil {
			k = &lifetime{opened: at}
			m.known[key] = k
		}
		if k.resolved > 0 {
			*k = lifetime{opened: at, reopened: k.reopened + 1}
		}
		k.seen, k.saving = at, saving
	}
	for key, k := range m.known {
		f := strings.Fields(key)
		cell, of := strings.Join(f[:3], " "), strings.Join(f[:4], " ")
		if k.resolved > 0 || !slices.Contains(accounts, f[0]) {
			continue
		}
		if gone := m.gone(cell, f[4]); gone > k.seen {
			k.resolved, k.resolution = gone, Gone
		} else if decided[of] && at > k.seen && m.decided[of] < at {
			k.resolved, k.resolution = at, Repaired
		}
	}
	for of := range decided {
		if m.decided[of] < at {
			m.decided[of] = at
			m.evaluated[of[:1]] = max(m.evaluated[of[:1]], at)
		}
	}
}

// taking is a scan with its evaluation: as the store takes them in, and as the model does.
type taking struct {
	Scan
	Evaluation
	at      int64
	looks   map[string]map[string]string // by cell that was seen to its end
	decided map[string]bool
	found   map[string]int64
}

// randomTaking is a scan of random cells, of which some fail, with what two rules decide. In a cell that failed they find
// something too, in the resources that were read before, and decide on nothing.
func randomTaking(random *rand.Rand, tenant string, n int, at int64, cells []string) taking {
	t := taking{at: at, looks: map[string]map[string]string{}, decided: map[string]bool{}, found: map[string]int64{}}
	var seen, said strings.Builder
	for _, cell := range cells {
		rows, outcome := map[string]string{}, random.IntN(10)
		if outcome < 2 {
			continue
		}
		for id := range 4 {
			if random.IntN(4) > 0 {
				rows[strconv.Itoa(id)] = "on 1 x"
			}
		}
		if outcome < 5 {
			fmt.Fprintln(&seen, cell, tracker.OutcomeThrottled)
		} else {
			t.looks[cell] = rows
			fmt.Fprintln(&seen, cell, tracker.OutcomeOK)
			for _, id := range slices.Sorted(maps.Keys(rows)) {
				fmt.Fprintln(&seen, cell, "ok", id, rows[id])
			}
		}
		for _, rule := range []string{"idle", "old"} {
			if of := cell + " " + rule; outcome >= 5 && random.IntN(3) > 0 {
				t.decided[of] = true
				fmt.Fprintln(&said, of)
			}
			for _, id := range slices.Sorted(maps.Keys(rows)) {
				if random.IntN(2) == 0 {
					key := cell + " " + rule + " " + id
					t.found[key] = int64(random.IntN(9))
					fmt.Fprintln(&said, key, t.found[key])
				}
			}
		}
	}
	job := fmt.Sprint("job ", n)
	t.Scan, t.Evaluation = scan(job, 0, at, seen.String()), evaluation(job, 0, at, said.String())
	t.Scan.Tenant, t.Evaluation.Tenant, t.Evaluation.Accounts = tenant, tenant, t.Scan.Accounts
	return t
}

// TestFindingsModel brings scans of random estates and what was found in them in, in a random order, some twice, some
// evaluated after others came in. Findings are those of the model, and none is resolved by a cell that failed.
func TestFindingsModel(t *testing.T) {
	cells := []string{"1 eu vol", "1 us i", "2 eu vol"}
	engines(t, func(t *testing.T, s *Store) {
		t.Helper()
		for round := range 12 {
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 0))
			tenant := fmt.Sprint("tenant ", round)
			m := findingsModel{model{}, map[string]int64{}, map[string]int64{}, map[string]*lifetime{}}
			looked := map[string]bool{}
			var waiting []taking
			evaluate := func() {
				i := random.IntN(len(waiting))
				n := waiting[i]
				waiting = slices.Delete(waiting, i, i+1)
				s.evaluates(t, n.Evaluation)
				if random.IntN(4) == 0 {
					s.evaluates(t, n.Evaluation)
				}
				m.take(n.at, n.Scan.Accounts, n.decided, n.found)
			}
			for n, at := range random.Perm(14) {
				next := randomTaking(random, tenant, n, int64(at+1)*day, cells)
				s.must(t, next.Scan)
				for cell, rows := range next.looks {
					m.looks.take(cell, next.at, rows)
					looked[fmt.Sprint(cell, next.at)] = true
				}
				waiting = append(waiting, next)
				for len(waiting) > 0 && random.IntN(3) > 0 {
					evaluate()
				}
				m.acknowledge(t, s, tenant, random)
			}
			for len(waiting) > 0 {
				evaluate()
			}
			m.compare(t, s, tenant)
			for key, k := range m.known {
				if cell := strings.Join(strings.Fields(key)[:3], " "); k.resolved > 0 && !looked[fmt.Sprint(cell, k.resolved)] {
					t.Errorf("%s is resolved by a look that failed", key)
				}
			}
			if t.Failed() {
				t.Fatalf("with the seed %d", seed)
			}
		}
	})
}

// acknowledge acknowledges one of the findings, or none.
func (m findingsModel) acknowledge(t *testing.T, s *Store, tenant string, random *rand.Rand) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(m.known))
	if len(keys) == 0 {
		return
	}
	key := keys[random.IntN(len(keys))]
	ok, err := s.Acknowledge(t.Context(), tenant, findingOf(key), Acknowledgement{By: new("me"), Why: new("why"), At: new(int64(1))}, day)
	if k := m.known[key]; err != nil || ok != (k.resolved == 0) {
		t.Errorf("acknowledge %s: %v %v", key, ok, err)
	} else if ok {
		k.acknowledged = true
	}
}

// findingOf is the ID of a finding of the model.
func findingOf(key string) string {
	f := strings.Fields(key)
	return strings.Join([]string{f[3], f[0], f[1], f[2], f[4]}, "/")
}

// compare holds a store to the model: each finding, and the waste in the end.
func (m findingsModel) compare(t *testing.T, s *Store, tenant string) {
	t.Helper()
	want, got := map[string]lifetime{}, map[string]lifetime{}
	unconfirmed, waste := map[string]bool{}, [4]map[string]int64{{}, {}, {}, {}}
	for key, k := range m.known {
		f := strings.Fields(key)
		want[findingOf(key)] = *k
		if k.resolved == 0 && k.seen < m.evaluated[f[0]] {
			unconfirmed[findingOf(key)] = true
		}
		if k.resolved == 0 && !k.acknowledged && k.saving > 0 {
			for i, of := range f[:4] {
				waste[i][of] += k.saving
			}
		}
	}
	page, err := s.Findings(t.Context(), tenant, FindingQuery{Now: 99 * day}, "opened", false, Mark{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range page {
		k := lifetime{opened: f.Opened, seen: f.Seen, reopened: f.Reopened, saving: *f.Saving, acknowledged: f.Ack.At != nil}
		if f.ResolvedAt != nil {
			k.resolved, k.resolution = *f.ResolvedAt, *f.Resolution
		}
		got[f.ID] = k
		if f.Unconfirmed != unconfirmed[f.ID] {
			t.Errorf("%s is unconfirmed: %v", f.ID, f.Unconfirmed)
		}
	}
	for id := range want {
		if got[id] != want[id] {
			t.Errorf("%s:\n got %+v\nwant %+v", id, got[id], want[id])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d findings, want %d", len(got), len(want))
	}
	for i, dimension := range []string{"account", "region", "type", "rule"} {
		days, err := s.Trend(t.Context(), tenant, "saving "+dimension, 14, 14)
		if err != nil {
			t.Fatal(err)
		}
		sums := map[string]int64{}
		for _, d := range days {
			if d.Cost != 0 {
				sums[d.Key] = d.Cost
			}
		}
		if !maps.Equal(sums, waste[i]) {
			t.Errorf("waste by %s: %v, want %v", dimension, sums, waste[i])
		}
	}
}
