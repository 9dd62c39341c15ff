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

// What a script changes of a plan it also notes as a line for the audit, in the same
// moment, beside the plan. Tell writes these lines to the audit of the plan's owner,
// which is in another hash slot. It does so right after each change; a sweep does it for
// a worker that died between. A line has a number among those of its plan, by which the
// audit knows it, so that no line is written twice.

// untold is a line for the audit, as it is kept beside its plan. Scripts write times in
// milliseconds.
type untold struct {
	tracker.AuditEvent
	AtMS    int64 `json:"at_ms"`
	SinceMS int64 `json:"since_ms,omitempty"`
}

// line is a line about a plan as a whole.
func (s Plans) line(what, detail string) (string, error) {
	return s.lineOf(tracker.AuditEvent{What: what, Detail: detail})
}

func (s Plans) lineOf(e tracker.AuditEvent) (string, error) {
	e.Who, e.From = s.By.Who, s.By.From
	return encode(untold{AuditEvent: e, AtMS: s.now()})
}

// dropTold drops lines that are in the audit. Run twice, the second changes nothing.
//
// ARGV: the number of the last line that is   Returns 1 | 0
var dropTold = planScript(`
local told = count("told")
if num(ARGV[1]) <= told then return 0 end
call("LTRIM", A, num(ARGV[1]) - told, -1)
call("HSET", M, "told", ARGV[1])
return 1
`)

// Tell writes to the audit what it was not told of a plan yet.
func (s Plans) Tell(ctx context.Context, id string) error {
	_, err := s.tell(ctx, id)
	return err
}

// tell is Tell. all is false when lines are kept beside the plan for now, since no
// replica has them in the audit: they are told again.
func (s Plans) tell(ctx context.Context, id string) (all bool, err error) {
	for {
		var head *redis.SliceCmd
		var waiting *redis.StringSliceCmd
		// Of one moment: others tell too.
		if _, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			head = p.HMGet(ctx, jobKey(id, "pm"), "told", "owner", "author")
			waiting = p.LRange(ctx, jobKey(id, "pa"), 0, auditBatch-1)
			return nil
		}); err != nil {
			return false, fmt.Errorf("read what is to be told of plan %s: %w", id, err)
		}
		lines := waiting.Val()
		if len(lines) == 0 {
			return true, nil
		}
		told, _ := head.Val()[0].(string)
		owner, _ := head.Val()[1].(string)
		author, _ := head.Val()[2].(string)
		if owner == "" {
			return true, nil // it has expired in this moment
		}
		events, err := s.untold(ctx, id, author, lines)
		if err != nil {
			return false, err
		}
		kept, err := Audit{s.Store}.append(ctx, owner, events, auditSource{id, num(told) + 1, s.o.PlanRetention})
		if err != nil || !kept {
			return false, err
		}
		if err := s.tellPlan(ctx, id, owner, num(told)+1, events); err != nil {
			return false, err
		}
		if err := dropTold.Run(ctx, s.rdb, planKeys(id), num(told)+int64(len(lines))).Err(); err != nil {
			return false, fmt.Errorf("note what was told of plan %s: %w", id, err)
		}
		if len(lines) < auditBatch {
			return true, nil
		}
	}
}

// untold reads lines, and completes them with what the plan says.
func (s Plans) untold(ctx context.Context, id, author string, lines []string) ([]tracker.AuditEvent, error) {
	events := make([]tracker.AuditEvent, len(lines))
	var of []string
	for i, line := range lines {
		var u untold
		if err := json.Unmarshal([]byte(line), &u); err != nil {
			return nil, fmt.Errorf("decode a line for the audit of plan %s: %w", id, err)
		}
		events[i] = u.AuditEvent
		events[i].PlanID, events[i].At, events[i].Since = id, time.UnixMilli(u.AtMS).UTC(), tracker.AtMillis(&u.SinceMS)
		if events[i].Who == "" {
			events[i].Who = author
		}
		if events[i].Item != nil {
			of = append(of, strconv.Itoa(*events[i].Item))
		}
	}
	if len(of) == 0 {
		return events, nil
	}
	bodies, err := s.rdb.HMGet(ctx, jobKey(id, "pi"), of...).Result()
	if err != nil {
		return nil, fmt.Errorf("read items of plan %s: %w", id, err)
	}
	at := 0
	for i := range events {
		if events[i].Item == nil {
			continue
		}
		body, _ := bodies[at].(string)
		at++
		var it tracker.ActionItem
		if err := json.Unmarshal([]byte(body), &it); err != nil {
			return nil, fmt.Errorf("decode item %d of plan %s: %w", *events[i].Item, id, err)
		}
		events[i].Target = tracker.RefOf(it)
	}
	return events, nil
}
