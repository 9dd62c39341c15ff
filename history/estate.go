package history

import (
	"context"
)

// Estate is what a tenant has now, by one key: the type of resources, or the rule of open findings.
type Estate struct {
	Tenant, Key           string
	Count, Unpriced, Cost int64 // Cost is a month, in nano-dollars; of findings what they would save
}

// Estates are the resources of all tenants by type.
func (s *Store) Estates(ctx context.Context) ([]Estate, error) {
	return s.estates(ctx, `SELECT tenant, key, sum(resources), sum(unpriced), sum(cost) FROM trend WHERE dimension = 'type' GROUP BY tenant, key HAVING sum(resources) <> 0`)
}

// Wastes are the findings of all tenants, open and counted, by rule.
func (s *Store) Wastes(ctx context.Context, now int64) ([]Estate, error) {
	return s.estates(ctx, `SELECT tenant, rule, count(*), count(*) - count(saving), coalesce(sum(saving), 0) FROM finding
		WHERE resolved_at IS NULL AND counted <> 0 AND (ack_at IS NULL OR coalesce(ack_until, 9223372036854775807) <= $1) GROUP BY tenant, rule`, now)
}

func (s *Store) estates(ctx context.Context, query string, args ...any) (all []Estate, err error) {
	var e Estate
	return all, each(ctx, s.reads, query, args, []any{&e.Tenant, &e.Key, &e.Count, &e.Unpriced, &e.Cost}, func() error {
		all = append(all, e)
		return nil
	})
}

// Newest is when the newest look at each tenant that is in the history began.
func (s *Store) Newest(ctx context.Context) (map[string]int64, error) {
	newest := map[string]int64{}
	var tenant string
	var at int64
	return newest, each(ctx, s.reads, `SELECT tenant, max(at) FROM (SELECT a.tenant, (SELECT max(o.at) FROM observation o WHERE o.account = a.id) AS at FROM account a) n
		WHERE at IS NOT NULL GROUP BY tenant`, nil, []any{&tenant, &at}, func() error {
		newest[tenant] = at
		return nil
	})
}

// AllBudgets are the budgets of all tenants.
func (s *Store) AllBudgets(ctx context.Context) ([]Budget, error) {
	return s.budgets(ctx, `edition > 0 ORDER BY tenant, created, id`)
}
