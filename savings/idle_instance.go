package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleInstance = Rule{
	Name:      "idle_instance",
	Title:     "Instance does nothing",
	Condition: "A running instance is at least {metric_days} days old, and on no day of them its CPU was above {idle_cpu_percent} % or its network traffic, in or out, above {idle_network_mb_per_day} MiB.",
	Types:     []tracker.Type{"EC2_Instance"},
	Metrics: []Metric{
		{"AWS/EC2", "CPUUtilization", "Maximum", by("InstanceId")},
		{"AWS/EC2", "NetworkIn", "Sum", by("InstanceId")},
		{"AWS/EC2", "NetworkOut", "Sum", by("InstanceId")},
	},
	Effect:   Stop,
	Verb:     "stop",
	Saving:   "the instance's cost less its cost when it is stopped; its volumes and addresses stay",
	Risk:     "medium",
	RiskNote: "What runs seldom, or waits for others to fail, looks idle too.",
	Applies: func(c *Case) bool {
		return c.State == "running" && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		if !c.measured(0) || !c.measured(1) || !c.measured(2) {
			return c.unknown("CloudWatch has too few values")
		}
		most := float64(c.IdleNetworkMBPerDay) * mib
		if c.max(0) > float64(c.IdleCPUPercent) || c.max(1) > most || c.max(2) > most {
			return nil
		}
		return &Match{
			Saving: c.fix(nil),
			ByHand: c.Metadata.Text("lifecycle") == "spot", // its request decides whether it can be stopped
			Evidence: with(c.facts("instance_type", "lifecycle"), "days", len(c.values(0)), "cpu_max_percent", c.max(0),
				"network_in_max_bytes_per_day", c.max(1), "network_out_max_bytes_per_day", c.max(2)),
		}
	},
}
