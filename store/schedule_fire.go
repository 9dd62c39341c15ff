package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// DueSchedule is a schedule whose tick has come.
type DueSchedule struct {
	ID       string
	At       time.Time
	Schedule tracker.Schedule
	Err      error // why it cannot be read; CodeNotFound when it was deleted
}

// duePage is how many schedules are read in one round trip.
const duePage = 200

// DueSchedules returns the schedules whose tick has come, in the order of the ticks.
// One that cannot be read spoils none of the others.
func (s Schedules) DueSchedules(ctx context.Context) ([]DueSchedule, error) {
	list, err := s.rdb.ZRangeByScoreWithScores(ctx, dueKey, &redis.ZRangeBy{Min: "-inf", Max: fmt.Sprint(s.now())}).Result()
	if err != nil {
		return nil, fmt.Errorf("find due schedules: %w", err)
	}
	due := make([]DueSchedule, len(list))
	for at := 0; at < len(list); at += duePage {
		page := list[at:min(at+duePage, len(list))]
		fields, runs := make([]*redis.SliceCmd, len(page)), make([]*redis.StringCmd, len(page))
		_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, z := range page {
				id := z.Member.(string)
				fields[i], runs[i] = p.HMGet(ctx, scheduleKey(id), scheduleFields...), p.LIndex(ctx, runsKey(id), 0)
			}
			return nil
		})
		if Transient(err) {
			return nil, fmt.Errorf("read due schedules: %w", err)
		}
		for i, z := range page {
			d := DueSchedule{ID: z.Member.(string), At: time.UnixMilli(int64(z.Score)).UTC()}
			d.Schedule.ID = d.ID
			if d.Err = fields[i].Err(); d.Err == nil {
				d.Schedule, d.Err = readSchedule(d.ID, fields[i].Val())
				d.Schedule.LastRun = runs[i].Val()
			}
			if Transient(d.Err) {
				return nil, fmt.Errorf("read schedule %s: %w", d.ID, d.Err)
			}
			due[at+i] = d
		}
	}
	return due, nil
}

// Transient reports whether an error is of Redis, or of the way to it, and passes.
func Transient(err error) bool {
	if err == nil {
		return false
	}
	for _, of := range []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, redis.ErrClosed, redis.ErrPoolTimeout} {
		if errors.Is(err, of) {
			return true
		}
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	said, ok := errors.AsType[redis.Error](err)
	if !ok {
		return false
	}
	if strings.HasPrefix(said.Error(), "ERR max number of clients") {
		return true
	}
	word, _, _ := strings.Cut(said.Error(), " ")
	switch word {
	case "LOADING", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS", "MISCONF", "OOM", "EXECABORT", "BUSY", "MOVED", "ASK", "UNKILLABLE":
		return true
	}
	return false
}

// Firing is which tick of a due schedule is fired.
type Firing struct {
	Tick time.Time
	// Newer names the schedule whose newer tick about the same resources counts instead.
	Newer string
	// Since is since when the due tick has been tried, At when it was decided.
	Since, At time.Time
}

// firing is a Firing as it is kept.
type firing struct {
	Due   int64  `json:"due"`
	Tick  int64  `json:"tick"`
	Newer string `json:"newer,omitempty"`
	Since int64  `json:"since"`
	At    int64  `json:"at"`
}

// FiringFor is how long it holds which tick is fired. Whoever takes longer decides anew.
const FiringFor = 10 * time.Second

// decideFiring decides which tick of a due schedule is fired. Run twice, the second is
// told what the first decided, while that holds. A decision that was left alone for
// longer, as where no worker ran, was not tried since then.
//
// ARGV: due tick (ms), decision (JSON), now (ms), how long one holds (ms)
// Returns the decision that holds | false when there is no such schedule
var decideFiring = scheduleScript(`
if call("EXISTS", S) == 0 then return false end
local before, mine = call("HGET", S, "g"), cjson.decode(ARGV[2])
if before then
	local g = cjson.decode(before)
	if g.due == num(ARGV[1]) then
		local age = num(ARGV[3]) - g.at
		if age < num(ARGV[4]) then return before end
		if age < 6 * num(ARGV[4]) then mine.since = g.since end
	end
end
local text = cjson.encode(mine)
call("HSET", S, "g", text)
return text
`)

