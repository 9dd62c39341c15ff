package savings

import (
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

var idleLoadBalancer = Rule{
	Name:      "idle_load_balancer",
	Title:     "Load balancer has next to no traffic",
	Condition: "A load balancer is at least {metric_days} days old and had on no day of them more than {idle_requests_per_day} requests, or new flows.",
	Types:     []tracker.Type{"Load_Balancer"},
	Metrics: []Metric{
		{"AWS/ApplicationELB", "RequestCount", "Sum", balancerOf("application")},
		{"AWS/NetworkELB", "NewFlowCount", "Sum", balancerOf("network")},
		{"AWS/GatewayELB", "NewFlowCount", "Sum", balancerOf("gateway")},
		{"AWS/ELB", "RequestCount", "Sum", balancerOf("classic")},
	},
	Effect:   Delete,
	Verb:     "delete",
	Saving:   "all that the load balancer costs, without its public addresses, which are charged with its interfaces",
	Risk:     "medium",
	RiskNote: "Whoever still calls it gets no answer.",
	Applies:  func(c *Case) bool { return c.State == "active" && !c.younger(c.MetricDays) },
	Check: func(c *Case) *Match {
		// Load balancers report only while there is traffic (ELB user guides,
		// "CloudWatch metrics"): no value is no request. One of the four has any.
		var busiest float64
		for i := range c.series {
			busiest = max(busiest, c.max(i))
		}
		if busiest > float64(c.IdleRequestsPerDay) {
			return nil
		}
		return &Match{Saving: c.fix(nil), Evidence: with(c.facts("type", "scheme", "dns_name"), "busiest_day", busiest)}
	},
}

// balancerOf returns the dimension of load balancers of one type: the part of the
// ARN after "loadbalancer/", or the name of a classic one.
func balancerOf(kind string) func(tracker.Resource) []tracker.MetricDimension {
	name := "LoadBalancer"
	if kind == "classic" {
		name = "LoadBalancerName"
	}
	return func(r tracker.Resource) []tracker.MetricDimension {
		_, id, ok := strings.Cut(r.ARN, ":loadbalancer/")
		if r.Metadata.Text("type") != kind || !ok {
			return nil
		}
		return []tracker.MetricDimension{{Name: name, Value: id}}
	}
}
