package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A schedule is a HASH: d its definition (JSON), x its sealed credentials, and how it
// fares: e, et why and when a run could not be started, n how many in a row, p why it
// paused itself, g which tick is being fired, s the due time that was settled last, m the
// last run that a person asked for. Beside it are a LIST of its runs and one of what
// happened to it, newest first, and a LIST of lines for the audit that are not written
// there yet. One ZSET says when each is due next.

// Schedules keeps what is started again and again.
type Schedules struct{ *Store }

const dueKey = "rt:schedules" // ZSET schedule ID -> next tick (ms)

func scheduleKey(id string) string { return "rt:schedule:{" + id + "}" }

func runsKey(id string) string { return scheduleKey(id) + ":runs" }

func historyKey(id string) string { return scheduleKey(id) + ":history" }

func linesKey(id string) string { return scheduleKey(id) + ":lines" }

// scheduleKeys are the KEYS of every script of schedules.
func scheduleKeys(id string) []string { return []string{scheduleKey(id), linesKey(id), historyKey(id)} }

// schedulePrelude is what all scripts of schedules share. A line is told to the audit,
// and kept in the history, in the moment of what it is about.
const schedulePrelude = `
local S, L, H = unpack(KEYS)
local num, call = tonumber, redis.call
local function tell(line)
	call("RPUSH", L, line)
	call("LPUSH", H, line)
	call("LTRIM", H, 0, 199)
end
`

func scheduleScript(body string) *redis.Script { return redis.NewScript(schedulePrelude + body) }

// writeSchedule writes a definition, and takes back that the schedule paused itself. Run
// twice, the second writes the same again.
//
// ARGV: 1 for a new one, definition, sealed credentials or "", line
// Returns 1 | 0 when there is no such schedule any more
var writeSchedule = scheduleScript(`
if ARGV[1] ~= "1" and call("EXISTS", S) == 0 then return 0 end
call("HSET", S, "d", ARGV[2])
if ARGV[3] ~= "" then call("HSET", S, "x", ARGV[3]) end
call("HDEL", S, "n", "p", "g")
tell(ARGV[4])
return 1
`)

// PutSchedule writes a schedule, new or changed, and what is to be told of it. A
// schedule without a next tick is not due. Nil credentials leave those it has.
func (s Schedules) PutSchedule(ctx context.Context, sc tracker.Schedule, sealed []byte, isNew bool, e tracker.ScheduleEvent) error {
	next := sc.NextAt
	sc.NextAt, sc.NextRuns, sc.LastRun, sc.LastGood, sc.Wanted = nil, nil, "", "", nil
	sc.Failures, sc.LastError, sc.LastErrorAt, sc.PausedReason = 0, "", nil, ""
	definition, err := json.Marshal(scheduleRecord{sc, sc.Owner, sc.Author})
	if err != nil {
		return fmt.Errorf("encode schedule %s: %w", sc.ID, err)
	}
	line, err := s.scheduleLine(sc.ID, sc.Owner, "", e)
	if err != nil {
		return err
	}
	if isNew {
		if err := s.enlistSchedule(ctx, sc.Owner, sc.ID); err != nil {
			return err
		}
	}
	return s.whole(ctx, sc.ID, func() error {
		n, err := writeSchedule.Run(ctx, s.rdb, scheduleKeys(sc.ID), flag(isNew), definition, sealed, line).Int()
		if err != nil {
			return fmt.Errorf("write schedule %s: %w", sc.ID, err)
		}
		if n == 0 {
			return noSchedule(sc.ID)
		}
		return s.SetDue(ctx, sc.ID, next)
	})
}

// SetDue says when a schedule is due next; nil is never.
func (s Schedules) SetDue(ctx context.Context, id string, next *time.Time) error {
	if next == nil {
		return wrap(s.rdb.ZRem(ctx, dueKey, id).Err(), "pause schedule %s", id)
	}
	return wrap(s.rdb.ZAdd(ctx, dueKey, redis.Z{Score: float64(next.UnixMilli()), Member: id}).Err(), "time schedule %s", id)
}

// scheduleRecord is how a schedule is kept: its owner and author are not in its JSON.
type scheduleRecord struct {
	tracker.Schedule
	Owner  string            `json:"owner"`
	Author tracker.Principal `json:"author"`
}

// scheduleFields are what is read of a schedule.
var scheduleFields = []string{"d", "e", "et", "n", "p"}

// readSchedule reads scheduleFields. Of a definition that cannot be read it returns
// what can be, and the error.
func readSchedule(id string, fields []any) (tracker.Schedule, error) {
	text := func(i int) string { s, _ := fields[i].(string); return s }
	if text(0) == "" {
		return tracker.Schedule{ID: id}, noSchedule(id)
	}
	var r scheduleRecord
	broken := json.Unmarshal([]byte(text(0)), &r)
	sc := r.Schedule
	sc.Owner, sc.Author = r.Owner, r.Author
	if sc.Author.Who == "" { // of the time before authors were kept
		sc.Author = tracker.TenantItself(r.Owner)
	}
	if broken != nil {
		var of struct{ Owner, Name string }
		_ = json.Unmarshal([]byte(text(0)), &of) // what can be read; the fault is told as it is
		sc = tracker.Schedule{Owner: of.Owner, Name: of.Name}
		broken = tracker.Errorf(tracker.CodeInvalid, "what is kept of the schedule cannot be read (%v): write it anew with PUT, or delete it", broken)
	}
	sc.ID, sc.LastError, sc.LastErrorAt, sc.Failures = id, text(1), nil, int(num(text(3)))
	if sc.LastError != "" {
		sc.LastErrorAt = millis(text(2))
	}
	if reason := text(4); reason != "" {
		sc.Paused, sc.PausedReason = true, reason
	}
	return sc, broken
}

