package history

import (
	"context"
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
	var d, sum Day
	return all, each(ctx, s.reads, `SELECT key, CASE WHEN day < $3 THEN $3 ELSE day END AS shown, sum(resources), sum(unpriced), sum(cost) FROM trend
		WHERE tenant = $1 AND dimension = $2 AND day <= $4 GROUP BY key, shown ORDER BY key, shown`, []any{tenant, dimension, from, to},
		[]any{&d.Key, &d.Day, &d.Resources, &d.Unpriced, &d.Cost}, func() error {
			if sum.Key != d.Key || len(all) == 0 {
				sum = Day{Key: d.Key}
			}
			sum.Day = d.Day
			sum.Resources, sum.Unpriced, sum.Cost = sum.Resources+d.Resources, sum.Unpriced+d.Unpriced, sum.Cost+d.Cost
			all = append(all, sum)
			return nil
		})
}
