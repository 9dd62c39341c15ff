package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A schedule is a HASH: d its definition (JSON), x its sealed credentials; and a
// LIST of its runs, newest first. One ZSET says when each is due next.

// Schedules keeps what is started again and again.
type Schedules struct{ *Store }

const dueKey = "rt:schedules" // ZSET schedule ID -> next tick (ms)

func scheduleKey(id string) string { return "rt:schedule:{" + id + "}" }

func runsKey(id string) string { return scheduleKey(id) + ":runs" }

// PutSchedule writes a schedule, new or changed. A schedule without a next tick
// is not due. Nil credentials leave those it has.
func (s Schedules) PutSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte) error {
	next := sc.NextAt
	sc.NextAt, sc.NextRuns, sc.LastRun, sc.LastGood = nil, nil, "", ""
	definition, err := json.Marshal(scheduleRecord{sc, sc.Owner})
	if err != nil {
		return fmt.Errorf("encode schedule %s: %w", sc.ID, err)
	}
	fields := []any{"d", definition}
	if sealed != nil {
		fields = append(fields, "x", sealed)
	}
	if err := s.rdb.HSet(ctx, scheduleKey(sc.ID), fields...).Err(); err != nil {
		return fmt.Errorf("write schedule %s: %w", sc.ID, err)
	}
	if err := s.rdb.SAdd(ctx, ownerKey(sc.Owner, "schedules"), sc.ID).Err(); err != nil {
		return fmt.Errorf("list schedule %s: %w", sc.ID, err)
	}
	if next == nil {
		return wrap(s.rdb.ZRem(ctx, dueKey, sc.ID).Err(), "pause schedule %s", sc.ID)
	}
	return wrap(s.rdb.ZAdd(ctx, dueKey, redis.Z{Score: float64(next.UnixMilli()), Member: sc.ID}).Err(), "time schedule %s", sc.ID)
}

// scheduleRecord is how a schedule is kept: its owner is not in its JSON.
type scheduleRecord struct {
	tracker.Schedule
	Owner string `json:"owner"`
}

// Schedule returns a schedule of owner.
func (s Schedules) Schedule(ctx context.Context, owner, id string) (tracker.Schedule, error) {
	sc, err := s.LookupSchedule(ctx, id)
	if err != nil {
		return tracker.Schedule{}, err
	}
	if sc.Owner != owner {
		return tracker.Schedule{}, noSchedule(id)
	}
	return sc, nil
}

// LookupSchedule returns a schedule whoever owns it.
func (s Schedules) LookupSchedule(ctx context.Context, id string) (tracker.Schedule, error) {
	definition, err := s.rdb.HGet(ctx, scheduleKey(id), "d").Bytes()
	if errors.Is(err, redis.Nil) {
		return tracker.Schedule{}, noSchedule(id)
	}
	if err != nil {
		return tracker.Schedule{}, fmt.Errorf("read schedule %s: %w", id, err)
	}
	var r scheduleRecord
	if err := json.Unmarshal(definition, &r); err != nil {
		return tracker.Schedule{}, fmt.Errorf("decode schedule %s: %w", id, err)
	}
	sc := r.Schedule
	sc.Owner = r.Owner
	runs, err := s.Runs(ctx, id)
	if err != nil {
		return tracker.Schedule{}, err
	}
	if len(runs) > 0 {
		sc.LastRun = runs[0]
	}
	if sc.LastGood, err = s.lastGood(ctx, runs); err != nil {
		return tracker.Schedule{}, err
	}
	due, err := s.rdb.ZScore(ctx, dueKey, id).Result()
	switch {
	case err == nil:
		next := time.UnixMilli(int64(due)).UTC()
		sc.NextAt = &next
	case !errors.Is(err, redis.Nil):
		return tracker.Schedule{}, fmt.Errorf("read the next run of schedule %s: %w", id, err)
	}
	return sc, nil
}

