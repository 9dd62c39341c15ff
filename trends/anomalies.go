package trends

import (
	"math"
	"slices"
)

// Band says how far from the usual a step from one observed day to the next may be.
type Band struct {
	Window int // steps before it that tell what is usual
	Least  int // without so many of them nothing is judged
	// Width is in robust standard deviations: 1.4826 times the median distance from the median.
	Width float64
	// Absolute and Relative are the least step that stands out: in the unit of the series, and of the value before.
	Absolute, Relative float64
}

// DefaultBand lets no cents alarm.
var DefaultBand = Band{Window: 28, Least: 7, Width: 4, Absolute: 10, Relative: 0.05}

// Anomaly is a day on which a series left its band.
type Anomaly struct {
	Day       int64
	Previous  int64 // the observed day before
	Before    float64
	After     float64
	Low, High float64 // where After was expected
}

// Judged are the places of the days that can be judged: observed ones with enough of them before.
func (b Band) Judged(observed []bool) (days []int) {
	before := 0
	for i, yes := range observed {
		if !yes {
			continue
		}
		if before++; before > b.Least+1 {
			days = append(days, i)
		}
	}
	return days
}

// Find returns the days of a series that are outside the band, oldest first.
func (b Band) Find(s Series) (found []Anomaly) {
	var steps []float64
	previous := -1
	for i, observed := range s.Observed {
		if !observed {
			continue
		}
		if previous < 0 {
			previous = i
			continue
		}
		step := s.Values[i] - s.Values[previous]
		if usual := steps[max(0, len(steps)-b.Window):]; len(usual) >= b.Least {
			median := middle(usual)
			away := make([]float64, len(usual))
			for j, u := range usual {
				away[j] = math.Abs(u - median)
			}
			room := max(b.Width*1.4826*middle(away), b.Absolute, b.Relative*math.Abs(s.Values[previous]))
			if math.Abs(step-median) > room {
				expected := s.Values[previous] + median
				found = append(found, Anomaly{
					Day: s.First + int64(i), Previous: s.First + int64(previous), Before: s.Values[previous], After: s.Values[i],
					Low: max(0, expected-room), High: expected + room,
				})
			}
		}
		steps, previous = append(steps, step), i
	}
	return found
}

// middle is the median.
func middle(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return quantile(sorted, 0.5)
}
