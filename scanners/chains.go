package scanners

import (
	"hash/maphash"

	"github.com/consolesensei/resource-tracker/tracker"
)

// chains tells snapshots of one origin apart: they share what did not change
// between them, so that one stands for all of it and the others hold the changes
// alone. It remembers a hash for each origin.
type chains struct {
	origin func(tracker.Resource) string // empty: a snapshot that shares nothing, as far as known
	seed   maphash.Seed
	begun  map[uint64]struct{}
}

func newChains(origin func(tracker.Resource) string) *chains {
	return &chains{origin, maphash.MakeSeed(), map[uint64]struct{}{}}
}

// mark notes which snapshots of a page are incremental: all of an origin but the
// oldest of the first page that has any.
func (c *chains) mark(rs []tracker.Resource) []tracker.Resource {
	oldest := map[string]int{}
	for i, r := range rs {
		origin := c.origin(r)
		if origin == "" {
			continue
		}
		first, ok := oldest[origin]
		if !ok || older(r, rs[first]) {
			oldest[origin] = i
		}
	}
	for i, r := range rs {
		origin := c.origin(r)
		if origin == "" {
			continue
		}
		_, begun := c.begun[maphash.String(c.seed, origin)]
		r.Metadata["incremental"] = begun || oldest[origin] != i
	}
	for origin := range oldest {
		c.begun[maphash.String(c.seed, origin)] = struct{}{}
	}
	return rs
}

func older(a, b tracker.Resource) bool {
	return a.Created != nil && (b.Created == nil || a.Created.Before(*b.Created))
}
