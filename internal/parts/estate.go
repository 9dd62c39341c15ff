package parts

import (
	"context"
	"time"

	"github.com/consolesensei/resource-tracker/budgets"
	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// estate is what a history says that tenants have now, for the metrics.
func estate(ctx context.Context, h *history.Store) (e telemetry.Estate, err error) {
	now := time.Now()
	of := func(all []history.Estate, err error) ([]telemetry.EstateOf, error) {
		parts := make([]telemetry.EstateOf, len(all))
		for i, a := range all {
			parts[i] = telemetry.EstateOf{Tenant: a.Tenant, Key: a.Key, Count: a.Count, Unpriced: a.Unpriced, Cost: tracker.Money(a.Cost)}
		}
		return parts, err
	}
	if e.Resources, err = of(h.Estates(ctx)); err != nil {
		return e, err
	}
	if e.Findings, err = of(h.Wastes(ctx, now.UnixMilli())); err != nil {
		return e, err
	}
	newest, err := h.Newest(ctx)
	if err != nil {
		return e, err
	}
	e.Newest = make(map[string]time.Time, len(newest))
	for tenant, at := range newest {
		e.Newest[tenant] = time.UnixMilli(at)
	}
	e.Budgets, err = ratios(ctx, h, now)
	return e, err
}

// ratios are how the budgets of all tenants stand.
func ratios(ctx context.Context, h *history.Store, now time.Time) (all []telemetry.BudgetRatio, err error) {
	kept, err := h.AllBudgets(ctx)
	for len(kept) > 0 && err == nil {
		n := 0
		for n < len(kept) && kept[n].Tenant == kept[0].Tenant {
			n++
		}
		of := make([]budgets.Budget, n)
		for i, k := range kept[:n] {
			if of[i], err = budgets.Of(k); err != nil {
				return nil, err
			}
		}
		var standings []budgets.Standing
		standings, err = budgets.Stand(ctx, h, of, now)
		for i, s := range standings {
			if s.Ratio != nil {
				all = append(all, telemetry.BudgetRatio{Tenant: kept[i].Tenant, Name: of[i].Name, Actual: *s.Ratio, Forecast: *s.ForecastRatio})
			}
		}
		kept = kept[n:]
	}
	return all, err
}
