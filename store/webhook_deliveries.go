package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A delivery is a HASH: type and body of the event, at when it was made (ms), state,
// tries in this round, next when it is tried (ms), epoch how often it was put on the
// queue, claim who attempts it and until when (ms). A LIST beside it has its attempts. A
// ZSET has those of a webhook by when they were made. One ZSET for all tenants says when
// each delivery is looked at next, by whichever worker.

const (
	deliveriesKey  = "rt:deliveries" // ZSET "webhook|event|tenant" -> when it is due (ms)
	deliveriesKept = 30 * 24 * time.Hour
	deliveriesMost = 1000 // of a webhook
	attemptsKept   = 20
)

func deliveryKey(owner, hook, event string) string { return hookKey(owner, hook+":"+event) }

// DeliveryRef names a delivery.
type DeliveryRef struct{ Owner, Webhook, Event string }

func (r DeliveryRef) member() string { return r.Webhook + "|" + r.Event + "|" + r.Owner }

func (r DeliveryRef) key() string { return deliveryKey(r.Owner, r.Webhook, r.Event) }

// addDelivery notes an event for a webhook, and drops what is too old or too much. Run
// twice, the second finds it there.
//
// KEYS: webhooks, list, delivery
// ARGV: webhook, type, body, now (ms), member of the list, how many are kept, for how long (ms),
// the member before which all are too old, what the keys of deliveries begin with
// Returns 1 when it is there now | 0 when there is no such webhook
var addDelivery = redisScript(`
local call = redis.call
if call("HEXISTS", KEYS[1], ARGV[1]) == 0 then return 0 end
if call("EXISTS", KEYS[3]) == 1 then return 1 end
call("HSET", KEYS[3], "type", ARGV[2], "body", ARGV[3], "at", ARGV[4], "state", "pending", "tries", 0, "next", ARGV[4], "epoch", 0)
call("PEXPIRE", KEYS[3], ARGV[7])
call("ZADD", KEYS[2], 0, ARGV[5])
call("PEXPIRE", KEYS[2], ARGV[7])
call("ZREMRANGEBYLEX", KEYS[2], "-", "(" .. ARGV[8])
local more = call("ZCARD", KEYS[2]) - ARGV[6]
if more > 0 then
	for _, member in ipairs(call("ZRANGE", KEYS[2], 0, more - 1)) do
		local event = string.match(member, "^%d+:(.*)$")
		call("UNLINK", ARGV[9] .. event, ARGV[9] .. event .. ":log")
	end
	call("ZREMRANGEBYRANK", KEYS[2], 0, more - 1)
end
return 1
`)

// AddDelivery notes an event for a webhook, and has it sent.
func (s Webhooks) AddDelivery(ctx context.Context, ref DeliveryRef, typ string, body []byte) error {
	now := s.now()
	n, err := addDelivery.Run(ctx, s.rdb, []string{hooksKey(ref.Owner), hookKey(ref.Owner, ref.Webhook+":list"), ref.key()},
		ref.Webhook, typ, body, now, entry(ref.Event, now), deliveriesMost, deliveriesKept.Milliseconds(),
		entry("", now-deliveriesKept.Milliseconds()), deliveryKey(ref.Owner, ref.Webhook, "")).Int()
	if err != nil {
		return fmt.Errorf("note %s for webhook %s: %w", typ, ref.Webhook, err)
	}
	if n == 0 {
		return nil // it was deleted in this moment
	}
	err = s.rdb.ZAddNX(ctx, deliveriesKey, redis.Z{Score: float64(now), Member: ref.member()}).Err()
	return wrap(err, "time %s for webhook %s", typ, ref.Webhook)
}

// DueDelivery is a delivery whose time may have come.
type DueDelivery struct {
	DeliveryRef
	Epoch int
	score float64
}

// lookAgain is when a delivery that is on its way is looked at again.
const lookAgain = 15 * time.Second

// moveDelivery changes when a delivery is looked at, if nobody has changed it since. Run
// twice, the second changes nothing.
//
// KEYS: when deliveries are due   ARGV: member, when it was (ms), when it is (ms) or "" for never
// Returns 1 | 0
var moveDelivery = redisScript(`
local was = redis.call("ZSCORE", KEYS[1], ARGV[1])
if not was or tonumber(was) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == "" then return redis.call("ZREM", KEYS[1], ARGV[1]) end
redis.call("ZADD", KEYS[1], ARGV[3], ARGV[1])
return 1
`)

