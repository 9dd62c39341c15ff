package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What processes call AWS for is added up in Redis, by day and by ten minutes: a process
// that ends leaves what it has counted. All keys are in one slot of a Redis Cluster, so
// that one script adds to them together, and all expire.
const (
	toldKey = "{rt:calls}:told" // ZSET process ID -> until when it counts as one that tells (ms)

	callSlot   = 10 * time.Minute
	callSlots  = int(time.Hour / callSlot)
	slotLife   = 2 * time.Hour
	dayLife    = 48 * time.Hour
	tellerLife = 10 * time.Minute
	// mostServices bounds the fields of a day: those beyond are counted as otherService.
	mostServices = 200
	otherService = "other"
	// mostTelling is how many processes an answer names.
	mostTelling = 500
)

func callDayKey(t time.Time) string { return "{rt:calls}:day:" + t.UTC().Format(time.DateOnly) }
func callSlotKey(t time.Time) string {
	return "{rt:calls}:slot:" + strconv.FormatInt(t.UnixMilli()/callSlot.Milliseconds(), 10)
}
func tellerKey(id string) string { return "{rt:calls}:by:" + id }

// The fields of a day and of ten minutes are "service|what". Redispatched has no service.
const (
	callsSent      = "calls"
	callsThrottled = "throttled"
	callsFailed    = "failed"
	callsUnsent    = "unsent"
	callsWaited    = "waited_ms"
	redispatched   = "|redispatched"
)

// tellCalls adds what a process has counted, and notes that it tells. Each time that it
// tells has a number, which the process's record keeps: run twice with the same number, the
// second adds nothing.
//
// KEYS: day, ten minutes, who tells, the process's record
// ARGV: process, its record, number, now (ms), lives of day, ten minutes and record (ms), then field, count, …
// Returns 1 | 0
var tellCalls = redisScript(`
local call, num = redis.call, tonumber
local till = num(ARGV[4]) + num(ARGV[7])
local seen = num(call("HGET", KEYS[4], "n") or 0)
call("HSET", KEYS[4], "d", ARGV[2], "at", ARGV[4])
call("PEXPIRE", KEYS[4], ARGV[7])
call("ZREMRANGEBYSCORE", KEYS[3], "-inf", ARGV[4])
call("ZADD", KEYS[3], till, ARGV[1])
call("PEXPIRE", KEYS[3], ARGV[7])
if num(ARGV[3]) <= seen then return 0 end
call("HSET", KEYS[4], "n", ARGV[3])
for i = 8, #ARGV, 2 do
	call("HINCRBY", KEYS[1], ARGV[i], ARGV[i + 1])
	call("HINCRBY", KEYS[2], ARGV[i], ARGV[i + 1])
end
if #ARGV > 8 then
	call("PEXPIRE", KEYS[1], ARGV[5])
	call("PEXPIRE", KEYS[2], ARGV[6])
end
return 1
`)

// Tally counts what a process calls AWS for until that is told to Redis. It is safe for
// concurrent use; Tell and Leave are called by one at a time.
type Tally struct {
	s       *Store
	process tracker.CallProcess
	limits  []tracker.CallLimit

	mu       sync.Mutex
	counts   map[string]int64
	services map[string]bool

	number  int64
	sending map[string]int64 // what the last try told, until Redis has answered
}

// teller is the record of a process that tells.
type teller struct {
	tracker.CallProcess
	Limits []tracker.CallLimit `json:"limits"`
}

// NewTally returns the tally of this process, whose calls have such limits.
func (s *Store) NewTally(limits []tracker.CallLimit) *Tally {
	host, _ := os.Hostname() // a process without a name of its machine tells all the same
	return &Tally{
		s: s, limits: limits, counts: map[string]int64{}, services: map[string]bool{},
		process: tracker.CallProcess{ID: rand.Text(), Host: host, PID: os.Getpid(), Version: tracker.Built().Version, StartedAt: s.o.Now().UTC()},
	}
}

// Attempt is an attempt of a call to AWS, and how it ended.
type Attempt struct {
	Service                   string
	Unsent, Throttled, Failed bool // one of them at most
	Waited                    time.Duration
}

// Count counts an attempt.
func (t *Tally) Count(a Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	service := strings.ReplaceAll(a.Service, "|", "")
	if !t.services[service] && len(t.services) >= mostServices {
		service = otherService
	}
	t.services[service] = true
	add := func(what string, n int64) { t.counts[service+"|"+what] += n }
	switch {
	case a.Unsent:
		add(callsUnsent, 1)
	default:
		add(callsSent, 1)
	}
	if a.Throttled {
		add(callsThrottled, 1)
	}
	if a.Failed {
		add(callsFailed, 1)
	}
	add(callsWaited, a.Waited.Milliseconds())
}

// Redispatched counts a unit of work that was lost and queued again.
func (t *Tally) Redispatched() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[redispatched]++
}

