package savings_test

import "github.com/consolesensei/resource-tracker/tracker"

func containers(services, tasks, instances int) tracker.Resource {
	return res("ECS_Cluster", "batch", "active", -1, m{"active_services": int64(services), "running_tasks": int64(tasks), "pending_tasks": int64(0), "container_instances": int64(instances)})
}

var emptyECSCluster = []row{
	{name: "empty", resource: containers(0, 0, 0), want: "0.00"},
	{name: "with instances", resource: containers(0, 0, 3), want: "unpriced"},
	{name: "with services", resource: containers(2, 0, 0), want: "none"},
	{name: "with tasks", resource: containers(0, 1, 0), want: "none"},
	{name: "could not be described", resource: res("ECS_Cluster", "batch", "active", -1, m{}), want: "1 not decided on: what runs in the cluster is not known"},
}
