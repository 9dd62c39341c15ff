package telemetry

import "github.com/consolesensei/resource-tracker/tracker"

// tickOutcomes is what becomes of a tick of a schedule.
var tickOutcomes = []string{"fired", "missed", "failed", "refused"}

// Tick counts a tick of a schedule that was settled. What is fired, missed, failed or
// refused.
func (m *Metrics) Tick(what string) { m.ticks.WithLabelValues(what).Inc() }

// Scan counts what a scan found that ended. Access checks find nothing.
func (m *Metrics) Scan(j tracker.Job) {
	if j.Kind != tracker.KindScan {
		return
	}
	if j.FinishedAt != nil {
		m.scanTime.WithLabelValues(string(j.Lane)).Observe(j.FinishedAt.Sub(j.CreatedAt).Seconds())
	}
	cost := j.Summary.Cost
	m.resources.WithLabelValues("known").Add(float64(cost.Known))
	m.resources.WithLabelValues("unknown").Add(float64(cost.Unknown))
	m.scanCost.Observe(cost.MonthlyTotal.Float())
}

// Found counts what the evaluation of a scan found. A resource that two scans see
// counts twice.
func (m *Metrics) Found(r tracker.FindingsReport) {
	m.evaluations.WithLabelValues(r.Status).Inc()
	for _, rule := range r.ByRule {
		m.findings.WithLabelValues(rule.Rule).Add(float64(rule.Findings))
		// A counter never falls: a finding that would cost more saves nothing.
		m.saving.WithLabelValues(rule.Rule).Add(max(0, rule.MonthlySaving.Float()))
	}
}
