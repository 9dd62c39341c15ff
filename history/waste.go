package history

// wasted is what the day's totals of waste are counted by.
type wasted struct {
	account            int64
	aws                string
	rule, region, kind string
	day                int64
}

// wastes are by how much the totals of waste have changed.
type wastes map[wasted]*total

// count adds n findings like this at a time, if it is waste: counted, open and not acknowledged.
func (w wastes) count(f *standing, at, n int64) {
	if f.counted && f.resolved == nil && f.acknowledged == nil {
		add(w, wasted{f.account, f.aws, f.rule, f.region, f.kind, at / day}, n, f.saving)
	}
}

// roll adds the totals to those of their days. It comes last, and in order: others wait for these rows.
func (w wastes) roll(t *tx, tenant string) error {
	var rows, keys [][]any
	trend := map[point]*total{}
	for k, sum := range w {
		if *sum == (total{}) {
			continue
		}
		rows = append(rows, []any{k.account, k.rule, k.region, k.kind, k.day, sum.resources, sum.unpriced, sum.cost})
		for _, p := range []point{{"saving rule", k.rule, k.day}, {"saving region", k.region, k.day}, {"saving type", k.kind, k.day}, {"saving account", k.aws, k.day}} {
			merge(trend, p, 1, *sum)
		}
	}
	for _, p := range inOrder(trend) {
		if sum := trend[p]; *sum != (total{}) {
			keys = append(keys, []any{tenant, p.dimension, p.key, p.day, sum.resources, sum.unpriced, sum.cost})
		}
	}
	err := t.run(`INSERT INTO waste AS t (account, rule, region, type, day, findings, unpriced, saving) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (account, rule, region, type, day) DO UPDATE SET findings = t.findings + excluded.findings, unpriced = t.unpriced + excluded.unpriced, saving = t.saving + excluded.saving`, rows)
	if err != nil {
		return err
	}
	return t.run(addToTrend, keys)
}

// takeOffWaste takes the waste of an account off its tenant's totals.
func takeOffWaste(t *tx, tenant string, account int64) error {
	for dimension, column := range map[string]string{"saving rule": "rule", "saving region": "region", "saving type": "type"} {
		var key string
		var at int64
		var sum total
		var keys [][]any
		err := each(t.ctx, t, `SELECT `+column+`, day, sum(findings), sum(unpriced), sum(saving) FROM waste WHERE account = $1 GROUP BY `+column+`, day ORDER BY `+column+`, day`,
			[]any{account}, []any{&key, &at, &sum.resources, &sum.unpriced, &sum.cost}, func() error {
				keys = append(keys, []any{tenant, dimension, key, at, -sum.resources, -sum.unpriced, -sum.cost})
				return nil
			})
		if err == nil {
			err = t.run(addToTrend, keys)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
