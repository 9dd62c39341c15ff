package telemetry

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Estate is what the history says that tenants have now.
type Estate struct {
	Resources []EstateOf // by type
	Findings  []EstateOf // open and counted, by rule
	Budgets   []BudgetRatio
	Newest    map[string]time.Time // by tenant, when the newest look that is in the history began
}

// EstateOf is a part of what a tenant has.
type EstateOf struct {
	Tenant, Key     string
	Count, Unpriced int64
	Cost            tracker.Money // a month; of findings what they would save
}

// BudgetRatio is how a budget stands: what the month costs, divided by the amount.
type BudgetRatio struct {
	Tenant, Name     string
	Actual, Forecast float64
}

const (
	// estateEvery is for how long a look at the history is good: it is the same until the next scan.
	estateEvery = time.Minute
	estateTime  = 20 * time.Second
	// mostSeries bounds each metric: a scrape has the first so many.
	mostSeries = 10_000
)

// WatchEstate adds what read returns. It is asked once a minute at most.
func (m *Metrics) WatchEstate(read func(context.Context) (Estate, error), log *slog.Logger) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	m.registry.MustRegister(&estate{
		estate: lately[Estate]{what: "estate", log: log, fresh: estateEvery, look: func() (Estate, error) {
			ctx, cancel := context.WithTimeout(context.Background(), estateTime)
			defer cancel()
			return read(ctx)
		}},
		resources: desc("inventory_resources", "Resources that the history has now.", "tenant", "type"),
		unpriced:  desc("inventory_unpriced_resources", "Of them, those whose cost is not known.", "tenant", "type"),
		cost:      desc("inventory_monthly_cost_dollars", "What the others cost a month, at list prices.", "tenant", "type"),
		findings:  desc("open_findings", "Findings that are open, counted and not acknowledged.", "tenant", "rule"),
		saving:    desc("open_findings_monthly_saving_dollars", "What they would save a month.", "tenant", "rule"),
		budget:    desc("budget_ratio", "What a month costs, divided by the amount of a budget: actual is until now, forecast the whole month.", "tenant", "budget", "of"),
		age:       desc("inventory_age_seconds", "Since the newest look began that is in the history.", "tenant"),
	})
}

// estate is a collector of an Estate. A look that fails leaves all of it out.
type estate struct {
	estate                                                   lately[Estate]
	resources, unpriced, cost, findings, saving, budget, age *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (e *estate) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{e.resources, e.unpriced, e.cost, e.findings, e.saving, e.budget, e.age} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (e *estate) Collect(ch chan<- prometheus.Metric) {
	seen, ok := e.estate.get()
	if !ok {
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, r := range seen.Resources[:min(len(seen.Resources), mostSeries)] {
		gauge(e.resources, float64(r.Count), r.Tenant, r.Key)
		gauge(e.unpriced, float64(r.Unpriced), r.Tenant, r.Key)
		gauge(e.cost, r.Cost.Float(), r.Tenant, r.Key)
	}
	for _, f := range seen.Findings[:min(len(seen.Findings), mostSeries)] {
		gauge(e.findings, float64(f.Count), f.Tenant, f.Key)
		gauge(e.saving, f.Cost.Float(), f.Tenant, f.Key)
	}
	for _, b := range seen.Budgets[:min(len(seen.Budgets), mostSeries)] {
		gauge(e.budget, b.Actual, b.Tenant, b.Name, "actual")
		gauge(e.budget, b.Forecast, b.Tenant, b.Name, "forecast")
	}
	for _, tenant := range slices.Sorted(maps.Keys(seen.Newest))[:min(len(seen.Newest), mostSeries)] {
		at := seen.Newest[tenant]
		gauge(e.age, time.Since(at).Seconds(), tenant)
	}
}
