// Package history keeps what scans of AWS accounts saw, as versions of resources, each from one time
// to another: in SQLite for one machine, in PostgreSQL for any number of processes.
//
// A scan's account comes in by one transaction (Ingest). A cell that a scan did not see to its end changes
// nothing: its resources are neither gone nor confirmed. Times are milliseconds since 1970.
package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/klauspost/compress/zstd"
	_ "modernc.org/sqlite" // the driver of SQLite
)

const (
	day = 24 * 60 * 60 * 1000
	// cellBits is how much of a resource's ID counts the resources of its cell: ID = cell << 28 | n.
	cellBits = 28
)

// Options say where a history is and how it is kept.
type Options struct {
	// URL is a URL of PostgreSQL (postgres:// or postgresql://), or else the path of a SQLite file.
	URL string
	// Dictionary is what rows are compressed with: example rows of every type, none of them a tenant's.
	Dictionary []byte
	// Tags are the keys of tags whose values have a trend of their own.
	Tags []string
	// Migrate brings the tables to this program's version. Without it Open fails where they are older.
	Migrate bool
}

// Store is a history in one database. Its methods are safe for concurrent use.
type Store struct {
	db, reads *sql.DB // of SQLite, db is one connection: the writer
	pg        bool
	tags      []string
	enc       *zstd.Encoder
	dec       atomic.Pointer[zstd.Decoder]
}

// Open opens a history. An error names the database without its password.
func Open(ctx context.Context, o Options) (*Store, error) {
	s, err := open(o)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("history in %s: %w", s.name(o.URL), err), s.Close())
	}
	return s, nil
}

func open(o Options) (s *Store, err error) {
	s = &Store{pg: strings.HasPrefix(o.URL, "postgres://") || strings.HasPrefix(o.URL, "postgresql://"), tags: o.Tags}
	if s.pg {
		cfg, err := pgx.ParseConfig(o.URL)
		if err != nil {
			return nil, fmt.Errorf("the URL of PostgreSQL cannot be read") // the driver's error may hold its password
		}
		// To compile a query takes PostgreSQL longer than to answer a page by it.
		s.db = stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, `SET jit = off`)
			return err
		}))
		s.db.SetMaxOpenConns(16)
		s.db.SetMaxIdleConns(readers() + 1) // those of a walk
		s.reads = s.db
		return s, nil
	}
	// SQLite gives its other files the permissions of this one.
	f, err := os.OpenFile(o.URL, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: o.URL}).EscapedPath() + "?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=busy_timeout(10000)"
	// A transaction that reads before it writes meets SQLITE_BUSY, whatever the timeout, unless it is immediate.
	if s.db, err = sql.Open("sqlite", dsn+"&_pragma=cache_size(-65536)&_txlock=immediate"); err != nil {
		return nil, err
	}
	s.db.SetMaxOpenConns(1)
	if s.reads, err = sql.Open("sqlite", dsn+"&_pragma=cache_size(-16384)&_pragma=query_only(1)"); err != nil {
		return nil, err
	}
	s.reads.SetMaxIdleConns(readers() + 1) // those of a walk, which begin with an empty cache
	return s, nil
}

// begin migrates, or checks that nothing is to be migrated, and learns the dictionaries.
func (s *Store) begin(ctx context.Context, o Options) error {
	if err := s.migrate(ctx, o.Migrate); err != nil {
		return err
	}
	id := int64(uint32(hash(o.Dictionary))&(1<<31-1) | 1<<16)
	err := s.write(ctx, func(t *tx) error {
		return t.exec(`INSERT INTO dictionary VALUES ($1, $2) ON CONFLICT DO NOTHING`, id, o.Dictionary)
	})
	if err != nil {
		return err
	}
	s.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderDictRaw(uint32(id), o.Dictionary), zstd.WithEncoderCRC(false))
	if err != nil {
		return err
	}
	return s.learn(ctx)
}

// name is the database as an error may name it.
func (s *Store) name(at string) string {
	if !s.pg {
		return at
	}
	u, err := url.Parse(at)
	if err != nil {
		return "PostgreSQL"
	}
	return u.Host + u.Path
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.reads.Close(), s.db.Close()) }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.reads.PingContext(ctx) }

// learn reads the dictionaries that rows in the database are compressed with.
func (s *Store) learn(ctx context.Context) error {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(0)}
	var id uint32
	var b []byte
	err := each(ctx, s.reads, `SELECT id, bytes FROM dictionary`, nil, []any{&id, &b}, func() error {
		options = append(options, zstd.WithDecoderDictRaw(id, b))
		return nil
	})
	if err != nil {
		return err
	}
	dec, err := zstd.NewReader(nil, options...)
	if err == nil {
		s.dec.Store(dec)
	}
	return err
}

// decode gives back a row as it was scanned.
func (s *Store) decode(ctx context.Context, body []byte) ([]byte, error) {
	return s.decodeInto(ctx, nil, body)
}

// decodeInto appends to b a row as it was scanned.
func (s *Store) decodeInto(ctx context.Context, b, body []byte) ([]byte, error) {
	all, err := s.dec.Load().DecodeAll(body, b)
	if errors.Is(err, zstd.ErrUnknownDictionary) { // a process of a newer release has added one
		if err = s.learn(ctx); err == nil {
			all, err = s.dec.Load().DecodeAll(body, b)
		}
	}
	return all, err
}

// hash tells two states of one thing apart; for that 64 bits will do.
func hash(b []byte) int64 { return int64(xxhash.Sum64(b)) }
