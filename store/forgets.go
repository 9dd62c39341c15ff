package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// forgetsKey is a ZSET of what the history is to delete: TENANT/ACCOUNT/as of when (ms) -> when that is next tried (ms).
const forgetsKey = "rt:forgets"

// Forgetting is an account of a tenant whose history is to be deleted as of a time; without an account that of all of
// the tenant's.
type Forgetting struct {
	Tenant, Account string
	At              time.Time
}

func (f Forgetting) member() string {
	return fmt.Sprintf("%s/%s/%d", f.Tenant, f.Account, f.At.UnixMilli())
}

// ClaimForgetting returns what the history is to delete. It is the caller's for a while, and comes again unless it is
// Forgotten before. ok is false where there is nothing.
func (s *Store) ClaimForgetting(ctx context.Context, life time.Duration) (f Forgetting, ok bool, err error) {
	now := s.o.Now()
	member, err := claimRecord.Run(ctx, s.rdb, []string{forgetsKey}, now.UnixMilli(), now.Add(life).UnixMilli()).Text()
	if err != nil || member == "" {
		return f, false, wrap(err, "claim what the history is to delete")
	}
	parts := strings.Split(member, "/")
	if len(parts) != 3 {
		return f, false, fmt.Errorf("what the history is to delete cannot be read: %q", member)
	}
	at, err := strconv.ParseInt(parts[2], 10, 64)
	return Forgetting{parts[0], parts[1], time.UnixMilli(at)}, err == nil, err
}

// Forgotten says that the history has deleted something.
func (s *Store) Forgotten(ctx context.Context, f Forgetting) error {
	return wrap(s.rdb.ZRem(ctx, forgetsKey, f.member()).Err(), "note that the history of %s is deleted", f.Tenant)
}

// toForget notes what the history is to delete, if there is one. Run twice with one time, it notes it once.
func (s *Store) toForget(ctx context.Context, rdb redis.Cmdable, f Forgetting) error {
	if !s.o.Records {
		return nil
	}
	err := rdb.ZAddNX(ctx, forgetsKey, redis.Z{Score: float64(s.now()), Member: f.member()}).Err()
	return wrap(err, "note that the history of %s is to be deleted", f.Tenant)
}

// ForgetHistory has the history of an account of the caller's tenant deleted, as of now.
func (s Accounts) ForgetHistory(ctx context.Context, by tracker.Principal, account string) error {
	if err := s.told(ctx, by, by.Tenant, "history.deleted", account); err != nil {
		return err
	}
	return s.toForget(ctx, s.rdb, Forgetting{by.Tenant, account, s.o.Now()})
}
