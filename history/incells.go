package history

import (
	"context"
	"fmt"
)

// inCells reads what was in some cells at a time, after a cursor.
func (s *Store) inCells(ctx context.Context, cells []int64, at, cursor int64, limit int) ([]Version, error) {
	const one = `v.resource > c.id << 28 AND v.resource < (c.id + 1) << 28 AND v.resource > $2 AND v.valid_from <= $3 AND v.valid_to > $3 ORDER BY v.resource`
	query := `SELECT ` + columns + ` FROM ` + s.list("$1") + ` CROSS JOIN version v WHERE ` + one
	if s.pg {
		// Without a subquery of its own for each cell PostgreSQL walks all versions in the order of the page.
		query = fmt.Sprintf(`SELECT %s FROM %s CROSS JOIN LATERAL (SELECT * FROM version v WHERE %s LIMIT %d) v ORDER BY v.resource`, columns, s.list("$1"), one, limit)
	}
	return s.versions(ctx, limit, query, s.of(cells), cursor, at)
}
