package pricing

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Units of prices that rules use.
const (
	perHour    = "hour"
	perGBMonth = "gb-month"
	currency   = "USD"
)

// A rule fills in the sheet of one resource.
type rule func(s *sheet)

// sheet is what a rule writes a resource's cost on.
type sheet struct {
	book     *Book
	resource tracker.Resource
	r        *tracker.Resource // the resource
	facts    tracker.Metadata  // of r
	cost     tracker.Cost
	sum      tracker.Money

	billed    bill // what AWS bills in the state, by the words of billing
	billing   string
	priced    bool      // a component has a price
	elsewhere string    // names the region whose prices were taken
	spot      string    // names the zone and the time of a spot price that was taken
	asked     func(Key) // told of every price that is looked up; nil: nobody is
	missing   []string  // why a component that counts has no price
	usage     string    // why the main charge is not known
	left      []string  // components that are charged by use
	notes     []string  // what was assumed
}

// noRule is the rule of types that have none.
var noRule = unpriced("the price list has no price for the type")

// sheets are used again: a scan prices each of its resources.
var sheets = sync.Pool{New: func() any { return new(sheet) }}

// fill applies the rule of a resource to a sheet, which has to be released.
func (b *Book) fill(r tracker.Resource, asked func(Key)) *sheet {
	apply, ok := rules[r.Type]
	if !ok {
		apply = noRule
	}
	s := sheets.Get().(*sheet)
	s.book, s.resource, s.facts, s.asked = b, r, r.Metadata, asked
	s.r = &s.resource
	s.billed, s.billing = billed(s.r)
	apply(s)
	return s
}

func (s *sheet) release() {
	*s = sheet{}
	sheets.Put(s)
}

// Cost returns what r costs a month, and how that is known.
func (b *Book) Cost(r tracker.Resource) tracker.Cost {
	s := b.fill(r, nil)
	defer s.release()
	s.total()
	s.judge()
	return s.cost
}

// Price sets the cost of r.
func (b *Book) Price(r *tracker.Resource) {
	c := b.Cost(*r)
	r.Cost, r.MonthlyCost = &c, c.Value
}

// rate looks up a price in the resource's region.
func (s *sheet) rate(k Key) (Rate, bool) {
	if s.asked != nil {
		s.asked(k)
	}
	return s.book.Rate(s.r.Region, k)
}

// hours charges for n things that are there all month.
func (s *sheet) hours(name string, k Key, n float64) { s.charge(name, k, n*tracker.HoursPerMonth) }

// charge adds a component. A component without a price makes the whole cost
// unknown, because a sum without it would mislead.
func (s *sheet) charge(name string, k Key, quantity float64) {
	r, ok := s.rate(k)
	if !ok {
		s.miss(name, r.Reason)
		return
	}
	s.line(name, r, quantity)
}

// line adds a component at a rate.
func (s *sheet) line(name string, r Rate, quantity float64) {
	// One allocation for both amounts.
	m := &[2]tracker.Money{r.Price, tracker.Money(math.Round(float64(r.Price) * quantity))}
	s.component(tracker.CostComponent{Name: name, Unit: r.Unit, Quantity: quantity, UnitPrice: &m[0], Monthly: &m[1]})
	s.sum += m[1]
	s.priced = true
	if s.cost.Source == "" || r.AsOf < s.cost.AsOf {
		s.cost.Source, s.cost.AsOf = r.Source, r.AsOf
	}
	switch r.Basis {
	case tracker.CostOtherRegion:
		s.elsewhere = r.Reason
	case tracker.CostSpot:
		s.spot = r.Reason
	}
}

// part adds a component that the sum can do without. When it has no price, the
// sum leaves it out and says so.
func (s *sheet) part(name string, k Key, quantity float64) {
	r, ok := s.rate(k)
	if !ok {
		s.without(name, r.Reason)
		return
	}
	s.line(name, r, quantity)
}

// without leaves a component out of the sum, and says so.
func (s *sheet) without(name, reason string) {
	s.component(tracker.CostComponent{Name: name, Reason: reason})
	s.bound("without " + name + ": " + reason)
}

// miss says that a necessary component has no price.
func (s *sheet) miss(name, reason string) {
	s.component(tracker.CostComponent{Name: name, Reason: reason})
	s.missing = append(s.missing, name+": "+reason)
}

// leave lists components that are charged by use, which a scan does not ask for.
func (s *sheet) leave(names ...string) {
	for _, name := range names {
		s.component(tracker.CostComponent{Name: name, Reason: "charged by use"})
	}
	s.left = append(s.left, names...)
}

// byUse says that the main charge is not known.
func (s *sheet) byUse(reason string) { s.usage = reason }

// assume names an assumption.
func (s *sheet) assume(reason string) { s.note(tracker.ConfidenceMedium, reason) }

