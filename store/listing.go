package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/consolesensei/resource-tracker/tracker"
)

// position is a place in a result: cells in the order they were closed, then
// page, then row. Cells that close later come after it, so a listing that is
// read while the job runs misses nothing and repeats nothing.
type position struct{ seq, page, row int }

func (p position) String() string { return fmt.Sprintf("%d.%d.%d", p.seq, p.page, p.row) }

func parsePosition(cursor string) (p position, err error) {
	if cursor == "" {
		return p, nil
	}
	var rest string
	n, _ := fmt.Sscanf(cursor, "%d.%d.%d%s", &p.seq, &p.page, &p.row, &rest)
	if n != 3 || p.seq < 0 || p.page < 0 || p.row < 0 {
		return p, tracker.Invalid("cursor", "not a cursor that this listing gave out")
	}
	return p, nil
}

// errStop ends a walk early.
var errStop = errors.New("stop")

// walk calls f for each row from a position on that the filter selects, until f
// fails. It holds one page in memory and skips cells that cannot match.
func (s *Store) walk(ctx context.Context, job string, f tracker.Filter, from position, row func(at position, json []byte) error) error {
	job, err := s.resolve(ctx, job)
	if err != nil {
		return err
	}
	cells, err := s.cells(ctx, job)
	if err != nil {
		return err
	}
	cells = slices.DeleteFunc(cells, func(c closedCell) bool { return c.rows == 0 || c.seq < from.seq || !mayHold(c.Cell, f) })
	slices.SortFunc(cells, func(a, b closedCell) int { return cmp.Compare(a.seq, b.seq) })
	terms := zoneTerms(f)
	for _, c := range cells {
		first := 0
		if c.seq == from.seq {
			first = from.page
		}
		for n, err := range s.pagesHolding(ctx, job, c, first, terms) {
			if err != nil {
				return err
			}
			if err := s.walkPage(ctx, job, c, n, f, from, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) walkPage(ctx context.Context, job string, c closedCell, n int, f tracker.Filter, from position, row func(position, []byte) error) error {
	rows, err := s.readPage(ctx, job, c, n)
	if err != nil {
		return err
	}
	i := -1
	for line := range bytes.Lines(rows) {
		i++
		at := position{c.seq, n, i}
		if at.seq == from.seq && at.page == from.page && i < from.row || !match(f, line) {
			continue
		}
		if err := row(at, bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return err
		}
	}
	return nil
}

// mayHold reports whether a cell can hold a resource that f selects. A global
// cell can hold resources of any region: buckets have one.
func mayHold(c tracker.Cell, f tracker.Filter) bool {
	return (f.Type == "" || c.Type == f.Type) &&
		(f.AccountID == "" || c.AccountID == f.AccountID) &&
		(f.Region == "" || c.Region == tracker.Global || c.Region == f.Region)
}

// match is tracker.Filter.Match on a row that is not decoded.
func match(f tracker.Filter, row []byte) bool {
	if f.Empty() {
		return true
	}
	is := func(field, want string) bool { return want == "" || gjson.GetBytes(row, field).Str == want }
	if !is("resource_type", string(f.Type)) || !is("region", f.Region) || !is("state", f.State) || !is("account_id", f.AccountID) {
		return false
	}
	if len(f.Tags) == 0 {
		return true
	}
	found := 0
	gjson.GetBytes(row, "tags").ForEach(func(k, v gjson.Result) bool {
		if want, ok := f.Tags[k.Str]; ok && want == v.Str {
			found++
		}
		return true
	})
	return found == len(f.Tags)
}

// Page returns up to limit resources of a job that f selects, from a cursor on,
// and the cursor of what follows, which is empty at the end. While the job runs
// the end is where it has come to.
func (s *Store) Page(ctx context.Context, job string, f tracker.Filter, cursor string, limit int) ([]json.RawMessage, string, error) {
	from, err := parsePosition(strings.TrimSpace(cursor))
	if err != nil {
		return nil, "", err
	}
	rows := []json.RawMessage{}
	next := ""
	err = s.walk(ctx, job, f, from, func(at position, row []byte) error {
		if len(rows) == limit {
			next = at.String()
			return errStop
		}
		rows = append(rows, bytes.Clone(row))
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return nil, "", err
	}
	return rows, next, nil
}

// Each calls f with every resource of a job that the filter selects, as JSON. The
// slice is only valid until f returns.
func (s *Store) Each(ctx context.Context, job string, filter tracker.Filter, f func(json []byte) error) error {
	return s.walk(ctx, job, filter, position{}, func(_ position, row []byte) error { return f(row) })
}
