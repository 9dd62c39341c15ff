package savings

import (
	"fmt"
	"math"

	"github.com/consolesensei/resource-tracker/tracker"
)

var oversizedFunction = Rule{
	Name:      "oversized_function",
	Title:     "Function has far more memory than it uses",
	Condition: "A function with Lambda Insights has more than 128 MB of memory and used at most {low_memory_percent} % of it in the last {metric_days} days.",
	Types:     []tracker.Type{"Lambda_Function"},
	Metrics: []Metric{
		{"LambdaInsights", "memory_utilization", "Maximum", functionName("function_name")},
		{"AWS/Lambda", "Duration", "Sum", functionName("FunctionName")},
	},
	Effect:   Resize,
	Saving:   "GB-seconds a month × price × (1 − the memory that it used at most and a quarter more ÷ its memory), as if it took as long",
	Risk:     "medium",
	RiskNote: "Less memory is less CPU: the function may take longer, and cost more.",
	Applies: func(c *Case) bool {
		memory, _ := c.Metadata.Number("memory_mb")
		return memory > 128
	},
	Check: func(c *Case) *Match {
		if len(c.values(0)) == 0 {
			return c.unknown("the function has no Lambda Insights, or did not run")
		}
		used := c.max(0)
		if used > float64(c.LowMemoryPercent) {
			return nil
		}
		memory, _ := c.Metadata.Number("memory_mb")
		needed := max(128, math.Ceil(memory*used/100*1.25/64)*64)
		rate := lambdaX86
		if arch := c.Metadata.List("architectures"); len(arch) == 1 && arch[0] == "arm64" {
			rate = lambdaARM
		}
		use := c.gbSeconds(1)
		return &Match{
			Saving: c.listed(tracker.Dollars(use*rate*(1-needed/memory)), fmt.Sprintf("%s GB-seconds a month × $%.10f × (1 − %s ÷ %s MB)",
				quantity(use), rate, quantity(needed), quantity(memory))).atMost(tracker.ConfidenceLow, "as if it took as long"),
			Evidence: with(c.facts("runtime", "memory_mb", "architectures"), "memory_used_max_percent", used, "needed_mb", needed),
		}
	},
}
