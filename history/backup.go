package history

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Backup writes a whole copy of a history in a SQLite file to a new file, while others read and write it. A file of
// that name is there only once it is whole.
func Backup(ctx context.Context, from, to string) (err error) {
	if _, err := os.Stat(from); err != nil {
		return fmt.Errorf("history: %w", err)
	}
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s: %w", to, os.ErrExist)
	}
	s, err := open(Options{URL: from})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	// SQLite writes into an empty file, and keeps its permissions.
	part := to + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // the operator names it
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, `VACUUM INTO $1`, part)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, to)
}
