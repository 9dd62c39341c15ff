package inventory

import (
	"container/heap"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Cursor is what follows a page: of which listing it was, of what moment, and where it ended.
type Cursor struct {
	At      int64  `json:"t"`
	Number  int64  `json:"n"`
	Keys    []key  `json:"k,omitempty"`
	Listing string `json:"l"`
}

// ErrCursor is of a cursor that is none, or is of another listing.
var ErrCursor = errors.New("not a cursor of a listing with this filter and order")

// listing tells listings apart.
func (v View) listing(o Order) string {
	sum := sha256.Sum256([]byte(o.String() + "\n" + v.Filter.String()))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

func (c Cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // of numbers and texts
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// open reads a cursor, and turns to the moment of its listing. Nothing is the start of a listing at the view's.
func (v *View) open(text string, o Order) (after *place, err error) {
	if text == "" {
		return nil, nil //nolint:nilnil // from the start
	}
	var c Cursor
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &c) != nil || c.Listing != v.listing(o) || len(c.Keys) != len(o) {
		return nil, ErrCursor
	}
	v.At, v.looks = time.UnixMilli(c.At), nil
	return &place{c.Keys, c.Number}, nil
}

// Page is some of what a view selects: resources as scans saw them, with what the inventory knows besides.
type Page struct {
	At   time.Time
	Rows []json.RawMessage
	Next string // empty at the end
}

// Page returns the page after a cursor, which is one of the same listing. All pages of a listing are of the moment of
// its first.
func (v View) Page(ctx context.Context, cursor string, o Order, limit int) (Page, error) {
	after, err := v.open(cursor, o)
	if err != nil {
		return Page{}, err
	}
	places, err := v.sorted(ctx, o, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	p := Page{At: v.At, Rows: []json.RawMessage{}}
	if len(places) > limit {
		places = places[:limit]
		last := places[limit-1]
		p.Next = Cursor{v.At.UnixMilli(), last.number, last.keys, v.listing(o)}.String()
	}
	return p, v.read(ctx, places, nil, func(row []byte) error {
		p.Rows = append(p.Rows, row)
		return nil
	})
}

// sortedRows is how many places an export in order holds at once: it walks the inventory once for so many rows.
const sortedRows = 50_000

// Each calls f with all that the view selects, in order.
func (v View) Each(ctx context.Context, o Order, f func(row []byte) error) error {
	seen, err := v.seen(ctx)
	if err != nil {
		return err
	}
	if len(o) == 0 {
		return v.pages(ctx, 0, []string{everything}, func(page []history.Version) (func() error, error) {
			return func() error { return v.annotate(ctx, page, seen, f) }, nil
		})
	}
	for after := (*place)(nil); ; {
		places, err := v.places(ctx, o, after, sortedRows)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(places, 1000) {
			if err := v.read(ctx, chunk, seen, f); err != nil {
				return err
			}
		}
		if len(places) < sortedRows {
			return nil
		}
		after = &places[len(places)-1]
	}
}

// places are the first n in order after a place; of all where it is nil.
func (v View) places(ctx context.Context, o Order, after *place, n int) ([]place, error) {
	first := worst{order: o}
	cursor := int64(0)
	if len(o) == 0 && after != nil {
		cursor = after.number
	}
	fields := o.fields()
	sortsByFirst := slices.Contains(fields, "first_seen") // which is not in versions
	err := v.pages(ctx, cursor, fields, func(page []history.Version) (func() error, error) {
		origins := make([]history.Origin, len(page))
		if sortsByFirst {
			var err error
			if origins, err = v.History.Origins(ctx, page); err != nil {
				return nil, err
			}
		}
		keys := make([]key, 0, len(page)*len(o))
		err := eachRow(page, func(r row) error {
			keys = o.keys(keys, r, origins[len(keys)/max(1, len(o))].First)
			return r.Err()
		})
		return func() error {
			for i, version := range page {
				p := place{keys[i*len(o) : (i+1)*len(o)], version.Resource}
				if after == nil || o.compare(p, *after) > 0 {
					first.take(p, n)
				}
				if len(o) == 0 && len(first.places) == n {
					return ErrEnough
				}
			}
			return nil
		}, err
	})
	if err != nil && !errors.Is(err, ErrEnough) {
		return nil, err
	}
	slices.SortFunc(first.places, o.compare)
	return first.places, nil
}

// worst is a heap of places, the last in order on top.
type worst struct {
	order  Order
	places []place
}

func (w *worst) Len() int           { return len(w.places) }
func (w *worst) Less(i, j int) bool { return w.order.compare(w.places[i], w.places[j]) > 0 }
func (w *worst) Swap(i, j int)      { w.places[i], w.places[j] = w.places[j], w.places[i] }
func (w *worst) Push(x any)         { w.places = append(w.places, x.(place)) } //nolint:forcetypeassert // it is pushed below
func (w *worst) Pop() any           { return nil }                             // nothing is popped

// take keeps the first n of all places, with texts of their own.
func (w *worst) take(p place, n int) {
	if len(w.places) < n {
		heap.Push(w, p.clone())
	} else if w.order.compare(p, w.places[0]) < 0 {
		w.places[0] = p.clone()
		heap.Fix(w, 0)
	}
}

// read calls f with the rows at places, in their order. A nil seen has it read for their accounts.
func (v View) read(ctx context.Context, places []place, seen history.Seen, f func(row []byte) error) error {
	numbers := make([]int64, len(places))
	for i, p := range places {
		numbers[i] = p.number
	}
	of, err := v.History.Of(ctx, numbers, v.At.UnixMilli())
	if err != nil {
		return err
	}
	page := make([]history.Version, 0, len(places))
	for _, n := range numbers {
		if version, ok := of[n]; ok { // a scan that came in since may have taken it away
			page = append(page, version)
		}
	}
	return v.annotate(ctx, page, seen, f)
}

// annotate calls f with rows and what the inventory knows of them.
func (v View) annotate(ctx context.Context, page []history.Version, seen history.Seen, f func(row []byte) error) error {
	if len(page) == 0 {
		return nil
	}
	origins, err := v.History.Origins(ctx, page)
	if err != nil {
		return err
	}
	if seen == nil {
		var accounts []string
		for _, o := range origins {
			if !slices.Contains(accounts, o.AccountID) {
				accounts = append(accounts, o.AccountID)
			}
		}
		if seen, err = v.History.SeenAt(ctx, v.Tenant, v.At.UnixMilli(), accounts...); err != nil {
			return err
		}
	}
	readings := map[tracker.Cell]history.Reading{}
	for i, version := range page {
		o := origins[i]
		r, ok := readings[o.Cell]
		if !ok {
			r = seen.Reading(o.Cell)
			readings[o.Cell] = r
		}
		b, err := json.Marshal(Known{moment(r.Seen), moment(o.First), moment(version.StateSince), v.standing(r) != Good})
		if err != nil {
			return err
		}
		if err := f(joined(version.JSON, b)); err != nil {
			return err
		}
	}
	return nil
}

// Known is what the inventory knows of a resource besides what a scan saw.
type Known struct {
	SeenAt     *time.Time `json:"seen_at" doc:"When its cell was last seen to its end"`
	FirstSeen  *time.Time `json:"first_seen" doc:"When a scan saw it first"`
	StateSince *time.Time `json:"state_since" doc:"Since when, as far as scans saw, it is in its state"`
	Stale      bool       `json:"stale" doc:"True when the last look at its cell failed, or is older than max_age: it may have changed, or be gone"`
}

// joined is two objects as one. Neither is empty.
func joined(a, b []byte) []byte {
	out := make([]byte, 0, len(a)+len(b))
	out = append(out, a[:len(a)-1]...)
	out = append(out, ',')
	return append(out, b[1:]...)
}
