package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleInterfaceEndpoint = Rule{
	Name:      "idle_interface_endpoint",
	Title:     "Interface endpoint carries no traffic",
	Condition: "An interface endpoint is at least {metric_days} days old and nothing passed it in that time.",
	Types:     []tracker.Type{"VPC_Endpoint"},
	Metrics:   []Metric{{"AWS/PrivateLinkEndpoints", "BytesProcessed", "Sum", endpoint}},
	Effect:    Delete,
	Saving:    "all that the endpoint costs by the hour, in each of its zones",
	Risk:      "low",
	RiskNote:  "Calls to the service then leave the network another way, or not at all.",
	Applies: func(c *Case) bool {
		// Nobody may delete what a service made for itself.
		return c.Metadata.Text("type") == "Interface" && c.State == "available" && !c.Metadata.Flag("requester_managed") && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		// An endpoint reports only while there is traffic: no value is none.
		if c.total(0) > 0 {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: with(c.facts("service_name", "vpc_id", "subnet_ids"), "bytes_processed", c.total(0))}
	},
}

// endpoint returns the dimensions of an endpoint's metrics (PrivateLink guide,
// "Endpoint metrics and dimensions").
func endpoint(r tracker.Resource) []tracker.MetricDimension {
	return []tracker.MetricDimension{
		{Name: "Endpoint Type", Value: r.Metadata.Text("type")},
		{Name: "Service Name", Value: r.Metadata.Text("service_name")},
		{Name: "VPC Endpoint Id", Value: r.ID},
		{Name: "VPC Id", Value: r.Metadata.Text("vpc_id")},
	}
}
