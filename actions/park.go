package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What has a size is parked by putting it to 0, and comes back with the sizes that it
// had. They stand on the resource itself, in a tag that is written before and removed
// afterwards: whatever happens to us, they are not lost, and a person can read them.

const (
	verbPark   = "park"
	verbUnpark = "unpark"
	// tagParked is the tag with the sizes of what is parked, such as "max_size=4 min_size=2".
	tagParked     = "resource-tracker:parked"
	ruleNotParked = "not_parked"
	ruleParkedTag = "parked_tag"
	// leftSent is left by the call that brings a resource back. Automatic scaling may
	// change its size right afterwards.
	leftSent = "resized"
)

// parking is how resources of a type are parked.
type parking struct {
	kind
	names    []string // metadata with the sizes that are put to 0, the wanted count first
	present  string   // metadata with how many there are, as a number or a list
	api      tagAPI
	deadline time.Duration
	// unpriced is why a saving is not known; empty: the sizes decide what is charged.
	unpriced string
	// resize are the calls that change the sizes. They are sent one after the other.
	resize []resizing
	guards []guard
	asides []aside
}

// resizing is a call that changes some of the sizes.
type resizing struct {
	name, action string
	names        []string // of those that it changes
	send         func(ctx context.Context, c call, want measures) error
}

// measures are sizes by their names.
type measures map[string]int64

func (p parking) measures(r tracker.Resource) measures {
	m := measures{}
	for _, name := range p.names {
		if n, ok := tracker.Integer(r.Metadata[name]); ok {
			m[name] = n
		}
	}
	return m
}

// there is how many of what it counts there are.
func (p parking) there(r tracker.Resource) int64 {
	if n, ok := tracker.Integer(r.Metadata[p.present]); ok {
		return n
	}
	return int64(len(r.Metadata.List(p.present)))
}

// none is m with all sizes 0.
func (m measures) none() measures {
	none := measures{}
	for name := range m {
		none[name] = 0
	}
	return none
}

func (m measures) zero() bool {
	for _, n := range m {
		if n != 0 {
			return false
		}
	}
	return true
}

func (m measures) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, name+"="+strconv.FormatInt(m[name], 10))
	}
	return strings.Join(parts, " ")
}

// remembered reads the sizes of a parked resource off its tag. Without the tag there
// are none.
func remembered(tags map[string]string) (measures, error) {
	m := measures{}
	for part := range strings.FieldsSeq(tags[tagParked]) {
		name, value, _ := strings.Cut(part, "=")
		n, err := strconv.ParseInt(value, 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("tag %s=%s cannot be read: %s is no size", tagParked, tags[tagParked], part)
		}
		m[name] = n
	}
	return m, nil
}

// largest returns the larger of each size: what a person made larger stays so, and
// what was remembered is not forgotten when it is parked once more.
func largest(a, b measures) measures {
	m := maps.Clone(a)
	for name, n := range b {
		m[name] = max(m[name], n)
	}
	return m
}

// whole are the sizes that a resource has, or had before it was parked.
func (p parking) whole(r tracker.Resource) (measures, error) {
	had, err := remembered(r.Tags)
	return largest(had, p.measures(r)), err
}

func (p parking) park() Action {
	return Action{
		kind: p.kind, Verb: verbPark, Summary: "Puts its sizes to 0, and remembers them in a tag.",
		Undo: "the sizes that it had", Reversible: true, Opposite: verbUnpark, Deadline: p.deadline, Unpriced: p.unpriced,
		After: p.after(func(r tracker.Resource) (measures, error) { return p.measures(r).none(), nil }),
		From:  []string{stateActive}, Via: []string{"updating"}, Stuck: []string{"draining", "deleting", "delete in progress"},
		progress: func(r tracker.Resource, _ tracker.ActionItem) tracker.Stage {
			switch {
			case !p.measures(r).zero():
				return tracker.StepNotBegun
			case p.there(r) > 0:
				return tracker.StepUnderWay
			}
			return tracker.StepDone
		},
		guards: append([]guard{readable}, p.guards...),
		asides: append([]aside{{tell: func(_ context.Context, l look) error {
			if stack := l.Tags[stackTag]; stack != "" {
				l.note("while it is parked it differs from the template of the CloudFormation stack %s, whose next update may bring it back", stack)
			}
			return nil
		}}}, p.asides...),
		steps: append([]step{{
			Step: tracker.Step{Name: "remember", Repeats: briefly}, action: p.api.tagAction, others: p.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				sizes, err := p.whole(c.Seen)
				if err != nil {
					return nil, err
				}
				return nil, p.api.tag(ctx, c, map[string]string{tagParked: sizes.String()})
			},
			check: p.tagged(func(r tracker.Resource, c call) bool {
				sizes, err := p.whole(c.Seen)
				return err == nil && r.Tags[tagParked] == sizes.String()
			}),
		}}, p.resized(func(c call) (measures, error) {
			return p.measures(c.Seen).none(), nil
		})...),
	}
}

