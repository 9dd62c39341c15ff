// Package savings finds what could cost less: one Rule value per kind of waste,
// one file per Rule.
//
// An Evaluation reads the resources of a scan twice. The first time, it notes
// what resources tell about each other, such as which volumes exist; the second
// time, it finds. It holds hashes of what it noted and nothing else, however
// large the scan is. What could not be seen is never taken for missing: where a
// type that a rule relies on was not scanned to its end, the rule is not
// evaluated and says so.
package savings

import (
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Prices prices resources, real and hypothetical: what a rule would change a
// resource to is priced like what it is, and the difference is the saving.
type Prices interface {
	Cost(r tracker.Resource) tracker.Cost
}

// After returns what an item of a plan makes of a resource, as far as that decides
// what the resource costs. An error says why it is not known.
type After func(r tracker.Resource, item tracker.ActionItem, now time.Time) (tracker.Resource, error)

// Options say what an Evaluation goes by.
type Options struct {
	Prices Prices
	// After tells what the verbs of rules do.
	After After
	// Refused tells what they refuse.
	Refused Refused
	// UnusedSince tells since when at least something has been as it is; nil: nobody knows.
	UnusedSince UnusedSince
	// Now is the time of the scan; zero: now.
	Now time.Time
	// Coverage tells what was seen to its end.
	Coverage Coverage
	// Filtered says that the scan kept resources with certain tags only, so that
	// what it lacks may well exist.
	Filtered bool
	// Metrics says that metrics were asked for.
	Metrics    bool
	Thresholds Thresholds
	// Rules are the names of those to evaluate; none: all.
	Rules []string
}

// Effect is what repairing a finding does to the resource. Of two that save the
// same, the lower one counts.
type Effect int

// The effects, in order.
const (
	Delete Effect = iota
	Stop
	Resize // less of the same
	Retype // the same of another kind
)

func (e Effect) String() string { return [...]string{"delete", "stop", "resize", "retype"}[e] }

// A Rule finds one kind of waste.
type Rule struct {
	Name string
	// Title says in one line what is wrong with a resource that it finds.
	Title string
	// Condition says when it finds one. {name} stands for a threshold.
	Condition string
	Types     []tracker.Type
	// Facts are what it has to know of other resources.
	Facts []*Fact
	// Metrics are what it has to know of CloudWatch.
	Metrics []Metric
	Effect  Effect
	// Verb repairs a finding in a plan; empty: no verb does.
	Verb string
	// Saving says how the saving is computed. That of a rule with a verb is the verb's.
	Saving string
	// Risk is "none", "low", "medium" or "high"; RiskNote says what it consists in.
	Risk, RiskNote string

	// Check decides on one resource, of which all facts and metrics are known.
	Check func(c *Case) *Match
	// Applies, for a rule with metrics, decides whether they are worth reading.
	Applies func(c *Case) bool
	// Covers reports whether a finding on another resource holds the savings on
	// this one, which is of type CoveredType.
	CoveredType tracker.Type
	Covers      func(c *Case) bool
}

// Reads returns the types that the rule reads: its own, and those that facts
// come from.
func (r Rule) Reads() []tracker.Type {
	types := slices.Clone(r.Types)
	for _, f := range r.Facts {
		types = append(types, f.of)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// item is what repairs a finding of the rule on a resource, where a verb does.
func (r Rule) item(of tracker.Resource, params tracker.Metadata) tracker.ActionItem {
	return tracker.ActionItem{ResourceID: of.ID, Type: of.Type, Region: of.Region, AccountID: of.AccountID, Verb: r.Verb, Params: params}
}

// Match is what a Rule has found out about a resource.
type Match struct {
	Saving   Saving
	Evidence tracker.Metadata
	// Related are the IDs of other resources that it is about, by type.
	Related map[tracker.Type][]string
	// Params are what the verb takes.
	Params tracker.Metadata
	// ByHand says that the verb cannot repair this one.
	ByHand bool

	held string // why a person has to look first
}

// A Fact is what resources of one type tell about resources, of that type or
// of others, in their account and region, or in all its regions.
type Fact struct {
	name string
	// of is the type that tells it, which has to be seen to its end.
	of tracker.Type
	// ids are those that the fact is true of because of r.
	ids func(t Thresholds, now time.Time, r tracker.Resource) []string
	// only is the type that it matters to; empty: to all of the rule's.
	only tracker.Type
	// across says that it is told across regions.
	across bool
	// cost says that the costs of the telling resources are added up by ID.
	cost bool
}

// Metric is a metric that a Rule reads.
type Metric struct {
	Namespace, Name, Stat string
	// Of returns the dimensions that the metric has of r; nil: it has none of r.
	Of func(r tracker.Resource) []tracker.MetricDimension
}

// String names the metric and its statistic.
func (m Metric) String() string { return m.Namespace + " " + m.Name + " (" + m.Stat + ")" }

// metricPeriod is a day: fourteen values a metric are few enough for 500
// metrics a call, and a daily maximum or percentile is never below that of the
// whole time.
const metricPeriod = 24 * time.Hour

func (m Metric) query(r tracker.Resource, days int) (tracker.MetricQuery, bool) {
	dimensions := m.Of(r)
	return tracker.MetricQuery{
		Namespace: m.Namespace, Name: m.Name, Dimensions: dimensions, Stat: m.Stat, Period: metricPeriod, Days: days,
	}, dimensions != nil
}

// by returns the dimension that has the resource's ID for a value.
func by(name string) func(tracker.Resource) []tracker.MetricDimension {
	return func(r tracker.Resource) []tracker.MetricDimension {
		return []tracker.MetricDimension{{Name: name, Value: r.ID}}
	}
}
