package history

import (
	"context"
	"fmt"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A walk reads pages of so many rows: few at first, for who wants few.
const (
	firstRows = 128
	walkRows  = 2048
)

// Walk calls f with pages of what was there at a time, in the order of resources' numbers, from a cursor on. It looks
// cells up once, and holds a page.
func (s *Store) Walk(ctx context.Context, tenant string, cells Cells, at, cursor int64, f func(page []Version) error) error {
	w := s.walker(tenant, cells, at, cursor)
	for limit := firstRows; ; limit = min(2*limit, walkRows) {
		page, err := w.next(ctx, limit)
		if err == nil && len(page) > 0 {
			err = f(page)
		}
		if err != nil || len(page) < limit {
			return err
		}
	}
}

// walker reads what was there at a time, page after page. It goes by cells: each is a range of resources' numbers.
type walker struct {
	s          *Store
	tenant     string
	narrow     Cells
	at, cursor int64
	cells      []sized // that are looked up and still to be read
	from       int64   // the cells from this ID on are still to be looked up
	end        bool    // there are none
}

// sized is a cell with how many resources it has now.
type sized struct{ id, resources int64 }

func (s *Store) walker(tenant string, cells Cells, at, cursor int64) *walker {
	return &walker{s: s, tenant: tenant, narrow: cells, at: at, cursor: cursor, from: cursor >> cellBits}
}

// next is the next page. One that is not full is the last.
func (w *walker) next(ctx context.Context, limit int) (page []Version, err error) {
	for len(page) < limit {
		ids, err := w.take(ctx, limit-len(page))
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			break
		}
		want := limit - len(page)
		more, err := w.s.versions(ctx, want, `SELECT `+columns+` FROM `+w.s.list("$1")+w.s.within(`v.resource > c.id << 28 AND v.resource < (c.id + 1) << 28
			AND v.resource > $2 AND v.valid_from <= $3 AND v.valid_to > $3`, want)+` ORDER BY v.resource`, w.s.of(ids), w.cursor, w.at)
		if err != nil {
			return nil, err
		}
		if n := len(more); n > 0 {
			w.cursor = more[n-1].Resource
		}
		if page = append(page, more...); len(more) < want {
			w.cells = w.cells[len(ids):]
		}
	}
	return page, nil
}

// take names the next cells, as many as seem to hold so many rows. None is the end.
func (w *walker) take(ctx context.Context, rows int) (ids []int64, err error) {
	for len(w.cells) > 0 && w.cells[0].id < w.cursor>>cellBits {
		w.cells = w.cells[1:]
	}
	for len(w.cells) == 0 {
		if w.end {
			return nil, nil
		}
		if err := w.lookUp(ctx); err != nil {
			return nil, err
		}
	}
	for n := int64(0); len(ids) < len(w.cells) && n < int64(rows) && len(ids) < 1000; {
		c := w.cells[len(ids)]
		ids, n = append(ids, c.id), n+c.resources
	}
	return ids, nil
}

// lookedUp is how many cells are looked up at once.
const lookedUp = 4096

// lookUp looks the next cells up, in the order of IDs.
func (w *walker) lookUp(ctx context.Context) error {
	where, args := w.narrow.where([]any{w.tenant, w.from})
	var c sized
	var place tracker.Cell
	n := 0
	err := each(ctx, w.s.reads, fmt.Sprintf(`SELECT c.id, c.resources, a.account, c.region, c.type FROM cell c JOIN account a ON a.id = c.account
		WHERE a.tenant = $1 AND c.id >= $2%s ORDER BY c.id LIMIT %d`, where, lookedUp), args,
		[]any{&c.id, &c.resources, &place.AccountID, &place.Region, &place.Type}, func() error {
			n++
			if w.from = c.id + 1; w.narrow.May == nil || w.narrow.May(place) {
				w.cells = append(w.cells, c)
			}
			return nil
		})
	w.end = n < lookedUp
	return err
}

// within joins a table c with the versions v that meet a condition on each of its rows. PostgreSQL takes a range for
// much of the table, and would read and sort all of it; asked for a page of each row's, it goes by the index.
func (s *Store) within(condition string, limit int) string {
	if s.pg {
		return fmt.Sprintf(" CROSS JOIN LATERAL (SELECT * FROM version v WHERE %s ORDER BY v.resource LIMIT %d) AS v", condition, limit)
	}
	return " CROSS JOIN version v WHERE " + condition
}
