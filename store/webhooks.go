package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The webhooks of a tenant are a HASH, ID -> WebhookRecord in JSON. Beside it, in its
// hash slot, are a HASH of how they fare ("ID:since" since when all attempts failed (ms),
// "ID:ok" when one succeeded last (ms), "ID:off" why it is disabled), a LIST of lines for
// the audit that are not written there yet, a ZSET of attempts that run, and of each
// webhook its deliveries.

// Webhooks keeps where events are sent, and what became of them.
type Webhooks struct{ *Store }

const (
	// MaxWebhooks is how many webhooks a tenant can have.
	MaxWebhooks = 20
	// hookChangesKey is the sweeper's index of changes of webhooks that are not whole yet:
	// ZSET "tenant|change" -> when it began (ms).
	hookChangesKey = "rt:webhook-changes"
)

func hooksKey(owner string) string { return ownerKey(owner, "webhooks") }

// hookKey names what is beside the webhooks of a tenant, in their hash slot.
func hookKey(owner, part string) string { return "{" + hooksKey(owner) + "}:" + part }

// WebhookRecord is a webhook as it is kept.
type WebhookRecord struct {
	tracker.Webhook
	// Secrets sign, the newest first.
	Secrets []WebhookSecret `json:"secrets,omitempty"`
	// Target is a tracker.WebhookTarget, sealed.
	Target []byte `json:"target,omitempty"`

	text string // as it was read
}

// WebhookSecret is a secret that signs, sealed for workers.
type WebhookSecret struct {
	Sealed []byte     `json:"sealed"`
	Until  *time.Time `json:"until,omitempty"` // none is for good
}

// disabled is why a webhook is.
type disabled struct {
	Reason string `json:"reason"`
	AtMS   int64  `json:"at_ms"`
}

// hookLine is a line for the audit, with the name by which the audit knows it.
type hookLine struct {
	tracker.AuditEvent
	Name string `json:"name"`
}

func (s Webhooks) line(name string, e tracker.AuditEvent) (string, error) {
	e.At = s.o.Now().UTC()
	return encode(hookLine{e, "webhook:" + cmp.Or(name, rand.Text())})
}

// putWebhook writes a webhook, new or in place of what it was. Run twice, the second
// finds it written.
//
// KEYS: webhooks, how they fare, lines
// ARGV: ID, record, what it was ("" is new), line, how many there can be, 1 to forget how it fares
// Returns "ok" | "full" | "changed" by somebody else
var putWebhook = redisScript(`
local call = redis.call
local before = call("HGET", KEYS[1], ARGV[1]) or ""
if before == ARGV[2] then return "ok" end
if before ~= ARGV[3] then return "changed" end
if before == "" and call("HLEN", KEYS[1]) >= tonumber(ARGV[5]) then return "full" end
call("HSET", KEYS[1], ARGV[1], ARGV[2])
if ARGV[6] == "1" then call("HDEL", KEYS[2], ARGV[1] .. ":since", ARGV[1] .. ":off") end
call("RPUSH", KEYS[3], ARGV[4])
return "ok"
`)

// PutWebhook writes a webhook that was read, or a new one, and tells of it. It fails with
// CodeConflict when somebody else has changed it since. Healed forgets that it failed.
func (s Webhooks) PutWebhook(ctx context.Context, r WebhookRecord, healed bool, e tracker.AuditEvent) error {
	owner, before := r.Owner, r.text
	r.DisabledReason, r.DisabledAt, r.FailingSince, r.LastSuccessAt, r.OldSecretUntil = "", nil, nil, nil, nil
	text, err := encode(r)
	if err != nil {
		return err
	}
	line, err := s.line("", e)
	if err != nil {
		return err
	}
	return s.wholeHook(ctx, owner, func() error {
		did, err := putWebhook.Run(ctx, s.rdb, s.hookKeys(owner), r.ID, text, before, line, MaxWebhooks, flag(healed)).Text()
		switch {
		case err != nil:
			return fmt.Errorf("write webhook %s: %w", r.ID, err)
		case did == "full":
			return tracker.Errorf(tracker.CodeConflict, "there are %d webhooks, which is the most: delete one first", MaxWebhooks)
		case did == "changed":
			return tracker.Errorf(tracker.CodeConflict, "the webhook was changed by somebody else in this moment: read it again")
		}
		return nil
	})
}

