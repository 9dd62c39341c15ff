package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Export is a day of a tenant that is to be written out.
type Export struct {
	Tenant string
	Day    int64 // since 1970
	scans  int64
}

// exportWeek is how many days of scans an export depends on: one of them that comes in later has it made again.
const exportWeek = 7

// ClaimExport claims a day that has ended before a time, is of the given number of days before it, and was not
// written out since all scans of its week are in: the oldest, and until another time. ok is false where there is none.
func (s *Store) ClaimExport(ctx context.Context, now, until int64, days int) (e Export, ok bool, err error) {
	open, err := s.exports(ctx, now, int64(days))
	for _, e := range open {
		var claimed int64
		err := s.db.QueryRowContext(ctx, `INSERT INTO export (tenant, day, scans, claimed) VALUES ($1, $2, 0, $3)
			ON CONFLICT (tenant, day) DO UPDATE SET claimed = excluded.claimed WHERE export.claimed < $4 RETURNING claimed`, e.Tenant, e.Day, until, now).Scan(&claimed)
		if errors.Is(err, sql.ErrNoRows) { // somebody else was first
			continue
		}
		return e, err == nil, err
	}
	return Export{}, false, err
}

// exports lists what is to be written out and by nobody claimed.
func (s *Store) exports(ctx context.Context, now, days int64) (open []Export, err error) {
	type key struct {
		tenant string
		day    int64
	}
	today := now / day
	scans, first := map[key]int64{}, map[string]int64{}
	fresh := map[string]bool{} // tenants whose first scan is among those that are counted
	var tenants []string
	var k key
	var n int64
	oldest := (today - days - exportWeek) * day
	var before bool
	// Of days before that which was pruned last, versions lack.
	err = each(ctx, s.reads, `SELECT a.tenant, max(a.pruned), EXISTS (SELECT 1 FROM scan n WHERE n.tenant = a.tenant AND n.done IS NOT NULL AND n.at < $1) FROM account a GROUP BY a.tenant ORDER BY a.tenant`,
		[]any{oldest}, []any{&k.tenant, &n, &before}, func() error {
			if first[k.tenant] = max(today-days, (n+day-1)/day); !before {
				fresh[k.tenant] = true
			}
			tenants = append(tenants, k.tenant)
			return nil
		})
	if err != nil {
		return nil, err
	}
	err = each(ctx, s.reads, `SELECT tenant, at / 86400000 AS d, count(*) FROM scan WHERE done IS NOT NULL AND at >= $1 GROUP BY tenant, d ORDER BY tenant, d`, []any{oldest},
		[]any{&k.tenant, &k.day, &n}, func() error {
			if fresh[k.tenant] {
				first[k.tenant] = max(first[k.tenant], k.day)
				delete(fresh, k.tenant)
			}
			scans[k] = n
			return nil
		})
	if err != nil {
		return nil, err
	}
	type state struct{ scans, claimed int64 }
	known := map[key]state{}
	var st state
	err = each(ctx, s.reads, `SELECT tenant, day, CASE WHEN done IS NULL THEN 0 ELSE scans END, claimed FROM export WHERE day >= $1`, []any{today - days},
		[]any{&k.tenant, &k.day, &st.scans, &st.claimed}, func() error {
			known[k] = st
			return nil
		})
	for _, tenant := range tenants {
		if fresh[tenant] { // it has no scan
			continue
		}
		for d := first[tenant]; d < today; d++ {
			e := Export{Tenant: tenant, Day: d}
			for back := range int64(exportWeek) {
				e.scans += scans[key{tenant, d - back}]
			}
			was, is := known[key{tenant, d}]
			// The last day of a longer pause has no scan in its week.
			if !is || was.claimed < now && was.scans != max(e.scans, 1) {
				open = append(open, e)
			}
		}
	}
	return open, err
}

// RenewExport has a claim last until another time.
func (s *Store) RenewExport(ctx context.Context, e Export, until int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE export SET claimed = $1 WHERE tenant = $2 AND day = $3`, until, e.Tenant, e.Day)
	return err
}

// Exported notes that a day was written out as it was when it was claimed.
func (s *Store) Exported(ctx context.Context, e Export, now int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE export SET scans = $1, done = $2, claimed = 0 WHERE tenant = $3 AND day = $4`, max(e.scans, 1), now, e.Tenant, e.Day)
	return err
}

// Cell is the number of the cell that the resource is in.
func (v Version) Cell() int64 { return v.Resource >> cellBits }

// CellsOf are the cells of an account that have ever held something, by their numbers.
func (s *Store) CellsOf(ctx context.Context, tenant, account string) (map[int64]tracker.Cell, error) {
	all, c := map[int64]tracker.Cell{}, tracker.Cell{AccountID: account}
	var id int64
	return all, each(ctx, s.reads, `SELECT c.id, c.region, c.type FROM cell c JOIN account a ON a.id = c.account WHERE a.tenant = $1 AND a.account = $2`,
		[]any{tenant, account}, []any{&id, &c.Region, &c.Type}, func() error {
			all[id] = c
			return nil
		})
}

// FirstSeen adds to first when resources of a cell, named as AWS does, were first seen. Those that were gone for longer
// than versions are kept are not in it.
func (s *Store) FirstSeen(ctx context.Context, cell int64, names []string, first map[int64]int64) error {
	var id, at int64
	return each(ctx, s.reads, `SELECT id, first_seen FROM resource WHERE `+s.in("rid", "$1")+` AND cell = $2`, []any{s.ofTexts(names), cell}, []any{&id, &at}, func() error {
		first[id] = at
		return nil
	})
}

// Changed calls f with the versions of an account that began or ended from one time to before another, in the order
// of resources and of time.
func (s *Store) Changed(ctx context.Context, tenant, account string, from, to int64, f func(Version) error) error {
	const mine = `v.account = (SELECT id FROM account WHERE tenant = $1 AND account = $2)`
	var v Version
	query := fmt.Sprintf(`SELECT %[1]s FROM version v WHERE %[2]s AND v.valid_from >= $3 AND v.valid_from < $4
		UNION ALL SELECT %[1]s FROM version v WHERE %[2]s AND v.valid_to >= $3 AND v.valid_to < $4 AND v.valid_to < 9223372036854775807 AND v.valid_from < $3
		ORDER BY 1, 2`, columns, mine)
	return each(ctx, s.reads, query, []any{tenant, account, from, to}, v.fields(), func() (err error) {
		if v.JSON, err = s.decode(ctx, v.body); err != nil {
			return err
		}
		return f(v)
	})
}
