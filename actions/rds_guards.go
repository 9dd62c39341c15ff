package actions

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// noFinalSnapshot refuses a final snapshot in states that have none.
func noFinalSnapshot(states ...string) guard {
	return guard{
		rule: "final_snapshot_impossible", how: "set params." + paramSkipFinal + " and lose the data",
		refuse: when(func(l look) string {
			if l.item.Params.Flag(paramSkipFinal) || !slices.Contains(states, l.State) {
				return ""
			}
			return fmt.Sprintf("it is %s, of which AWS takes no final snapshot", l.State)
		}),
	}
}

func liftable(g guard) guard {
	g.liftable = true
	return g
}

// rdsEngine refuses databases of services that share RDS's API.
var rdsEngine = guard{
	rule: "engine", how: "use the service that it belongs to",
	refuse: when(func(l look) string {
		if e := l.Metadata.Text("engine"); e == "neptune" || e == "docdb" {
			return fmt.Sprintf("its engine %s is not RDS's", e)
		}
		return ""
	}),
}

var clusterMember = guard{
	rule: "aurora_member", how: "act on the cluster",
	refuse: when(func(l look) string {
		if cluster := l.Metadata.Text("cluster_id"); cluster != "" {
			return fmt.Sprintf("it stops and starts with its cluster %s only", cluster)
		}
		return ""
	}),
}

var readReplica = guard{
	rule: "read_replica", how: "promote or delete it",
	refuse: when(func(l look) string {
		if source := l.Metadata.Text("replica_source"); source != "" {
			return fmt.Sprintf("it is a read replica of %s, which cannot be stopped", source)
		}
		return ""
	}),
}

func hasReplicas(how string) guard {
	return guard{
		rule: "has_read_replicas", how: how,
		refuse: by("RDS_Instance", "it has the read replicas %s", func(_ context.Context, l look) ([]string, error) {
			return l.Metadata.List("read_replicas"), nil
		}),
	}
}

var multiAZSQLServer = guard{
	rule: "multi_az_sqlserver", how: "make it single-AZ first",
	refuse: when(func(l look) string {
		if l.Metadata.Flag("multi_az") && strings.HasPrefix(l.Metadata.Text("engine"), "sqlserver") {
			return "SQL Server in several zones cannot be stopped"
		}
		return ""
	}),
}
