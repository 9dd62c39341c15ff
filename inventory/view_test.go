package inventory_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/history/historytest"
	"github.com/consolesensei/resource-tracker/inventory"
	"github.com/consolesensei/resource-tracker/tracker"
)

// viewed is a look at a cell: what was there, or how it failed.
type viewed struct {
	outcome tracker.Outcome
	found   []tracker.Resource
}

// viewScan is a scan of what was looked at.
func viewScan(tenant, job string, at time.Time, looks map[tracker.Cell]viewed) history.Scan {
	var accounts []string
	for c := range looks {
		if !slices.Contains(accounts, c.AccountID) {
			accounts = append(accounts, c.AccountID)
		}
	}
	slices.Sort(accounts)
	return history.Scan{
		Tenant: tenant, Job: job, At: at.UnixMilli(), Accounts: accounts,
		Cells: func(account string) (cells []history.Cell) {
			for c, l := range looks {
				if c.AccountID == account {
					cells = append(cells, history.Cell{Place: history.Place{Region: c.Region, Type: c.Type}, Outcome: l.outcome})
				}
			}
			return cells
		},
		Rows: func(account string, c history.Cell) iter.Seq2[history.Row, error] {
			return func(yield func(history.Row, error) bool) {
				for _, r := range looks[tracker.Cell{AccountID: account, Region: c.Region, Type: c.Type}].found {
					b, err := json.Marshal(r)
					row := history.Row{ID: r.ID, State: r.State, Hash: int64(xxhash.Sum64(b)), JSON: b}
					if r.MonthlyCost != nil {
						row.Cost = new(int64(*r.MonthlyCost))
					}
					if !yield(row, err) {
						return
					}
				}
			}
		},
	}
}

// viewEngines runs a test on both engines.
func viewEngines(t *testing.T, f func(t *testing.T, h *history.Store)) {
	t.Helper()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "h.sqlite"), "postgres": historytest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, err := history.Open(t.Context(), history.Options{URL: url, Migrate: true, Dictionary: []byte(`{"resource_id":"i"}`)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := h.Close(); err != nil {
					t.Error(err)
				}
			})
			f(t, h)
		})
	}
}

// viewModel is an inventory in a few lines: of each cell the looks at it, the oldest first.
type viewModel map[tracker.Cell][]struct {
	at time.Time
	viewed
}

// fact is a resource of the model with what is known of it.
type fact struct {
	tracker.Resource
	order              string // of its number, as far as a model knows: by cell
	first, since, seen time.Time
	stale              bool
}

// at is what was there.
func (m viewModel) at(when time.Time, maxAge time.Duration) (all []fact) {
	for cell, looks := range m {
		facts, first, since := []fact{}, map[string]time.Time{}, map[string]time.Time{}
		states, stale, seen := map[string]string{}, true, time.Time{}
		for _, l := range looks {
			if l.at.After(when) {
				continue
			}
			if stale = !l.outcome.Complete(); stale {
				continue
			}
			facts, seen = facts[:0], l.at
			now := map[string]string{}
			for _, r := range l.found {
				if first[r.ID].IsZero() {
					first[r.ID] = l.at
				}
				if state, was := states[r.ID]; !was || state != r.State {
					since[r.ID] = l.at
				}
				now[r.ID] = r.State
				facts = append(facts, fact{Resource: r, order: cell.ID()})
			}
			states = now
		}
		for _, f := range facts {
			f.first, f.since, f.seen, f.stale = first[f.ID], since[f.ID], seen, stale || seen.Before(when.Add(-maxAge))
			all = append(all, f)
		}
	}
	return all
}

// compare orders facts as an inventory is sorted, without what resources' numbers add.
func (f fact) compare(g fact, field string) int {
	down := strings.HasPrefix(field, "-")
	field = strings.TrimPrefix(field, "-")
	sign := 1
	if down {
		sign = -1
	}
	unknown := func(a, b bool) int { // what is not known comes last, up and down
		switch {
		case a == b:
			return 0
		case a:
			return 1
		}
		return -1
	}
	switch field {
	case "cost":
		if f.MonthlyCost == nil || g.MonthlyCost == nil {
			return unknown(f.MonthlyCost == nil, g.MonthlyCost == nil)
		}
		return sign * cmp.Compare(*f.MonthlyCost, *g.MonthlyCost)
	case "name":
		if f.Name == nil || g.Name == nil {
			return unknown(f.Name == nil, g.Name == nil)
		}
		return sign * cmp.Compare(*f.Name, *g.Name)
	case "created", "age":
		if f.Created == nil || g.Created == nil {
			return unknown(f.Created == nil, g.Created == nil)
		}
		if field == "age" {
			sign = -sign
		}
		return sign * f.Created.Compare(*g.Created)
	case "first_seen":
		return sign * f.first.Compare(g.first)
	case "state_since":
		return sign * f.since.Compare(g.since)
	}
	of := func(f fact) string {
		return map[string]string{"type": string(f.Type), "region": f.Region, "account": f.AccountID, "state": f.State, "id": f.ID}[field]
	}
	return sign * cmp.Compare(of(f), of(g))
}

