package actions

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// look is one look at a resource on behalf of an item: what guards judge and
// asides add to.
type look struct {
	Target
	tracker.Resource
	item  tracker.ActionItem
	sight *tracker.Sight
}

// aside tells a person more about what would happen; it refuses nothing, and what
// it could not find out is told too.
type aside struct {
	permissions []string
	tell        func(ctx context.Context, l look) error
}

// note is an aside that is known beforehand.
func note(text string) aside {
	return aside{tell: func(_ context.Context, l look) error {
		l.note("%s", text)
		return nil
	}}
}

func (l look) note(format string, args ...any) {
	l.sight.Notes = append(l.sight.Notes, fmt.Sprintf(format, args...))
}

// depends adds resources that would be affected.
func (l look) depends(format string, ids ...string) {
	for _, id := range ids {
		l.sight.Dependents = append(l.sight.Dependents, fmt.Sprintf(format, id))
	}
}

// Look tells what is there now, and every rule that forbids the item. A resource
// that does not exist is a state and no error; an error means that it could not
// be seen, and a guard that could not look is never passed.
//
// Watched leaves out the facts that the deletion of a refusal's ClearedBy changes.
func (a Action) Look(ctx context.Context, t Target, item tracker.ActionItem) (tracker.Sight, error) {
	return a.judge(ctx, t, item, a.allGuards(), a.asides)
}

// Again is the look right before the first call of an item is sent. It asks for
// nothing that only a person reads, and leaves to AWS the rules that AWS enforces.
func (a Action) Again(ctx context.Context, t Target, item tracker.ActionItem) (tracker.Sight, error) {
	return a.judge(ctx, t.exactly(), item, slices.DeleteFunc(a.allGuards(), func(g guard) bool { return g.enforced }), nil)
}

func (a Action) judge(ctx context.Context, t Target, item tracker.ActionItem, guards []guard, asides []aside) (tracker.Sight, error) {
	if err := a.refuse(item); err != nil {
		return tracker.Sight{}, err
	}
	r, err := a.look(ctx, t, item.ResourceID)
	if err != nil {
		return tracker.Sight{}, err
	}
	sight := tracker.Sight{Resource: r, Watched: a.watched(r), Refusals: []tracker.Refusal{}}
	if a.stage(r, item) == tracker.StepDone && !a.creates() {
		sight.Done = true
		return sight, nil
	}
	l := look{Target: t, Resource: r, item: item, sight: &sight}
	switch {
	case a.starts(r.State):
	case slices.Contains(a.Via, r.State):
		l.note("it is %s already", r.State)
		return sight, nil
	default:
		sight.Refusals = append(sight.Refusals, a.wrongState(r))
		return sight, nil
	}
	for _, g := range guards {
		if g.liftable && slices.Contains(item.Lift, g.rule) {
			continue
		}
		refusal, err := g.ask(ctx, l)
		if why, ok := errors.AsType[passing](err); ok {
			sight.Waits = string(why)
			l.note("it is waited for: %s", why)
			for _, fact := range g.facts {
				delete(sight.Watched, fact)
			}
			continue
		}
		if err != nil {
			return tracker.Sight{}, fmt.Errorf("%s of %s %s: %w", g.rule, a.Type, r.ID, err)
		}
		if refusal == nil {
			continue
		}
		sight.Refusals = append(sight.Refusals, *refusal)
		if len(refusal.ClearedBy) > 0 {
			sight.After = append(sight.After, refusal.ClearedBy...)
			for _, fact := range g.facts {
				delete(sight.Watched, fact)
			}
		}
	}
	for _, o := range asides {
		if err := o.tell(ctx, l); err != nil {
			l.note("not all that it affects is known: %s", message(err))
		}
	}
	return sight, nil
}

// watched returns the facts that make a plan void when they change.
func (a Action) watched(r tracker.Resource) map[string]string {
	facts := map[string]string{"state": r.State}
	if r.State == tracker.Gone {
		return facts
	}
	facts["tags"] = spell(r.Tags)
	if r.Created != nil {
		facts["created"] = r.Created.Format(time.RFC3339)
	}
	for _, k := range a.watch {
		facts[k] = spell(r.Metadata[k])
	}
	return facts
}

// spell writes a fact as text; maps come sorted.
func spell(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// wrongState refuses an item whose resource is in no state of From.
func (a Action) wrongState(r tracker.Resource) tracker.Refusal {
	if r.State == tracker.Gone {
		return tracker.Refusal{Rule: ruleWrongState, Message: fmt.Sprintf("%s %s does not exist", a.Type, r.ID)}
	}
	if a.creates() {
		return tracker.Refusal{Rule: ruleWrongState, Message: fmt.Sprintf("%s %s exists", a.Type, r.ID)}
	}
	how := "wait until it is " + strings.Join(a.From, ", ")
	return tracker.Refusal{Rule: ruleWrongState, Message: fmt.Sprintf("%s is %s", r.ID, r.State), HowToLift: how}
}
