package history

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
)

// Charge is the sum of what was billed alike on a day. Money is in thousand-millionths of its currency.
type Charge struct {
	Account                             string
	Day                                 int64 // since 1970
	Service, Region, Category, Currency string
	Amount                              int64  // what was billed
	Effective                           int64  // with what was paid in advance spread over its time
	List                                *int64 // at list prices; nil where the files do not say
}

// Bill is a period's files on their way in. What it adds counts once it has ended, in place of what was read before.
type Bill struct {
	s      *Store
	period string
	id     int64
}

// ErrTakenOver is of a reading that another has taken the place of.
var ErrTakenOver = errors.New("another reading of the period has begun")

// BeginBill claims a period whose files have a mark until a time, and begins to read it. It is nil where the files are read
// already or are being read.
func (s *Store) BeginBill(ctx context.Context, period, mark string, now, until int64) (*Bill, error) {
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails
	r := &Bill{s: s, period: period, id: int64(binary.BigEndian.Uint64(random[:]) >> 1)}
	err := s.write(ctx, func(t *tx) error {
		var before int64
		err := t.QueryRowContext(ctx, `INSERT INTO bill (period, mark, reading, claimed) VALUES ($1, '', 0, $2)
			ON CONFLICT (period) DO UPDATE SET claimed = excluded.claimed WHERE bill.claimed < $3 AND (bill.mark <> $4 OR bill.fault <> '') RETURNING reading`,
			period, until, now, mark).Scan(&before)
		if err != nil {
			return err
		}
		// A reading that died left its rows.
		if err := t.exec(`DELETE FROM billed WHERE reading IN (SELECT id FROM bill_reading WHERE period = $1)`, period); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM bill_reading WHERE period = $1`, period); err != nil {
			return err
		}
		return t.exec(`INSERT INTO bill_reading VALUES ($1, $2)`, r.id, period)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // nothing to read is no fault
	}
	return r, err
}

// Add adds charges to the reading, and has its claim last until another time.
func (r *Bill) Add(ctx context.Context, charges []Charge, until int64) error {
	rows := make([][]any, len(charges))
	for i, c := range charges {
		rows[i] = []any{r.id, c.Account, c.Day, c.Service, c.Region, c.Category, c.Currency, c.Amount, c.Effective, c.List}
	}
	return r.s.write(ctx, func(t *tx) error {
		if err := r.mine(t, `UPDATE bill_reading SET period = period WHERE id = $1`); err != nil {
			return err
		}
		if err := t.exec(`UPDATE bill SET claimed = $1 WHERE period = $2`, until, r.period); err != nil {
			return err
		}
		return t.run(`INSERT INTO billed AS b (reading, account, day, service, region, category, currency, billed, effective, list)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (reading, account, day, service, region, category, currency)
			DO UPDATE SET billed = b.billed + excluded.billed, effective = b.effective + excluded.effective, list = b.list + excluded.list`, rows)
	})
}

// End has the reading count, of files that have a mark.
func (r *Bill) End(ctx context.Context, mark string, now int64) error {
	return r.s.write(ctx, func(t *tx) error {
		if err := r.mine(t, `DELETE FROM bill_reading WHERE id = $1`); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM billed WHERE reading = (SELECT reading FROM bill WHERE period = $1)`, r.period); err != nil {
			return err
		}
		return t.exec(`UPDATE bill SET mark = $1, reading = $2, claimed = 0, done = $3, fault = '' WHERE period = $4`, mark, r.id, now, r.period)
	})
}

// GiveUp has the period read again after a time, and says until then why it was not read. Without a fault, it says what
// was said before.
func (r *Bill) GiveUp(ctx context.Context, until int64, fault string) error {
	_, err := r.s.db.ExecContext(ctx, `UPDATE bill SET claimed = $1, fault = CASE WHEN $2 = '' THEN fault ELSE $2 END WHERE period = $3`, until, fault, r.period)
	return err
}

