package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// noteRun puts a run before the others, once.
//
// KEYS: runs   ARGV: job ID   Returns 1 | 0
var noteRun = redisScript(`
if redis.call("LPOS", KEYS[1], ARGV[1]) then return 0 end
redis.call("LPUSH", KEYS[1], ARGV[1])
return 1
`)

// NoteRun records a run of a schedule and deletes the results that it keeps no
// longer.
func (s Schedules) NoteRun(ctx context.Context, sc tracker.Schedule, job string) error {
	if err := noteRun.Run(ctx, s.rdb, []string{runsKey(sc.ID)}, job).Err(); err != nil {
		return fmt.Errorf("note run of schedule %s: %w", sc.ID, err)
	}
	runs, err := s.Runs(ctx, sc.ID)
	if err != nil {
		return err
	}
	good, err := s.lastGood(ctx, runs)
	if err != nil {
		return err
	}
	for i, run := range runs {
		if i < sc.Keep || run == good {
			continue
		}
		if err := s.deleteJob(ctx, run); err != nil {
			return err
		}
		if err := s.rdb.LRem(ctx, runsKey(sc.ID), 1, run).Err(); err != nil {
			return fmt.Errorf("forget run %s: %w", run, err)
		}
	}
	return nil
}

// Runs returns the job IDs of a schedule's kept runs, newest first.
func (s Schedules) Runs(ctx context.Context, id string) ([]string, error) {
	runs, err := s.rdb.LRange(ctx, runsKey(id), 0, -1).Result()
	return runs, wrap(err, "list runs of schedule %s", id)
}

// deleteJob deletes an ended job and its result. A job that still runs is left
// to its own end.
func (s *Store) deleteJob(ctx context.Context, id string) error {
	j, err := s.Lookup(ctx, id)
	if tracker.CodeOf(err) == tracker.CodeNotFound || err == nil && !j.State.Terminal() {
		return nil
	}
	if err != nil {
		return err
	}
	cells, err := s.cells(ctx, id)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(cells, closedBatch) {
		_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, c := range some {
				for n := range c.pages {
					p.Unlink(ctx, pageKey(id, c.ID(), c.run, n))
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("delete the pages of job %s: %w", id, err)
		}
	}
	if err := s.dropFindings(ctx, id); err != nil {
		return err
	}
	if err := s.rdb.Unlink(ctx, jobKeys(id)...).Err(); err != nil {
		return fmt.Errorf("delete job %s: %w", id, err)
	}
	return s.noteStored(ctx, j.Owner, id, 0, 0)
}
