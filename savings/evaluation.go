package savings

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

const noMetrics = "metrics were not asked for"

// Evaluation evaluates rules over the resources of one scan. Note has to see
// all of them before Find sees the first. It is for one goroutine at a time.
type Evaluation struct {
	o       Options
	index   *index
	tallies []*tally
	byType  map[tracker.Type][]*tally
	covers  map[tracker.Type][]*tally
	noted   map[tracker.Type][]*Fact
}

// New returns an Evaluation of the rules that o names.
func New(o Options) (*Evaluation, error) {
	if o.Prices == nil {
		return nil, fmt.Errorf("savings: no prices")
	}
	if o.After == nil {
		return nil, fmt.Errorf("savings: nothing tells what verbs do")
	}
	if o.Refused == nil {
		return nil, fmt.Errorf("savings: nothing tells what verbs refuse")
	}
	if err := o.Thresholds.Validate(); err != nil {
		return nil, err
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	o.Thresholds = o.Thresholds.withDefaults()
	for _, name := range o.Rules {
		if _, ok := Find(name); !ok {
			return nil, fmt.Errorf("no rule of savings is named %q", name)
		}
	}
	e := &Evaluation{
		o: o, index: newIndex(),
		byType: map[tracker.Type][]*tally{}, covers: map[tracker.Type][]*tally{}, noted: map[tracker.Type][]*Fact{},
	}
	for i := range Catalog {
		rule := &Catalog[i]
		if len(o.Rules) > 0 && !slices.Contains(o.Rules, rule.Name) {
			continue
		}
		t := newTally(rule)
		e.tallies = append(e.tallies, t)
		for _, typ := range rule.Types {
			e.byType[typ] = append(e.byType[typ], t)
		}
		if rule.Covers != nil {
			e.covers[rule.CoveredType] = append(e.covers[rule.CoveredType], t)
		}
		for _, f := range rule.Facts {
			if !slices.Contains(e.noted[f.of], f) {
				e.noted[f.of] = append(e.noted[f.of], f)
			}
		}
	}
	return e, nil
}

// Notes returns the types of which Note learns something, sorted.
func (e *Evaluation) Notes() []tracker.Type { return slices.Sorted(maps.Keys(e.noted)) }

// Finds returns the types about which Find can find something, sorted.
func (e *Evaluation) Finds() []tracker.Type { return slices.Sorted(maps.Keys(e.byType)) }

// Note keeps what r tells about other resources.
func (e *Evaluation) Note(r tracker.Resource) {
	for _, f := range e.noted[r.Type] {
		ids := f.ids(e.o.Thresholds, e.o.Now, r)
		if len(ids) == 0 {
			continue
		}
		var cost tracker.Cost
		if f.cost {
			cost = costOf(e.o.Prices, r)
		}
		for _, id := range ids {
			e.index.note(f, r, id, cost)
		}
	}
}

// Wanted returns the metrics that rules need to decide on r; none unless metrics
// were asked for. All of r's are read in r's account and region.
func (e *Evaluation) Wanted(r tracker.Resource) []tracker.MetricQuery {
	if !e.o.Metrics {
		return nil
	}
	var queries []tracker.MetricQuery
	seen := map[string]bool{}
	for _, t := range e.byType[r.Type] {
		if len(t.rule.Metrics) == 0 || e.gap(t, r) != "" {
			continue
		}
		if c := e.newCase(t.rule, r); !t.rule.Applies(c) {
			continue
		}
		for _, m := range t.rule.Metrics {
			q, ok := m.query(r, e.o.Thresholds.MetricDays)
			if ok && !seen[q.ID()] {
				seen[q.ID()] = true
				queries = append(queries, q)
			}
		}
	}
	return queries
}

// Find returns what is found about r, what saves most first; values answers
// what Wanted asks for.
func (e *Evaluation) Find(r tracker.Resource, values tracker.MetricValues) []tracker.Finding {
	var found []candidate
	for _, t := range e.byType[r.Type] {
		if why := e.gap(t, r); why != "" {
			t.skip(r, why)
			continue
		}
		c := e.newCase(t.rule, r)
		match := e.decide(c, values)
		if c.why != "" {
			t.skip(r, c.why)
			continue
		}
		t.evaluated++
		if match != nil && !t.rule.notWaste(r) && e.worthwhile(t.rule, match.Saving) {
			match.hold(c)
			found = append(found, candidate{t, *match})
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, better)
	counts := slices.IndexFunc(found, func(c candidate) bool { return c.match.held == "" })
	if e.covered(r) {
		counts = -1
	}
	findings := make([]tracker.Finding, len(found))
	for i, f := range found {
		findings[i] = f.finding(r)
		findings[i].Counted = i == counts
		f.tally.count(findings[i])
	}
	return findings
}

// Report says how each rule fared, by name.
func (e *Evaluation) Report() []tracker.RuleReport {
	reports := make([]tracker.RuleReport, len(e.tallies))
	for i, t := range e.tallies {
		reports[i] = t.report(e.o)
	}
	return reports
}

func (e *Evaluation) newCase(rule *Rule, r tracker.Resource) *Case {
	return &Case{Resource: r, Thresholds: e.o.Thresholds, Now: e.o.Now, rule: rule, index: e.index, prices: e.o.Prices, after: e.o.After, refused: e.o.Refused, unusedSince: e.o.UnusedSince}
}

// gap says why a rule cannot decide on any resource of r's account and region;
// empty: it can.
func (e *Evaluation) gap(t *tally, r tracker.Resource) string {
	if len(t.rule.Facts) == 0 {
		return ""
	}
	if e.o.Filtered {
		return "the scan kept only resources with certain tags"
	}
	place := tracker.Cell{AccountID: r.AccountID, Region: r.Region, Type: r.Type}
	why, known := t.gaps[place]
	if !known {
		for _, f := range t.rule.Facts {
			if why = e.o.Coverage.gapOf(f, r); why != "" {
				break
			}
		}
		t.gaps[place] = why
	}
	return why
}

// decide lets a rule decide, once its metrics are known.
func (e *Evaluation) decide(c *Case, values tracker.MetricValues) *Match {
	if c.rule.Applies != nil && !c.rule.Applies(c) {
		return nil
	}
	for _, m := range c.rule.Metrics {
		q, ok := m.query(c.Resource, e.o.Thresholds.MetricDays)
		if !ok {
			c.series = append(c.series, tracker.MetricSeries{})
			continue
		}
		series, answered := values[q.ID()]
		switch {
		case !e.o.Metrics:
			return c.unknown(noMetrics)
		case !answered:
			return c.unknown("%s was not read", m.Name)
		case series.Failure != "":
			return c.unknown("%s could not be read: %s", m.Name, series.Failure)
		}
		c.series = append(c.series, series)
	}
	return c.rule.Check(c)
}

// covered reports whether the savings on r are counted at another resource.
func (e *Evaluation) covered(r tracker.Resource) bool {
	return slices.ContainsFunc(e.covers[r.Type], func(t *tally) bool {
		return e.gap(t, r) == "" && t.rule.Covers(e.newCase(t.rule, r))
	})
}

// worthwhile reports whether a saving makes a finding: what is not used is one
// even when it costs nothing, and so is a saving that nobody can price.
func (e *Evaluation) worthwhile(rule *Rule, s Saving) bool {
	least := tracker.Money(e.o.Thresholds.MinSavingCents) * tracker.Dollar / 100
	return s.Monthly == nil || *s.Monthly >= least || *s.Monthly >= 0 && rule.Effect == Delete
}

// candidate is what one rule has found about a resource.
type candidate struct {
	tally *tally
	match Match
}

// better orders candidates by what they save, then by effect: of two ways to
// save on one resource only one can be gone.
func better(a, b candidate) int {
	saves := func(c candidate) tracker.Money {
		if c.match.Saving.Monthly == nil {
			return -1
		}
		return *c.match.Saving.Monthly
	}
	return cmp.Or(cmp.Compare(saves(b), saves(a)), cmp.Compare(a.tally.rule.Effect, b.tally.rule.Effect))
}

func (f candidate) finding(r tracker.Resource) tracker.Finding {
	rule, m := f.tally.rule, f.match
	finding := tracker.Finding{
		ID: rule.Name + "/" + r.Key(), Rule: rule.Name, Title: rule.Title,
		ResourceKey: r.Key(), ResourceID: r.ID, ResourceName: r.Name,
		Type: r.Type, AccountID: r.AccountID, Region: r.Region,
		MonthlySaving: m.Saving.Monthly, Basis: m.Saving.Basis, Confidence: m.Saving.Confidence,
		Evidence: m.Evidence, Risk: rule.Risk, RiskNote: rule.RiskNote, Held: m.held,
	}
	for t, ids := range m.Related {
		for _, id := range ids {
			other := tracker.Resource{ID: id, Type: t, AccountID: r.AccountID, Region: r.Region}
			finding.Related = append(finding.Related, other.Key())
		}
	}
	slices.Sort(finding.Related)
	if rule.Verb != "" && !m.ByHand {
		finding.Fix = new(rule.item(r, m.Params))
	}
	return finding
}
