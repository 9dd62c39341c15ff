package store

import (
	"hash/fnv"
	"slices"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// A zone is a Bloom filter of what the rows of a page hold, kept before the page:
// a filtered listing reads two kilobytes to skip a page of a thousand rows. Only
// full pages have one; for a page of three rows it would cost more than it saves.
type zone []byte

const (
	zoneBytes = 2048 // 16 bits a row for a page of a thousand with a name tag each: 1 in 1,000 is read in vain
	zoneProbe = 5
)

// terms are what zones know of resources.
func stateTerm(state string) string   { return "s" + state }
func regionTerm(region string) string { return "r" + region }
func tagTerm(k, v string) string      { return "t" + k + "\x00" + v }

// addResource notes what a row holds.
func (z zone) addResource(r tracker.Resource) {
	z.add(stateTerm(r.State))
	z.add(regionTerm(r.Region))
	for k, v := range r.Tags {
		z.add(tagTerm(k, v))
	}
}

// zoneTerms are what a page must hold one of for any of its rows to meet a
// condition. Of other conditions zones cannot tell.
func zoneTerms(c filter.Condition) (terms []string, told bool) {
	if c.Op != filter.OpEquals {
		return nil, false
	}
	for _, v := range c.Values {
		switch c.Field {
		case filter.FieldState:
			terms = append(terms, stateTerm(v))
		case filter.FieldRegion:
			terms = append(terms, regionTerm(v))
		case filter.FieldTag:
			terms = append(terms, tagTerm(c.Key, v))
		default:
			return nil, false
		}
	}
	return terms, true
}

// zonesTell reports whether there are zones that rule a page out.
func zonesTell(f filter.Filter) bool {
	return !f.Possible(func(c filter.Condition) bool {
		_, told := zoneTerms(c)
		return !told
	})
}

// mayHold reports whether a page with this zone can hold a row that f selects.
func (z zone) mayHold(f filter.Filter) bool {
	return f.Possible(func(c filter.Condition) bool {
		terms, told := zoneTerms(c)
		return !told || slices.ContainsFunc(terms, z.has)
	})
}

func (z zone) has(term string) bool {
	for bit := range bits(term) {
		if z[bit/8]&(1<<(bit%8)) == 0 {
			return false
		}
	}
	return true
}

func (z zone) add(term string) {
	for bit := range bits(term) {
		z[bit/8] |= 1 << (bit % 8)
	}
}

// bits yields the bits of a term, by double hashing.
func bits(term string) func(func(uint32) bool) {
	return func(yield func(uint32) bool) {
		h := fnv.New64a()
		_, _ = h.Write([]byte(term)) // never fails
		sum := h.Sum64()
		a, b := uint32(sum), uint32(sum>>32)|1
		for range zoneProbe {
			if !yield(a % (zoneBytes * 8)) {
				return
			}
			a += b
		}
	}
}
