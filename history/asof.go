package history

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Version is what a resource was from one time to another.
type Version struct {
	Resource   int64 // its number in this history, unique and never used again
	From, To   int64 // To is Forever for what still is so
	StateSince int64 // since when, as far as scans saw, it is in its state
	State      string
	Cost       *int64 // a month, in nano-dollars; nil is not known
	JSON       []byte // the row, as it was scanned
	hash       int64
	body       []byte
}

// Forever is To of a version that has not ended.
const Forever int64 = 1<<63 - 1

const columns = `v.resource, v.valid_from, v.valid_to, v.hash, v.state_since, v.state, v.cost, v.body`

func (v *Version) fields() []any {
	return []any{&v.Resource, &v.From, &v.To, &v.hash, &v.StateSince, &v.State, &v.Cost, &v.body}
}

// Cells narrows a look to cells. What is empty narrows nothing.
type Cells struct {
	Accounts []string
	Regions  []string
	Types    []tracker.Type
	// May is asked of each cell that the others leave.
	May func(tracker.Cell) bool
}

func (c Cells) all() bool { return len(c.Accounts)+len(c.Regions)+len(c.Types) == 0 && c.May == nil }

// has reports whether a cell is among them.
func (c Cells) has(cell tracker.Cell) bool {
	return (len(c.Accounts) == 0 || slices.Contains(c.Accounts, cell.AccountID)) && (len(c.Regions) == 0 || slices.Contains(c.Regions, cell.Region)) &&
		(len(c.Types) == 0 || slices.Contains(c.Types, cell.Type)) && (c.May == nil || c.May(cell))
}

// where is the condition on the tables account a and cell c, each part of it after an AND, and its arguments after others.
func (c Cells) where(args []any) (string, []any) {
	types := make([]string, len(c.Types))
	for i, t := range c.Types {
		types[i] = string(t)
	}
	var where strings.Builder
	for _, by := range []struct {
		column string
		values []string
	}{{"a.account", c.Accounts}, {"c.region", c.Regions}, {"c.type", types}} {
		if len(by.values) == 0 {
			continue
		}
		marks := make([]string, len(by.values))
		for i, v := range by.values {
			args = append(args, v)
			marks[i] = fmt.Sprintf("$%d", len(args))
		}
		where.WriteString(" AND " + by.column + " IN (" + strings.Join(marks, ", ") + ")")
	}
	return where.String(), args
}

// AsOf is a page of what was there at a time, in the order of resources' numbers. The first follows cursor 0, the
// next the last one's Resource. A page that is not full is the last.
func (s *Store) AsOf(ctx context.Context, tenant string, cells Cells, at, cursor int64, limit int) (page []Version, err error) {
	if cells.all() {
		// The plus keeps SQLite from going by the account's index, which would have it sort all.
		return s.versions(ctx, limit, `SELECT `+columns+` FROM version v WHERE v.resource > $1 AND v.valid_from <= $2 AND v.valid_to > $2
			AND +v.account IN (SELECT id FROM account WHERE tenant = $3) ORDER BY v.resource`, cursor, at, tenant)
	}
	// A type is in few of a tenant's cells: they are looked up first and gone through, as many at once as seem to fill a page.
	narrowed, err := s.cells(ctx, tenant, cells, cursor>>cellBits)
	if err != nil {
		return nil, err
	}
	for len(narrowed) > 0 && len(page) < limit {
		var ids []int64
		for n := int64(0); len(narrowed) > 0 && n < int64(limit-len(page)) && len(ids) < 1000; narrowed = narrowed[1:] {
			ids = append(ids, narrowed[0].id)
			n += narrowed[0].resources
		}
		more, err := s.versions(ctx, limit-len(page), `SELECT `+columns+` FROM `+s.list("$1")+` CROSS JOIN version v
			WHERE v.resource > c.id << 28 AND v.resource < (c.id + 1) << 28 AND v.resource > $2 AND v.valid_from <= $3 AND v.valid_to > $3 ORDER BY v.resource`, s.of(ids), cursor, at)
		if err != nil {
			return nil, err
		}
		page = append(page, more...)
	}
	return page, nil
}

// versions reads versions, decoded.
func (s *Store) versions(ctx context.Context, limit int, query string, args ...any) (page []Version, err error) {
	var v Version
	return page, each(ctx, s.reads, fmt.Sprintf("%s LIMIT %d", query, limit), args, v.fields(), func() (err error) {
		v.JSON, err = s.decode(ctx, v.body)
		page = append(page, v)
		return err
	})
}

// sized is a cell with how many resources it has now.
type sized struct{ id, resources int64 }

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

// list is an argument of IDs as a table c with a column id.
func (s *Store) list(argument string) string {
	if s.pg {
		return "unnest(" + argument + "::bigint[]) AS c(id)"
	}
	return "(SELECT value AS id FROM json_each(" + argument + ")) AS c"
}
