package history

import (
	"context"
	"time"

	"github.com/tidwall/gjson"
)

// Forget is ForgetAt of now.
func (s *Store) Forget(ctx context.Context, tenant, account string) error {
	return s.ForgetAt(ctx, tenant, account, time.Now().UnixMilli())
}

// ForgetAt deletes all that is known of an account of a tenant; of every account where account is empty. The totals of
// past days are as if the account had never been, but for what pruned versions had added to those by tag. A scan that
// had begun by the time does not bring it back. Run again with the same time, it does nothing.
func (s *Store) ForgetAt(ctx context.Context, tenant, account string, at int64) error {
	where, args := `tenant = $1`, []any{tenant}
	if account != "" {
		where, args = where+` AND account = $2`, append(args, account)
	}
	ids := `(SELECT id FROM account WHERE ` + where + `)`
	return s.write(ctx, func(t *tx) error {
		if done, err := s.note(t, tenant, account, at); err != nil || done {
			return err
		}
		if err := t.lockFindings(tenant); err != nil {
			return err
		}
		if account != "" {
			if err := s.takeOff(t, tenant, account); err != nil {
				return err
			}
		}
		for _, query := range []string{
			`DELETE FROM resource WHERE cell IN (SELECT id FROM cell WHERE account IN ` + ids + `)`,
			`DELETE FROM rollup WHERE cell IN (SELECT id FROM cell WHERE account IN ` + ids + `)`,
			`DELETE FROM version WHERE account IN ` + ids,
			`DELETE FROM cell WHERE account IN ` + ids,
			`DELETE FROM observation WHERE account IN ` + ids,
			`DELETE FROM evaluation WHERE account IN ` + ids,
			`DELETE FROM finding WHERE account IN ` + ids,
			`DELETE FROM waste WHERE account IN ` + ids,
			`DELETE FROM looked WHERE account IN ` + ids,
			`DELETE FROM account WHERE ` + where,
		} {
			if err := t.exec(query, args...); err != nil {
				return err
			}
		}
		// What was billed is of the account: another tenant that has it keeps it.
		if err := t.exec(`DELETE FROM billed WHERE account NOT IN (SELECT account FROM account)`); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM budget_day WHERE budget IN (SELECT id FROM budget WHERE tenant = $1)`, tenant); err != nil {
			return err
		}
		if account != "" { // budgets are reckoned anew, without it
			return t.exec(`UPDATE budget SET scans = -1 WHERE tenant = $1`, tenant)
		}
		if err := t.exec(`DELETE FROM budget_crossing WHERE budget IN (SELECT id FROM budget WHERE tenant = $1)`, tenant); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM budget WHERE tenant = $1`, tenant); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM export WHERE tenant = $1`, tenant); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM trend WHERE tenant = $1`, tenant); err != nil {
			return err
		}
		return t.exec(`DELETE FROM scan WHERE tenant = $1`, tenant)
	})
}

// takeOff takes an account off its tenant's totals.
func (s *Store) takeOff(t *tx, tenant, account string) error {
	var id int64
	err := each(t.ctx, t, `SELECT id FROM account WHERE tenant = $1 AND account = $2`, []any{tenant, account}, []any{&id}, func() error { return nil })
	if err != nil || id == 0 {
		return err
	}
	if err := t.lock(id); err != nil {
		return err
	}
	totals := map[point]*total{}
	var region, kind string
	var at int64
	var d total
	err = each(t.ctx, t, `SELECT c.region, c.type, r.day, r.resources, r.unpriced, r.cost FROM rollup r JOIN cell c ON c.id = r.cell WHERE c.account = $1`, []any{id},
		[]any{&region, &kind, &at, &d.resources, &d.unpriced, &d.cost}, func() error {
			for _, p := range []point{{"type", kind, at}, {"region", region, at}} {
				merge(totals, p, -1, d)
			}
			return nil
		})
	if err != nil {
		return err
	}
	var v Version
	err = each(t.ctx, t, `SELECT `+columns+` FROM version v WHERE v.account = $1`, []any{id}, v.fields(), func() error {
		json, err := s.decode(t.ctx, v.body)
		if err != nil {
			return err
		}
		tags := gjson.GetBytes(json, "tags")
		for _, key := range s.tags {
			value := tagOf(tags, key)
			add(totals, point{"tag:" + key, value, v.From / day}, -1, v.Cost)
			if v.To != Forever {
				add(totals, point{"tag:" + key, value, v.To / day}, 1, v.Cost)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// What was folded is on the first day that is left.
	var first int64
	if err := each(t.ctx, t, `SELECT coalesce(min(day), 0) FROM trend WHERE tenant = $1`, []any{tenant}, []any{&first}, func() error { return nil }); err != nil {
		return err
	}
	var keys [][]any
	for _, p := range inOrder(totals) {
		sum := totals[p]
		keys = append(keys, []any{sum.resources, sum.unpriced, sum.cost, tenant, p.dimension, p.key, max(p.day, first)})
	}
	err = t.run(`UPDATE trend SET resources = resources + $1, unpriced = unpriced + $2, cost = cost + $3
		WHERE tenant = $4 AND dimension = $5 AND key = $6 AND day = $7`, keys)
	if err != nil {
		return err
	}
	if err := takeOffWaste(t, tenant, id); err != nil {
		return err
	}
	return t.exec(`DELETE FROM trend WHERE tenant = $1 AND dimension IN ('account', 'saving account') AND key = $2`, tenant, account)
}