func (s Webhooks) move(ctx context.Context, d DueDelivery, to any) (bool, error) {
	n, err := moveDelivery.Run(ctx, s.rdb, []string{deliveriesKey}, d.member(), int64(d.score), to).Int()
	return n == 1, wrap(err, "move delivery %s", d.Event)
}

// DueDeliveries returns deliveries that are to be on the queue now. No other caller is
// given the same for a while.
func (s Webhooks) DueDeliveries(ctx context.Context, most int) ([]DueDelivery, error) {
	now := s.now()
	list, err := s.rdb.ZRangeByScoreWithScores(ctx, deliveriesKey, &redis.ZRangeBy{Min: "-inf", Max: fmt.Sprint(now), Count: int64(most)}).Result()
	if err != nil {
		return nil, fmt.Errorf("find due deliveries: %w", err)
	}
	var due []DueDelivery
	for _, z := range list {
		member, _ := z.Member.(string)
		hook, rest, _ := strings.Cut(member, "|")
		event, owner, _ := strings.Cut(rest, "|")
		d := DueDelivery{DeliveryRef: DeliveryRef{owner, hook, event}, score: z.Score}
		again := now + lookAgain.Milliseconds()
		if mine, err := s.move(ctx, d, again); err != nil {
			return due, err
		} else if !mine {
			continue
		}
		d.score = float64(again)
		m, err := s.rdb.HMGet(ctx, d.key(), "state", "next", "epoch").Result()
		if err != nil {
			return due, fmt.Errorf("read delivery %s: %w", event, err)
		}
		state, _ := m[0].(string)
		next, _ := m[1].(string)
		epoch, _ := m[2].(string)
		switch {
		case state != string(tracker.DeliveryPending): // it has ended, or has expired
			_, err = s.move(ctx, d, "")
		case num(next) > now:
			_, err = s.move(ctx, d, num(next))
		default:
			d.Epoch = int(num(epoch))
			due = append(due, d)
		}
		if err != nil {
			return due, err
		}
	}
	return due, nil
}

// renewDelivery puts a delivery whose task is lost under a new epoch. Run twice, the
// second finds another epoch.
//
// KEYS: delivery   ARGV: epoch   Returns 1 | 0
var renewDelivery = redisScript(`
if redis.call("HGET", KEYS[1], "epoch") ~= ARGV[1] then return 0 end
redis.call("HINCRBY", KEYS[1], "epoch", 1)
redis.call("HDEL", KEYS[1], "claim", "until")
return 1
`)

// RenewDelivery puts a delivery whose task is lost under a new epoch.
func (s Webhooks) RenewDelivery(ctx context.Context, d DueDelivery) (ok bool, err error) {
	n, err := renewDelivery.Run(ctx, s.rdb, []string{d.key()}, d.Epoch).Int()
	return n == 1, wrap(err, "renew delivery %s", d.Event)
}

// Turn says whether a delivery is to be attempted.
type Turn string

// The answers to who wants to attempt a delivery.
const (
	TurnMine Turn = "mine"
	TurnOver Turn = "over" // it has ended, or is on the queue anew
	TurnWait Turn = "wait" // as many as can be run, or another attempts it
)

// beginDelivery claims an attempt. Run twice by a claimant, the second renews.
//
// KEYS: delivery, attempts that run
// ARGV: epoch, claimant, now (ms), until (ms), webhook|event, how many of a webhook run at
// once, how many of a tenant
// Returns {turn, tries, type, body}
var beginDelivery = redisScript(`
local call, num = redis.call, tonumber
local D = call("HMGET", KEYS[1], "state", "epoch", "claim", "until", "tries", "type", "body")
if D[1] ~= "pending" or D[2] ~= ARGV[1] then return {"over"} end
if D[3] and D[3] ~= ARGV[2] and num(D[4]) > num(ARGV[3]) then return {"wait"} end
call("ZREMRANGEBYSCORE", KEYS[2], "-inf", ARGV[3])
local all, same = 0, 0
local hook = string.match(ARGV[5], "^(.-|)")
for _, member in ipairs(call("ZRANGE", KEYS[2], 0, -1)) do
	if member ~= ARGV[5] then
		all = all + 1
		if string.sub(member, 1, #hook) == hook then same = same + 1 end
	end
end
if same >= num(ARGV[6]) or all >= num(ARGV[7]) then return {"wait"} end
call("ZADD", KEYS[2], ARGV[4], ARGV[5])
call("PEXPIREAT", KEYS[2], ARGV[4])
call("HSET", KEYS[1], "claim", ARGV[2], "until", ARGV[4])
return {"mine", D[5], D[6], D[7]}
`)