// DecideFiring decides which tick of a due schedule is fired, so that all workers that
// come to it at once fire the same.
func (s Schedules) DecideFiring(ctx context.Context, id string, due, tick time.Time, newer string) (Firing, error) {
	now := s.now()
	mine, err := encode(firing{due.UnixMilli(), tick.UnixMilli(), newer, now, now})
	if err != nil {
		return Firing{}, err
	}
	text, err := decideFiring.Run(ctx, s.rdb, scheduleKeys(id), due.UnixMilli(), mine, now, FiringFor.Milliseconds()).Text()
	if errors.Is(err, redis.Nil) {
		return Firing{}, noSchedule(id)
	}
	if err != nil {
		return Firing{}, fmt.Errorf("decide what schedule %s fires: %w", id, err)
	}
	var g firing
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return Firing{}, fmt.Errorf("decode what schedule %s fires: %w", id, err)
	}
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	return Firing{at(g.Tick), g.Newer, at(g.Since), at(g.At)}, nil
}

// settleTick ends a due tick of a schedule. Run twice, the second changes nothing.
//
// ARGV: due tick (ms), now (ms), "fired" | "missed" | "refused" | "failed", why it failed, failures in a row after
// which the schedule pauses itself, why it does, line about that, lines…
// Returns 1 when the schedule has paused itself | 0
var settleTick = scheduleScript(`
if call("EXISTS", S) == 0 then return 0 end
if call("HGET", S, "s") ~= ARGV[1] then
	call("HSET", S, "s", ARGV[1])
	call("HDEL", S, "g")
	for i = 8, #ARGV do tell(ARGV[i]) end
	if ARGV[3] == "fired" then call("HDEL", S, "e", "et", "n") end
	if ARGV[3] == "failed" or ARGV[3] == "refused" then call("HSET", S, "e", ARGV[4], "et", ARGV[2]) end
	if ARGV[3] == "failed" then
		if call("HINCRBY", S, "n", 1) >= num(ARGV[5]) then
			call("HSET", S, "p", ARGV[6])
			tell(ARGV[7])
		end
	end
end
return call("HEXISTS", S, "p")
`)

// Settlement is what became of a due tick.
type Settlement struct {
	What   string // "fired", "missed", "failed", or "refused" by a quota, which counts as no failure
	Error  string // why it failed, or was refused
	Pause  string // why the schedule pauses itself, if this was one failure too many
	Most   int    // how many failures in a row are not too many
	Events []tracker.ScheduleEvent
}

// SettleTick ends a due tick of a schedule, tells of it, and moves the schedule on to
// its next tick, unless it has paused itself. Of several that settle a tick, one is
// told that it has.
func (s Schedules) SettleTick(ctx context.Context, sc tracker.Schedule, due time.Time, o Settlement, next time.Time) (settled bool, err error) {
	pause := tracker.ScheduleEvent{What: "schedule.paused", Who: sc.Author.Who, Detail: o.Pause}
	args := []any{due.UnixMilli(), s.now(), o.What, o.Error, o.Most, o.Pause}
	for _, e := range append([]tracker.ScheduleEvent{pause}, o.Events...) {
		line, err := s.scheduleLine(sc.ID, sc.Owner, fmt.Sprintf("%d:%s", due.UnixMilli(), e.What), e)
		if err != nil {
			return false, err
		}
		args = append(args, line)
	}
	paused, err := settleTick.Run(ctx, s.rdb, scheduleKeys(sc.ID), args...).Bool()
	if err != nil {
		return false, fmt.Errorf("settle a tick of schedule %s: %w", sc.ID, err)
	}
	if err := s.TellSchedule(ctx, sc.ID); err != nil {
		return false, err
	}
	if paused {
		next = time.Time{}
	}
	return s.advance(ctx, sc.ID, due, next)
}

// advanceSchedule moves a schedule from one tick to the next, or to none. Run twice, the
// second finds the tick gone.
//
// KEYS: due   ARGV: schedule, tick (ms), next tick (ms) or ""   Returns 1 | 0
var advanceSchedule = redisScript(`
if tonumber(redis.call("ZSCORE", KEYS[1], ARGV[1]) or "-1") ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == "" then redis.call("ZREM", KEYS[1], ARGV[1]) else redis.call("ZADD", KEYS[1], ARGV[3], ARGV[1]) end
return 1
`)

// AdvanceSchedule moves a schedule from a tick to the next; zero is none.
func (s Schedules) AdvanceSchedule(ctx context.Context, id string, tick, next time.Time) error {
	_, err := s.advance(ctx, id, tick, next)
	return err
}

// advance is AdvanceSchedule, and reports whether it was not done before.
func (s Schedules) advance(ctx context.Context, id string, tick, next time.Time) (first bool, err error) {
	to := any("")
	if !next.IsZero() {
		to = next.UnixMilli()
	}
	first, err = advanceSchedule.Run(ctx, s.rdb, []string{dueKey}, id, tick.UnixMilli(), to).Bool()
	return first, wrap(err, "advance schedule %s", id)
}
