package savings

import (
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What a GB-second costs in us-east-1 (Lambda pricing).
const (
	lambdaX86 = 0.0000166667
	lambdaARM = 0.0000133334
)

var x86Function = Rule{
	Name:      "x86_function",
	Title:     "Function would cost less on Graviton",
	Condition: "A function runs on x86 processors and was busy in the last {metric_days} days.",
	Types:     []tracker.Type{"Lambda_Function"},
	Metrics:   []Metric{{"AWS/Lambda", "Duration", "Sum", functionName("FunctionName")}},
	Effect:    Retype,
	Saving:    "GB-seconds a month × ($0.0000166667 − $0.0000133334), as if it took as long",
	Risk:      "low",
	RiskNote:  "Native libraries and container images have to be built for arm64.",
	Applies: func(c *Case) bool {
		_, ok := c.Metadata.Number("memory_mb")
		return ok && slices.Equal(c.Metadata.List("architectures"), []string{"x86_64"})
	},
	Check: func(c *Case) *Match {
		use := c.gbSeconds(0)
		return &Match{
			Saving:   c.listed(tracker.Dollars(use*(lambdaX86-lambdaARM)), fmt.Sprintf("%s GB-seconds a month × ($0.0000166667 − $0.0000133334)", quantity(use))),
			Evidence: with(c.facts("runtime", "package_type", "memory_mb", "architectures"), "gb_seconds_per_month", use),
		}
	},
}

// gbSeconds is what a function is charged for in a month; the i-th metric is how
// long it ran, in milliseconds.
func (c *Case) gbSeconds(i int) float64 {
	memory, _ := c.Metadata.Number("memory_mb")
	return c.monthly(i) / 1000 * memory / 1024
}

// functionName returns the dimension that has a function's name for a value.
func functionName(dimension string) func(tracker.Resource) []tracker.MetricDimension {
	return func(r tracker.Resource) []tracker.MetricDimension {
		return []tracker.MetricDimension{{Name: dimension, Value: r.ARN[strings.LastIndexByte(r.ARN, ':')+1:]}}
	}
}
