package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func kubernetes(version, support string) tracker.Resource {
	return res("EKS_Cluster", "prod", "active", 900, m{"version": version, "support_type": support, "auto_mode": false})
}

var eksExtendedSupport = []row{
	{name: "1.30", resource: kubernetes("1.30", "EXTENDED"), want: "365.00"},
	{name: "a version whose support has not ended", resource: kubernetes("1.34", "EXTENDED"), want: "none"},
	{name: "could not be described", resource: res("EKS_Cluster", "prod", "unknown", -1, m{}), want: "1 not decided on: the version is not known"},
}
