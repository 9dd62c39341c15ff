package savings

import "github.com/consolesensei/resource-tracker/tracker"

var eksExtendedSupport = Rule{
	Name:      "eks_extended_support",
	Title:     "Cluster pays for extended support of its Kubernetes version",
	Condition: "Standard support of a cluster's Kubernetes version has ended, by the table of docs/pricing.md, and the cluster is not upgraded by itself.",
	Types:     []tracker.Type{"EKS_Cluster"},
	Effect:    Retype,
	Saving:    "what the cluster's cost has for extended support",
	Risk:      "medium",
	RiskNote:  "The cluster has to be upgraded one version at a time, and what runs on it has to bear that.",
	Check: func(c *Case) *Match {
		if c.Metadata.Text("version") == "" {
			return c.unknown("the version is not known")
		}
		return c.extendedSupport("version", "support_type")
	},
}
