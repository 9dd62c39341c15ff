package trends

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Series are values of days one after the other. A day that nobody looked at has the value of the one before.
type Series struct {
	First    int64 // since 1970
	Values   []float64
	Observed []bool
}

// At is the value of a day; the nearest where the series has none.
func (s Series) At(day int64) float64 {
	return s.Values[min(max(0, day-s.First), int64(len(s.Values))-1)]
}

// until is how many values there are to the last day that was looked at.
func (s Series) until() int {
	for i := len(s.Observed); i > 0; i-- {
		if s.Observed[i-1] {
			return i
		}
	}
	return 0
}

// Method is how a forecast was made.
type Method string

const (
	// Damped is simple or damped-trend exponential smoothing, whichever was nearest to the days that are known. The
	// interval comes from what it was wrong by on these days, drawn again and again.
	Damped Method = "damped_trend"
	// Flat is the last value for all days, with an interval that is wide because too little is known.
	Flat Method = "flat"
	// Unknown is of a series that nobody has looked at.
	Unknown Method = "none"
)

const (
	// Interval is the share of months that is to end within Low and High.
	Interval = 0.8
	// LeastDays is from how many observed days on the days tell what comes next.
	LeastDays = 14
	// FitDays is how many days are looked at.
	FitDays = 60

	paths    = 1000
	flatWide = 0.25 // of what is still to come
	warm     = 3    // days that a fit begins with, which say nothing of its faults
)

// Month is what a month costs, in the unit of the series; its values are what a month would cost.
type Month struct {
	First  int64 // its first day
	Days   int
	ToDate float64 // until the end of today
	// Total is the whole month, and in Interval of all cases it is within Low and High.
	Total, Low, High float64
	Method           Method
	Observed         int // days that the method looked at and that somebody had looked at
	Assumed          int // days before the first that anybody looked at: they count as that one
	Carried          int // days until today that nobody looked at: they count as the one before
}

// Forecast says what the month of today costs.
func Forecast(s Series, today int64) Month {
	m := Month{Method: Unknown}
	m.First, m.Days = MonthOf(today)
	known := s.until()
	if known == 0 {
		return m
	}
	last, end := s.First+int64(known)-1, m.First+int64(m.Days)
	if last > today {
		last, known = today, int(today-s.First)+1
	}
	before := 0.0 // what is known of the month
	for day := m.First; day < end; day++ {
		share := s.At(min(day, last)) / float64(m.Days)
		if day <= today {
			m.ToDate += share
		}
		if day <= last {
			before += share
		}
		switch {
		case day > today:
		case day < s.First:
			m.Assumed++
		case day > last || !s.Observed[day-s.First]:
			m.Carried++
		}
	}
	values := s.Values[max(0, known-FitDays):known]
	for _, yes := range s.Observed[max(0, known-FitDays):known] {
		if yes {
			m.Observed++
		}
	}
	horizon := int(end - max(last+1, m.First)) // of the month, what is not known
	skip := int(max(last+1, m.First) - (last + 1))
	if m.Observed < LeastDays || len(values) <= warm+2 {
		m.Method = Flat
		rest := s.At(last) / float64(m.Days) * float64(horizon)
		m.Total, m.Low, m.High = before+rest, before+rest*(1-flatWide), before+rest*(1+flatWide)
		return m
	}
	m.Method = Damped
	sums := fit(values).simulate(skip, horizon)
	for i := range sums {
		sums[i] = before + sums[i]/float64(m.Days)
	}
	m.Low, m.Total, m.High = quantile(sums, (1-Interval)/2), quantile(sums, 0.5), quantile(sums, (1+Interval)/2)
	return m
}

// holt is damped-trend smoothing, and what it was wrong by.
type holt struct {
	alpha, beta, phi float64
	level, slope     float64
	faults           []float64
	loss             float64
}

// fit finds the smoothing that is nearest to values. Of equals it takes the first, which is the calmer.
func fit(values []float64) (best holt) {
	best.loss = math.Inf(1)
	for _, beta := range []float64{0, 0.1, 0.3, 0.6} {
		for _, phi := range []float64{0.8, 0.9, 0.98} {
			for _, alpha := range []float64{1, 0.8, 0.6, 0.4, 0.2, 0.1} {
				h := holt{alpha: alpha, beta: beta, phi: phi, level: values[0]}
				for i, v := range values[1:] {
					fault := h.step(v)
					if i+1 >= warm {
						h.faults, h.loss = append(h.faults, fault), h.loss+math.Abs(fault)
					}
				}
				if h.loss < best.loss*(1-1e-9) {
					best = h
				}
			}
			if beta == 0 {
				break // without a slope it is not damped
			}
		}
	}
	// A method that was fitted to the days is nearer to them than to the days to come.
	n := float64(len(best.faults))
	for i := range best.faults {
		best.faults[i] *= math.Sqrt(n / (n - 2))
	}
	return best
}

// step takes a value in, and says by how much it was not expected.
func (h *holt) step(value float64) float64 {
	fault := value - h.level - h.phi*h.slope
	h.level += h.phi*h.slope + h.alpha*fault
	h.slope = h.phi*h.slope + h.alpha*h.beta*fault
	return fault
}

// simulate goes on from the last value, many times, each day with a fault that a known day had, and sums the days
// after the first few. The draws are the same each time.
func (h holt) simulate(skip, days int) []float64 {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // it has to repeat
	sums := make([]float64, paths)
	for p := range sums {
		now := h
		for d := range skip + days {
			value := max(0, now.level+now.phi*now.slope+h.faults[random.IntN(len(h.faults))])
			now.step(value)
			if d >= skip {
				sums[p] += value
			}
		}
	}
	slices.Sort(sums)
	return sums
}

// quantile is that of sorted values.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
