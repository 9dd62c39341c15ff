package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Budget is what a tenant means to spend, as it is kept. What it says is of no concern here.
type Budget struct {
	Tenant, ID string
	Name       string // each of a tenant's once
	Created    int64
	Edition    int64 // counts its changes, from 1 on
	Reckoned   int64 // when its days were last reckoned; 0: never
	Body       string
}

// ErrBudgetName is the error of a budget whose name another of its tenant has.
var ErrBudgetName = errors.New("another budget has the name")

const budgetColumns = `tenant, id, name, created, edition, reckoned, body`

func (b *Budget) fields() []any {
	return []any{&b.Tenant, &b.ID, &b.Name, &b.Created, &b.Edition, &b.Reckoned, &b.Body}
}

func (s *Store) budgets(ctx context.Context, where string, args ...any) (all []Budget, err error) {
	var b Budget
	return all, each(ctx, s.reads, `SELECT `+budgetColumns+` FROM budget WHERE `+where, args, b.fields(), func() error {
		all = append(all, b)
		return nil
	})
}

// Budgets lists the budgets of a tenant, the oldest first. They are few.
func (s *Store) Budgets(ctx context.Context, tenant string) ([]Budget, error) {
	return s.budgets(ctx, `tenant = $1 ORDER BY created, id`, tenant)
}

// Budget is one of a tenant's; ok is false where there is none.
func (s *Store) Budget(ctx context.Context, tenant, id string) (b Budget, ok bool, err error) {
	all, err := s.budgets(ctx, `tenant = $1 AND id = $2`, tenant, id)
	if err != nil || len(all) == 0 {
		return b, false, err
	}
	return all[0], true, nil
}

// nameBudget keeps other writers of budgets out until the transaction ends, and refuses a name that another has.
func (t *tx) nameBudget(b Budget) error {
	if err := t.lock(0); err != nil {
		return err
	}
	var others int
	err := t.QueryRowContext(t.ctx, `SELECT count(*) FROM budget WHERE tenant = $1 AND name = $2 AND id <> $3`, b.Tenant, b.Name, b.ID).Scan(&others)
	if err == nil && others > 0 {
		err = ErrBudgetName
	}
	return err
}

// AddBudget keeps a new budget, unless its tenant has as many as it may have. Run twice, it keeps one.
func (s *Store) AddBudget(ctx context.Context, b Budget, most int) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		if err := t.nameBudget(b); err != nil {
			return err
		}
		var others int
		if err := t.QueryRowContext(ctx, `SELECT count(*) FROM budget WHERE tenant = $1 AND id <> $2`, b.Tenant, b.ID).Scan(&others); err != nil {
			return err
		}
		if ok = others < most; !ok {
			return nil
		}
		return t.exec(`INSERT INTO budget (id, tenant, name, created, edition, body) VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT DO NOTHING`, b.ID, b.Tenant, b.Name, b.Created, b.Body)
	})
	return ok, err
}

// ChangeBudget puts a budget in the place of the edition that was read. Its days are reckoned anew, and its thresholds can be
// crossed again. ok is false where it has changed meanwhile, or is gone.
func (s *Store) ChangeBudget(ctx context.Context, b Budget) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		if err := t.nameBudget(b); err != nil {
			return err
		}
		r, err := t.ExecContext(ctx, `UPDATE budget SET edition = edition + 1, reckoned = 0, scans = -1, claimed = 0, name = $1, body = $2
			WHERE tenant = $3 AND id = $4 AND edition = $5`, b.Name, b.Body, b.Tenant, b.ID, b.Edition)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if ok = n == 1; err != nil || !ok {
			return err
		}
		return t.dropBudget(b.ID)
	})
	return ok, err
}

// dropBudget deletes what follows from a budget.
func (t *tx) dropBudget(id string) error {
	if err := t.exec(`DELETE FROM budget_day WHERE budget = $1`, id); err != nil {
		return err
	}
	return t.exec(`DELETE FROM budget_crossing WHERE budget = $1`, id)
}

// DeleteBudget deletes a budget; ok is false where there is none.
func (s *Store) DeleteBudget(ctx context.Context, tenant, id string) (ok bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		r, err := t.ExecContext(ctx, `DELETE FROM budget WHERE tenant = $1 AND id = $2`, tenant, id)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if ok = n == 1; err != nil || !ok {
			return err
		}
		return t.dropBudget(id)
	})
	return ok, err
}

// ClaimBudgets claims, until another time, the budgets of a tenant of which one was not reckoned since all its scans are in, or
// not today. scans is how many are in. ok is false where there are none, or other workers have them.
func (s *Store) ClaimBudgets(ctx context.Context, now, until int64) (all []Budget, scans int64, ok bool, err error) {
	type due struct {
		tenant string
		scans  int64
	}
	var open []due
	var d due
	err = each(ctx, s.reads, `SELECT tenant, scans FROM (
			SELECT b.tenant, min(b.reckoned) AS reckoned, min(b.scans) AS known, max(b.claimed) AS claimed,
				(SELECT count(*) FROM scan n WHERE n.tenant = b.tenant AND n.done IS NOT NULL) AS scans
			FROM budget b GROUP BY b.tenant) d
		WHERE claimed < $1 AND (reckoned < $2 OR known <> scans) ORDER BY reckoned, tenant`, []any{now, now - now%day}, []any{&d.tenant, &d.scans}, func() error {
		open = append(open, d)
		return nil
	})
	for _, d := range open {
		if err != nil {
			break
		}
		var r sql.Result
		if r, err = s.db.ExecContext(ctx, `UPDATE budget SET claimed = $1 WHERE tenant = $2 AND claimed < $3`, until, d.tenant, now); err != nil {
			break
		}
		if n, _ := r.RowsAffected(); n > 0 {
			all, err = s.Budgets(ctx, d.tenant)
			return all, d.scans, len(all) > 0, err
		}
	}
	return nil, 0, false, err
}

