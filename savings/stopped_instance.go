package savings

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

var stoppedInstanceStorage = Rule{
	Name:      "stopped_instance",
	Title:     "Instance is stopped for long and pays for its volumes",
	Condition: "An instance has been stopped for at least {stopped_instance_days} days and has volumes that are deleted with it.",
	Types:     []tracker.Type{"EC2_Instance"},
	Facts:     []*Fact{instanceVolume, volumeTaken, longStopped},
	Effect:    Delete,
	Verb:      "terminate",
	Saving:    "all that the volumes cost that are deleted with it; savings on these volumes alone are then not counted",
	Risk:      "high",
	RiskNote:  "The instance and what is on the volumes that are deleted with it are lost. Its other volumes stay, and cost as before.",
	Check: func(c *Case) *Match {
		if c.State != "stopped" {
			return nil
		}
		since, ok := stoppedSince(c.Resource)
		if !ok {
			return c.unknown("when the instance was stopped is not known")
		}
		s := c.sum(instanceVolume, c.ID)
		if c.daysSince(since) < c.StoppedInstanceDays || s.priced+s.unpriced == 0 {
			return nil
		}
		taken := slices.DeleteFunc(slices.Clone(c.Metadata.List("volumes")), func(id string) bool { return !c.knows(volumeTaken, c.ID+" "+id) })
		return &Match{
			Saving:   c.fix(nil).and(s.saving("volumes")),
			Evidence: with(c.facts("instance_type"), "stopped_days", c.daysSince(since), "volumes", s.priced+s.unpriced),
			Related:  map[tracker.Type][]string{"EBS_Volume": taken},
		}
	},
	CoveredType: "EBS_Volume",
	Covers: func(c *Case) bool {
		return slices.ContainsFunc(c.Metadata.List("deleted_with"), func(id string) bool { return c.knows(longStopped, id) })
	},
}

// saving is that of all that was added up.
func (s sum) saving(what string) Saving {
	if s.unpriced > 0 {
		return unpriced("%d of %d %s have no price, the others cost %s", s.unpriced, s.priced+s.unpriced, what, dollars(s.cost))
	}
	return Saving{&s.cost, fmt.Sprintf("%d %s cost %s", s.priced, what, dollars(s.cost)), s.confidence()}
}

// stoppedSince reads when an instance was stopped, as in
// "User initiated (2025-06-01 12:00:00 GMT)".
func stoppedSince(r tracker.Resource) (time.Time, bool) {
	_, rest, _ := strings.Cut(r.Metadata.Text("state_transition_reason"), "(")
	stamp, _, _ := strings.Cut(rest, ")")
	at, err := time.Parse("2006-01-02 15:04:05 MST", stamp)
	return at, err == nil
}

// instanceVolume adds up what the volumes cost that are deleted with an instance.
var instanceVolume = &Fact{
	name: "takes volumes", of: "EBS_Volume", cost: true,
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string { return r.Metadata.List("deleted_with") },
}

// volumeTaken holds for an instance with a volume that is deleted with it.
var volumeTaken = &Fact{
	name: "takes volume", of: "EBS_Volume",
	ids: func(_ Thresholds, _ time.Time, r tracker.Resource) []string {
		pairs := slices.Clone(r.Metadata.List("deleted_with"))
		for i, instance := range pairs {
			pairs[i] = instance + " " + r.ID
		}
		return pairs
	},
}

// longStopped holds for the instances that have been stopped for long.
var longStopped = &Fact{
	name: "stopped for long", of: "EC2_Instance",
	ids: func(t Thresholds, now time.Time, r tracker.Resource) []string {
		since, ok := stoppedSince(r)
		if r.State != "stopped" || !ok || now.Sub(since) < time.Duration(t.StoppedInstanceDays)*24*time.Hour {
			return nil
		}
		return []string{r.ID}
	},
}
