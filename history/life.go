package history

import (
	"context"
	"database/sql"
	"errors"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Life is all that is known of one resource: when it was first seen, and its versions, the newest first. Gone is
// when a scan found that it is not there any more; 0 while it is.
type Life struct {
	First, Gone int64
	Versions    []Version
}

// Life is that of the resource with an ID in a cell, with at most limit of the versions that began before a time; ok
// is false where none was ever seen.
func (s *Store) Life(ctx context.Context, tenant string, c tracker.Cell, rid string, before int64, limit int) (l Life, ok bool, err error) {
	var id, since int64
	var hash *int64
	err = s.reads.QueryRowContext(ctx, `SELECT r.id, r.first_seen, r.since, r.hash FROM account a JOIN cell c ON c.account = a.id JOIN resource r ON r.cell = c.id
		WHERE a.tenant = $1 AND a.account = $2 AND c.region = $3 AND c.type = $4 AND r.rid = $5`, tenant, c.AccountID, c.Region, string(c.Type), rid).Scan(&id, &l.First, &since, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Life{}, false, nil
	}
	if err != nil {
		return Life{}, false, err
	}
	if hash == nil {
		l.Gone = since
	}
	l.Versions, err = s.versions(ctx, limit, `SELECT `+columns+` FROM version v WHERE v.resource = $1 AND v.valid_from < $2 ORDER BY v.valid_from DESC`, id, before)
	return l, true, err
}
