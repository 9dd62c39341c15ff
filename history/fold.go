package history

import "context"

// Fold puts what days before a day have changed together on that day: the totals of it and of later days are as
// before, and those of earlier days are gone, as is that somebody looked on them. Run twice, the second does nothing.
func (s *Store) Fold(ctx context.Context, day int64) error {
	for _, table := range []struct{ name, key string }{{"rollup", "cell"}, {"trend", "tenant, dimension, key"}} {
		insert := `INSERT INTO ` + table.name + ` AS t (` + table.key + `, day, resources, unpriced, cost)
			SELECT ` + table.key + `, CAST($1 AS BIGINT), sum(resources), sum(unpriced), sum(cost) FROM `
		sums := ` GROUP BY ` + table.key + ` ON CONFLICT (` + table.key + `, day) DO UPDATE
			SET resources = t.resources + excluded.resources, unpriced = t.unpriced + excluded.unpriced, cost = t.cost + excluded.cost`
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
