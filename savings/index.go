package savings

import (
	"hash/maphash"
	"slices"

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
	priced, unpriced int32
	bounds           int32 // of the priced ones, those that cost less, or as much
	doubt            uint8 // how far the least certain cost is from the most certain one
}

// confidence is that in the least certain cost of the sum.
func (s sum) confidence() tracker.Confidence { return confidences[len(confidences)-1-int(s.doubt)] }

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

func (x *index) note(f *Fact, r tracker.Resource, id string, cost tracker.Cost) {
	k := x.key(f, r, id)
	x.known[k] = struct{}{}
	if !f.cost {
		return
	}
	s := x.sums[k]
	if cost.Value == nil {
		s.unpriced++
	} else {
		s.cost += *cost.Value
		s.priced++
		if cost.UpperBound {
			s.bounds++
		}
		s.doubt = max(s.doubt, uint8(len(confidences)-1-max(0, slices.Index(confidences, cost.Confidence))))
	}
	x.sums[k] = s
}
