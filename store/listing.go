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

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/internal/rows"
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
func (s *Store) walk(ctx context.Context, job string, f filter.Filter, from position, row func(at position, json []byte) error) error {
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
	in := &rows.Row{}
	for _, c := range cells {
		first := 0
		if c.seq == from.seq {
			first = from.page
		}
		for n, err := range s.pagesHolding(ctx, job, c, first, f) {
			if err != nil {
				return err
			}
			if err := s.walkPage(ctx, job, c, n, f, in, from, row); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Store) walkPage(
	ctx context.Context, job string, c closedCell, n int, f filter.Filter, in *rows.Row, from position, row func(position, []byte) error,
) error {
	page, err := s.readPage(ctx, job, c, n)
	if err != nil {
		return err
	}
	filtered, text := !f.IsZero(), ""
	if filtered {
		text = string(page) // once for the page: what is read of its rows points into it
	}
	i, start, end := -1, 0, 0
	for line := range bytes.Lines(page) {
		i, start, end = i+1, end, end+len(line)
		at := position{c.seq, n, i}
		if at.seq == from.seq && at.page == from.page && i < from.row {
			continue
		}
		if filtered {
			in.Read(text[start:end])
			ok, err := in.Selected(f)
			if err != nil {
				return fmt.Errorf("row %d of page %d of %s: %w", i, n, c.ID(), err)
			}
			if !ok {
				continue
			}
		}
		if err := row(at, bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return err
		}
	}
	return nil
}

// mayHold reports whether a cell can hold a resource that f selects. A global
// cell can hold resources of any region: buckets have one.
func mayHold(c tracker.Cell, f filter.Filter) bool {
	return f.Possible(func(cond filter.Condition) bool {
		switch cond.Field {
		case filter.FieldType:
			return cond.Meets(string(c.Type))
		case filter.FieldAccount:
			return cond.Meets(c.AccountID)
		case filter.FieldRegion:
			return c.Region == tracker.Global || cond.Meets(c.Region)
		default:
			return true
		}
	})
}

// Page returns up to limit resources of a job that f selects, from a cursor on,
// and the cursor of what follows, which is empty at the end. While the job runs
// the end is where it has come to.
func (s *Store) Page(ctx context.Context, job string, f filter.Filter, cursor string, limit int) ([]json.RawMessage, string, error) {
	from, err := parsePosition(strings.TrimSpace(cursor))
	if err != nil {
		return nil, "", err
	}
	page := []json.RawMessage{}
	next := ""
	err = s.walk(ctx, job, f, from, func(at position, row []byte) error {
		if len(page) == limit {
			next = at.String()
			return errStop
		}
		page = append(page, bytes.Clone(row))
		return nil
	})
	if err != nil && !errors.Is(err, errStop) {
		return nil, "", err
	}
	return page, next, nil
}

// Each calls row with every resource of a job that the filter selects, as JSON. The
// slice is only valid until row returns.
func (s *Store) Each(ctx context.Context, job string, f filter.Filter, row func(json []byte) error) error {
	return s.walk(ctx, job, f, position{}, func(_ position, json []byte) error { return row(json) })
}
