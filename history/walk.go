package history

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A walk reads so many rows at a time: few at first, for who wants few.
const (
	firstRows = 128
	walkRows  = 2048
)

// readers is how many pages a walk reads at once. Each of them takes a connection while it reads.
func readers() int { return min(runtime.GOMAXPROCS(0), 4) }

// Walk is a way through what was there at a time, in the order of resources' numbers.
type Walk struct {
	Tenant string
	Cells  Cells
	At     int64
	After  int64 // the number of the resource that it begins after
	// Whole reports whether the JSON of a cell's resources is wanted: to decode it is most of the work. Nil wants all.
	Whole func(tracker.Cell) bool
}

// Walk goes a way. It calls read with pages, several side by side, and what each call returned one after the other in
// the order of the pages. A page is good until what read returned for it has returned.
func (s *Store) Walk(ctx context.Context, way Walk, read func(page []Version) (then func() error, err error)) error {
	w := s.walker(way)
	b, err := w.batch(ctx, firstRows)
	if err != nil || b.isEnd() {
		return err
	}
	if then, err := s.turn(ctx, way, b, read); err != nil {
		return err
	} else if err := then(); err != nil { // who wants few needs no more
		return err
	}
	var running sync.WaitGroup
	defer running.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	turns := make(chan chan turn, readers()-1) // and the one that is waited for
	running.Go(func() {
		defer close(turns)
		for rows := 2 * firstRows; ; rows = min(2*rows, walkRows/readers()) {
			b, err := w.batch(ctx, rows)
			if err == nil && b.isEnd() {
				return
			}
			one := make(chan turn, 1)
			select {
			case turns <- one:
			case <-ctx.Done():
				return
			}
			if err != nil {
				one <- turn{err: err}
				return
			}
			running.Go(func() {
				then, err := s.turn(ctx, way, b, read)
				one <- turn{then, err}
			})
		}
	})
	for one := range turns {
		t := <-one
		if t.err == nil {
			t.err = t.then()
		}
		if t.err != nil {
			return t.err
		}
	}
	return ctx.Err()
}

// turn is what reading a page came to.
type turn struct {
	then func() error
	err  error
}

// turn reads a page. A panic is an error: on a goroutine it would end the process.
func (s *Store) turn(ctx context.Context, way Walk, b batch, read func([]Version) (func() error, error)) (then func() error, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("read a page: panic: %v\n%s", p, debug.Stack())
		}
	}()
	page, err := s.read(ctx, b, way.At)
	if err != nil || len(page) == 0 {
		return func() error { return nil }, err
	}
	return read(page)
}

// walker names the cells of a way, batch after batch.
type walker struct {
	s      *Store
	way    Walk
	cursor int64    // the number of the last resource that a batch has
	cells  []placed // that are looked up and are in no batch yet, or not with all that is in them
	from   int64    // the cells from this ID on are still to be looked up
	end    bool     // there are none
}

// placed is a cell with its ID and how many numbers its resources have been given.
type placed struct {
	tracker.Cell
	id, issued int64
}

func (s *Store) walker(way Walk) *walker {
	return &walker{s: s, way: way, cursor: way.After, from: way.After >> cellBits}
}

// batch is a part of a way.
type batch struct {
	cells        []placed
	whole, light []stretch
	rows         int // at most
}

func (b batch) isEnd() bool { return len(b.cells) == 0 }

// stretch is the resources' numbers between two others, neither of which is in it. One reaches over cells that follow
// one another.
type stretch struct{ above, below int64 }

// argument is stretches as a query takes them.
func argument(all []stretch) string {
	b := []byte{'['}
	for i, one := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, "[%d,%d]", one.above, one.below)
	}
	return string(append(b, ']'))
}

// lookedUp is how many cells are looked up at once, and mostCells how many are in one batch.
const (
	lookedUp  = 4096
	mostCells = 1000
)

// batch is the next one, of so many resources at most; more only where a scan comes in meanwhile. Of a cell with more it
// has some of the numbers.
func (w *walker) batch(ctx context.Context, rows int) (b batch, err error) {
	for left := int64(rows); left > 0 && len(b.cells) < mostCells; {
		if len(w.cells) == 0 {
			if w.end {
				break
			}
			if err := w.lookUp(ctx); err != nil {
				return b, err
			}
			continue
		}
		c := w.cells[0]
		s := stretch{max(c.id<<cellBits, w.cursor), (c.id + 1) << cellBits}
		if here := c.id<<cellBits + c.issued - s.above; here > left {
			s.below = s.above + left + 1
			left = 0
		} else {
			left -= max(here, 0)
			w.cells = w.cells[1:]
		}
		w.cursor = s.below - 1
		b.add(c, s, w.way.Whole == nil || w.way.Whole(c.Cell))
		b.rows = rows - int(left)
	}
	return b, nil
}

