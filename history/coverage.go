package history

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/consolesensei/resource-tracker/tracker"
)

// cover stores how looking at cells ended. Scans that went alike share it.
func (s *Store) cover(t *tx, cells []Cell) (int64, error) {
	regions := map[string]map[tracker.Outcome][]tracker.Type{}
	for _, c := range cells {
		outcome := c.Outcome
		if outcome == tracker.OutcomeEmpty { // the resources tell
			outcome = tracker.OutcomeOK
		}
		if regions[c.Region] == nil {
			regions[c.Region] = map[tracker.Outcome][]tracker.Type{}
		}
		regions[c.Region][outcome] = append(regions[c.Region][outcome], c.Type)
	}
	for _, outcomes := range regions { // the order of cells makes no other coverage
		for _, types := range outcomes {
			slices.Sort(types)
		}
	}
	b, err := json.Marshal(regions)
	if err != nil {
		return 0, err
	}
	return hash(b), t.exec(`INSERT INTO coverage (hash, cells) VALUES ($1, $2) ON CONFLICT DO NOTHING`, hash(b), s.enc.EncodeAll(b, nil))
}

// Seen is how looking at the cells of each account ended, the newest look first. Of looks that went alike it has
// the newest.
type Seen map[string][]look

type look struct {
	at, coverage int64
	cells        map[Place]tracker.Outcome
}

// Last is when a cell was last seen to its end; 0 is never.
func (s Seen) Last(c tracker.Cell) int64 {
	for _, l := range s[c.AccountID] {
		if o, looked := l.cells[Place{c.Region, c.Type}]; looked && o.Complete() {
			return l.at
		}
	}
	return 0
}

// Reading is what is known of one cell; of one that was never looked at nothing is.
func (s Seen) Reading(c tracker.Cell) Reading {
	r := Reading{Cell: c, Seen: s.Last(c)}
	for _, l := range s[c.AccountID] {
		if o, looked := l.cells[Place{c.Region, c.Type}]; looked {
			r.Looked, r.Outcome = l.at, o
			break
		}
	}
	return r
}

// Reading is what is known of a cell: when it was last seen to its end, and how the last look at it ended.
type Reading struct {
	tracker.Cell
	Seen    int64 // 0: never
	Looked  int64
	Outcome tracker.Outcome // of the last look; empty and ok are ok
}