// Reckoning is what the days of a budget came to.
type Reckoning struct {
	Days      []Day // from the first that could be reckoned on; Key is of no concern
	At, Scans int64
	Crossings []Crossing // those that are kept already stay as they are
}

// Crossing is a threshold of a budget that was crossed in a month.
type Crossing struct {
	Tenant, Budget, Threshold string
	Month                     int64 // its first day, since 1970
	Edition                   int64 // of the budget
	At, Told                  int64 // Told is 0 until webhooks are told
	Body                      string
}

// Reckon keeps the days of a budget in the place of those of before, and what was crossed; and ends the claim. It does nothing
// where the budget has changed meanwhile. Run twice, it does the same.
func (s *Store) Reckon(ctx context.Context, b Budget, r Reckoning) error {
	return s.write(ctx, func(t *tx) error {
		u, err := t.ExecContext(ctx, `UPDATE budget SET reckoned = $1, scans = $2, claimed = 0 WHERE id = $3 AND edition = $4`, r.At, r.Scans, b.ID, b.Edition)
		if err != nil {
			return err
		}
		if n, err := u.RowsAffected(); err != nil || n == 0 {
			return err
		}
		var days, crossings [][]any
		for _, d := range r.Days {
			days = append(days, []any{b.ID, d.Day, d.Resources, d.Unpriced, d.Cost})
		}
		for _, c := range r.Crossings {
			crossings = append(crossings, []any{b.ID, c.Month, c.Threshold, b.Edition, c.At, c.Body})
		}
		if len(days) > 0 {
			if err := t.exec(`DELETE FROM budget_day WHERE budget = $1 AND day >= $2`, b.ID, r.Days[0].Day); err != nil {
				return err
			}
		}
		if err := t.run(`INSERT INTO budget_day (budget, day, resources, unpriced, cost) VALUES ($1, $2, $3, $4, $5)`, days); err != nil {
			return err
		}
		return t.run(`INSERT INTO budget_crossing (budget, month, threshold, edition, at, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, crossings)
	})
}

// BudgetDays are the days of a budget from one on, in order, one after the other but for days that were never reckoned.
func (s *Store) BudgetDays(ctx context.Context, id string, from int64) (all []Day, err error) {
	var d Day
	return all, each(ctx, s.reads, `SELECT day, resources, unpriced, cost FROM budget_day WHERE budget = $1 AND day >= $2 ORDER BY day`, []any{id, from},
		[]any{&d.Day, &d.Resources, &d.Unpriced, &d.Cost}, func() error {
			all = append(all, d)
			return nil
		})
}

func (s *Store) crossings(ctx context.Context, rest string, args ...any) (all []Crossing, err error) {
	var c Crossing
	return all, each(ctx, s.reads, `SELECT b.tenant, c.budget, c.threshold, c.month, c.edition, c.at, c.told, c.body FROM budget_crossing c JOIN budget b ON b.id = c.budget WHERE `+rest, args,
		[]any{&c.Tenant, &c.Budget, &c.Threshold, &c.Month, &c.Edition, &c.At, &c.Told, &c.Body}, func() error {
			all = append(all, c)
			return nil
		})
}

// Crossings are what a budget has crossed in a month, the first one first.
func (s *Store) Crossings(ctx context.Context, budget string, month int64) ([]Crossing, error) {
	return s.crossings(ctx, `c.budget = $1 AND c.month = $2 ORDER BY c.at, c.threshold`, budget, month)
}

// Untold are crossings of which webhooks were not told, the oldest first.
func (s *Store) Untold(ctx context.Context, limit int) ([]Crossing, error) {
	return s.crossings(ctx, fmt.Sprintf(`c.told = 0 ORDER BY c.at, c.budget, c.threshold LIMIT %d`, limit))
}

// TellCrossing notes that webhooks were told. Run twice, the first time stays.
func (s *Store) TellCrossing(ctx context.Context, c Crossing, at int64) error {
	_, err := s.db.ExecContext(ctx, `UPDATE budget_crossing SET told = $1 WHERE budget = $2 AND month = $3 AND threshold = $4 AND edition = $5 AND told = 0`,
		at, c.Budget, c.Month, c.Threshold, c.Edition)
	return err
}

// PruneBudgets forgets days of budgets before a day, and what was crossed in months that ended before it.
func (s *Store) PruneBudgets(ctx context.Context, before int64) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM budget_day WHERE day < $1`, before)
	_, err2 := s.db.ExecContext(ctx, `DELETE FROM budget_crossing WHERE month < $1`, before-31)
	return errors.Join(err, err2)
}