// atMost says that the sum is more than the actual charge, or as much, and why.
func (s *sheet) atMost(reason string) {
	s.cost.UpperBound = true
	s.bound("at most: " + reason)
}

// bound says that the sum is not the actual charge, and why.
func (s *sheet) bound(reason string) { s.note(tracker.ConfidenceLow, reason) }

func (s *sheet) note(c tracker.Confidence, reason string) {
	if s.cost.Confidence != tracker.ConfidenceLow {
		s.cost.Confidence = c
	}
	s.notes = append(s.notes, reason)
}

// free says that nothing is charged.
func (s *sheet) free(reason string) {
	s.cost.Basis = tracker.CostFree
	s.notes = append(s.notes, reason)
}

func (s *sheet) component(c tracker.CostComponent) {
	if s.cost.Components == nil {
		s.cost.Components = make([]tracker.CostComponent, 0, 2)
	}
	s.cost.Components = append(s.cost.Components, c)
}

// total closes the sheet.
func (s *sheet) total() {
	c := &s.cost
	c.Currency, c.UpperBound = currency, c.UpperBound && s.priced && len(s.missing) == 0
	if c.Components == nil {
		c.Components = []tracker.CostComponent{}
	}
	switch {
	case len(s.missing) > 0:
		c.Basis, c.Confidence = tracker.CostUnknown, tracker.ConfidenceNone
		c.Reason = join(s.missing)
		return
	case s.usage != "" || !s.priced && len(s.left) > 0:
		c.Basis, c.Confidence = tracker.CostUsageBased, tracker.ConfidenceNone
		c.Reason = s.usage
		if c.Reason == "" {
			c.Reason = "charged by use: " + strings.Join(s.left, ", ")
		}
		return
	case !s.priced && c.Basis == tracker.CostFree:
		c.Value, c.Confidence, c.Reason = new(tracker.Money), tracker.ConfidenceHigh, join(s.notes)
		return
	case !s.priced:
		c.Basis, c.Confidence = tracker.CostUnknown, tracker.ConfidenceNone
		c.Reason = join(s.notes)
		if c.Reason == "" {
			c.Reason = "nothing of it is in the price list"
		}
		return
	}
	sum := s.sum
	c.Value, c.Basis = &sum, tracker.CostList
	if c.Confidence == "" {
		c.Confidence = tracker.ConfidenceHigh
	}
	if s.spot != "" {
		c.Basis = tracker.CostSpot
		if c.Confidence == tracker.ConfidenceHigh {
			c.Confidence = tracker.ConfidenceMedium // it changes
		}
		s.notes = append(s.notes, s.spot)
	}
	if s.elsewhere != "" {
		c.Basis, c.Confidence = tracker.CostOtherRegion, tracker.ConfidenceLow
		s.notes = append(s.notes, s.elsewhere)
	}
	if len(s.left) > 0 {
		s.notes = append(s.notes, "without charges by use: "+strings.Join(s.left, ", "))
	}
	c.Reason = join(s.notes)
}

func join(reasons []string) string { return strings.Join(reasons, "; ") }

// free is the rule of types that cost nothing.
func free(reason string) rule { return func(s *sheet) { s.free(reason) } }

// usage is the rule of types whose charges are all by use.
func usage(names ...string) rule { return func(s *sheet) { s.leave(names...) } }

// unpriced is the rule of types whose prices the book lacks.
func unpriced(reason string) rule {
	return func(s *sheet) { s.missing = append(s.missing, reason) }
}

// storageAlone reports whether AWS bills nothing but storage in the state.
func (s *sheet) storageAlone() bool { return s.billed == storage }

// lower returns a text without regard to case.
func (s *sheet) lower(fact string) string { return strings.ToLower(s.facts.Text(fact)) }

// need returns a number that a cost cannot do without, and reports it missing.
func (s *sheet) need(component, fact string) (n float64, ok bool) {
	if n, ok = s.facts.Number(fact); !ok {
		s.miss(component, fact+" is not known")
	}
	return n, ok
}

// gib is the unit in which AWS charges for stored bytes.
const gib = 1 << 30

// stored charges for bytes that are stored all month.
func (s *sheet) stored(name string, k Key, bytes float64) { s.charge(name, k, bytes/gib) }

type quantity struct {
	name string
	n    float64
}

// quantities returns a fact that is numbers by name, in order of name.
func (s *sheet) quantities(fact string) []quantity {
	var out []quantity
	switch v := s.facts[fact].(type) {
	case map[string]int64:
		for name, n := range v {
			out = append(out, quantity{name, float64(n)})
		}
	case map[string]any:
		for name, n := range v {
			if f, ok := tracker.Number(n); ok {
				out = append(out, quantity{name, f})
			}
		}
	}
	slices.SortFunc(out, func(a, b quantity) int { return cmp.Compare(a.name, b.name) })
	return out
}
