package savings

import (
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var unusedImage = Rule{
	Name:      "unused_image",
	Title:     "Image is not used",
	Condition: "An image of the account is at least {unused_image_days} days old, no instance runs from it, and AWS knows of no launch in that time. Images that are public or protected are left out.",
	Types:     []tracker.Type{"AMI"},
	Facts:     []*Fact{imageInUse, snapshotCost, imageSnapshot},
	Effect:    Delete,
	Verb:      "delete",
	Saving:    "not priced, but at most all that the snapshots cost that the image alone is made of: blocks that other snapshots share stay",
	Risk:      "medium",
	RiskNote:  "A launch template, an Auto Scaling group of size 0 or another account may still name the image.",
	Check: func(c *Case) *Match {
		if c.State != "available" && c.State != "disabled" || c.Metadata.Flag("public") || c.protected() ||
			c.younger(c.UnusedImageDays) || c.knows(imageInUse, c.ID) {
			return nil
		}
		if last, ok := c.time("last_launched"); ok && c.daysSince(last) < c.UnusedImageDays {
			return nil
		}
		snapshots := c.Metadata.List("snapshot_ids")
		return &Match{
			Saving:   c.fix(nil).and(c.snapshotsOf(snapshots)),
			Evidence: c.facts("size_gb", "last_launched", "description", "source_instance_id"),
			Related:  map[tracker.Type][]string{"EBS_Snapshot": snapshots},
		}
	},
}

func (c *Case) protected() bool {
	p := c.Metadata.Text("deregistration_protection")
	return p != "" && p != "disabled"
}

// snapshotsOf is the saving of the snapshots that an image alone is made of.
func (c *Case) snapshotsOf(ids []string) Saving {
	var saved tracker.Money
	own, bounds, shared := int32(0), int32(0), 0
	for _, id := range ids {
		images := c.sum(imageSnapshot, id)
		if images.priced+images.unpriced > 1 {
			shared++
			continue
		}
		s := c.sum(snapshotCost, id)
		if s.unpriced > 0 {
			return unpriced("what snapshot %s costs is not known", id)
		}
		own += s.priced // another account's is not paid here
		bounds += s.bounds
		saved += s.cost
	}
	basis := fmt.Sprintf("%d snapshots cost %s", own, dollars(saved))
	if shared > 0 {
		basis += fmt.Sprintf("; %d more belong to other images too", shared)
	}
	if bounds > 0 {
		return unpriced("what the end of its snapshots saves is not known: %s, or less", basis)
	}
	return Saving{&saved, basis, tracker.ConfidenceHigh}
}

// imageInUse holds for the images that instances were launched from.
var imageInUse = &Fact{
	name: "in use", of: "EC2_Instance",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		return named(r.Metadata.Text("image_id"))
	},
}

// snapshotCost adds up what a snapshot costs.
var snapshotCost = &Fact{
	name: "snapshot", of: "EBS_Snapshot", cost: true,
	ids: itself,
}

// named returns an ID as a list; an empty one is none.
func named(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
