package history

import (
	"context"
	"database/sql"
	"errors"
)

const unacknowledge = `UPDATE finding SET ack_by = NULL, ack_why = NULL, ack_at = NULL, ack_until = NULL WHERE id = $1`

// Acknowledge notes why a finding stays open: until a time it is no waste. Where a.At is nil, it takes such a note
// away. ok is false where there is no such finding, or it is resolved. Run twice, it changes nothing more.
func (s *Store) Acknowledge(ctx context.Context, tenant, id string, a Acknowledgement, now int64) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		if err := t.lockFindings(tenant); err != nil {
			return err
		}
		var f standing
		err := t.QueryRowContext(ctx, `SELECT `+standings+from+`f.tenant = $1 AND f.finding_id = $2 AND f.resolved_at IS NULL`, tenant, id).Scan(f.fields()...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		w := wastes{}
		w.count(&f, now, -1)
		f.acknowledged = a.At
		w.count(&f, now, 1)
		if err := w.roll(t, tenant); err != nil {
			return err
		}
		if a.At == nil {
			return t.exec(unacknowledge, f.id)
		}
		return t.exec(`UPDATE finding SET ack_by = $1, ack_why = $2, ack_at = $3, ack_until = $4 WHERE id = $5`, a.By, a.Why, a.At, a.Until, f.id)
	})
	return ok, err
}
