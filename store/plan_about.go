package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A resource has a list of the items of plans that are about it, for whoever asks what was done to it, by whom and why.
// It is written when a plan's items are, before they count: a plan that is frozen is on the lists of its items. A run
// that dies before leaves entries of items that a later run may not write; a reader drops them.

// aboutFor is how long an entry is kept after its plan was made and may have ended at the latest.
func (s Plans) aboutFor() time.Duration { return s.o.PlanRetention + aboutSlack }

// aboutSlack is how long a plan may take from when it is made to its end.
const aboutSlack = 90 * 24 * time.Hour

// aboutKey lists items about a resource: ZSET of entries "plan item". Which region a global resource is in, items say
// in several ways, so that the list is of all regions.
func aboutKey(owner, account string, t tracker.Type, id string) string {
	sum := sha256.Sum256([]byte(account + "|" + string(t) + "|" + strings.ToLower(id)))
	return ownerKey(owner, "about:"+hex.EncodeToString(sum[:16]))
}

// listAbout puts items of a plan on the lists of their resources. Run twice, it changes nothing more.
func (s Plans) listAbout(ctx context.Context, id string, items []FrozenItem) error {
	head, err := s.rdb.HMGet(ctx, jobKey(id, "pm"), "owner", "created_at").Result()
	if err != nil {
		return fmt.Errorf("read whose plan %s is: %w", id, err)
	}
	owner, _ := head[0].(string)
	created, _ := head[1].(string)
	if owner == "" {
		return nil // it has expired in this moment
	}
	oldest := "(" + entry("", s.now()-s.aboutFor().Milliseconds())
	for start := 0; start < len(items); start += frozenBatch {
		_, err := s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, it := range items[start:min(start+frozenBatch, len(items))] {
				key := aboutKey(owner, it.AccountID, it.Type, it.ResourceID)
				p.ZAdd(ctx, key, redis.Z{Member: entry(id+" "+strconv.Itoa(it.Index), num(created))})
				p.ZRemRangeByLex(ctx, key, "-", oldest)
				p.PExpire(ctx, key, s.aboutFor())
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("list what plan %s is about: %w", id, err)
		}
	}
	return nil
}

// PlansAbout lists the items of an owner's plans that are about a resource, those of the newest plan first, a page at a
// time. The region that an item names is not looked at.
func (s Plans) PlansAbout(ctx context.Context, owner, account string, t tracker.Type, resource, cursor string, limit int) (page []tracker.PlanAbout, next string, err error) {
	return listed(ctx, s.Store, aboutKey(owner, account, t, resource), cursor, limit, func(id string) (a tracker.PlanAbout, created time.Time, err error) {
		plan, item, _ := strings.Cut(id, " ")
		if a.Plan, err = s.Plan(ctx, owner, plan); err != nil {
			return a, created, err
		}
		if a.Item, err = s.PlanItem(ctx, plan, int(num(item))); err != nil {
			return a, created, err
		}
		if a.Item.AccountID != account || a.Item.Type != t || !strings.EqualFold(a.Item.ResourceID, resource) {
			return a, created, tracker.Errorf(tracker.CodeNotFound, "item %s of plan %s is about another resource", item, plan)
		}
		return a, a.Plan.CreatedAt, nil
	})
}
