package actions

import (
	"context"
	"maps"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// effect returns what a verb makes of a resource, as far as that decides what the
// resource costs. An item whose resource stays as it is saves nothing. now is the
// time of the look.
type effect func(r tracker.Resource, item tracker.ActionItem, now time.Time) tracker.Resource

// unchanged is the effect of verbs that change nothing that is charged for.
func unchanged(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource { return r }

// vanishes is the effect of verbs that leave nothing.
func vanishes(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource {
	r.State = tracker.Gone
	return r
}

// becomes is the effect of verbs that leave the resource in another state.
func becomes(state string) effect {
	return func(r tracker.Resource, _ tracker.ActionItem, _ time.Time) tracker.Resource {
		r.State = state
		return r
	}
}

// unpricedCopy is why nobody knows what a restored resource costs: it does not exist
// when it is looked at.
const unpricedCopy = "what is restored is known only once it is there"

// changed returns r with other facts.
func changed(r tracker.Resource, facts tracker.Metadata) tracker.Resource {
	r.Metadata = maps.Clone(r.Metadata)
	maps.Copy(r.Metadata, facts)
	return r
}

// After returns what an item makes of a resource, as far as that decides what the
// resource costs. An error says why it is not known.
func After(r tracker.Resource, item tracker.ActionItem, now time.Time) (tracker.Resource, error) {
	a, ok := Find(item.Type, item.Verb)
	switch {
	case !ok:
		return r, tracker.Errorf(tracker.CodeConflict, "no %s of %s is known", item.Verb, item.Type)
	case a.Unpriced != "":
		return r, tracker.Errorf(tracker.CodeConflict, "%s", a.Unpriced)
	}
	return a.After(r, item, now), nil
}

// taking notes what ceases to exist together with the resource, and is charged
// as what it is. Without its look, its cost is not known.
func taking(t tracker.Type, ids func(l look) []string, see func(ctx context.Context, l look, ids []string) ([]tracker.Resource, error), permissions ...string) aside {
	return aside{permissions: permissions, tell: func(ctx context.Context, l look) error {
		named := ids(l)
		if len(named) == 0 {
			return nil
		}
		seen, err := see(ctx, l, named)
		if err != nil {
			for _, id := range named {
				seen = append(seen, tracker.Resource{ID: id, Type: t})
			}
		}
		for i := range seen {
			seen[i].AccountID, seen[i].Region = l.Target.AccountID, l.Region
		}
		l.sight.Taken = append(l.sight.Taken, seen...)
		return err
	}}
}
