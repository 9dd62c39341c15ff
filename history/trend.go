package history

import (
	"context"
	"slices"
)

// Day is the total of a key at the end of a day.
type Day struct {
	Key       string
	Day       int64 // since 1970
	Resources int64
	Unpriced  int64 // of them, those whose cost is not known
	Cost      int64 // of the others, a month, in nano-dollars
}

// Trend is how many resources there were and what they cost, by the values of a dimension: type, region, account, or
// tag: with one of the store's tags after it. It has a Day for each key and day on which something changed, in that
// order; the first of a key is its total on day from, if there was one before.
func (s *Store) Trend(ctx context.Context, tenant, dimension string, from, to int64) (all []Day, err error) {
	return all, s.EachDay(ctx, tenant, dimension, from, to, func(d Day) { all = append(all, d) })
}

// EachDay calls f with the days of a trend.
func (s *Store) EachDay(ctx context.Context, tenant, dimension string, from, to int64, f func(Day)) error {
	var d, sum Day
	begun := false
	return each(ctx, s.reads, `SELECT key, CASE WHEN day < $3 THEN $3 ELSE day END AS shown, sum(resources), sum(unpriced), sum(cost) FROM trend
		WHERE tenant = $1 AND dimension = $2 AND day <= $4 GROUP BY key, shown ORDER BY key, shown`, []any{tenant, dimension, from, to},
		[]any{&d.Key, &d.Day, &d.Resources, &d.Unpriced, &d.Cost}, func() error {
			if sum.Key != d.Key || !begun {
				sum, begun = Day{Key: d.Key}, true
			}
			sum.Day = d.Day
			sum.Resources, sum.Unpriced, sum.Cost = sum.Resources+d.Resources, sum.Unpriced+d.Unpriced, sum.Cost+d.Cost
			f(sum)
			return nil
		})
}

// Tags are the keys of tags that have a trend of their own.
func (s *Store) Tags() []string { return slices.Clone(s.tags) }

// Looked are the days, in order, on which a scan saw something of a tenant.
func (s *Store) Looked(ctx context.Context, tenant string, from, to int64) (days []int64, err error) {
	var d int64
	return days, each(ctx, s.reads, `SELECT DISTINCT l.day FROM looked l JOIN account a ON a.id = l.account
		WHERE a.tenant = $1 AND l.day >= $2 AND l.day <= $3 ORDER BY l.day`, []any{tenant, from, to}, []any{&d}, func() error {
		days = append(days, d)
		return nil
	})
}

// FirstLook is the first day on which a scan saw something of a tenant; ok is false before.
func (s *Store) FirstLook(ctx context.Context, tenant string) (first int64, ok bool, err error) {
	var d *int64
	err = s.reads.QueryRowContext(ctx, `SELECT min(l.day) FROM looked l JOIN account a ON a.id = l.account WHERE a.tenant = $1`, tenant).Scan(&d)
	if err != nil || d == nil {
		return 0, false, err
	}
	return *d, true, nil
}
