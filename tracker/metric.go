package tracker

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MetricQuery asks CloudWatch for one statistic of one metric, over the days
// that end today.
type MetricQuery struct {
	Namespace  string            // "AWS/EC2"
	Name       string            // "CPUUtilization"
	Dimensions []MetricDimension // all that the metric has: CloudWatch adds nothing up
	Stat       string            // "Sum", "Maximum", "p99"
	Period     time.Duration     // of one value; whole minutes
	Days       int
}

// MetricDimension is a name and a value that tell metrics of one name apart.
type MetricDimension struct{ Name, Value string }

// ID is the same for queries of the same values.
func (q MetricQuery) ID() string {
	dimensions := slices.Clone(q.Dimensions)
	slices.SortFunc(dimensions, func(a, b MetricDimension) int { return strings.Compare(a.Name, b.Name) })
	var b strings.Builder
	b.WriteString(q.Namespace + " " + q.Name + " " + q.Stat + " " + q.Period.String() + " " + strconv.Itoa(q.Days))
	for _, d := range dimensions {
		b.WriteString(" " + d.Name + "=" + d.Value)
	}
	return b.String()
}

// MetricSeries is the answer to a MetricQuery.
type MetricSeries struct {
	// Values holds one value for each period that has any, the newest first.
	Values []float64
	// Failure says why the metric could not be read; Values then says nothing.
	Failure string
}

// MetricValues are answers by the ID of their query.
type MetricValues map[string]MetricSeries