func (s Webhooks) hookKeys(owner string) []string {
	return []string{hooksKey(owner), hookKey(owner, "health"), hookKey(owner, "lines")}
}

// deleteWebhook deletes a webhook. Run twice, the second finds nothing.
//
// KEYS: webhooks, how they fare, lines   ARGV: ID, line   Returns 1 | 0
var deleteWebhook = redisScript(`
local call = redis.call
if call("HDEL", KEYS[1], ARGV[1]) == 0 then return 0 end
call("HDEL", KEYS[2], ARGV[1] .. ":since", ARGV[1] .. ":off", ARGV[1] .. ":ok")
call("RPUSH", KEYS[3], ARGV[2])
return 1
`)

// DeleteWebhook deletes a webhook with its deliveries. Those of whoever dies on the way
// expire in their time.
func (s Webhooks) DeleteWebhook(ctx context.Context, r WebhookRecord, e tracker.AuditEvent) error {
	line, err := s.line("", e)
	if err != nil {
		return err
	}
	return s.wholeHook(ctx, r.Owner, func() error {
		if err := deleteWebhook.Run(ctx, s.rdb, s.hookKeys(r.Owner), r.ID, line).Err(); err != nil {
			return fmt.Errorf("delete webhook %s: %w", r.ID, err)
		}
		list := hookKey(r.Owner, r.ID+":list")
		members, err := s.rdb.ZRange(ctx, list, 0, -1).Result()
		if err != nil {
			return fmt.Errorf("list deliveries of webhook %s: %w", r.ID, err)
		}
		keys := []string{list}
		for _, m := range members {
			_, event, _ := strings.Cut(m, ":")
			keys = append(keys, deliveryKey(r.Owner, r.ID, event), deliveryKey(r.Owner, r.ID, event)+":log")
		}
		return wrap(s.rdb.Unlink(ctx, keys...).Err(), "delete deliveries of webhook %s", r.ID)
	})
}

// Webhook returns a webhook of a tenant.
func (s Webhooks) Webhook(ctx context.Context, owner, id string) (WebhookRecord, error) {
	var text *redis.StringCmd
	var health *redis.SliceCmd
	_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		text = p.HGet(ctx, hooksKey(owner), id)
		health = p.HMGet(ctx, hookKey(owner, "health"), id+":since", id+":ok", id+":off")
		return nil
	})
	if errors.Is(text.Err(), redis.Nil) {
		return WebhookRecord{}, tracker.Errorf(tracker.CodeNotFound, "no webhook %q: it does not exist or belongs to somebody else", id)
	}
	if err != nil {
		return WebhookRecord{}, fmt.Errorf("read webhook %s: %w", id, err)
	}
	fares := map[string]string{}
	for i, name := range []string{":since", ":ok", ":off"} {
		if v, ok := health.Val()[i].(string); ok {
			fares[id+name] = v
		}
	}
	return s.readHook(owner, text.Val(), fares)
}

// Webhooks returns the webhooks of a tenant, oldest first. One that cannot be read is
// left out: it holds up none of the others.
func (s Webhooks) Webhooks(ctx context.Context, owner string) ([]WebhookRecord, error) {
	var texts, fares *redis.MapStringStringCmd
	if _, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		texts, fares = p.HGetAll(ctx, hooksKey(owner)), p.HGetAll(ctx, hookKey(owner, "health"))
		return nil
	}); err != nil {
		return nil, fmt.Errorf("list webhooks: %w", err)
	}
	hooks := []WebhookRecord{}
	for _, text := range texts.Val() {
		if r, err := s.readHook(owner, text, fares.Val()); err == nil {
			hooks = append(hooks, r)
		}
	}
	slices.SortFunc(hooks, func(a, b WebhookRecord) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return hooks, nil
}

