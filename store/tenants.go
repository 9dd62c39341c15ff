package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Tenants keeps who there is besides the tenant default, which is always there.
type Tenants struct{ *Store }

const (
	tenantsKey = "rt:tenants"
	maxTenants = 10_000
)

// addTenant writes a tenant whose name was never used. Run twice, the second answers 0.
//
// KEYS: tenants   ARGV: name, JSON, the most of them   Returns 1 | 0 the name is taken | -1 there are too many
var addTenant = redisScript(`
if redis.call("HEXISTS", KEYS[1], ARGV[1]) == 1 then return 0 end
if redis.call("HLEN", KEYS[1]) >= tonumber(ARGV[3]) then return -1 end
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
return 1
`)

// Tenant returns a tenant that is not deleted.
func (s Tenants) Tenant(ctx context.Context, name string) (tracker.Tenant, error) {
	t, err := s.lookup(ctx, name)
	if err == nil && t.DeletedAt != nil {
		return t, noTenant(name)
	}
	return t, err
}

func (s Tenants) lookup(ctx context.Context, name string) (tracker.Tenant, error) {
	if name == tracker.DefaultTenant {
		return tracker.Tenant{Name: name}, nil
	}
	b, err := s.rdb.HGet(ctx, tenantsKey, name).Bytes()
	if errors.Is(err, redis.Nil) {
		return tracker.Tenant{}, noTenant(name)
	}
	if err != nil {
		return tracker.Tenant{}, fmt.Errorf("read tenant %s: %w", name, err)
	}
	var t tracker.Tenant
	return t, wrap(json.Unmarshal(b, &t), "decode tenant %s", name)
}

func noTenant(name string) error {
	return tracker.Errorf(tracker.CodeNotFound, "there is no tenant %s", name)
}

// Tenants lists all tenants by name, deleted ones among them.
func (s Tenants) Tenants(ctx context.Context) ([]tracker.Tenant, error) {
	m, err := s.rdb.HGetAll(ctx, tenantsKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read tenants: %w", err)
	}
	all := []tracker.Tenant{{Name: tracker.DefaultTenant}}
	for name, v := range m {
		var t tracker.Tenant
		if err := json.Unmarshal([]byte(v), &t); err != nil {
			return nil, fmt.Errorf("decode tenant %s: %w", name, err)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b tracker.Tenant) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// AddTenant makes a tenant. A name that was ever used is a conflict.
func (s Tenants) AddTenant(ctx context.Context, by tracker.Principal, t tracker.Tenant) (tracker.Tenant, error) {
	if !tracker.TenantName.MatchString(t.Name) || t.Name == tracker.DefaultTenant {
		return t, tracker.Invalid("name", "is not the name of a new tenant: 1 to 63 of a-z, 0-9 and -, and not default")
	}
	t.CreatedAt, t.DeletedAt = s.Now().UTC(), nil
	b, err := encode(t)
	if err != nil {
		return t, err
	}
	if err := s.told(ctx, by, tracker.DefaultTenant, "tenant.created", t.Name); err != nil {
		return t, err
	}
	n, err := addTenant.Run(ctx, s.rdb, []string{tenantsKey}, t.Name, b, maxTenants).Int()
	switch {
	case err != nil:
		return t, fmt.Errorf("add tenant %s: %w", t.Name, err)
	case n == 0:
		return t, &tracker.Error{Code: tracker.CodeConflict, Field: "name", Message: "is taken, or was once: a name is not given again"}
	case n < 0:
		return t, tracker.Errorf(tracker.CodeConflict, "there are %d tenants, which is the most", maxTenants)
	}
	return t, nil
}

// DeleteTenant deletes a tenant that has no schedules, with its keys, accounts and
// webhooks, and has its history deleted. What its scans found expires in its time, and
// nobody reads it until then. Asked again, it deletes what is left.
func (s Tenants) DeleteTenant(ctx context.Context, by tracker.Principal, name string) error {
	if name == tracker.DefaultTenant {
		return tracker.Errorf(tracker.CodeConflict, "the tenant default cannot be deleted: the keys of the environment belong to it")
	}
	t, err := s.lookup(ctx, name)
	if err != nil {
		return err
	}
	n, err := s.rdb.SCard(ctx, ownerKey(name, "schedules")).Result()
	if err != nil {
		return fmt.Errorf("count the schedules of %s: %w", name, err)
	}
	if n > 0 {
		return tracker.Errorf(tracker.CodeConflict, "the tenant has %d schedules, which would go on: delete them first", n)
	}
	if t.DeletedAt == nil {
		now := s.Now().UTC()
		t.DeletedAt = &now
		b, err := encode(t)
		if err != nil {
			return err
		}
		if err := s.told(ctx, by, tracker.DefaultTenant, "tenant.deleted", name); err != nil {
			return err
		}
		_, err = s.rdb.TxPipelined(ctx, func(tx redis.Pipeliner) error {
			tx.HSet(ctx, tenantsKey, name, b)
			return s.toForget(ctx, tx, Forgetting{Tenant: name, At: now})
		})
		if err != nil {
			return fmt.Errorf("delete tenant %s: %w", name, err)
		}
	}
	// What was sealed for the tenant goes with it.
	for _, key := range []string{accountsKey(name), hooksKey(name)} {
		if err := s.rdb.Del(ctx, key).Err(); err != nil {
			return fmt.Errorf("delete what tenant %s has: %w", name, err)
		}
	}
	return Keys(s).deleteAll(ctx, name)
}

// told writes a line about a change to an audit before the change is made: a line of a
// change that failed is better than a change without one.
func (s *Store) told(ctx context.Context, by tracker.Principal, tenant, what, detail string) error {
	return Audit{s}.Write(ctx, tenant, tracker.AuditEvent{At: s.Now().UTC(), Who: by.Who, From: by.From, What: what, Detail: detail})
}
