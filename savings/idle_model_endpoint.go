package savings

import "github.com/consolesensei/resource-tracker/tracker"

var idleModelEndpoint = Rule{
	Name:      "idle_model_endpoint",
	Title:     "Nobody calls the model's endpoint",
	Condition: "A SageMaker endpoint with one variant on instances is at least {metric_days} days old and was not called in that time.",
	Types:     []tracker.Type{"SageMaker_Endpoint"},
	Metrics:   []Metric{{"AWS/SageMaker", "Invocations", "Sum", modelVariant}},
	Effect:    Delete,
	Saving:    "all that the endpoint costs",
	Risk:      "medium",
	RiskNote:  "It can be made again of its configuration.",
	Applies: func(c *Case) bool {
		variants := c.Metadata.Objects("variants")
		return c.State == "inservice" && len(variants) == 1 && variants[0]["instance_type"] != nil && !c.younger(c.MetricDays)
	},
	Check: func(c *Case) *Match {
		// An endpoint that is not called reports nothing.
		if c.total(0) > 0 {
			return nil
		}
		return &Match{Saving: c.all(), Evidence: with(c.facts("config", "variants"), "invocations", c.total(0))}
	},
}

func modelVariant(r tracker.Resource) []tracker.MetricDimension {
	for _, v := range r.Metadata.Objects("variants") {
		name, _ := v["name"].(string)
		return []tracker.MetricDimension{{Name: "EndpointName", Value: r.ID}, {Name: "VariantName", Value: name}}
	}
	return nil
}
