package savings

import "github.com/consolesensei/resource-tracker/tracker"

var oversizedInstance = Rule{
	Name:      "oversized_instance",
	Title:     "Instance is larger than its load",
	Condition: "A running on-demand instance of a general or compute family is at least {metric_days} days old, and 99 % of the time of each of them its CPU was below {low_cpu_percent} %.",
	Types:     []tracker.Type{"EC2_Instance"},
	Metrics:   []Metric{{"AWS/EC2", "CPUUtilization", "p99", by("InstanceId")}},
	Effect:    Resize,
	Saving:    "the instance's cost less its cost one size down",
	Risk:      "medium",
	RiskNote:  "CloudWatch does not see memory: half of it has to be enough. The instance has to be stopped for the change.",
	Applies: func(c *Case) bool {
		return c.runsOnDemand() && !c.younger(c.MetricDays) && smaller(c.Metadata.Text("instance_type")) != ""
	},
	Check: func(c *Case) *Match {
		if !c.measured(0) {
			return c.unknown("CloudWatch has too few values")
		}
		if c.max(0) >= float64(c.LowCPUPercent) {
			return nil
		}
		to := smaller(c.Metadata.Text("instance_type"))
		return &Match{
			Saving:   c.as(to, tracker.Metadata{"instance_type": to}),
			Evidence: with(c.facts("instance_type"), "smaller", to, "days", len(c.values(0)), "cpu_p99_percent", c.max(0)),
		}
	},
}