var viewCells = []tracker.Cell{
	{AccountID: "111111111111", Region: "eu-west-1", Type: "EC2_Instance"},
	{AccountID: "111111111111", Region: "us-east-1", Type: "EC2_Instance"},
	{AccountID: "111111111111", Region: "eu-west-1", Type: "EBS_Volume"},
	{AccountID: "111111111111", Region: tracker.Global, Type: "S3_Bucket"},
	{AccountID: "222222222222", Region: "eu-west-1", Type: "EC2_Instance"},
	{AccountID: "222222222222", Region: tracker.Global, Type: "S3_Bucket"},
}

var viewFilters = []string{
	``, `type:EBS_Volume`, `type:EC2_Instance state:off`, `account:222222222222`, `region:us-east-1`, `-type:EC2_Instance`, `type:EC2*`, `tag:team=x or cost>2`,
	`(account:111111111111 type:S3_Bucket) or (account:222222222222 type:EC2_Instance)`, `age>40d`, `cost:unknown`, `-tag:team`, `type:EBS_Volume type:S3_Bucket`, `id:nothing`,
}

// aView is a random resource of a cell.
func aView(random *rand.Rand, c tracker.Cell, id int, epoch time.Time) tracker.Resource {
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	r := tracker.Resource{
		ID: fmt.Sprint("id-", id), Name: tracker.Named(pick("", "Ä", "a", "b", strings.Repeat("long", 20))), Type: c.Type, AccountID: c.AccountID, Region: c.Region,
		State: pick("on", "off", ""), Tags: map[string]string{}, Metadata: tracker.Metadata{},
	}
	if c.Region == tracker.Global {
		r.Region = pick("eu-west-1", "us-east-1")
	}
	if team := pick("", "x", "y"); team != "" {
		r.Tags["team"] = team
	}
	if n := random.IntN(4); n > 0 {
		r.MonthlyCost = new(tracker.Money(n) * tracker.Dollar)
	}
	if n := random.IntN(4); n > 0 {
		r.Created = new(epoch.AddDate(0, 0, -15*n))
	}
	return r
}

// TestViewModel brings in scans of random estates, of random cells of which some fail. Filters, orders and pages of
// what was there at any time, what is known of it, and what is counted are those of the model.
func TestViewModel(t *testing.T) {
	epoch := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	viewEngines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		kept := inventory.NewKept(3, 5) // less than most listings have
		for round := range 5 {
			seed := rand.Uint64()
			random := rand.New(rand.NewPCG(seed, 0))
			m, tenant := viewModel{}, fmt.Sprint("tenant ", round)
			for n := range 5 {
				at := epoch.AddDate(0, 0, n)
				looks := map[tracker.Cell]viewed{}
				for _, c := range viewCells {
					switch random.IntN(6) {
					case 0: // not asked for
						continue
					case 1:
						looks[c] = viewed{outcome: tracker.OutcomeDenied}
					default:
						l := viewed{outcome: tracker.OutcomeOK}
						for id := range 6 {
							if random.IntN(3) > 0 {
								l.found = append(l.found, aView(random, c, id, epoch))
							}
						}
						looks[c] = l
					}
					m[c] = append(m[c], struct {
						at time.Time
						viewed
					}{at, looks[c]})
				}
				if err := h.Ingest(t.Context(), viewScan(tenant, fmt.Sprint("job ", n), at, looks)); err != nil {
					t.Fatal(err)
				}
			}
			for range 25 {
				v := inventory.View{
					History: h, Tenant: tenant, At: epoch.Add(time.Duration(random.IntN(6*24)) * time.Hour), MaxAge: 36 * time.Hour,
					Service: func(t tracker.Type) string { return string(t[:2]) },
					Kept:    []*inventory.Kept{nil, kept}[random.IntN(2)],
				}
				query := viewFilters[random.IntN(len(viewFilters))]
				var err error
				if v.Filter, err = filter.Parse(query); err != nil {
					t.Fatal(err)
				}
				var sort []string
				for _, i := range random.Perm(len(inventory.Sorts))[:random.IntN(3)] {
					sort = append(sort, []string{"", "-"}[random.IntN(2)]+inventory.Sorts[i])
				}
				compareView(t, v, m, strings.Join(sort, ","), 1+random.IntN(7))
				if t.Failed() {
					t.Fatalf("%q as of %s, sorted by %v, with the seed %d", query, v.At, sort, seed)
				}
			}
		}
	})
}

