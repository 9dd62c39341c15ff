package history

import (
	"context"
	"fmt"
)

// Fold puts what days before a day have changed together on that day: the totals of it and of later days are as
// before, and those of earlier days are gone, as is that somebody looked on them. Run twice, the second does nothing.
func (s *Store) Fold(ctx context.Context, day int64) error {
	for _, table := range []struct{ name, key, count, sum string }{
		{"rollup", "cell", "resources", "cost"},
		{"trend", "tenant, dimension, key", "resources", "cost"},
		{"waste", "account, rule, region, type", "findings", "saving"},
	} {
		insert := fmt.Sprintf(`INSERT INTO %s AS t (%[2]s, day, %[3]s, unpriced, %[4]s)
			SELECT %[2]s, CAST($1 AS BIGINT), sum(%[3]s), sum(unpriced), sum(%[4]s) FROM `, table.name, table.key, table.count, table.sum)
		sums := fmt.Sprintf(` GROUP BY %s ON CONFLICT (%[1]s, day) DO UPDATE
			SET %[2]s = t.%[2]s + excluded.%[2]s, unpriced = t.unpriced + excluded.unpriced, %[3]s = t.%[3]s + excluded.%[3]s`, table.key, table.count, table.sum)
		err := s.write(ctx, func(t *tx) error {
			if s.pg { // a day that a scan adds meanwhile must not be deleted unread
				return t.exec(`WITH old AS (DELETE FROM `+table.name+` WHERE day < $1 RETURNING *) `+insert+`old`+sums, day)
			}
			if err := t.exec(insert+table.name+` WHERE day < $1`+sums, day); err != nil {
				return err
			}
			return t.exec(`DELETE FROM `+table.name+` WHERE day < $1`, day)
		})
		if err != nil {
			return err
		}
	}
	_, err := s.db.ExecContext(ctx, `DELETE FROM looked WHERE day < $1`, day)
	return err
}
