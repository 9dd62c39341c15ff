package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A list of what an owner has is written before what is listed is created, in another
// hash slot. Whoever dies between leaves an entry of nothing, which a reader drops once
// it is old.

// entry is a member of a list. All scores are equal: the set sorts by member, which
// begins with the time.
func entry(id string, created int64) string { return fmt.Sprintf("%013d:%s", created, id) }

// enlist puts what is created now on a list.
func (s *Store) enlist(ctx context.Context, key, id string, now int64) error {
	return wrap(s.rdb.ZAdd(ctx, key, redis.Z{Member: entry(id, now)}).Err(), "list %s", id)
}

// errPassedOver is what a reader of a list answers for what is not wanted.
var errPassedOver = errors.New("not wanted")

// mostPassedOver is how many entries a page passes over at most: a reader who wants what is rare goes on from its cursor.
const mostPassedOver = 500

// listed returns a page of a list, newest first, and the cursor of the next page, which
// is empty at the end. read answers CodeNotFound for what there is not, and errPassedOver
// for what is not wanted; a page that passes over many ends early.
func listed[T any](
	ctx context.Context, s *Store, key, cursor string, limit int, read func(id string) (_ T, created time.Time, err error),
) (page []T, next string, err error) {
	top := "+"
	if cursor != "" {
		if ms, id, ok := strings.Cut(cursor, ":"); !ok || len(ms) != 13 || strings.Trim(ms, "0123456789") != "" || id == "" {
			return nil, "", tracker.Invalid("cursor", "not a cursor that this listing gave out")
		}
		top = "(" + cursor
	}
	page = []T{}
	stray, passed := s.now()-StrayAfter.Milliseconds(), 0
	for {
		members, err := s.rdb.ZRevRangeByLex(ctx, key, &redis.ZRangeBy{Min: "-", Max: top, Count: int64(limit)}).Result()
		if err != nil {
			return nil, "", fmt.Errorf("read a list: %w", err)
		}
		for _, member := range members {
			at, id, _ := strings.Cut(member, ":")
			v, created, err := read(id)
			gone := tracker.CodeOf(err) == tracker.CodeNotFound
			switch {
			case errors.Is(err, errPassedOver):
				if passed++; passed == mostPassedOver {
					return page, member, nil
				}
				continue
			case gone && num(at) > stray:
				continue // it is being created
			case gone || err == nil && member != entry(id, created.UnixMilli()):
				// It has expired or was never created, or was created at another try.
				if err := s.rdb.ZRem(ctx, key, member).Err(); err != nil {
					return nil, "", fmt.Errorf("take %s off a list: %w", id, err)
				}
				continue
			case err != nil:
				return nil, "", err
			}
			if page = append(page, v); len(page) == limit {
				return page, member, nil
			}
		}
		if len(members) < limit {
			return page, "", nil
		}
		top = "(" + members[len(members)-1]
	}
}
