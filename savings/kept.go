package savings

import (
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Refused returns what the verb of an item would refuse on a resource, as far as the
// resource itself tells.
type Refused func(r tracker.Resource, item tracker.ActionItem) []tracker.Refusal

// UnusedSince returns since when at least a resource has been as a rule finds it, such as attached
// to nothing; false where that is not known. byState says that the resource's state tells.
type UnusedSince func(r tracker.Resource, rule string, byState bool) (time.Time, bool)

// notWaste reports whether a resource is kept for a reason, though a rule would end it
// or make less of it. What is the same of another kind is kept as well as before.
func (r Rule) notWaste(of tracker.Resource) bool {
	if r.Effect == Retype {
		return false
	}
	k, _, kept := tracker.Kept(of)
	return kept && !k.Person
}

// hold says why a person has to look at a match before anything is done: the plan that
// repairs it would refuse. Nobody counts on such a saving. What nobody can lift is not
// offered either.
func (m *Match) hold(c *Case) {
	var whys []string
	if k, why, kept := tracker.Kept(c.Resource); kept && k.Person && c.rule.Effect != Retype {
		whys = append(whys, k.Rule+": "+why)
	}
	if c.rule.Verb != "" {
		for _, refusal := range c.refused(c.Resource, c.rule.item(c.Resource, m.Params)) {
			m.ByHand = m.ByHand || !refusal.Liftable
			if why := refusal.Rule + ": " + refusal.Message; len(whys) == 0 || whys[0] != why {
				whys = append(whys, why)
			}
		}
	}
	m.held = strings.Join(whys, "; ")
}

// unused is what a resource is found to be: words that follow "since when", whether its state tells it, and for how
// many days it has to be so.
type unused struct {
	what    string
	byState bool
	days    int
}

// inStateFor lowers the confidence in a saving on what is unused now: that it is old says
// nothing of how long. It does not where it is known to have been so for long enough.
func (c *Case) inStateFor(s Saving, u unused, evidence tracker.Metadata) *Match {
	note := "since when " + u.what + " is not known"
	if c.unusedSince != nil {
		if since, ok := c.unusedSince(c.Resource, c.rule.Name, u.byState); ok {
			evidence = with(evidence, "since_at_least", since.UTC().Format(time.RFC3339))
			note = u.what + " since at least " + since.UTC().Format(time.DateOnly)
			if c.daysSince(since) >= u.days {
				return &Match{Saving: s, Evidence: with(evidence, "unused_since", note)}
			}
		}
	}
	if age, ok := c.age(); ok {
		note = fmt.Sprintf("created %d days ago; ", age) + note
	}
	return &Match{Saving: s.atMost(tracker.ConfidenceLow, note), Evidence: with(evidence, "unused_since", note)}
}
