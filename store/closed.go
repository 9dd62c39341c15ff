package store

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
)

// closedBatch is how many cells are read in one round trip.
const closedBatch = 1000

// closedFrom returns the closed cells of a job from the one of number seq on, in the order
// that they were closed. A page of a listing reads the cells that it needs and no others.
//
// Each closing has a number and an event, so the event of number n is not before the
// place n-1 of the list of events. That is so until a retry closes a cell once more: all
// cells are read then, and put in order.
func (s *Store) closedFrom(ctx context.Context, job string, seq int) iter.Seq2[closedCell, error] {
	return func(yield func(closedCell, error) bool) {
		next, err := s.closedByEvents(ctx, job, seq, yield)
		if err != nil {
			yield(closedCell{}, err)
			return
		}
		if next < 0 {
			return
		}
		cells, err := s.cells(ctx, job)
		if err != nil {
			yield(closedCell{}, err)
			return
		}
		cells = slices.DeleteFunc(cells, func(c closedCell) bool { return c.Outcome == "" || c.seq < next })
		slices.SortFunc(cells, func(a, b closedCell) int { return cmp.Compare(a.seq, b.seq) })
		for _, c := range cells {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// closedByEvents yields closed cells by the list of events. It returns from which number on
// they have to be found otherwise, or -1 when there is nothing more to yield.
func (s *Store) closedByEvents(ctx context.Context, job string, seq int, yield func(closedCell, error) bool) (next int, err error) {
	seq = max(seq, 1)
	counts, err := s.rdb.HMGet(ctx, jobKey(job, "m"), "seq", "closed").Result()
	if err != nil {
		return 0, fmt.Errorf("read the counters of job %s: %w", job, err)
	}
	if counts[0] != counts[1] { // it was retried
		return seq, nil
	}
	for at := int64(seq - 1); ; at += closedBatch {
		list, err := s.rdb.LRange(ctx, jobKey(job, "l"), at, at+closedBatch-1).Result()
		if err != nil {
			return 0, fmt.Errorf("read events of job %s: %w", job, err)
		}
		cells, err := s.closedOf(ctx, job, list)
		if err != nil {
			return 0, err
		}
		for _, c := range cells {
			switch {
			case c.Outcome == "" || c.seq > seq: // it is being retried
				return seq, nil
			case c.seq < seq:
			case !yield(c, nil):
				return -1, nil
			default:
				seq++
			}
		}
		if len(list) < closedBatch {
			return -1, nil
		}
	}
}

// closedOf returns the cells of events, in their order.
func (s *Store) closedOf(ctx context.Context, job string, events []string) ([]closedCell, error) {
	var ids []string
	for _, e := range events {
		if e[0] == 'c' {
			ids = append(ids, e[1:])
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	values, err := s.rdb.HMGet(ctx, jobKey(job, "c"), ids...).Result()
	if err != nil {
		return nil, fmt.Errorf("read cells of job %s: %w", job, err)
	}
	cells := make([]closedCell, 0, len(ids))
	for i, v := range values {
		text, ok := v.(string)
		if !ok { // a discovery that a retry has replaced
			text = "-:0:"
		}
		c, err := parseCell(ids[i], text)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}
