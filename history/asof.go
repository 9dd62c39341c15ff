package history

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Version is what a resource was from one time to another.
type Version struct {
	Resource   int64 // its number in this history, unique and never used again
	From, To   int64 // To is Forever for what still is so
	StateSince int64 // since when, as far as scans saw, it is in its state
	State      string
	Cost       *int64       // a month, in nano-dollars; nil is not known
	JSON       []byte       // the row, as it was scanned; nil where a walk was not to read it
	In         tracker.Cell // its cell; only a walk says it
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
func (s *Store) AsOf(ctx context.Context, tenant string, cells Cells, at, cursor int64, limit int) ([]Version, error) {
	return s.walker(Walk{Tenant: tenant, Cells: cells, At: at, After: cursor}).next(ctx, limit)
}

// Of is what resources were at a time, by their numbers. Those that were not there are not in it.
func (s *Store) Of(ctx context.Context, numbers []int64, at int64) (map[int64]Version, error) {
	page, err := s.versions(ctx, len(numbers), `SELECT `+columns+` FROM version v WHERE `+s.in("v.resource", "$1")+` AND v.valid_from <= $2 AND v.valid_to > $2`, s.of(numbers), at)
	of := make(map[int64]Version, len(page))
	for _, v := range page {
		of[v.Resource] = v
	}
	return of, err
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

// Origin is which cell a resource is of, and when it was first seen.
type Origin struct {
	tracker.Cell
	First int64
}

// Origins are those of versions, in their order.
func (s *Store) Origins(ctx context.Context, page []Version) ([]Origin, error) {
	var ids, cells []int64
	var rids []string
	var pairs [][2]any
	seen := map[int64]tracker.Cell{}
	for _, v := range page {
		id, rid := v.Resource>>cellBits, gjson.GetBytes(v.JSON, "resource_id").String()
		if _, ok := seen[id]; !ok {
			seen[id], ids = tracker.Cell{}, append(ids, id)
		}
		cells, rids, pairs = append(cells, id), append(rids, rid), append(pairs, [2]any{id, rid})
	}
	var id, first int64
	var c tracker.Cell
	err := each(ctx, s.reads, `SELECT c.id, a.account, c.region, c.type FROM cell c JOIN account a ON a.id = c.account WHERE `+s.in("c.id", "$1"),
		[]any{s.of(ids)}, []any{&id, &c.AccountID, &c.Region, &c.Type}, func() error {
			seen[id] = c
			return nil
		})
	if err != nil {
		return nil, err
	}
	query, args := `SELECT r.id, r.first_seen FROM unnest($1::bigint[], $2::text[]) AS k(cell, rid) JOIN resource r ON r.cell = k.cell AND r.rid = k.rid`, []any{cells, rids}
	if !s.pg {
		b, err := json.Marshal(pairs)
		if err != nil {
			return nil, err
		}
		query, args = `SELECT r.id, r.first_seen FROM json_each($1) k CROSS JOIN resource r ON r.cell = k.value ->> 0 AND r.rid = k.value ->> 1`, []any{string(b)}
	}
	firsts := make(map[int64]int64, len(page))
	err = each(ctx, s.reads, query, args, []any{&id, &first}, func() error {
		firsts[id] = first
		return nil
	})
	origins := make([]Origin, len(page))
	for i, v := range page {
		origins[i] = Origin{seen[v.Resource>>cellBits], firsts[v.Resource]}
	}
	return origins, err
}

// list is an argument of IDs as a table c with a column id.
func (s *Store) list(argument string) string {
	if s.pg {
		return "unnest(" + argument + "::bigint[]) AS c(id)"
	}
	return "(SELECT value AS id FROM json_each(" + argument + ")) AS c"
}
