package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What somebody is refused is written to the audit, and nobody can fill it: the same
// refusal is counted, and told at the first, the tenth, the hundredth time and so on
// within an hour. Of those that differ a hundred are told apart.

const (
	refusalsFor   = time.Hour
	refusalsApart = 100
	loginsFor     = time.Minute
	loginsApart   = 20
)

// countRefusal counts a refusal among those of its hour, which begins with the first. Run
// twice, it counts twice.
//
// KEYS: the counts   ARGV: its name, how many are told apart, how long they are kept (ms)
// Returns {how often it was counted, 1 | 0 when it was counted among the rest}
var countRefusal = redisScript(`
local name, apart = ARGV[1], 1
if redis.call("HEXISTS", KEYS[1], name) == 0 and redis.call("HLEN", KEYS[1]) >= tonumber(ARGV[2]) then name, apart = "rest", 0 end
local n = redis.call("HINCRBY", KEYS[1], name, 1)
if redis.call("PTTL", KEYS[1]) == -1 then redis.call("PEXPIRE", KEYS[1], ARGV[3]) end
return {n, apart}
`)

// Refused adds a line to the audit of owner about something that was refused, or counts
// it.
func (s Audit) Refused(ctx context.Context, owner string, e tracker.AuditEvent) error {
	return s.counted(ctx, owner, "refused", refusalsFor, refusalsApart, e)
}

// FailedLogin adds a line to the audit of the tenant default about log-ins that failed,
// or counts them: those of one address within a minute. Of the addresses of a minute
// twenty are told apart, so that nobody can fill the audit.
func (s Audit) FailedLogin(ctx context.Context, from, detail string) error {
	e := tracker.AuditEvent{At: s.o.Now().UTC(), Who: "unknown", From: from, What: "auth.failed", Detail: detail}
	return s.counted(ctx, tracker.DefaultTenant, "failed-logins", loginsFor, loginsApart, e)
}

// counted adds a line about something of which many may come in a while, and of which
// some are told apart.
func (s Audit) counted(ctx context.Context, owner, list string, while time.Duration, most int, e tracker.AuditEvent) error {
	name, err := encode([]string{e.Who, e.From, e.What, e.PlanID, e.Detail})
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(name))
	key := "{" + ownerKey(owner, "audit") + "}:" + list
	r, err := countRefusal.Run(ctx, s.rdb, []string{key}, hex.EncodeToString(sum[:16]), most, while.Milliseconds()).Int64Slice()
	if err != nil {
		return fmt.Errorf("count a refusal: %w", err)
	}
	if !told(r[0]) {
		return nil
	}
	if r[1] == 0 {
		e = tracker.AuditEvent{At: e.At, Who: owner, What: e.What, Detail: fmt.Sprintf("more than %d requests were refused for different reasons", most)}
	}
	if r[0] > 1 {
		e.Detail += fmt.Sprintf(" (%d times within %s)", r[0], map[time.Duration]string{refusalsFor: "an hour", loginsFor: "a minute"}[while])
	}
	return s.Write(ctx, owner, e)
}

// told reports whether the n-th refusal of its kind is written: n is a power of ten.
func told(n int64) bool {
	for n >= 10 && n%10 == 0 {
		n /= 10
	}
	return n == 1
}
