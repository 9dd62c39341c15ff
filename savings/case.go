package savings

import (
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Case is one resource before one rule.
type Case struct {
	tracker.Resource
	Thresholds
	Now time.Time

	rule   *Rule
	index  *index
	prices Prices
	after  After

	refused     Refused
	unusedSince UnusedSince

	series []tracker.MetricSeries // of the rule's metrics; nil where the metric has none of the resource
	why    string                 // why the rule cannot decide
}

// unknown ends a check that lacks something.
func (c *Case) unknown(format string, args ...any) *Match {
	c.why = fmt.Sprintf(format, args...)
	return nil
}

// time returns a time of the metadata.
func (c *Case) time(key string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339, c.Metadata.Text(key))
	return t, err == nil
}

// daysSince returns the whole days from t until now.
func (c *Case) daysSince(t time.Time) int { return int(c.Now.Sub(t) / (24 * time.Hour)) }

// age returns the resource's age in days.
func (c *Case) age() (days int, ok bool) {
	if c.Created == nil {
		return 0, false
	}
	return c.daysSince(*c.Created), true
}

// younger reports whether the resource is younger than some days, or may be.
func (c *Case) younger(days int) bool {
	age, ok := c.age()
	return !ok || age < days
}

// knows reports whether a fact of the rule holds for an ID.
func (c *Case) knows(f *Fact, id string) bool {
	_, ok := c.index.known[c.index.key(f, c.Resource, id)]
	return ok
}

// sum returns the costs that a fact adds up for an ID.
func (c *Case) sum(f *Fact, id string) sum { return c.index.sums[c.index.key(f, c.Resource, id)] }

// facts picks metadata for the evidence, without what is unknown.
func (c *Case) facts(keys ...string) tracker.Metadata {
	m := tracker.Metadata{"state": c.State}
	for _, k := range keys {
		if v := c.Metadata[k]; v != nil {
			m[k] = v
		}
	}
	if age, ok := c.age(); ok {
		m["age_days"] = age
	}
	return m
}

// with adds facts to the evidence.
func with(m tracker.Metadata, pairs ...any) tracker.Metadata {
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// cost returns what the resource costs.
func (c *Case) cost() tracker.Cost { return costOf(c.prices, c.Resource) }

func costOf(prices Prices, r tracker.Resource) tracker.Cost {
	if r.Cost != nil {
		return *r.Cost
	}
	return prices.Cost(r)
}

// fix is the saving of what repairs the finding in a plan.
func (c *Case) fix(params tracker.Metadata) Saving {
	return OfItem(c.prices, c.after, c.rule.item(c.Resource, params), c.Resource, nil, c.Now)
}

// fixed is the resource once the finding is repaired in a plan.
func (c *Case) fixed(params tracker.Metadata) tracker.Resource {
	r, _ := c.after(c.Resource, c.rule.item(c.Resource, params), c.Now) // fix says why it is not known
	return r
}

// all is the saving of the resource's end.
func (c *Case) all() Saving { return whole("it", c.cost()) }

// as is the saving of the resource with other metadata.
func (c *Case) as(what string, changes tracker.Metadata) Saving {
	after := c.Resource
	after.Metadata = maps.Clone(c.Metadata)
	maps.Copy(after.Metadata, changes)
	return c.becoming("as "+what, after)
}

// inState is the saving of the resource in another state.
func (c *Case) inState(state string) Saving {
	after := c.Resource
	after.State = state
	return c.becoming("as "+state, after)
}

func (c *Case) becoming(what string, after tracker.Resource) Saving {
	before := c.Resource
	before.Cost, after.Cost = nil, nil
	return difference(c.prices.Cost(before), c.prices.Cost(after), what)
}

// like is a resource of the same account and region.
func (c *Case) like(t tracker.Type, state string, m tracker.Metadata) tracker.Resource {
	return tracker.Resource{Type: t, AccountID: c.AccountID, Region: c.Region, State: state, Tags: map[string]string{}, Metadata: m}
}

// values returns the values of the rule's i-th metric, one a day.
func (c *Case) values(i int) []float64 { return c.series[i].Values }

// measured reports whether the i-th metric has values of enough days to judge by.
func (c *Case) measured(i int) bool { return len(c.values(i)) >= c.MinMetricDays }

// max returns the highest value of the i-th metric; 0 without any.
func (c *Case) max(i int) float64 {
	var highest float64
	for _, v := range c.values(i) {
		highest = math.Max(highest, v)
	}
	return highest
}

// min returns the lowest value of the i-th metric; 0 without any.
func (c *Case) min(i int) float64 {
	if len(c.values(i)) == 0 {
		return 0
	}
	lowest := math.Inf(1)
	for _, v := range c.values(i) {
		lowest = math.Min(lowest, v)
	}
	return lowest
}

// total adds up the values of the i-th metric.
func (c *Case) total(i int) float64 {
	var sum float64
	for _, v := range c.values(i) {
		sum += v
	}
	return sum
}

// monthly turns the i-th metric's total into that of a month.
func (c *Case) monthly(i int) float64 {
	return c.total(i) * tracker.HoursPerMonth / 24 / float64(c.MetricDays)
}
