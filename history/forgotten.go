package history

import "context"

// tenants is what the advisory locks of whole tenants are under, in PostgreSQL.
const tenants = locks + 1

// enter has Forget of a tenant wait until the transaction ends. It comes before the lock of an account.
func (t *tx) enter(tenant string) error {
	if !t.pg {
		return nil
	}
	return t.exec(`SELECT pg_advisory_xact_lock_shared($1, $2)`, tenants, int32(hash([]byte(tenant))))
}

// forgotten reports whether an account was deleted as of a time or later, or the whole tenant.
func (s *Store) forgotten(ctx context.Context, q querier, tenant, account string, at int64) (bool, error) {
	var n int
	err := each(ctx, q, `SELECT count(*) FROM forgotten WHERE tenant = $1 AND account IN ('', $2) AND at >= $3`, []any{tenant, account, at}, []any{&n}, func() error { return nil })
	return n > 0, err
}

// note waits for what is on its way in of a tenant, and keeps out from then on what had begun by a time. done is
// whether it had done so before.
func (s *Store) note(t *tx, tenant, account string, at int64) (done bool, err error) {
	if t.pg {
		if err := t.exec(`SELECT pg_advisory_xact_lock($1, $2)`, tenants, int32(hash([]byte(tenant)))); err != nil {
			return false, err
		}
	}
	if done, err = s.forgotten(t.ctx, t, tenant, account, at); err != nil || done {
		return done, err
	}
	return false, t.exec(`INSERT INTO forgotten (tenant, account, at) VALUES ($1, $2, $3) ON CONFLICT (tenant, account) DO UPDATE SET at = excluded.at`,
		tenant, account, at)
}

// Knows reports whether a tenant has a history of an account.
func (s *Store) Knows(ctx context.Context, tenant, account string) (known bool, err error) {
	return known, s.reads.QueryRowContext(ctx, `SELECT count(*) > 0 FROM account WHERE tenant = $1 AND account = $2`, tenant, account).Scan(&known)
}
