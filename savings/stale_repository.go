package savings

import "github.com/consolesensei/resource-tracker/tracker"

var staleRepository = Rule{
	Name:      "stale_repository",
	Title:     "Nobody pulls the repository's images",
	Condition: "A container repository holds images, and it was last pulled from and pushed to at least {idle_images_days} days ago.",
	Types:     []tracker.Type{"ECR_Repository"},
	Effect:    Delete,
	Saving:    "not priced, but at most all that the images cost: layers that they share are stored once",
	Risk:      "medium",
	RiskNote:  "What runs of these images cannot be started on another machine.",
	Check: func(c *Case) *Match {
		images, ok := c.Metadata.Number("image_count")
		if !ok {
			return c.unknown("the images are not known")
		}
		pushed, ok := c.time("last_pushed")
		if images == 0 || !ok || c.daysSince(pushed) < c.IdleImagesDays {
			return nil
		}
		if pulled, ok := c.time("last_pulled"); ok && c.daysSince(pulled) < c.IdleImagesDays {
			return nil
		}
		return &Match{
			Saving:   c.all(),
			Evidence: c.facts("image_count", "size_bytes", "last_pushed", "last_pulled"),
		}
	},
}
