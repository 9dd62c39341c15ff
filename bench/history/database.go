package main

import (
	"context"
	"database/sql"
	"os"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of PostgreSQL

	"github.com/consolesensei/resource-tracker/history/historytest"
)

// startPostgres starts a server that keeps what it says on the disk, with an empty database.
func startPostgres(ctx context.Context) (url string, stop func(), err error) {
	return historytest.Start(ctx, "fsync=on", "shared_buffers=256MB", "max_wal_size=4GB")
}

// disk is where a history is: a file of SQLite, or else a database.
type disk struct{ file, url string }

// size is how many bytes it takes.
func (d disk) size(ctx context.Context) (n int64, err error) {
	if d.file != "" {
		for _, f := range []string{d.file, d.file + "-wal"} {
			if info, err := os.Stat(f); err == nil {
				n += info.Size()
			}
		}
		return n, nil
	}
	db, err := sql.Open("pgx", d.url)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return n, db.QueryRowContext(ctx, `SELECT pg_database_size(current_database())`).Scan(&n)
}