// Tell tells what was counted since it was told last. What could not be told is told the
// next time, once.
func (t *Tally) Tell(ctx context.Context) error {
	if t.sending == nil {
		t.mu.Lock()
		t.sending, t.counts = t.counts, map[string]int64{}
		t.mu.Unlock()
		t.number++
	}
	record, err := encode(teller{t.process, t.limits})
	if err != nil {
		return err
	}
	now := t.s.o.Now()
	args := []any{t.process.ID, record, t.number, now.UnixMilli(), dayLife.Milliseconds(), slotLife.Milliseconds(), tellerLife.Milliseconds()}
	for field, n := range t.sending {
		args = append(args, field, n)
	}
	keys := []string{callDayKey(now), callSlotKey(now), toldKey, tellerKey(t.process.ID)}
	if err := tellCalls.Run(ctx, t.s.rdb, keys, args...).Err(); err != nil {
		return fmt.Errorf("tell of calls to AWS: %w", err)
	}
	t.sending = nil
	return nil
}

// Leave tells the last that was counted, and that this process ends.
func (t *Tally) Leave(ctx context.Context) error {
	for range 2 { // what was not told before, and what was counted since
		if err := t.Tell(ctx); err != nil {
			return err
		}
	}
	_, err := t.s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRem(ctx, toldKey, t.process.ID)
		p.Del(ctx, tellerKey(t.process.ID))
		return nil
	})
	return wrap(err, "say that calls to AWS are told no more")
}

// CallsToAWS is what all processes have told of their calls to AWS, and of the units of
// work that were lost and queued again.
func (s *Store) CallsToAWS(ctx context.Context) (c tracker.CallsToAWS, lost tracker.LostUnits, err error) {
	now := s.o.Now().UTC()
	first := now.Truncate(callSlot).Add(-time.Duration(callSlots-1) * callSlot)
	c = tracker.CallsToAWS{Since: now.Truncate(24 * time.Hour), HourSince: first, LimitsAgree: true, Limits: []tracker.CallLimit{}, Services: []tracker.CallCounts{}}
	var day *redis.MapStringStringCmd
	slots := make([]*redis.MapStringStringCmd, callSlots)
	var telling *redis.StringSliceCmd
	_, err = s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		day = p.HGetAll(ctx, callDayKey(now))
		for i := range slots {
			slots[i] = p.HGetAll(ctx, callSlotKey(first.Add(time.Duration(i)*callSlot)))
		}
		telling = p.ZRevRangeByScore(ctx, toldKey, &redis.ZRangeBy{Min: "(" + strconv.FormatInt(now.UnixMilli(), 10), Max: "+inf", Count: mostTelling})
		return nil
	})
	if err != nil {
		return c, lost, fmt.Errorf("read the calls to AWS: %w", err)
	}
	services := map[string]*tracker.CallCounts{}
	add := func(fields map[string]string, of func(*tracker.CallCounts) *tracker.CallCount) (again int64) {
		for field, text := range fields {
			n, _ := strconv.ParseInt(text, 10, 64)
			if field == redispatched {
				again += n
				continue
			}
			service, what, _ := strings.Cut(field, "|")
			if services[service] == nil {
				services[service] = &tracker.CallCounts{Service: service}
			}
			count(of(services[service]), what, n)
		}
		return again
	}
	lost.Today = add(day.Val(), func(c *tracker.CallCounts) *tracker.CallCount { return &c.Today })
	for _, slot := range slots {
		lost.LastHour += add(slot.Val(), func(c *tracker.CallCounts) *tracker.CallCount { return &c.LastHour })
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		c.Services = append(c.Services, *services[service])
	}
	slices.SortStableFunc(c.Services, func(a, b tracker.CallCounts) int { return cmp.Compare(b.Today.Calls, a.Today.Calls) })
	err = s.tellers(ctx, &c, telling.Val())
	return c, lost, err
}

func count(c *tracker.CallCount, what string, n int64) {
	switch what {
	case callsSent:
		c.Calls += n
	case callsThrottled:
		c.Throttled += n
	case callsFailed:
		c.Failed += n
	case callsUnsent:
		c.Unsent += n
	case callsWaited:
		c.WaitedSeconds += float64(n) / 1000
	}
}

// tellers reads the records of the processes that tell, the newest first.
func (s *Store) tellers(ctx context.Context, c *tracker.CallsToAWS, ids []string) error {
	c.Processes = []tracker.CallProcess{}
	if len(ids) == 0 {
		return nil
	}
	records := make([]*redis.SliceCmd, len(ids))
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, id := range ids {
			records[i] = p.HMGet(ctx, tellerKey(id), "d", "at")
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read who calls AWS: %w", err)
	}
	var all []teller
	for _, r := range records {
		text, _ := r.Val()[0].(string)
		at, _ := r.Val()[1].(string)
		var t teller
		told := millis(at)
		if told == nil || json.Unmarshal([]byte(text), &t) != nil {
			continue // it has expired meanwhile
		}
		t.ToldAt = *told
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b teller) int {
		return cmp.Or(b.StartedAt.Compare(a.StartedAt), cmp.Compare(a.ID, b.ID))
	})
	for i, t := range all {
		c.Processes = append(c.Processes, t.CallProcess)
		if i == 0 {
			c.Limits = t.Limits
		}
		c.LimitsAgree = c.LimitsAgree && slices.Equal(t.Limits, all[0].Limits)
	}
	return nil
}