// Readings are what is known of every cell that was ever looked at, in the order of accounts, regions and types.
func (s Seen) Readings() []Reading {
	var all []Reading
	for accounts, readings := range s.Alike() {
		for _, account := range accounts {
			for _, r := range readings {
				r.AccountID = account
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, func(a, b Reading) int { return tracker.CompareCells(a.Cell, b.Cell) })
	return all
}

// Alike yields accounts whose cells are known alike, as those of an organisation that is scanned as a whole mostly
// are, with what is known of the cells of each, in the order of regions and types.
func (s Seen) Alike() iter.Seq2[[]string, []Reading] {
	groups := map[string][]string{}
	var key []byte
	for _, account := range slices.Sorted(maps.Keys(s)) {
		key = key[:0]
		for _, l := range s[account] {
			key = binary.AppendVarint(binary.AppendVarint(key, l.at), l.coverage)
		}
		groups[string(key)] = append(groups[string(key)], account)
	}
	return func(yield func([]string, []Reading) bool) {
		for _, key := range slices.Sorted(maps.Keys(groups)) {
			if accounts := groups[key]; !yield(accounts, readings(s[accounts[0]])) {
				return
			}
		}
	}
}

func readings(looks []look) []Reading {
	cells := map[Place]*Reading{}
	for _, l := range looks {
		for p, o := range l.cells {
			r := cells[p]
			if r == nil {
				r = &Reading{Cell: tracker.Cell{Region: p.Region, Type: p.Type}, Looked: l.at, Outcome: o}
				cells[p] = r
			}
			if r.Seen == 0 && o.Complete() {
				r.Seen = l.at
			}
		}
	}
	all := make([]Reading, 0, len(cells))
	for _, r := range cells {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b Reading) int { return tracker.CompareCells(a.Cell, b.Cell) })
	return all
}

// Count counts the cells that were ever looked at: stale are those whose last look was not to the end, and never of
// these those that no look saw to its end. It holds the cells of one account.
func (s Seen) Count() (cells, stale, never int) {
	for _, looks := range s {
		of := Seen{"": looks}
		for _, r := range of.Readings() {
			cells++
			if !r.Outcome.Complete() {
				stale++
			}
			if r.Seen == 0 {
				never++
			}
		}
	}
	return cells, stale, never
}

// SeenBy is what a scan saw, in whichever of its runs.
func (s *Store) SeenBy(ctx context.Context, tenant, job string) (Seen, error) {
	return s.seen(ctx, s.reads, `JOIN scan n ON n.id = o.scan WHERE n.tenant = $1 AND n.job = $2`, tenant, job)
}

// SeenByRun is what one run of a scan saw. Where it is the retry of a run that was not in to its end, it is what both saw.
func (s *Store) SeenByRun(ctx context.Context, tenant string, r Scanned) (Seen, error) {
	return s.seen(ctx, s.reads, `JOIN scan n ON n.id = o.scan WHERE n.tenant = $1 AND n.job = $2 AND n.run <= $3 AND o.at >= $4`, tenant, r.Job, r.Run, r.At)
}

// SeenBySchedule is what the runs of a schedule together had seen before a time, as far as the versions of then are kept.
func (s *Store) SeenBySchedule(ctx context.Context, tenant, schedule string, before int64) (Seen, error) {
	return s.seen(ctx, s.reads, `JOIN scan n ON n.id = o.scan WHERE n.tenant = $1 AND n.schedule = $2 AND o.at < $3 AND o.at >= a.pruned`, tenant, schedule, before)
}

// SeenAt is what had been seen at a time: of all accounts, or of those that are named.
func (s *Store) SeenAt(ctx context.Context, tenant string, at int64, accounts ...string) (Seen, error) {
	where, args := Cells{Accounts: accounts}.where([]any{tenant, at})
	return s.seen(ctx, s.reads, `WHERE a.tenant = $1 AND o.at <= $2`+where, args...)
}

// Newest is when the newest of the looks was; 0 where there is none.
func (s Seen) Newest() (at int64) {
	for _, looks := range s {
		at = max(at, looks[0].at)
	}
	return at
}

// Begin is from when on a tenant's history can be asked: its first scan, or what is kept since; 0 where no scan is in.
func (s *Store) Begin(ctx context.Context, tenant string) (at int64, err error) {
	return at, s.reads.QueryRowContext(ctx, `SELECT coalesce(min(CASE WHEN first < pruned THEN pruned ELSE first END), 0) FROM (
		SELECT a.pruned, (SELECT min(o.at) FROM observation o WHERE o.account = a.id) AS first FROM account a WHERE a.tenant = $1) AS begun`, tenant).Scan(&at)
}

// Accounts lists the accounts of a tenant that a scan has ever looked at, in order.
func (s *Store) Accounts(ctx context.Context, tenant string) (all []string, err error) {
	var account string
	return all, each(ctx, s.reads, `SELECT account FROM account WHERE tenant = $1 ORDER BY account`, []any{tenant}, []any{&account}, func() error {
		all = append(all, account)
		return nil
	})
}

func (s *Store) seen(ctx context.Context, q querier, where string, args ...any) (Seen, error) {
	return s.looks(ctx, q, "observation", where, args...)
}

// looks reads looks from the table of observations, or from that of evaluations.
func (s *Store) looks(ctx context.Context, q querier, table, where string, args ...any) (Seen, error) {
	seen, coverages := Seen{}, map[int64]map[Place]tracker.Outcome{} // few: most looks share one
	var account string
	var at, id int64
	err := each(ctx, q, `SELECT a.account, o.coverage, max(o.at) AS newest FROM `+table+` o JOIN account a ON a.id = o.account `+where+`
		GROUP BY a.account, o.coverage ORDER BY newest DESC`, args, []any{&account, &id, &at}, func() error {
		if coverages[id] == nil {
			coverages[id] = map[Place]tracker.Outcome{}
		}
		seen[account] = append(seen[account], look{at, id, coverages[id]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	var body []byte
	return seen, each(ctx, q, `SELECT hash, cells FROM coverage WHERE `+s.in("hash", "$1"), []any{s.of(slices.Collect(maps.Keys(coverages)))}, []any{&id, &body}, func() error {
		b, err := s.decode(ctx, body)
		if err != nil {
			return err
		}
		var regions map[string]map[tracker.Outcome][]tracker.Type
		if err := json.Unmarshal(b, &regions); err != nil {
			return err
		}
		for region, outcomes := range regions {
			for outcome, types := range outcomes {
				for _, t := range types {
					coverages[id][Place{region, t}] = outcome
				}
			}
		}
		return nil
	})
}

// Scanned is a scan that is in.
type Scanned struct {
	Job      string
	Run, At  int64
	Schedule string // that it is a run of; empty is none
}

// Runs lists the runs of a scan that are in, or on their way in, the first one first.
func (s *Store) Runs(ctx context.Context, tenant, job string) (all []Scanned, err error) {
	n := Scanned{Job: job}
	return all, each(ctx, s.reads, `SELECT run, at, coalesce(schedule, '') FROM scan WHERE tenant = $1 AND job = $2 ORDER BY run`,
		[]any{tenant, job}, []any{&n.Run, &n.At, &n.Schedule}, func() error {
			all = append(all, n)
			return nil
		})
}

// Scans lists the scans of a tenant that are in to their end and began before a time, the newest first.
func (s *Store) Scans(ctx context.Context, tenant string, before int64, limit int) (all []Scanned, err error) {
	var n Scanned
	return all, each(ctx, s.reads, `SELECT job, run, at, coalesce(schedule, '') FROM scan WHERE tenant = $1 AND at < $2 AND done IS NOT NULL ORDER BY at DESC, job, run DESC LIMIT `+strconv.Itoa(limit),
		[]any{tenant, before}, []any{&n.Job, &n.Run, &n.At, &n.Schedule}, func() error {
			all = append(all, n)
			return nil
		})
}

// Resources is how many resources a tenant has now.
func (s *Store) Resources(ctx context.Context, tenant string) (n int, err error) {
	return n, s.reads.QueryRowContext(ctx, `SELECT coalesce(sum(c.resources), 0) FROM cell c JOIN account a ON a.id = c.account WHERE a.tenant = $1`, tenant).Scan(&n)
}
