package savings

import (
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var emptyEKSCluster = Rule{
	Name:      "empty_eks_cluster",
	Title:     "EKS cluster has no nodes",
	Condition: "An EKS cluster is active for at least a day, has no node groups, is not in Auto Mode, and no instance carries its name in the tags that EKS and its tools set.",
	Types:     []tracker.Type{"EKS_Cluster"},
	Facts:     []*Fact{nodegroupOf, nodeOf},
	Effect:    Delete,
	Saving:    "all that the cluster costs; with low confidence until it is known since when it is empty",
	Risk:      "high",
	RiskNote:  "Pods on Fargate, hybrid nodes and nodes without these tags cannot be seen.",
	Check: func(c *Case) *Match {
		if c.State != "active" || c.Metadata.Flag("auto_mode") || c.younger(1) || c.knows(nodegroupOf, c.ID) || c.knows(nodeOf, c.ID) {
			return nil
		}
		return c.inStateFor(c.all().atMost(tracker.ConfidenceMedium, "unless it runs pods on Fargate"), unused{"empty", false, c.UnusedDays}, c.facts("version", "support_type", "vpc_id"))
	},
}

// nodegroupOf holds for the clusters that have node groups.
var nodegroupOf = &Fact{
	name: "node groups", of: "EKS_Nodegroup",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string { return named(r.Metadata.Text("cluster")) },
}

// nodeOf holds for the clusters that instances name in their tags.
var nodeOf = &Fact{
	name: "nodes", of: "EC2_Instance",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		var clusters []string
		for key, value := range r.Tags {
			switch key {
			case "eks:cluster-name", "aws:eks:cluster-name", "alpha.eksctl.io/cluster-name", "eks:eks-cluster-name":
				clusters = append(clusters, value)
			}
			if name, ok := strings.CutPrefix(key, "kubernetes.io/cluster/"); ok {
				clusters = append(clusters, name)
			}
		}
		return clusters
	},
}
