package savings

import "github.com/consolesensei/resource-tracker/tracker"

var unattachedVolume = Rule{
	Name:      "unattached_volume",
	Title:     "Volume is attached to nothing",
	Condition: "A volume is available, not attached, and at least {unattached_volume_days} days old.",
	Types:     []tracker.Type{"EBS_Volume"},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "all that the volume costs; with low confidence until it is known since when it is not attached",
	Risk:      "medium",
	RiskNote:  "What is on the volume is lost unless a snapshot is taken first.",
	Check: func(c *Case) *Match {
		if c.State != "available" || c.younger(c.UnattachedVolumeDays) {
			return nil
		}
		return c.inStateFor(c.fix(nil), unused{"unattached", true, c.UnattachedVolumeDays}, c.facts("size_gb", "volume_type", "iops", "snapshot_id"))
	},
}