// compareView holds pages, an export, counts and the coverage of a view to the model.
func compareView(t *testing.T, v inventory.View, m viewModel, sort string, limit int) {
	t.Helper()
	want := slices.DeleteFunc(m.at(v.At, v.MaxAge), func(f fact) bool { return !v.Filter.At(v.At).Match(&f.Resource) })
	compare := func(a, b fact) int {
		for field := range strings.SplitSeq(sort, ",") {
			if c := a.compare(b, field); c != 0 && sort != "" {
				return c
			}
		}
		return 0
	}
	slices.SortStableFunc(want, compare)
	order, err := inventory.ParseOrder(sort)
	if err != nil {
		t.Fatal(err)
	}
	var paged, exported []string
	for cursor := ""; ; {
		p, err := v.Page(t.Context(), cursor, order, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			paged = append(paged, string(r))
		}
		if cursor = p.Next; cursor == "" {
			break
		}
		if len(p.Rows) != limit {
			t.Errorf("a page of %d rows, which is not the last", len(p.Rows))
		}
	}
	err = v.Each(t.Context(), order, func(row []byte) error {
		exported = append(exported, string(row))
		return nil
	})
	if diff := gocmp.Diff(paged, exported); diff != "" || err != nil {
		t.Errorf("%v: pages and the export differ:\n%s", err, diff)
	}
	// Of equals the model does not know the numbers: the order is compared by what is sorted by, the rows as a set.
	var got []fact
	for _, row := range paged {
		var r struct {
			tracker.Resource
			inventory.Known
		}
		if err := json.Unmarshal([]byte(row), &r); err != nil {
			t.Fatal(err)
		}
		got = append(got, fact{Resource: r.Resource, first: *r.FirstSeen, since: *r.StateSince, seen: *r.SeenAt, stale: r.Stale})
	}
	if !slices.IsSortedFunc(got, compare) {
		t.Error("not in order")
	}
	texts := func(all []fact) (lines []string) {
		for _, f := range all {
			b, _ := json.Marshal(f.Resource)
			lines = append(lines, fmt.Sprint(string(b), f.first.Unix(), f.since.Unix(), f.seen.Unix(), f.stale))
		}
		slices.Sort(lines)
		return lines
	}
	if diff := gocmp.Diff(texts(want), texts(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	compareCounts(t, v, want)
	compareCoverage(t, v, m)
}

func compareCounts(t *testing.T, v inventory.View, want []fact) {
	t.Helper()
	sets := [][]inventory.Dimension{{"state"}, {"account", "tag:team"}, {"service", "region", "basis"}}
	sums, err := v.Sum(t.Context(), sets, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, set := range sets {
		wanted, got := map[string]inventory.Count{}, map[string]inventory.Count{}
		for _, f := range want {
			var name []string
			for _, d := range set {
				part := map[inventory.Dimension]string{
					"state": f.State, "account": f.AccountID, "tag:team": f.Tags["team"], "service": string(f.Type[:2]), "region": f.Region, "basis": "unknown",
				}[d]
				name = append(name, part)
			}
			c := wanted[fmt.Sprint(name)]
			if c.Resources++; f.MonthlyCost == nil {
				c.Unknown++
			} else {
				c.Total += *f.MonthlyCost
			}
			wanted[fmt.Sprint(name)] = c
		}
		for _, g := range sums.Sets[i].Groups {
			var name []string
			for _, k := range g.Keys {
				name = append(name, *cmp.Or(k, new("")))
			}
			got[fmt.Sprint(name)] = g.Count
		}
		if diff := gocmp.Diff(wanted, got); diff != "" || sums.Total.Resources != len(want) {
			t.Errorf("by %v: %d in all (-want +got):\n%s", set, sums.Total.Resources, diff)
		}
	}
	tags, err := v.Tags(t.Context(), 10)
	tagged := len(slices.DeleteFunc(slices.Clone(want), func(f fact) bool { return len(f.Tags) == 0 }))
	if err != nil || tags.Resources != len(want) || tags.Untagged != len(want)-tagged || tagged > 0 && (tags.Keys[0].Key != "team" || tags.Keys[0].Resources != tagged) {
		t.Errorf("tags: %v %+v", err, tags)
	}
}

func compareCoverage(t *testing.T, v inventory.View, m viewModel) {
	t.Helper()
	var want inventory.Coverage
	for c, looks := range m {
		var last, good time.Time
		ok := false
		for _, l := range looks {
			if l.at.After(v.At) {
				continue
			}
			if last, ok = l.at, l.outcome.Complete(); ok {
				good = l.at
			}
		}
		if last.IsZero() || !c.MayHold(v.Filter) {
			continue
		}
		switch want.Cells++; {
		case good.IsZero():
			want.Unknown++
		case !ok || good.Before(v.At.Add(-v.MaxAge)):
			want.Stale++
		default:
			want.Good++
		}
	}
	got, err := v.Coverage(t.Context())
	if err != nil || got.Cells != want.Cells || got.Good != want.Good || got.Stale != want.Stale || got.Unknown != want.Unknown || len(got.Worst) != want.Stale+want.Unknown {
		t.Errorf("coverage: %v\n got %+v\nwant %+v", err, got, want)
	}
	var after tracker.Cell
	var listed []inventory.KnownCell
	for {
		page, more, err := v.Cells(t.Context(), after, 2, inventory.Stale, inventory.Unknown)
		if err != nil {
			t.Fatal(err)
		}
		if listed = append(listed, page...); !more {
			break
		}
		after = page[len(page)-1].Cell
	}
	slices.SortFunc(got.Worst, func(a, b inventory.KnownCell) int { return tracker.CompareCells(a.Cell, b.Cell) })
	if diff := gocmp.Diff(got.Worst, listed); diff != "" && len(listed)+len(got.Worst) > 0 {
		t.Errorf("the worst and those that are listed differ:\n%s", diff)
	}
}

func TestCursor(t *testing.T) {
	viewEngines(t, func(t *testing.T, h *history.Store) {
		t.Helper()
		at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		c := viewCells[0]
		looks := map[tracker.Cell]viewed{c: {outcome: tracker.OutcomeOK}}
		random := rand.New(rand.NewPCG(1, 1))
		for id := range 9 {
			looks[c] = viewed{tracker.OutcomeOK, append(looks[c].found, aView(random, c, id, at))}
		}
		if err := h.Ingest(t.Context(), viewScan("t", "j", at, looks)); err != nil {
			t.Fatal(err)
		}
		v := inventory.View{History: h, Tenant: "t", At: at.Add(time.Hour), MaxAge: time.Hour}
		first, err := v.Page(t.Context(), "", nil, 4)
		if err != nil || first.Next == "" {
			t.Fatal(first, err)
		}
		// All of it goes; the pages of the listing stay of their moment.
		if err := h.Ingest(t.Context(), viewScan("t", "k", at.Add(2*time.Hour), map[tracker.Cell]viewed{c: {outcome: tracker.OutcomeEmpty}})); err != nil {
			t.Fatal(err)
		}
		v.At = at.Add(3 * time.Hour)
		if p, err := v.Page(t.Context(), first.Next, nil, 9); err != nil || len(p.Rows) != 5 || !p.At.Equal(at.Add(time.Hour)) {
			t.Errorf("%v %d rows as of %s", err, len(p.Rows), p.At)
		}
		order, _ := inventory.ParseOrder("cost")
		for _, cursor := range []string{"x", "e30", first.Next[1:]} {
			if _, err := v.Page(t.Context(), cursor, nil, 9); !errors.Is(err, inventory.ErrCursor) {
				t.Errorf("%q: %v", cursor, err)
			}
		}
		if _, err := v.Page(t.Context(), first.Next, order, 9); !errors.Is(err, inventory.ErrCursor) {
			t.Error("of another order:", err)
		}
		v.Tenant, v.At = "another", at.Add(time.Hour)
		if p, err := v.Page(t.Context(), first.Next, nil, 9); err != nil || len(p.Rows) != 0 {
			t.Errorf("of another tenant: %v %v", p, err)
		}
	})
}

func TestParseOrder(t *testing.T) {
	for _, text := range []string{"", "-cost,name", " cost , -age"} {
		want := strings.ReplaceAll(text, " ", "")
		if o, err := inventory.ParseOrder(text); err != nil || o.String() != want {
			t.Errorf("%q: %v %v", text, o, err)
		}
	}
	for _, text := range []string{"size", "cost,-cost", "cost,", "--cost", "cost,name,type,region,state"} {
		if o, err := inventory.ParseOrder(text); err == nil {
			t.Errorf("%q: %v", text, o)
		}
	}
}