// add adds a stretch of a cell.
func (b *batch) add(c placed, s stretch, whole bool) {
	b.cells = append(b.cells, c)
	to := &b.light
	if whole {
		to = &b.whole
	}
	if n := len(*to); n > 0 && (*to)[n-1].below == s.above { // a number that no resource has
		(*to)[n-1].below = s.below
		return
	}
	*to = append(*to, s)
}

// lookUp looks the next cells up, in the order of IDs.
func (w *walker) lookUp(ctx context.Context) error {
	where, args := w.way.Cells.where([]any{w.way.Tenant, w.from})
	var c placed
	n := 0
	err := each(ctx, w.s.reads, fmt.Sprintf(`SELECT c.id, c.issued, a.account, c.region, c.type FROM cell c JOIN account a ON a.id = c.account
		WHERE a.tenant = $1 AND c.id >= $2%s ORDER BY c.id LIMIT %d`, where, lookedUp), args,
		[]any{&c.id, &c.issued, &c.AccountID, &c.Region, &c.Type}, func() error {
			n++
			if w.from = c.id + 1; w.way.Cells.May == nil || w.way.Cells.May(c.Cell) {
				w.cells = append(w.cells, c)
			}
			return nil
		})
	w.end = n < lookedUp
	return err
}

// next is the next page, of so many rows. One that is not full is the last.
func (w *walker) next(ctx context.Context, limit int) (page []Version, err error) {
	for len(page) < limit {
		b, err := w.batch(ctx, limit-len(page))
		if err != nil || b.isEnd() {
			return page, err
		}
		more, err := w.s.read(ctx, b, w.way.At)
		if err != nil {
			return nil, err
		}
		page = append(page, more...)
	}
	return page[:limit], nil
}

// read reads what there was of a batch at a time, in the order of numbers.
func (s *Store) read(ctx context.Context, b batch, at int64) (page []Version, err error) {
	page = make([]Version, 0, b.rows)
	var v Version
	var body sql.RawBytes
	var row, text []byte
	var ends []int
	for _, part := range []struct {
		of   []stretch
		body string
	}{{b.whole, "v.body"}, {b.light, "NULL"}} {
		if len(part.of) == 0 {
			continue
		}
		err := each(ctx, s.reads, `SELECT v.resource, v.valid_from, v.valid_to, v.state_since, v.state, v.cost, `+part.body+` FROM `+s.stretches("$1")+`
			CROSS JOIN version v WHERE v.resource > c.above AND v.resource < c.below AND v.valid_from <= $2 AND v.valid_to > $2`,
			[]any{argument(part.of), at}, []any{&v.Resource, &v.From, &v.To, &v.StateSince, &v.State, &v.Cost, &body}, func() error {
				page = append(page, v)
				if body == nil {
					return nil
				}
				if row, err = s.decodeInto(ctx, row[:0], body); err != nil {
					return err
				}
				if text == nil {
					text = make([]byte, 0, (b.rows+b.rows/8)*len(row)) // rows of a page are of about one size
				}
				text = append(text, row...)
				ends = append(ends, len(text))
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	begin := 0
	for i, end := range ends {
		page[i].JSON, begin = text[begin:end:end], end
	}
	slices.SortFunc(page, func(a, b Version) int { return cmp.Compare(a.Resource, b.Resource) })
	for i, cell := 0, 0; i < len(page); i++ {
		for b.cells[cell].id < page[i].Resource>>cellBits {
			cell++
		}
		page[i].In = b.cells[cell].Cell
	}
	return page, nil
}

// stretches is an argument of stretches as a table c with columns above and below.
func (s *Store) stretches(argument string) string {
	if s.pg {
		return "(SELECT (value ->> 0)::bigint AS above, (value ->> 1)::bigint AS below FROM jsonb_array_elements(" + argument + "::jsonb)) AS c"
	}
	return "(SELECT value ->> 0 AS above, value ->> 1 AS below FROM json_each(" + argument + ")) AS c"
}

// within joins a table c with the versions v that meet a condition on each of its rows. PostgreSQL takes a range for
// much of the table, and would read and sort all of it; asked for a page of each row's, it goes by the index.
func (s *Store) within(condition string, limit int) string {
	if s.pg {
		return fmt.Sprintf(" CROSS JOIN LATERAL (SELECT * FROM version v WHERE %s ORDER BY v.resource LIMIT %d) AS v", condition, limit)
	}
	return " CROSS JOIN version v WHERE " + condition
}
