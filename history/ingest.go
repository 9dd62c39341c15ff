package history

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Scan is a finished scan; or the rerun of its failed cells, which is its next Run and has only these.
type Scan struct {
	Tenant, Job string
	Schedule    string // that it is a run of; empty is none
	Run         int64
	At          int64 // when the run began
	Accounts    []string
	// Cells are those of an account, each once.
	Cells func(account string) []Cell
	// Rows are those of a complete cell. Each is good until the next.
	Rows func(account string, c Cell) iter.Seq2[Row, error]
}

// Place is a region and a type: a cell of an account.
type Place struct {
	Region string
	Type   tracker.Type
}

// Cell is a place and how looking at it ended.
type Cell struct {
	Place
	Outcome tracker.Outcome
}

// superseded is the outcome of a cell that a newer scan, which is in already, has seen to its end.
const superseded tracker.Outcome = "superseded"

// Row is a resource as a scan saw it.
type Row struct {
	ID, State string
	Cost      *int64 // a month, in nano-dollars; nil is not known
	Hash      int64  // of all that counts as a change: not of what differs in every scan
	JSON      []byte
}

// Ingest brings a scan in, an account a transaction. Run again, or twice at once, it brings in what is not in.
// What was forgotten after the scan began stays out.
func (s *Store) Ingest(ctx context.Context, scan Scan) error {
	if gone, err := s.forgotten(ctx, s.reads, scan.Tenant, "", scan.At); err != nil || gone {
		return err
	}
	var id int64
	err := s.db.QueryRowContext(ctx, `INSERT INTO scan (tenant, job, run, at, schedule) VALUES ($1, $2, $3, $4, nullif($5, ''))
		ON CONFLICT (tenant, job, run) DO UPDATE SET at = scan.at RETURNING id`, scan.Tenant, scan.Job, scan.Run, scan.At, scan.Schedule).Scan(&id)
	if err != nil {
		return err
	}
	for _, account := range scan.Accounts {
		err := s.write(ctx, func(t *tx) error {
			in := &ingest{tx: t, Scan: scan, s: s, aws: account, rollup: map[int64]*total{}, trend: map[[2]string]*total{}}
			return in.account(id)
		})
		if err != nil {
			return fmt.Errorf("account %s: %w", account, err)
		}
	}
	_, err = s.db.ExecContext(ctx, `UPDATE scan SET done = 1 WHERE id = $1`, id)
	return err
}

// ingest is an account of a scan on its way in.
type ingest struct {
	*tx
	Scan
	s       *Store
	aws     string
	id      int64 // the account's
	changes []change
	ended   [][]any // cells that have changes, as they are now
	rollup  map[int64]*total
	trend   map[[2]string]*total
}

// cell is a cell that has held something.
type cell struct {
	Place
	id, digest, resources, issued int64
}

func (in *ingest) account(scan int64) error {
	if err := in.enter(in.Tenant); err != nil {
		return err
	}
	if gone, err := in.s.forgotten(in.ctx, in, in.Tenant, in.aws, in.At); err != nil || gone {
		return err
	}
	err := in.QueryRowContext(in.ctx, `INSERT INTO account (tenant, account) VALUES ($1, $2)
		ON CONFLICT (tenant, account) DO UPDATE SET account = excluded.account RETURNING id`, in.Tenant, in.aws).Scan(&in.id)
	if err != nil {
		return err
	}
	if err := in.lock(in.id); err != nil {
		return err
	}
	var done bool
	err = in.QueryRowContext(in.ctx, `SELECT count(*) > 0 FROM observation WHERE scan = $1 AND account = $2`, scan, in.id).Scan(&done)
	if err != nil || done {
		return err
	}
	newer, err := in.s.seen(in.ctx, in, `WHERE o.account = $1 AND o.at >= $2`, in.id, in.At)
	if err != nil {
		return err
	}
	cells := slices.Clone(in.Cells(in.aws))
	known, err := in.known(cells)
	if err != nil {
		return err
	}
	for i, c := range cells {
		k := known[c.Place]
		switch {
		case !c.Outcome.Complete(): // it changes nothing
		case newer.Last(tracker.Cell{AccountID: in.aws, Region: c.Region, Type: c.Type}) > 0: // neither does this: what a newer scan saw is in
			cells[i].Outcome = superseded
		case k != nil:
			if err := in.compare(k, in.Rows(in.aws, c)); err != nil {
				return fmt.Errorf("%s in %s: %w", c.Type, c.Region, err)
			}
		}
	}
	if err := in.apply(); err != nil {
		return err
	}
	coverage, err := in.s.cover(in.tx, cells)
	if err != nil {
		return err
	}
	if err := in.roll(); err != nil {
		return err
	}
	if slices.ContainsFunc(cells, func(c Cell) bool { return c.Outcome.Complete() || c.Outcome == superseded }) {
		if err := in.exec(`INSERT INTO looked (account, day) VALUES ($1, $2) ON CONFLICT DO NOTHING`, in.id, in.At/day); err != nil {
			return err
		}
	}
	return in.exec(`INSERT INTO observation (account, at, scan, coverage) VALUES ($1, $2, $3, $4)`, in.id, in.At, scan, coverage)
}

// known reads the account's cells that have ever held something, and adds those that now do.
func (in *ingest) known(scanned []Cell) (map[Place]*cell, error) {
	known := map[Place]*cell{}
	read := func() error {
		var c cell
		return each(in.ctx, in, `SELECT region, type, id, digest, resources, issued FROM cell WHERE account = $1`, []any{in.id},
			[]any{&c.Region, &c.Type, &c.id, &c.digest, &c.resources, &c.issued}, func() error {
				k := c
				known[c.Place] = &k
				return nil
			})
	}
	if err := read(); err != nil {
		return nil, err
	}
	var fresh [][]any
	for _, c := range scanned {
		if c.Outcome == tracker.OutcomeOK && known[c.Place] == nil {
			fresh = append(fresh, []any{in.id, c.Region, string(c.Type)})
		}
	}
	if len(fresh) == 0 {
		return known, nil
	}
	if err := in.insert("cell", "account, region, type", fresh); err != nil {
		return nil, err
	}
	return known, read()
}