func (s Webhooks) readHook(owner, text string, fares map[string]string) (WebhookRecord, error) {
	var r WebhookRecord
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("decode a webhook: %w", err)
	}
	r.Owner, r.text = owner, text
	r.FailingSince, r.LastSuccessAt = millis(fares[r.ID+":since"]), millis(fares[r.ID+":ok"])
	if text := fares[r.ID+":off"]; text != "" {
		var d disabled
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return r, fmt.Errorf("decode why webhook %s is disabled: %w", r.ID, err)
		}
		r.Enabled, r.DisabledReason, r.DisabledAt = false, d.Reason, tracker.AtMillis(&d.AtMS)
	}
	now := s.o.Now()
	r.Secrets = slices.DeleteFunc(r.Secrets, func(x WebhookSecret) bool { return x.Until != nil && !now.Before(*x.Until) })
	for _, x := range r.Secrets {
		if x.Until != nil && (r.OldSecretUntil == nil || x.Until.After(*r.OldSecretUntil)) {
			r.OldSecretUntil = x.Until
		}
	}
	return r, nil
}

// wholeHook makes a change and tells the audit of it. What whoever makes it leaves
// undone, SweepWebhooks does.
func (s Webhooks) wholeHook(ctx context.Context, owner string, change func() error) error {
	member := owner + "|" + rand.Text()
	if err := s.rdb.ZAdd(ctx, hookChangesKey, redis.Z{Score: float64(s.now()), Member: member}).Err(); err != nil {
		return fmt.Errorf("begin a change of a webhook: %w", err)
	}
	failed := change()
	if Transient(failed) {
		return failed // it may have been made
	}
	if err := errors.Join(failed, s.tellHooks(ctx, owner)); err != nil {
		if failed == nil {
			return err
		}
	}
	return errors.Join(failed, wrap(s.rdb.ZRem(ctx, hookChangesKey, member).Err(), "end a change of a webhook"))
}

// tellHooks writes to the audit what it was not told of a tenant's webhooks yet.
func (s Webhooks) tellHooks(ctx context.Context, owner string) error {
	for {
		lines, err := s.rdb.LRange(ctx, hookKey(owner, "lines"), 0, 99).Result()
		if err != nil {
			return fmt.Errorf("read what is to be told of webhooks: %w", err)
		}
		if len(lines) == 0 {
			return nil
		}
		for _, line := range lines {
			var l hookLine
			if err := json.Unmarshal([]byte(line), &l); err != nil {
				return fmt.Errorf("decode a line for the audit of webhooks: %w", err)
			}
			if err := Audit(s).WriteOnce(ctx, owner, l.Name, toldFor, l.AuditEvent); err != nil {
				return err
			}
			if err := s.rdb.LRem(ctx, hookKey(owner, "lines"), 1, line).Err(); err != nil {
				return fmt.Errorf("note what was told of webhooks: %w", err)
			}
		}
	}
}

// SweepWebhooks tells the audit of changes whose makers died before they told.
func (s Webhooks) SweepWebhooks(ctx context.Context) error {
	members, err := s.rdb.ZRangeByScore(ctx, hookChangesKey, &redis.ZRangeBy{
		Min: "-inf", Max: fmt.Sprint(s.now() - unsettledAfter.Milliseconds()), Count: 100,
	}).Result()
	if err != nil {
		return fmt.Errorf("find changes of webhooks: %w", err)
	}
	var errs error
	for _, m := range members {
		err := s.tellHooks(ctx, m[:max(strings.LastIndex(m, "|"), 0)])
		if err == nil {
			err = wrap(s.rdb.ZRem(ctx, hookChangesKey, m).Err(), "end a change of a webhook")
		}
		errs = errors.Join(errs, err)
	}
	return errs
}
