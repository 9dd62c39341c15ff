package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A resource belongs to one plan at a time: to the one whose items hold it. A hold is a
// string of its own, "plan item item…", in a hash slot of its own. It counts for as long
// as one of these items has not ended, which the plan itself says: whoever dies before
// it has released a hold leaves a string that means nothing any more.

// holdFor is how long a hold is kept that nobody releases. An item that begins later
// takes it again.
const holdFor = longestApply

// holdBatch is how many holds one pipeline takes or releases.
const holdBatch = 500

// Hold is an item that holds a resource, or is to hold it.
type Hold struct {
	Item     int
	Resource string // what names it among all accounts
}

func holdKey(resource string) string {
	sum := sha256.Sum256([]byte(resource))
	return "rt:hold:" + hex.EncodeToString(sum[:16])
}

// takeHold takes a hold for an item of a plan, unless another plan has it. Run twice,
// the second finds it taken and keeps it for longer.
//
// KEYS: hold   ARGV: plan, item, how long (ms), what the hold was whose items have all ended, or ""
// Returns "" | the hold of another plan
var takeHold = redis.NewScript(`
local v = redis.call("GET", KEYS[1])
if v and v ~= ARGV[4] then
	if string.match(v, "^%S+") ~= ARGV[1] then return v end
	if string.find(v .. " ", " " .. ARGV[2] .. " ", 1, true) then
		redis.call("PEXPIRE", KEYS[1], ARGV[3])
		return ""
	end
	v = v .. " " .. ARGV[2]
else
	v = ARGV[1] .. " " .. ARGV[2]
end
redis.call("SET", KEYS[1], v, "PX", ARGV[3])
return ""
`)

// releaseHold releases what an item of a plan holds. Run twice, the second changes nothing.
//
// KEYS: hold   ARGV: plan, item   Returns 1 | 0
var releaseHold = redis.NewScript(`
local v = redis.call("GET", KEYS[1])
if not v or string.match(v, "^%S+") ~= ARGV[1] then return 0 end
local left, found = ARGV[1], 0
for item in string.gmatch(v, " (%S+)") do
	if item == ARGV[2] then found = 1 else left = left .. " " .. item end
end
if left == ARGV[1] then return redis.call("DEL", KEYS[1]) end
redis.call("SET", KEYS[1], left, "KEEPTTL")
return found
`)

// holdTries is how often a hold is taken that others release and take meanwhile.
const holdTries = 5

// HoldItems has items of a plan hold their resources. It returns, by item, the plans that
// hold those which other plans hold.
func (s Plans) HoldItems(ctx context.Context, id string, holds []Hold) (others map[int]string, err error) {
	others = map[int]string{}
	for batch := range slices.Chunk(holds, holdBatch) {
		ended := map[string]string{} // by resource, the hold whose items have all ended
		for range holdTries {
			values, err := s.onHolds(ctx, takeHold, batch, func(h Hold) []any {
				return []any{id, h.Item, holdFor.Milliseconds(), ended[h.Resource]}
			})
			if err != nil {
				return nil, fmt.Errorf("hold the resources of plan %s: %w", id, err)
			}
			var again []Hold
			for k, h := range batch {
				v, _ := values[k].(string)
				if v == "" {
					delete(others, h.Item)
					continue
				}
				plan, _, _ := strings.Cut(v, " ")
				others[h.Item] = plan
				counts, err := s.holdCounts(ctx, v)
				if err != nil {
					return nil, err
				}
				if !counts {
					ended[h.Resource] = v
					again = append(again, h)
				}
			}
			if batch = again; len(batch) == 0 {
				break
			}
		}
	}
	return others, nil
}

// Holders returns, by item, the other plans that hold what items of a plan are about.
func (s Plans) Holders(ctx context.Context, id string, holds []Hold) (others map[int]string, err error) {
	others = map[int]string{}
	for batch := range slices.Chunk(holds, holdBatch) {
		values := make([]*redis.StringCmd, len(batch))
		_, _ = s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error { // each command has its own error
			for k, h := range batch {
				values[k] = p.Get(ctx, holdKey(h.Resource))
			}
			return nil
		})
		for k, h := range batch {
			v, err := values[k].Result()
			plan, _, _ := strings.Cut(v, " ")
			if errors.Is(err, redis.Nil) || err == nil && plan == id {
				continue
			}
			counts := false
			if err == nil {
				counts, err = s.holdCounts(ctx, v)
			}
			if err != nil {
				return nil, fmt.Errorf("read who holds the resources of plan %s: %w", id, err)
			}
			if counts {
				others[h.Item] = plan
			}
		}
	}
	return others, nil
}

// ReleaseItems releases what items of a plan hold.
func (s Plans) ReleaseItems(ctx context.Context, id string, holds []Hold) error {
	for batch := range slices.Chunk(holds, holdBatch) {
		if _, err := s.onHolds(ctx, releaseHold, batch, func(h Hold) []any { return []any{id, h.Item} }); err != nil {
			return fmt.Errorf("release the resources of plan %s: %w", id, err)
		}
	}
	return nil
}

// holdCounts reports whether one of a hold's items has not ended.
func (s Plans) holdCounts(ctx context.Context, hold string) (bool, error) {
	fields := strings.Fields(hold)
	states, err := s.rdb.HMGet(ctx, jobKey(fields[0], "ps"), fields[1:]...).Result()
	if err != nil {
		return false, fmt.Errorf("read the items of plan %s that hold a resource: %w", fields[0], err)
	}
	for _, v := range states {
		if state, _ := v.(string); state != "" && !tracker.ItemState(state).Terminal() {
			return true, nil
		}
	}
	return false, nil
}

// onHolds runs a script on holds, which are in many hash slots, in one pipeline.
func (s Plans) onHolds(ctx context.Context, script *redis.Script, holds []Hold, args func(Hold) []any) ([]any, error) {
	values := make([]any, len(holds))
	for loaded := false; ; loaded = true {
		cmds := make([]*redis.Cmd, len(holds))
		_, _ = s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error { // each command has its own error
			for k, h := range holds {
				cmds[k] = script.EvalSha(ctx, p, []string{holdKey(h.Resource)}, args(h)...)
			}
			return nil
		})
		unknown := false
		for k, cmd := range cmds {
			v, err := cmd.Result()
			switch {
			case err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") && !loaded:
				unknown = true
			case err != nil:
				return nil, err
			}
			values[k] = v
		}
		if !unknown {
			return values, nil
		}
		if err := script.Load(ctx, s.rdb).Err(); err != nil {
			return nil, err
		}
	}
}
