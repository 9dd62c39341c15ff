package telemetry

import "github.com/consolesensei/resource-tracker/tracker"

// Whether the cost of a resource is known.
const (
	costKnown   = "known"
	costUnknown = "unknown"
)

// keptOutcomes is what becomes of a scan that the history is to take in.
var keptOutcomes = []string{"kept", "failed", "lost"}

// Kept counts a scan that the history was to take in.
func (m *Metrics) Kept(what string) { m.kept.WithLabelValues(what).Inc() }

// exportOutcomes is what becomes of a day that is to be written out, and billOutcomes of a period whose bill is to be read.
var (
	exportOutcomes = []string{"written", "failed"}
	billOutcomes   = []string{"read", "failed"}
)

// Exported counts a day of a tenant that was to be written out.
func (m *Metrics) Exported(what string) { m.exported.WithLabelValues(what).Inc() }

// Billed counts a period whose bill was to be read.
func (m *Metrics) Billed(what string) { m.billed.WithLabelValues(what).Inc() }

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
	m.resources.WithLabelValues(costKnown).Add(float64(cost.Known))
	m.resources.WithLabelValues(costUnknown).Add(float64(cost.Unknown))
	m.scanCost.Observe(cost.MonthlyTotal.Float())
}

// KnowRule has a rule of savings counted from 0 on, so that a rate sees its first
// finding.
func (m *Metrics) KnowRule(name string) {
	m.findings.WithLabelValues(name)
	m.saving.WithLabelValues(name)
}

// KnowVerb has the changes of a verb that need a person counted from 0 on, so that an
// alert sees the first one.
func (m *Metrics) KnowVerb(verb string) {
	for _, state := range []tracker.ItemState{tracker.ItemVerifyTimeout, tracker.ItemReappeared} {
		m.items.WithLabelValues(verb, string(state))
	}
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
