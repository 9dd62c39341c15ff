package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// tx is a transaction, and the connection that it has for itself.
type tx struct {
	*sql.Tx
	ctx  context.Context //nolint:containedctx // a transaction lives no longer than its context
	conn *sql.Conn
	pg   bool
}

// write runs f in a transaction.
func (s *Store) write(ctx context.Context, f func(*tx) error) (err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	t, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(&tx{t, ctx, conn, s.pg}); err != nil {
		if undo := t.Rollback(); !errors.Is(undo, sql.ErrTxDone) { // done with the context's end
			err = errors.Join(err, undo)
		}
		return err
	}
	return t.Commit()
}

// locks is what the advisory locks of this package are under, in PostgreSQL.
const locks = 7407

// lock keeps other writers of an account out until the transaction ends; account 0 is the tables themselves.
// SQLite has one writer anyhow.
func (t *tx) lock(account int64) error {
	if !t.pg {
		return nil
	}
	return t.exec(`SELECT pg_advisory_xact_lock($1, $2)`, locks, int32(account))
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.ExecContext(t.ctx, query, args...)
	return err
}

// script runs several statements. PostgreSQL's driver takes one at a time where it prepares them.
func (t *tx) script(text string) error {
	if t.pg {
		return t.conn.Raw(func(c any) error {
			_, err := c.(*stdlib.Conn).Conn().PgConn().Exec(t.ctx, text).ReadAll()
			return err
		})
	}
	return t.exec(text)
}

// run runs a statement once for each row of arguments. PostgreSQL gets all in one message.
func (t *tx) run(query string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if t.pg {
		var b pgx.Batch
		for _, r := range rows {
			b.Queue(query, r...)
		}
		return t.conn.Raw(func(c any) error { return c.(*stdlib.Conn).Conn().SendBatch(t.ctx, &b).Close() })
	}
	stmt, err := t.PrepareContext(t.ctx, query)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := stmt.ExecContext(t.ctx, r...); err != nil {
			return errors.Join(err, stmt.Close())
		}
	}
	return stmt.Close()
}

// insert adds rows to a table; in PostgreSQL by COPY.
func (t *tx) insert(table, columns string, rows [][]any) error {
	if t.pg && len(rows) > 0 {
		return t.conn.Raw(func(c any) error {
			_, err := c.(*stdlib.Conn).Conn().CopyFrom(t.ctx, pgx.Identifier{table}, strings.Split(columns, ", "), pgx.CopyFromRows(rows))
			return err
		})
	}
	marks := make([]string, 1+strings.Count(columns, ","))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return t.run("INSERT INTO "+table+" ("+columns+") VALUES ("+strings.Join(marks, ", ")+")", rows)
}

// querier is a database, or a transaction in it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each scans every row of a query's result into the same variables, and calls f.
func each(ctx context.Context, q querier, query string, args, into []any, f func() error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// in is a condition that a column has one of the values of an argument, and of is that argument.
func (s *Store) in(column, argument string) string {
	if s.pg {
		return column + " = ANY(" + argument + ")"
	}
	return column + " IN (SELECT value FROM json_each(" + argument + "))"
}

func (s *Store) of(values any) any {
	if s.pg {
		return values
	}
	b, _ := json.Marshal(values) // of numbers and texts it cannot fail
	return string(b)
}

// lockFindings keeps other writers of a tenant's findings out until the transaction ends.
func (t *tx) lockFindings(tenant string) error {
	if !t.pg {
		return nil
	}
	return t.exec(`SELECT pg_advisory_xact_lock($1, $2)`, locks+1, int32(hash([]byte(tenant))))
}

// ofTexts is of, of texts.
func (s *Store) ofTexts(all []string) any {
	if s.pg {
		return all
	}
	b, _ := json.Marshal(all) // of texts it cannot fail
	return string(b)
}
