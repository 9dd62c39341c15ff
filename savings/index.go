package savings

import (
	"hash/maphash"

	"github.com/consolesensei/resource-tracker/tracker"
)

// index holds what the first reading noted: a hash for each fact and ID.
type index struct {
	seed  maphash.Seed
	known map[uint64]struct{}
	sums  map[uint64]sum
}

// sum adds up costs; unpriced counts those that are unknown.
type sum struct {
	cost             tracker.Money
	priced, unpriced int
}

func newIndex() *index {
	return &index{seed: maphash.MakeSeed(), known: map[uint64]struct{}{}, sums: map[uint64]sum{}}
}

func (x *index) key(f *Fact, r tracker.Resource, id string) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	for _, s := range [...]string{string(f.of), f.name, r.AccountID, r.Region, id} {
		_, _ = h.WriteString(s) // never fails
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

func (x *index) note(f *Fact, r tracker.Resource, id string, cost *tracker.Money) {
	k := x.key(f, r, id)
	x.known[k] = struct{}{}
	if !f.cost {
		return
	}
	s := x.sums[k]
	if cost == nil {
		s.unpriced++
	} else {
		s.cost += *cost
		s.priced++
	}
	x.sums[k] = s
}
