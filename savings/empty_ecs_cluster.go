package savings

import "github.com/consolesensei/resource-tracker/tracker"

var emptyECSCluster = Rule{
	Name:      "empty_ecs_cluster",
	Title:     "ECS cluster runs nothing",
	Condition: "An ECS cluster is active and has neither services nor tasks.",
	Types:     []tracker.Type{"ECS_Cluster"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "nothing for the cluster itself; what its container instances cost is not taken in",
	Risk:      "low",
	RiskNote:  "Tasks may be started in it by a schedule.",
	Check: func(c *Case) *Match {
		if c.State != "active" {
			return nil
		}
		for _, key := range []string{"active_services", "running_tasks", "pending_tasks"} {
			n, ok := c.Metadata.Number(key)
			if !ok {
				return c.unknown("what runs in the cluster is not known")
			}
			if n > 0 {
				return nil
			}
		}
		saving := c.fix(nil)
		machines, _ := c.Metadata.Number("container_instances")
		if machines > 0 {
			saving = unpriced("%s container instances run nothing; they are priced as instances", quantity(machines))
		}
		return &Match{
			Saving:   saving,
			Evidence: c.facts("active_services", "running_tasks", "pending_tasks", "container_instances", "capacity_providers"),
			ByHand:   machines > 0, // AWS deletes no cluster that has instances
		}
	},
}
