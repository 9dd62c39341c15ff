package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Backlog is what has not ended.
type Backlog struct {
	Jobs   map[tracker.Lane]int           // both lanes of jobs are there
	Oldest map[tracker.Lane]time.Duration // the age of the oldest job
	Plans  int
	Late   time.Duration // since the earliest tick of a schedule that is due was
	// Records are the ended jobs that wait to be taken into the history.
	Records int
}

// backlogPage is how many jobs are read in one round trip.
const backlogPage = 1000

// Backlog reads what has not ended.
func (s *Store) Backlog(ctx context.Context) (Backlog, error) {
	b := Backlog{
		Jobs:   map[tracker.Lane]int{tracker.LaneInteractive: 0, tracker.LaneScheduled: 0},
		Oldest: map[tracker.Lane]time.Duration{},
	}
	now := s.now()
	var plans, records *redis.IntCmd
	var due *redis.ZSliceCmd
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		records = p.ZCard(ctx, recordsKey)
		plans, due = p.HLen(ctx, plansKey), p.ZRangeByScoreWithScores(ctx, dueKey, &redis.ZRangeBy{Min: "-inf", Max: strconv.FormatInt(now, 10), Count: 1})
		return nil
	})
	if err != nil {
		return b, fmt.Errorf("read what has not ended: %w", err)
	}
	b.Plans, b.Records = int(plans.Val()), int(records.Val())
	for _, z := range due.Val() {
		b.Late = time.Duration(now-int64(z.Score)) * time.Millisecond
	}
	jobs := s.rdb.HScan(ctx, activeKey, 0, "", backlogPage).Iterator()
	for jobs.Next(ctx) {
		if !jobs.Next(ctx) { // every second one is an entry
			break
		}
		var e Active
		if err := json.Unmarshal([]byte(jobs.Val()), &e); err != nil {
			continue // the sweep complains of it
		}
		b.Jobs[e.Lane]++
		b.Oldest[e.Lane] = max(b.Oldest[e.Lane], time.Duration(now-e.CreatedMS)*time.Millisecond)
	}
	return b, wrap(jobs.Err(), "read the jobs that have not ended")
}
