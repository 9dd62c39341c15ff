package history

import (
	"context"
	"errors"
	"os"
)

// ErrNoFile is of a backup of PostgreSQL, which has programs of its own for that.
var ErrNoFile = errors.New("the history is in PostgreSQL: use pg_dump")

// Backup writes a whole copy of a history in SQLite to a new file, while others read and write it.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.pg {
		return ErrNoFile
	}
	// SQLite writes into an empty file, and keeps its permissions.
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `VACUUM INTO $1`, file)
	return err
}
