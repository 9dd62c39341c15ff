package store

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Events returns up to limit events of a job after the one numbered after. A
// cell's event shows the cell as it is now: after a retry, its newest outcome.
func (s *Store) Events(ctx context.Context, job string, after int64, limit int) ([]tracker.Event, error) {
	list, err := s.rdb.LRange(ctx, jobKey(job, "l"), after, after+int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("read events of job %s: %w", job, err)
	}
	events := make([]tracker.Event, 0, len(list))
	var cells []string
	for _, e := range list {
		if e[0] == 'c' {
			cells = append(cells, e[1:])
		}
	}
	reports, err := s.reports(ctx, job, cells)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		event := tracker.Event{ID: after + int64(i) + 1}
		if e[0] == 's' {
			event.State = tracker.JobState(e[1:])
		} else {
			event.Cell = reports[e[1:]]
		}
		events = append(events, event)
	}
	return events, nil
}

// LastEvent returns the number of a job's last event, or 0.
func (s *Store) LastEvent(ctx context.Context, job string) (int64, error) {
	n, err := s.rdb.LLen(ctx, jobKey(job, "l")).Result()
	return n, wrap(err, "count events of job %s", job)
}

// reports returns the reports of cells by their IDs.
func (s *Store) reports(ctx context.Context, job string, ids []string) (map[string]*tracker.CellReport, error) {
	reports := make(map[string]*tracker.CellReport, len(ids))
	if len(ids) == 0 {
		return reports, nil
	}
	var cells, failures *redis.SliceCmd
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		cells, failures = p.HMGet(ctx, jobKey(job, "c"), ids...), p.HMGet(ctx, jobKey(job, "e"), ids...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read cells of job %s: %w", job, err)
	}
	for i, id := range ids {
		v, ok := cells.Val()[i].(string)
		if !ok { // a discovery cell that a retry has replaced
			continue
		}
		c, err := parseCell(id, v)
		if err != nil {
			return nil, err
		}
		if f, ok := failures.Val()[i].(string); ok {
			if err := decodeSaid(f, &c.CellReport); err != nil {
				return nil, err
			}
		}
		reports[id] = &c.CellReport
	}
	return reports, nil
}