// The attempts that run at once, of a webhook and of a tenant: dead receivers of one
// tenant take no more than these from the others.
const (
	attemptsOfWebhook = 2
	attemptsOfTenant  = 6
)

// BeginDelivery asks to attempt a delivery.
func (s Webhooks) BeginDelivery(ctx context.Context, d DueDelivery, claimant string, life time.Duration) (turn Turn, tries int, typ string, body []byte, err error) {
	now := s.now()
	r, err := beginDelivery.Run(ctx, s.rdb, []string{d.key(), hookKey(d.Owner, "busy")}, d.Epoch, claimant, now, now+life.Milliseconds(),
		d.Webhook+"|"+d.Event, attemptsOfWebhook, attemptsOfTenant).StringSlice()
	if err != nil {
		return "", 0, "", nil, fmt.Errorf("begin delivery %s: %w", d.Event, err)
	}
	if Turn(r[0]) != TurnMine {
		return Turn(r[0]), 0, "", nil, nil
	}
	return TurnMine, int(num(r[1])), r[2], []byte(r[3]), nil
}

// settleDelivery ends an attempt, and disables the webhook when all have failed for too
// long. Run twice, the second finds the claim gone.
//
// KEYS: delivery, its attempts, attempts that run, webhooks, how they fare, lines
// ARGV: claimant, now (ms), "ok" | "retry" | "end" | "off" | "drop" (nothing was sent), when it is tried next (ms), attempt (JSON),
// webhook, event, after how long of failing it is disabled (ms), why by failing (JSON), why by "off" (JSON),
// line by failing, line by "off", time to live (ms), how many attempts are kept
// Returns {state ("" when the claim is not the caller's), 1 when it has disabled the webhook | 0}
var settleDelivery = redisScript(`
local call, num = redis.call, tonumber
local D, A, B, W, H, L = unpack(KEYS)
if call("HGET", D, "claim") ~= ARGV[1] then return {"", 0} end
call("HDEL", D, "claim", "until")
call("ZREM", B, ARGV[6] .. "|" .. ARGV[7])
call("RPUSH", A, ARGV[5])
call("LTRIM", A, -num(ARGV[14]), -1)
call("PEXPIRE", A, ARGV[13])
call("HINCRBY", D, "tries", 1)
call("HINCRBY", D, "epoch", 1)
local what, state, off = ARGV[3], "pending", 0
if what == "ok" then state = "succeeded" elseif what ~= "retry" then state = "failed" end
if what ~= "drop" and call("HEXISTS", W, ARGV[6]) == 1 then
	if what == "ok" then
		call("HSET", H, ARGV[6] .. ":ok", ARGV[2])
		call("HDEL", H, ARGV[6] .. ":since")
	else
		call("HSETNX", H, ARGV[6] .. ":since", ARGV[2])
		local long = num(ARGV[2]) - num(call("HGET", H, ARGV[6] .. ":since")) >= num(ARGV[8])
		local k = what == "off" and 10 or long and 9
		if k and call("HEXISTS", H, ARGV[6] .. ":off") == 0 then
			call("HSET", H, ARGV[6] .. ":off", ARGV[k])
			call("RPUSH", L, ARGV[k + 2])
			state, off = "failed", 1
		end
	end
end
call("HSET", D, "state", state, "next", ARGV[4])
return {state, off}
`)

// FailingFor is how long all attempts of a webhook fail before it is disabled.
const FailingFor = 5 * 24 * time.Hour

// Settled is how an attempt ended.
type Settled struct {
	What    string // "ok", "retry", "end", "off" where the receiver wants no more, "drop" where nothing was sent
	Reason  string // why "off"
	Next    time.Time
	Attempt tracker.Attempt
}