// lastGood returns the first of runs that succeeded, or "".
func (s Schedules) lastGood(ctx context.Context, runs []string) (string, error) {
	for _, id := range runs {
		state, err := s.rdb.HGet(ctx, jobKey(id, "m"), "state").Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return "", fmt.Errorf("read the state of job %s: %w", id, err)
		}
		if state == string(tracker.JobSucceeded) {
			return id, nil
		}
	}
	return "", nil
}

func noSchedule(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no schedule %q: it does not exist or belongs to somebody else", id)
}

// Schedules returns every schedule of owner, oldest first.
func (s Schedules) Schedules(ctx context.Context, owner string) ([]tracker.Schedule, error) {
	ids, err := s.rdb.SMembers(ctx, ownerKey(owner, "schedules")).Result()
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	schedules := make([]tracker.Schedule, 0, len(ids))
	for _, id := range ids {
		sc, err := s.Schedule(ctx, owner, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // deleted in this moment
		}
		if err != nil {
			return nil, err
		}
		schedules = append(schedules, sc)
	}
	slices.SortFunc(schedules, func(a, b tracker.Schedule) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return schedules, nil
}

// DeleteSchedule deletes a schedule. The results of its runs expire in their time.
func (s Schedules) DeleteSchedule(ctx context.Context, sc tracker.Schedule) error {
	if err := s.rdb.ZRem(ctx, dueKey, sc.ID).Err(); err != nil {
		return fmt.Errorf("delete schedule %s: %w", sc.ID, err)
	}
	if err := s.rdb.SRem(ctx, ownerKey(sc.Owner, "schedules"), sc.ID).Err(); err != nil {
		return fmt.Errorf("delete schedule %s: %w", sc.ID, err)
	}
	return wrap(s.rdb.Del(ctx, scheduleKey(sc.ID), runsKey(sc.ID)).Err(), "delete schedule %s", sc.ID)
}

// ScheduleCredentials returns the sealed credentials of a schedule.
func (s Schedules) ScheduleCredentials(ctx context.Context, id string) ([]byte, error) {
	b, err := s.rdb.HGet(ctx, scheduleKey(id), "x").Bytes()
	return b, wrap(err, "read credentials of schedule %s", id)
}

// DueSchedules returns up to limit schedules whose tick has come, with the tick.
func (s Schedules) DueSchedules(ctx context.Context, limit int) (map[string]time.Time, error) {
	list, err := s.rdb.ZRangeByScoreWithScores(ctx, dueKey, &redis.ZRangeBy{Min: "-inf", Max: fmt.Sprint(s.now()), Count: int64(limit)}).Result()
	if err != nil {
		return nil, fmt.Errorf("find due schedules: %w", err)
	}
	due := make(map[string]time.Time, len(list))
	for _, z := range list {
		due[z.Member.(string)] = time.UnixMilli(int64(z.Score)).UTC()
	}
	return due, nil
}

// advanceSchedule moves a schedule from one tick to the next. Run twice, the
// second finds the tick gone.
//
// KEYS: due   ARGV: schedule, tick (ms), next tick (ms)   Returns 1 | 0
var advanceSchedule = redisScript(`
if tonumber(redis.call("ZSCORE", KEYS[1], ARGV[1]) or "-1") ~= tonumber(ARGV[2]) then return 0 end
redis.call("ZADD", KEYS[1], ARGV[3], ARGV[1])
return 1
`)

// AdvanceSchedule moves a schedule from a tick to the next.
func (s Schedules) AdvanceSchedule(ctx context.Context, id string, tick, next time.Time) error {
	err := advanceSchedule.Run(ctx, s.rdb, []string{dueKey}, id, tick.UnixMilli(), next.UnixMilli()).Err()
	return wrap(err, "advance schedule %s", id)
}

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
	for _, c := range cells {
		for n := range c.pages {
			if err := s.rdb.Unlink(ctx, pageKey(id, c.ID(), c.run, n)).Err(); err != nil {
				return fmt.Errorf("delete job %s: %w", id, err)
			}
		}
	}
	if err := s.dropFindings(ctx, id); err != nil {
		return err
	}
	return wrap(s.rdb.Unlink(ctx, jobKeys(id)...).Err(), "delete job %s", id)
}