// BillsFault notes what is wrong with the files of all periods together; empty, that nothing is.
func (s *Store) BillsFault(ctx context.Context, fault string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO bill (period, mark, reading, claimed, fault) VALUES ('', '', 0, 0, $1)
		ON CONFLICT (period) DO UPDATE SET fault = excluded.fault WHERE bill.fault <> excluded.fault`, fault)
	return err
}

// BillRead is how the reading of a period's files stands.
type BillRead struct {
	Period string // empty: of all files together, which have a Fault only
	Read   int64  // when it was last read; 0 is never
	Fault  string // why it could not be read since
}

// BillsRead lists how the reading of each period stands, in order.
func (s *Store) BillsRead(ctx context.Context) (all []BillRead, err error) {
	var b BillRead
	return all, each(ctx, s.reads, `SELECT period, coalesce(done, 0), fault FROM bill ORDER BY period`, nil, []any{&b.Period, &b.Read, &b.Fault}, func() error {
		all = append(all, b)
		return nil
	})
}

func (r *Bill) mine(t *tx, query string) error {
	result, err := t.ExecContext(t.ctx, query, r.id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrTakenOver)
	}
	return nil
}

// AllAccounts are the accounts that any tenant has, sorted.
func (s *Store) AllAccounts(ctx context.Context) (all []string, err error) {
	var account string
	return all, each(ctx, s.reads, `SELECT DISTINCT account FROM account ORDER BY account`, nil, []any{&account}, func() error {
		all = append(all, account)
		return nil
	})
}

// Billed is what was billed of a key. Its Charge has the sums, and no account, day, service or region.
type Billed struct {
	Key string
	Charge
}

// Billed sums what was billed of a tenant's accounts from a day to before another, by "account", "day", "service" or "region", and by
// category and currency, in that order.
func (s *Store) Billed(ctx context.Context, tenant, by string, from, to int64) (all []Billed, err error) {
	if by != "account" && by != "day" && by != "service" && by != "region" {
		return nil, fmt.Errorf("nothing is billed by %q", by)
	}
	var b Billed
	return all, each(ctx, s.reads, `SELECT CAST(b.`+by+` AS TEXT), b.currency, b.category, sum(b.billed), sum(b.effective), CASE WHEN count(*) = count(b.list) THEN sum(b.list) END
		FROM billed b JOIN bill p ON p.reading = b.reading WHERE b.day >= $2 AND b.day < $3 AND b.account IN (SELECT account FROM account WHERE tenant = $1)
		GROUP BY b.`+by+`, b.currency, b.category ORDER BY b.`+by+`, b.currency, b.category`, []any{tenant, from, to},
		[]any{&b.Key, &b.Currency, &b.Category, &b.Amount, &b.Effective, &b.List}, func() error {
			all = append(all, b)
			return nil
		})
}

// BilledDays are of which days something was billed of an account. First is 0 where nothing was.
type BilledDays struct {
	Account     string
	First, Last int64
}

// BilledDays lists the accounts of a tenant, with what is known of each from a day to before another.
func (s *Store) BilledDays(ctx context.Context, tenant string, from, to int64) (all []BilledDays, err error) {
	var d BilledDays
	return all, each(ctx, s.reads, `SELECT a.account, coalesce(min(b.day), 0), coalesce(max(b.day), 0) FROM account a
		LEFT JOIN (SELECT b.account, b.day FROM billed b JOIN bill p ON p.reading = b.reading WHERE b.day >= $2 AND b.day < $3) b ON b.account = a.account
		WHERE a.tenant = $1 GROUP BY a.account ORDER BY a.account`, []any{tenant, from, to}, []any{&d.Account, &d.First, &d.Last}, func() error {
		all = append(all, d)
		return nil
	})
}

// PruneBilled forgets what was billed before a day.
func (s *Store) PruneBilled(ctx context.Context, before int64) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM billed WHERE day < $1`, before)
	return err
}
