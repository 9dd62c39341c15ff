package history

import (
	"context"
	"fmt"
)

// Prune forgets versions that ended before a time, and the looks before it that nothing needs any more. What there
// is now stays, and so do the totals of days. Of each account it deletes a bounded number of rows a transaction.
func (s *Store) Prune(ctx context.Context, before int64) error {
	var accounts []int64
	var id int64
	err := each(ctx, s.reads, `SELECT id FROM account WHERE pruned < $1 ORDER BY id`, []any{before}, []any{&id}, func() error {
		accounts = append(accounts, id)
		return nil
	})
	for _, id := range accounts {
		if err == nil {
			err = s.prune(ctx, id, before)
		}
	}
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM export WHERE day < $1`, before/day)
	return err
}

// pruneRows is how many versions are deleted at once, so that no writer waits for long.
const pruneRows = 10_000

func (s *Store) prune(ctx context.Context, account, before int64) error {
	for {
		var deleted int64
		err := s.write(ctx, func(t *tx) error {
			if err := t.lock(account); err != nil {
				return err
			}
			r, err := t.ExecContext(ctx, fmt.Sprintf(`DELETE FROM version WHERE (resource, valid_from) IN (
				SELECT resource, valid_from FROM version WHERE account = $1 AND valid_to <= $2 AND valid_to < 9223372036854775807 LIMIT %d)`, pruneRows), account, before)
			if err != nil {
				return err
			}
			if deleted, err = r.RowsAffected(); err != nil || deleted == pruneRows {
				return err
			}
			// Of looks that went alike the newest before the time stays: it says since when a cell was not seen.
			for _, table := range []string{"observation", "evaluation"} {
				err = t.exec(`DELETE FROM `+table+` WHERE account = $1 AND at < $2 AND EXISTS (
					SELECT 1 FROM `+table+` n WHERE n.account = `+table+`.account AND n.coverage = `+table+`.coverage AND n.at > `+table+`.at AND n.at < $2)`, account, before)
				if err != nil {
					return err
				}
			}
			err = t.exec(`DELETE FROM resource WHERE hash IS NULL AND since <= $2 AND cell IN (SELECT id FROM cell WHERE account = $1)`, account, before)
			if err != nil {
				return err
			}
			return t.exec(`UPDATE account SET pruned = $1 WHERE id = $2`, before, account)
		})
		if err != nil || deleted < pruneRows {
			return err
		}
	}
}

// PruneFindings forgets findings that were resolved before a time, a bounded number a transaction.
func (s *Store) PruneFindings(ctx context.Context, before int64) error {
	for {
		r, err := s.db.ExecContext(ctx, fmt.Sprintf(`DELETE FROM finding WHERE id IN (SELECT id FROM finding WHERE resolved_at < $1 LIMIT %d)`, pruneRows), before)
		if err != nil {
			return err
		}
		if deleted, err := r.RowsAffected(); err != nil || deleted < pruneRows {
			return err
		}
	}
}

// Since is from when on the versions of a tenant are kept whole; 0 is from the beginning.
func (s *Store) Since(ctx context.Context, tenant string) (at int64, err error) {
	return at, s.reads.QueryRowContext(ctx, `SELECT coalesce(max(pruned), 0) FROM account WHERE tenant = $1`, tenant).Scan(&at)
}