func (p parking) unpark() Action {
	return Action{
		kind: p.kind, Verb: verbUnpark, Summary: "Gives it the sizes that it had before it was parked; what a person made larger meanwhile stays.",
		Undo: "it is parked again", Reversible: true, Opposite: verbPark, Deadline: p.deadline, Unpriced: p.unpriced,
		After: p.after(p.whole),
		From:  []string{stateActive}, Via: []string{"updating"}, Stuck: []string{"draining", "deleting", "delete in progress"},
		progress: func(r tracker.Resource, _ tracker.ActionItem) tracker.Stage {
			if _, parked := r.Tags[tagParked]; !parked && !p.measures(r).zero() {
				return tracker.StepDone
			}
			return tracker.StepNotBegun
		},
		guards: append([]guard{readable, {
			rule: ruleNotParked, how: "scale it",
			refuse: when(func(l look) string {
				if _, parked := l.Tags[tagParked]; parked {
					return ""
				}
				return "its sizes are 0, and no tag " + tagParked + " says what they were: it was not parked"
			}),
		}}, p.guards...),
		asides: []aside{{tell: func(_ context.Context, l look) error {
			if now := p.measures(l.Resource); !now.zero() {
				had, err := remembered(l.Tags)
				l.note("it was resized while it was parked, to %s; it had %s: of both the larger counts", now, had)
				return err
			}
			return nil
		}}},
		steps: append(p.resized(func(c call) (measures, error) { return p.whole(c.Seen) }), step{
			Step: tracker.Step{Name: "forget", Repeats: briefly}, action: p.api.untagAction, others: p.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return nil, p.api.untag(ctx, c, []string{tagParked})
			},
			check: p.tagged(func(r tracker.Resource, _ call) bool {
				_, parked := r.Tags[tagParked]
				return !parked
			}),
		}),
	}
}

// after is the effect of giving a resource other sizes.
func (p parking) after(sizes func(tracker.Resource) (measures, error)) effect {
	if p.unpriced != "" {
		return nil
	}
	return func(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource {
		want, err := sizes(r)
		if err != nil {
			return changed(r, tracker.Metadata{p.names[0]: nil, p.present: nil})
		}
		facts := tracker.Metadata{p.present: want[p.names[0]]}
		for name, n := range want {
			facts[name] = n
		}
		return changed(r, facts)
	}
}

// readable keeps sizes that nobody understands from being lost.
var readable = guard{
	rule: ruleParkedTag, how: "correct the tag, or remove it",
	refuse: when(func(l look) string {
		if _, err := remembered(l.Tags); err != nil {
			return err.Error()
		}
		return ""
	}),
}

// tagged is the check of a step that writes or removes the tag.
func (p parking) tagged(done func(tracker.Resource, call) bool) func(context.Context, call) (tracker.StepProgress, error) {
	return func(ctx context.Context, c call) (tracker.StepProgress, error) {
		r, err := p.look(ctx, c.exactly(), c.Item.ResourceID)
		if err != nil {
			return tracker.StepProgress{}, err
		}
		if r.State == tracker.Gone {
			return tracker.StepProgress{Stage: tracker.StepFailed, State: r.State, Message: "it does not exist any more"}, nil
		}
		progress := progressOf(done(r, c))
		progress.State = r.State
		return progress, nil
	}
}

// resized are the steps that give a resource the sizes that wanted returns. The last
// is done when the resource has as many as it is to have.
func (p parking) resized(wanted func(call) (measures, error)) []step {
	var steps []step
	for i, resize := range p.resize {
		last := i == len(p.resize)-1
		steps = append(steps, step{
			Step: tracker.Step{Name: resize.name}, action: resize.action, others: p.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				want, err := wanted(c)
				if err != nil {
					return nil, err
				}
				return map[string]string{leftSent + ":" + resize.name: "yes"}, resize.send(ctx, c, want)
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				want, err := wanted(c)
				if err != nil {
					return tracker.StepProgress{}, err
				}
				r, err := p.look(ctx, c.Target, c.Item.ResourceID)
				if err != nil {
					return tracker.StepProgress{}, err
				}
				progress := tracker.StepProgress{Stage: tracker.StepDone, State: r.State}
				now := p.measures(r)
				switch has := c.Left[leftSent+":"+resize.name] != "" && !now.zero() && !want.zero(); {
				case r.State == tracker.Gone:
					progress.Stage, progress.Message = tracker.StepFailed, "it does not exist any more"
				case !has && !now.fits(want, resize.names):
					progress.Stage = tracker.StepNotBegun
				case last && (r.State != stateActive || p.there(r) != now[p.names[0]]):
					progress.Stage = tracker.StepUnderWay
				}
				return progress, nil
			},
		})
	}
	return steps
}

// fits reports whether m has the sizes wanted that have some names. A size that m does
// not have cannot be changed.
func (m measures) fits(want measures, names []string) bool {
	for _, name := range names {
		if n, has := m[name]; has && n != want[name] {
			return false
		}
	}
	return true
}
