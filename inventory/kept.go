package inventory

import (
	"context"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Kept holds where the next pages of sorted listings are. To sort is to walk all that a filter selects, so that one walk
// is paid for many pages, not for each. What a page holds is read anew.
type Kept struct {
	runs   *lru.Cache[listed, run]
	places int
}

// NewKept keeps so many places of so many listings. A place takes up to 200 bytes.
func NewKept(listings, places int) *Kept {
	runs, err := lru.New[listed, run](listings)
	if err != nil {
		panic(err) // of a size below 1
	}
	return &Kept{runs, places}
}

// listed is a listing of a tenant at a moment.
type listed struct {
	tenant, listing string
	at              int64
}

// run is a stretch of a listing: what follows a place.
type run struct {
	after  *place // nil is the start of the listing
	places []place
	isLast bool
}

// next are the n places after one, if the run has them.
func (r run) next(o Order, after *place, n int) ([]place, bool) {
	if r.after != nil && (after == nil || o.compare(*after, *r.after) < 0) {
		return nil, false
	}
	from := 0
	if after != nil {
		i, isThere := slices.BinarySearchFunc(r.places, *after, o.compare)
		if from = i; isThere {
			from++
		}
	}
	rest := r.places[from:]
	return rest[:min(n, len(rest))], len(rest) >= n || r.isLast
}

// sorted are the first n places after one, as places answers them. It keeps those that follow.
func (v View) sorted(ctx context.Context, o Order, after *place, n int) ([]place, error) {
	if v.Kept == nil || len(o) == 0 {
		return v.places(ctx, o, after, n)
	}
	key := listed{v.Tenant, v.listing(o), v.At.UnixMilli()}
	if r, ok := v.Kept.runs.Get(key); ok {
		if places, ok := r.next(o, after, n); ok {
			return places, nil
		}
	}
	most := max(n, v.Kept.places)
	places, err := v.places(ctx, o, after, most)
	if err != nil {
		return nil, err
	}
	r := run{after, places, len(places) < most}
	v.Kept.runs.Add(key, r)
	places, _ = r.next(o, after, n)
	return places, nil
}
