package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

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
// fails. It holds a few pages in memory and skips cells that cannot match.
func (s *Store) walk(ctx context.Context, job string, f filter.Filter, from position, row func(at position, json []byte) error) error {
	job, err := s.resolve(ctx, job)
	if err != nil {
		return err
	}
	w := walker{store: s, job: job, filter: f, from: from, row: row, most: 1}
	for c, err := range s.closedFrom(ctx, job, from.seq) {
		if err != nil {
			return err
		}
		if c.rows == 0 || !c.MayHold(f) {
			continue
		}
		first := 0
		if c.seq == from.seq {
			first = from.page
		}
		for n, err := range s.pagesHolding(ctx, job, c, first, f) {
			if err != nil {
				return err
			}
			if err := w.add(ctx, pageRef{c, n}); err != nil {
				return err
			}
		}
	}
	return w.read(ctx)
}

// A walker reads this many pages and bytes in one round trip at most: cells of a large
// organisation have pages of a few rows.
const (
	walkPages = 256
	walkBytes = 256 << 10
)

// pageRef names a page.
type pageRef struct {
	cell closedCell
	n    int
}

// walker reads pages in few round trips and calls row with what the filter selects.
type walker struct {
	store  *Store
	job    string
	filter filter.Filter
	from   position
	row    func(at position, json []byte) error

	in    rows.Row
	wait  []pageRef // to be read
	bytes int       // of them
	most  int       // pages to wait for; it grows, so that who wants one row reads little
}

// add has a page read, with those that wait when they are enough.
func (w *walker) add(ctx context.Context, p pageRef) error {
	w.wait = append(w.wait, p)
	w.bytes += p.cell.bytes / p.cell.pages
	if len(w.wait) < w.most && w.bytes < walkBytes {
		return nil
	}
	w.most = min(2*w.most, walkPages)
	return w.read(ctx)
}

// read reads the pages that wait.
func (w *walker) read(ctx context.Context) error {
	if len(w.wait) == 0 {
		return nil
	}
	pages := make([]*redis.StringCmd, len(w.wait))
	_, err := w.store.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, ref := range w.wait {
			pages[i] = p.Get(ctx, pageKey(w.job, ref.cell.ID(), ref.cell.run, ref.n))
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read %d pages of job %s: %w", len(pages), w.job, err)
	}
	for i, ref := range w.wait {
		page, err := pageOf(pages[i])
		if err != nil {
			return fmt.Errorf("page %d of %s: %w", ref.n, ref.cell.ID(), err)
		}
		if err := w.page(ref, page); err != nil {
			return err
		}
	}
	w.wait, w.bytes = w.wait[:0], 0
	return nil
}

// page calls row with the rows of a page.
func (w *walker) page(p pageRef, page []byte) error {
	filtered, text := !w.filter.IsZero(), ""
	if filtered {
		text = string(page) // once for the page: what is read of its rows points into it
	}
	i, start, end := -1, 0, 0
	for line := range bytes.Lines(page) {
		i, start, end = i+1, end, end+len(line)
		at := position{p.cell.seq, p.n, i}
		if at.seq == w.from.seq && at.page == w.from.page && i < w.from.row {
			continue
		}
		if filtered {
			w.in.Read(text[start:end])
			ok, err := w.in.Selected(w.filter)
			if err != nil {
				return fmt.Errorf("row %d of page %d of %s: %w", i, p.n, p.cell.ID(), err)
			}
			if !ok {
				continue
			}
		}
		if err := w.row(at, bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return err
		}
	}
	return nil
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
