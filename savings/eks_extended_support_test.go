package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func kubernetes(version, support string) tracker.Resource {
	return res("EKS_Cluster", "prod", "active", 900, m{"version": version, "support_type": support, "auto_mode": false})
}

var eksExtendedSupport = []row{
	{name: "1.30", resource: kubernetes("1.30", "EXTENDED"), want: "365.00"},
	{name: "1.34 is supported until December", resource: kubernetes("1.34", "EXTENDED"), want: "none"},
	{name: "will be upgraded instead", resource: kubernetes("1.30", "STANDARD"), want: "none"},
	{name: "a version that the rule does not know", resource: kubernetes("1.99", "EXTENDED"), want: "none"},
	{name: "could not be described", resource: res("EKS_Cluster", "prod", "unknown", -1, m{}), want: "1 not decided on: the version is not known"},
}