// Schedule returns a schedule of owner. One that cannot be read says so as its last
// error.
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
	fields, err := s.rdb.HMGet(ctx, scheduleKey(id), scheduleFields...).Result()
	if err != nil {
		return tracker.Schedule{}, fmt.Errorf("read schedule %s: %w", id, err)
	}
	sc, err := readSchedule(id, fields)
	switch tracker.CodeOf(err) {
	case tracker.CodeNotFound:
		return tracker.Schedule{}, err
	case tracker.CodeInvalid:
		sc.LastError = err.Error()
	}
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
	case err == nil && !sc.Paused:
		next := time.UnixMilli(int64(due)).UTC()
		sc.NextAt = &next
	case err != nil && !errors.Is(err, redis.Nil):
		return tracker.Schedule{}, fmt.Errorf("read the next run of schedule %s: %w", id, err)
	}
	return sc, nil
}

// lastGood returns the first of runs that succeeded, or "". A run is a job or a plan.
func (s Schedules) lastGood(ctx context.Context, runs []string) (string, error) {
	jobs, plans := make([]*redis.StringCmd, len(runs)), make([]*redis.StringCmd, len(runs))
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range runs {
			jobs[i], plans[i] = p.HGet(ctx, jobKey(id, "m"), "state"), p.HGet(ctx, jobKey(id, "pm"), "state")
		}
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return "", fmt.Errorf("read the states of runs: %w", err)
	}
	for i, id := range runs {
		if jobs[i].Val() == string(tracker.JobSucceeded) || plans[i].Val() == string(tracker.PlanSucceeded) {
			return id, nil
		}
	}
	return "", nil
}

func noSchedule(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "no schedule %q: it does not exist or belongs to somebody else", id)
}

// Schedules returns schedules of owner, oldest first, a page at a time: with an account
// those that are about it, and those of which that cannot be told. Such a page may have
// fewer than limit, or none, before the end. IDs sort by the time when they were made.
func (s Schedules) Schedules(ctx context.Context, owner, cursor string, limit int, account string) (schedules []tracker.Schedule, next string, err error) {
	ids, err := s.rdb.SMembers(ctx, ownerKey(owner, "schedules")).Result()
	if err != nil {
		return nil, "", fmt.Errorf("list schedules: %w", err)
	}
	slices.Sort(ids)
	schedules = []tracker.Schedule{}
	last, passed := "", 0
	for _, id := range ids {
		if id <= cursor {
			continue
		}
		if len(schedules) == limit || passed == mostPassedOver {
			return schedules, last, nil
		}
		last = id
		sc, err := s.Schedule(ctx, owner, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // deleted in this moment, or whose owner cannot be read
		}
		if err != nil {
			return nil, "", err
		}
		if account != "" {
			c, err := s.concerns(ctx, sc, account)
			if err != nil {
				return nil, "", err
			}
			if c == apart {
				passed++
				continue
			}
			sc.AccountUnknown = c == unknown
		}
		schedules = append(schedules, sc)
	}
	return schedules, "", nil
}

// deleteSchedule deletes all of a schedule but what is to be told of it. Run twice, the
// second finds nothing.
//
// ARGV: line   Returns 1 | 0
var deleteSchedule = scheduleScript(`
if call("DEL", S) == 0 then return 0 end
call("RPUSH", L, ARGV[1])
call("DEL", H)
return 1
`)

// DeleteSchedule deletes a schedule. The results of its runs expire in their time.
func (s Schedules) DeleteSchedule(ctx context.Context, sc tracker.Schedule, e tracker.ScheduleEvent) error {
	line, err := s.scheduleLine(sc.ID, sc.Owner, "", e)
	if err != nil {
		return err
	}
	return s.whole(ctx, sc.ID, func() error {
		if err := s.SetDue(ctx, sc.ID, nil); err != nil {
			return err
		}
		if err := deleteSchedule.Run(ctx, s.rdb, scheduleKeys(sc.ID), line).Err(); err != nil {
			return fmt.Errorf("delete schedule %s: %w", sc.ID, err)
		}
		if err := s.rdb.SRem(ctx, ownerKey(sc.Owner, "schedules"), sc.ID).Err(); err != nil {
			return fmt.Errorf("delete schedule %s: %w", sc.ID, err)
		}
		return wrap(s.rdb.Del(ctx, runsKey(sc.ID)).Err(), "delete schedule %s", sc.ID)
	})
}

// ScheduleCredentials returns the sealed credentials of a schedule.
func (s Schedules) ScheduleCredentials(ctx context.Context, id string) ([]byte, error) {
	b, err := s.rdb.HGet(ctx, scheduleKey(id), "x").Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, tracker.Errorf(tracker.CodeConflict, "the schedule has lost its credentials: write it anew with PUT")
	}
	return b, wrap(err, "read credentials of schedule %s", id)
}