// SettleDelivery ends an attempt.
func (s Webhooks) SettleDelivery(ctx context.Context, d DueDelivery, claimant string, o Settled) (tracker.DeliveryState, error) {
	now := s.now()
	failing := "every attempt failed for " + plainDays(FailingFor)
	args := []any{claimant, now, o.What, o.Next.UnixMilli(), nil, d.Webhook, d.Event, FailingFor.Milliseconds()}
	attempt, err := encode(o.Attempt)
	args[4] = attempt
	for _, reason := range []string{failing, o.Reason} {
		why, err2 := encode(disabled{reason, now})
		err = errors.Join(err, err2)
		args = append(args, why)
	}
	for _, reason := range []string{failing, o.Reason} {
		line, err2 := s.line("", tracker.AuditEvent{Who: d.Owner, What: "webhook.disabled", Webhook: d.Webhook, Detail: reason})
		err = errors.Join(err, err2)
		args = append(args, line)
	}
	if err != nil {
		return "", err
	}
	args = append(args, deliveriesKept.Milliseconds(), attemptsKept)
	var state tracker.DeliveryState
	settle := func() error {
		keys := append([]string{d.key(), d.key() + ":log", hookKey(d.Owner, "busy")}, s.hookKeys(d.Owner)...)
		r, err := settleDelivery.Run(ctx, s.rdb, keys, args...).Slice()
		if err != nil {
			return fmt.Errorf("settle delivery %s: %w", d.Event, err)
		}
		said, _ := r[0].(string)
		state = tracker.DeliveryState(said)
		return nil
	}
	if o.What == "ok" {
		err = settle()
	} else {
		err = s.wholeHook(ctx, d.Owner, settle) // it may disable the webhook
	}
	if err != nil || state != tracker.DeliveryPending {
		return state, err // that it has ended, whoever looks at it next sees
	}
	err = s.rdb.ZAdd(ctx, deliveriesKey, redis.Z{Score: float64(o.Next.UnixMilli()), Member: d.member()}).Err()
	return state, wrap(err, "time delivery %s", d.Event)
}

func plainDays(d time.Duration) string { return fmt.Sprintf("%d days", int(d/(24*time.Hour))) }

// replayDelivery begins a delivery anew. Run twice, the second begins it again.
//
// KEYS: delivery   ARGV: now (ms)   Returns 1 | 0
var replayDelivery = redisScript(`
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], "state", "pending", "tries", 0, "next", ARGV[1])
redis.call("HINCRBY", KEYS[1], "epoch", 1)
redis.call("HDEL", KEYS[1], "claim", "until")
return 1
`)

// ReplayDelivery sends an event again, with all tries.
func (s Webhooks) ReplayDelivery(ctx context.Context, ref DeliveryRef) error {
	now := s.now()
	n, err := replayDelivery.Run(ctx, s.rdb, []string{ref.key()}, now).Int()
	if err != nil {
		return fmt.Errorf("replay delivery %s: %w", ref.Event, err)
	}
	if n == 0 {
		return tracker.Errorf(tracker.CodeNotFound, "no delivery %q: it does not exist or was dropped", ref.Event)
	}
	err = s.rdb.ZAdd(ctx, deliveriesKey, redis.Z{Score: float64(now), Member: ref.member()}).Err()
	return wrap(err, "time delivery %s", ref.Event)
}

// Delivery returns a delivery.
func (s Webhooks) Delivery(ctx context.Context, ref DeliveryRef) (tracker.Delivery, error) {
	var head *redis.SliceCmd
	var log *redis.StringSliceCmd
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		head, log = p.HMGet(ctx, ref.key(), "type", "state", "at", "next"), p.LRange(ctx, ref.key()+":log", 0, -1)
		return nil
	}); err != nil {
		return tracker.Delivery{}, fmt.Errorf("read delivery %s: %w", ref.Event, err)
	}
	text := func(i int) string { t, _ := head.Val()[i].(string); return t }
	if text(0) == "" {
		return tracker.Delivery{}, tracker.Errorf(tracker.CodeNotFound, "no delivery %q: it does not exist or was dropped", ref.Event)
	}
	d := tracker.Delivery{ID: ref.Event, Type: text(0), State: tracker.DeliveryState(text(1)), CreatedAt: time.UnixMilli(num(text(2))).UTC(), Attempts: []tracker.Attempt{}}
	if d.State == tracker.DeliveryPending {
		d.NextAt = millis(text(3))
	}
	for _, line := range log.Val() {
		var a tracker.Attempt
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			return d, fmt.Errorf("decode an attempt of delivery %s: %w", ref.Event, err)
		}
		d.Attempts = append(d.Attempts, a)
	}
	return d, nil
}

// Deliveries returns deliveries to a webhook, newest first, a page at a time.
func (s Webhooks) Deliveries(ctx context.Context, owner, hook, cursor string, limit int) ([]tracker.Delivery, string, error) {
	return listed(ctx, s.Store, hookKey(owner, hook+":list"), cursor, limit, func(id string) (tracker.Delivery, time.Time, error) {
		d, err := s.Delivery(ctx, DeliveryRef{owner, hook, id})
		return d, d.CreatedAt, err
	})
}
