package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// toldFor is how long a line is known to be in the audit: workers come to the same
	// tick at once, and a line that is in the audit may be written there again.
	toldFor = 7 * 24 * time.Hour
	// unsettledAfter is how old a change is that whoever made it did not end.
	unsettledAfter = 10 * time.Second
)

// changesKey is the sweeper's index of changes of schedules that are not whole yet: ZSET
// "schedule ID|change" -> when it began (ms).
const changesKey = "rt:schedule-changes"

// scheduleLine is a line of a schedule's history, as it is kept. Its name is that by
// which the audit knows it.
type scheduleLine struct {
	tracker.ScheduleEvent
	Name  string `json:"name"`
	Owner string `json:"owner"`
}

// scheduleLine writes a line. A name, if there is one, is the same for whoever tells of
// the same.
func (s Schedules) scheduleLine(id, owner, name string, e tracker.ScheduleEvent) (string, error) {
	if name == "" {
		name = rand.Text()
	}
	e.At = s.o.Now().UTC()
	return encode(scheduleLine{e, id + "@" + name, owner})
}

// whole makes a change that takes several keys. What it leaves undone, because whoever
// makes it dies, Unsettled names to the sweeper.
func (s Schedules) whole(ctx context.Context, id string, change func() error) error {
	member := id + "|" + rand.Text()
	if err := s.rdb.ZAdd(ctx, changesKey, redis.Z{Score: float64(s.now()), Member: member}).Err(); err != nil {
		return fmt.Errorf("begin a change of schedule %s: %w", id, err)
	}
	if err := change(); err != nil {
		return err
	}
	if err := s.TellSchedule(ctx, id); err != nil {
		return err
	}
	return s.Settled(ctx, member)
}

// Unsettled returns changes that were not ended, with their schedules.
func (s Schedules) Unsettled(ctx context.Context) (map[string]string, error) {
	members, err := s.rdb.ZRangeByScore(ctx, changesKey, &redis.ZRangeBy{
		Min: "-inf", Max: fmt.Sprint(s.now() - unsettledAfter.Milliseconds()), Count: 100,
	}).Result()
	if err != nil {
		return nil, fmt.Errorf("find changes of schedules: %w", err)
	}
	changes := map[string]string{}
	for _, m := range members {
		changes[m], _, _ = strings.Cut(m, "|")
	}
	return changes, nil
}

// Settled says that a change has been ended.
func (s Schedules) Settled(ctx context.Context, change string) error {
	return wrap(s.rdb.ZRem(ctx, changesKey, change).Err(), "end a change of a schedule")
}

// TellSchedule writes to the audit what it was not told of a schedule yet.
func (s Schedules) TellSchedule(ctx context.Context, id string) error {
	for {
		lines, err := s.rdb.LRange(ctx, linesKey(id), 0, 99).Result()
		if err != nil {
			return fmt.Errorf("read what is to be told of schedule %s: %w", id, err)
		}
		if len(lines) == 0 {
			return nil
		}
		for _, line := range lines {
			var l scheduleLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				return fmt.Errorf("decode a line for the audit of schedule %s: %w", id, err)
			}
			e := tracker.AuditEvent{At: l.At, Who: l.Who, From: l.From, What: l.What, PlanID: l.PlanID, Job: l.Job, Schedule: id, Detail: l.Detail}
			if l.Owner != "" { // else it cannot be read whose schedule it is
				if err := Audit(s).WriteOnce(ctx, l.Owner, l.Name, toldFor, e); err != nil {
					return err
				}
				if err := s.tellScheduleEvent(ctx, id, l); err != nil {
					return err
				}
			}
			if err := s.rdb.LRem(ctx, linesKey(id), 1, line).Err(); err != nil {
				return fmt.Errorf("note what was told of schedule %s: %w", id, err)
			}
		}
	}
}

// History returns what happened to a schedule, newest first: the last 200 lines.
func (s Schedules) History(ctx context.Context, id string) ([]tracker.ScheduleEvent, error) {
	lines, err := s.rdb.LRange(ctx, historyKey(id), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("read the history of schedule %s: %w", id, err)
	}
	events := make([]tracker.ScheduleEvent, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &events[i]); err != nil {
			return nil, fmt.Errorf("decode the history of schedule %s: %w", id, err)
		}
	}
	return events, nil
}

// noteManual notes a run that a person asked for. Run twice, the second changes nothing.
//
// ARGV: run, line   Returns 1 | 0
var noteManual = scheduleScript(`
if call("EXISTS", S) == 0 or call("HGET", S, "m") == ARGV[1] then return 0 end
call("HSET", S, "m", ARGV[1])
tell(ARGV[2])
return 1
`)

// NoteManual tells of a run that a person asked for.
func (s Schedules) NoteManual(ctx context.Context, sc tracker.Schedule, e tracker.ScheduleEvent) error {
	line, err := s.scheduleLine(sc.ID, sc.Owner, "run:"+e.Job, e)
	if err != nil {
		return err
	}
	return s.whole(ctx, sc.ID, func() error {
		return wrap(noteManual.Run(ctx, s.rdb, scheduleKeys(sc.ID), e.Job, line).Err(), "note a run of schedule %s", sc.ID)
	})
}
