package savings

import "github.com/consolesensei/resource-tracker/tracker"

var orphanSnapshot = Rule{
	Name:      "orphan_snapshot",
	Title:     "Snapshot is of a volume that is gone",
	Condition: "The volume that a snapshot was taken of does not exist any more, no image of the account is made of the snapshot, and neither AWS Backup nor a lifecycle policy manages it.",
	Types:     []tracker.Type{"EBS_Snapshot"},
	Facts:     []*Fact{existingVolume, imageSnapshot},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    snapshotSaving,
	Risk:      "medium",
	RiskNote:  "It may be the only copy that is left of the volume.",
	Check: func(c *Case) *Match {
		volume := c.Metadata.Text("volume_id")
		// What was copied, or made by other means than of a volume, names no real one.
		if volume == "" || volume == "vol-ffffffff" || !c.spareSnapshot() || c.knows(existingVolume, volume) {
			return nil
		}
		return c.snapshotGone()
	},
}

// existingVolume holds for the volumes that exist.
var existingVolume = &Fact{
	name: "exists", of: "EBS_Volume",
	ids: itself,
}
