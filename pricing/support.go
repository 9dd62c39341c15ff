package pricing

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// support is how long a version is supported without a further charge. The one
// table of them is data/support.csv.
type support struct {
	product, version string
	ends             time.Time // the last day of standard support
	charged          time.Time // the first day that extended support is charged for
	dearer           time.Time // the first day of the third year's price; zero: there is none
}

// Tiers of the price of extended support, as in keys of the list.
const (
	firstYears = "year-1" // and the second
	thirdYear  = "year-3"
)

// tier returns the price that holds at a time; empty: none is charged.
func (v support) tier(at time.Time) string {
	switch {
	case v.charged.IsZero() || at.Before(v.charged):
		return ""
	case v.dearer.IsZero() || at.Before(v.dearer):
		return firstYears
	}
	return thirdYear
}

// supports are the rows of data/support.csv by product.
var supports = sync.OnceValue(func() map[string][]support {
	out := map[string][]support{}
	for f, err := range rows("data/support.csv", 7) {
		if err != nil {
			panic(fmt.Errorf("the embedded ends of support: %w", err)) // a test reads them
		}
		out[f[0]] = append(out[f[0]], support{f[0], f[1], day(f[2]), day(f[3]), day(f[4])})
	}
	return out
})

// day reads a date; an empty one is zero.
func day(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(fmt.Errorf("the embedded ends of support: %w", err)) // a test reads them
	}
	return t
}

// supportOf returns the support of a version, such as "13.20" of "postgres". One
// that is not in the table is supported, as far as known.
func supportOf(product, version string) support {
	for _, v := range supports()[product] {
		if version == v.version || strings.HasPrefix(version, v.version+".") {
			return v
		}
	}
	return support{}
}

// extendedSupport names the component of a cost that savings looks for.
const extendedSupport = "extended support"

// extended charges for n hours of extended support at a rate.
func (s *sheet) extended(v support, r Rate, n float64) {
	s.line(extendedSupport, r, n)
	s.cost.Components[len(s.cost.Components)-1].Reason = v.ended()
}

func (v support) ended() string {
	return fmt.Sprintf("standard support of %s %s ended on %s", v.product, v.version, v.ends.Format(time.DateOnly))
}

// extendedDatabase charges for the vCPUs of copies of an instance whose engine is
// out of standard support (RDS user guide, "Amazon RDS Extended Support charges").
func (s *sheet) extendedDatabase(engine string, copies int) {
	engine = engineOf(engine)
	v := supportOf(engine, s.facts.Text("engine_version"))
	tier := v.tier(s.book.today())
	// A database without it is upgraded at the end instead.
	if tier == "" || s.facts.Text("extended_support") == "open-source-rds-extended-support-disabled" {
		return
	}
	class := s.facts.Text("instance_class")
	cpus, ok := vcpus(class)
	if !ok {
		s.without(extendedSupport, v.ended()+"; how many vCPUs "+class+" has is not known")
		return
	}
	r, ok := s.rate(Key{"rds", "extended-support", tier, engine})
	if !ok && tier == thirdYear {
		if r, ok = s.rate(Key{"rds", "extended-support", firstYears, engine}); ok {
			s.bound("at least: extended support is at the price of its first years, because the price list lacks that of the third")
		}
	}
	if !ok {
		s.without(extendedSupport, v.ended()+"; "+r.Reason)
		return
	}
	s.extended(v, r, float64(cpus*copies)*tracker.HoursPerMonth)
}
