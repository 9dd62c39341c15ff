package savings

import (
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var oldSnapshot = Rule{
	Name:      "old_snapshot",
	Title:     "Snapshot is old",
	Condition: "A snapshot is at least {old_snapshot_days} days old, no image of the account is made of it, and neither AWS Backup nor a lifecycle policy manages it.",
	Types:     []tracker.Type{"EBS_Snapshot"},
	Facts:     []*Fact{imageSnapshot},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    snapshotSaving,
	Risk:      "medium",
	RiskNote:  "What was saved is lost.",
	Check: func(c *Case) *Match {
		if !c.spareSnapshot() || c.younger(c.OldSnapshotDays) {
			return nil
		}
		return c.snapshotGone()
	},
}

// imageSnapshot holds for the snapshots that images are made of; its sum counts
// the images.
var imageSnapshot = &Fact{
	name: "in an image", of: "AMI", cost: true,
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string { return r.Metadata.List("snapshot_ids") },
}

// spareSnapshot reports whether a snapshot is finished, and nobody's.
func (c *Case) spareSnapshot() bool {
	for key := range c.Tags {
		if strings.HasPrefix(key, "aws:backup:") || strings.HasPrefix(key, "aws:dlm:") {
			return false
		}
	}
	return c.State == "completed" && !c.knows(imageSnapshot, c.ID)
}

// snapshotSaving is that of snapshots by the blocks that changed.
const snapshotSaving = "not priced, but at most all that the snapshot costs: blocks that other snapshots share stay. That of an archived snapshot, which shares none, is all that it costs"

func (c *Case) snapshotGone() *Match {
	return &Match{Saving: c.fix(nil), Evidence: c.facts("size_gb", "full_snapshot_bytes", "incremental", "volume_id", "storage_tier", "description")}
}
