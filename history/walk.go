package history

import (
	"context"

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
	w, err := s.walker(ctx, tenant, cells, at, cursor)
	if err != nil {
		return err
	}
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

// walker reads what was there at a time, page after page.
type walker struct {
	s          *Store
	tenant     string
	at, cursor int64
	all        bool
	cells      []sized // unless all: those that are still to be read
}

// sized is a cell with how many resources it has now.
type sized struct{ id, resources int64 }

func (s *Store) walker(ctx context.Context, tenant string, cells Cells, at, cursor int64) (w *walker, err error) {
	w = &walker{s: s, tenant: tenant, at: at, cursor: cursor, all: cells.all()}
	if !w.all {
		// A type is in few of a tenant's cells: they are looked up first and gone through.
		w.cells, err = s.cells(ctx, tenant, cells, cursor>>cellBits)
	}
	return w, err
}

// next is the next page. One that is not full is the last.
func (w *walker) next(ctx context.Context, limit int) (page []Version, err error) {
	if w.all {
		// The plus keeps SQLite from going by the account's index, which would have it sort all.
		page, err = w.s.versions(ctx, limit, `SELECT `+columns+` FROM version v WHERE v.resource > $1 AND v.valid_from <= $2 AND v.valid_to > $2
			AND +v.account IN (SELECT id FROM account WHERE tenant = $3) ORDER BY v.resource`, w.cursor, w.at, w.tenant)
		return w.turned(page), err
	}
	for len(w.cells) > 0 && len(page) < limit {
		// As many at once as seem to fill a page.
		var ids []int64
		for n := int64(0); len(ids) < len(w.cells) && n < int64(limit-len(page)) && len(ids) < 1000; {
			c := w.cells[len(ids)]
			ids, n = append(ids, c.id), n+c.resources
		}
		want := limit - len(page)
		more, err := w.s.versions(ctx, want, `SELECT `+columns+` FROM `+w.s.list("$1")+` CROSS JOIN version v
			WHERE v.resource > c.id << 28 AND v.resource < (c.id + 1) << 28 AND v.resource > $2 AND v.valid_from <= $3 AND v.valid_to > $3 ORDER BY v.resource`, w.s.of(ids), w.cursor, w.at)
		if err != nil {
			return nil, err
		}
		page = append(page, w.turned(more)...)
		if len(more) < want {
			w.cells = w.cells[len(ids):]
		}
	}
	for len(w.cells) > 0 && w.cells[0].id < w.cursor>>cellBits {
		w.cells = w.cells[1:]
	}
	return page, nil
}

// turned turns to what follows a page.
func (w *walker) turned(page []Version) []Version {
	if n := len(page); n > 0 {
		w.cursor = page[n-1].Resource
	}
	return page
}

// cells lists a tenant's cells from an ID on, in the order of IDs.
func (s *Store) cells(ctx context.Context, tenant string, narrow Cells, from int64) (all []sized, err error) {
	where, args := narrow.where([]any{tenant, from})
	var c sized
	var place tracker.Cell
	return all, each(ctx, s.reads, `SELECT c.id, c.resources, a.account, c.region, c.type FROM cell c JOIN account a ON a.id = c.account WHERE a.tenant = $1 AND c.id >= $2`+where+` ORDER BY c.id`,
		args, []any{&c.id, &c.resources, &place.AccountID, &place.Region, &place.Type}, func() error {
			if narrow.May == nil || narrow.May(place) {
				all = append(all, c)
			}
			return nil
		})
}
