package savings

import (
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// kubernetesEnded is the "Amazon EKS Kubernetes release calendar" (EKS user
// guide, as published in April 2026).
var kubernetesEnded = []ended{
	{version: "1.29", at: on(2025, time.March, 23)},
	{version: "1.30", at: on(2025, time.July, 23)},
	{version: "1.31", at: on(2025, time.November, 26)},
	{version: "1.32", at: on(2026, time.March, 23)},
	{version: "1.33", at: on(2026, time.July, 29)},
	{version: "1.34", at: on(2026, time.December, 2)},
	{version: "1.35", at: on(2027, time.March, 27)},
}

// eksExtended is what an hour of extended support costs in us-east-1 on top of
// the cluster's $0.10 (EKS pricing).
const eksExtended = 0.50

var eksExtendedSupport = Rule{
	Name:      "eks_extended_support",
	Title:     "Cluster pays for extended support of its Kubernetes version",
	Condition: "Standard support of a cluster's Kubernetes version has ended, by the release calendar in the rule.",
	Types:     []tracker.Type{"EKS_Cluster"},
	Effect:    Retype,
	Saving:    "730 hours × $0.50, the price of extended support on top of the cluster's",
	Risk:      "medium",
	RiskNote:  "The cluster has to be upgraded one version at a time, and what runs on it has to bear that.",
	Check: func(c *Case) *Match {
		version := c.Metadata.Text("version")
		if version == "" {
			return c.unknown("the version is not known")
		}
		end, ok := outOfSupport(kubernetesEnded, version, c.Now)
		// A cluster of type STANDARD is upgraded at the end instead.
		if !ok || c.Metadata.Text("support_type") == "STANDARD" {
			return nil
		}
		return &Match{
			Saving:   c.listed(*money(eksExtended, tracker.HoursPerMonth), "730 hours × $0.50"),
			Evidence: with(c.facts("version", "support_type"), "standard_support_ended", end.at.Format(time.DateOnly)),
		}
	},
}
