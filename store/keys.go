package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Keys keeps API keys: what they may do, and the SHA-256 of their secrets.
type Keys struct{ *Store }

const (
	keyPrefix  = "trk_"
	maxKeys    = 200 // of a tenant
	usedToTime = time.Minute
)

// The fields of a key.
const (
	keyRecord   = "d"
	keySum      = "sum"
	keyOld      = "old"       // the sum before the newest rotation
	keyOldUntil = "old_until" // ms
	keyUsed     = "used"      // ms
)

func keyKey(id string) string { return "rt:key:" + id }

// touchKey notes when a key was used, where it exists. Run twice, the later time stays.
//
// KEYS: the key   ARGV: now (ms)   Returns 1 | 0
var touchKey = redisScript(`
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], "used", ARGV[1])
return 1
`)

// rotateKey puts a new secret in the place of that of a key, which is taken for a while.
// Run twice with the same secret, the second changes nothing.
//
// KEYS: the key   ARGV: the new sum, until when the old one is taken (ms), JSON
// Returns 1 | 0 there is no such key
var rotateKey = redisScript(`
local sum = redis.call("HGET", KEYS[1], "sum")
if not sum then return 0 end
if sum == ARGV[1] then return 1 end
redis.call("HSET", KEYS[1], "old", sum, "old_until", ARGV[2], "sum", ARGV[1], "d", ARGV[3])
return 1
`)

// newSecret makes the secret of a key, and its sum.
func newSecret(id string) (secret, sum string) {
	secret = keyPrefix + id + "_" + rand.Text()
	return secret, sumOf(secret)
}

func sumOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func noKey(id string) error { return tracker.Errorf(tracker.CodeNotFound, "there is no key %s", id) }

// AuthenticateKey returns whom a secret stands for, or CodeNotFound.
func (s Keys) AuthenticateKey(ctx context.Context, secret string) (tracker.Principal, error) {
	id, ok := keyID(secret)
	if !ok {
		return tracker.Principal{}, noKey("like this")
	}
	return s.KeyOfSum(ctx, id, sumOf(secret))
}

// KeyOfSum returns whom the key of an ID stands for, while it takes the secret that has a
// SHA-256; else CodeNotFound.
func (s Keys) KeyOfSum(ctx context.Context, id, sum string) (tracker.Principal, error) {
	k, sums, err := s.read(ctx, id)
	if err != nil {
		return tracker.Principal{}, err
	}
	now := s.Now()
	given, good := []byte(sum), 0
	for _, sum := range sums {
		good |= subtle.ConstantTimeCompare(given, []byte(sum))
	}
	if good == 0 || k.ExpiresAt != nil && !now.Before(*k.ExpiresAt) {
		return tracker.Principal{}, noKey(id)
	}
	if k.LastUsedAt == nil || now.Sub(*k.LastUsedAt) > usedToTime {
		if err := touchKey.Run(ctx, s.rdb, []string{keyKey(id)}, now.UnixMilli()).Err(); err != nil {
			return tracker.Principal{}, fmt.Errorf("note the use of key %s: %w", id, err)
		}
	}
	return k.Principal(), nil
}

// keyID is the part of a key that names it.
func keyID(secret string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(secret, keyPrefix)
	id, text, both := strings.Cut(rest, "_")
	return id, ok && both && isKeyID(id) && len(text) == len(rand.Text())
}

// isKeyID reports whether a text can be the ID of a key or a session.
func isKeyID(id string) bool {
	return len(id) == 12 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// read returns a key and the sums of its secrets that are taken now.
func (s Keys) read(ctx context.Context, id string) (k tracker.APIKey, sums []string, err error) {
	v, err := s.rdb.HMGet(ctx, keyKey(id), keyRecord, keySum, keyOld, keyOldUntil, keyUsed).Result()
	if err != nil {
		return k, nil, fmt.Errorf("read key %s: %w", id, err)
	}
	text := func(i int) string { t, _ := v[i].(string); return t }
	if text(0) == "" || text(1) == "" {
		return k, nil, noKey(id)
	}
	if err := json.Unmarshal([]byte(text(0)), &k); err != nil {
		return k, nil, fmt.Errorf("decode key %s: %w", id, err)
	}
	sums = []string{text(1)}
	k.LastUsedAt, k.OldUntil = millis(text(4)), nil
	if until := millis(text(3)); until != nil && s.Now().Before(*until) {
		k.OldUntil, sums = until, append(sums, text(2))
	}
	return k, sums, nil
}

// AddKey makes a key, and returns its secret, which is not kept.
func (s Keys) AddKey(ctx context.Context, by tracker.Principal, k tracker.APIKey) (_ tracker.APIKey, secret string, err error) {
	if _, err := Tenants(s).Tenant(ctx, k.Tenant); err != nil {
		return k, "", err
	}
	index := ownerKey(k.Tenant, "keys")
	n, err := s.rdb.SCard(ctx, index).Result()
	if err != nil {
		return k, "", fmt.Errorf("count the keys of %s: %w", k.Tenant, err)
	}
	if n >= maxKeys {
		return k, "", tracker.Errorf(tracker.CodeConflict, "the tenant has %d keys, which is the most: delete some", n)
	}
	k.ID, k.CreatedAt = strings.ToLower(rand.Text()[:12]), s.Now().UTC().Truncate(time.Second)
	secret, sum := newSecret(k.ID)
	record, err := encode(k)
	if err != nil {
		return k, "", err
	}
	if err := s.told(ctx, by, k.Tenant, "key.created", k.ID+" "+k.Name); err != nil {
		return k, "", err
	}
	// Listed first: no key is in force that is on no list.
	if err := s.rdb.SAdd(ctx, index, k.ID).Err(); err != nil {
		return k, "", fmt.Errorf("list key %s: %w", k.ID, err)
	}
	if err := s.rdb.HSet(ctx, keyKey(k.ID), keyRecord, record, keySum, sum).Err(); err != nil {
		return k, "", fmt.Errorf("write key %s: %w", k.ID, err)
	}
	// A tenant that was deleted meanwhile may have missed the key.
	if _, err := Tenants(s).Tenant(ctx, k.Tenant); err != nil {
		return k, "", cmp.Or(s.drop(ctx, k.Tenant, k.ID), err)
	}
	return k, secret, nil
}

// KeysOf lists the keys of a tenant, oldest first.
func (s Keys) KeysOf(ctx context.Context, tenant string) ([]tracker.APIKey, error) {
	ids, err := s.rdb.SMembers(ctx, ownerKey(tenant, "keys")).Result()
	if err != nil {
		return nil, fmt.Errorf("list the keys of %s: %w", tenant, err)
	}
	keys := make([]tracker.APIKey, 0, len(ids))
	for _, id := range ids {
		k, _, err := s.read(ctx, id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // being made, or its maker died
		}
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b tracker.APIKey) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return keys, nil
}

// RotateKey gives a key of a tenant a new secret, which is returned. The old one is taken
// for as long as overlap.
func (s Keys) RotateKey(ctx context.Context, by tracker.Principal, id string, overlap time.Duration) (k tracker.APIKey, secret string, err error) {
	if k, err = s.Key(ctx, by.Tenant, id); err != nil {
		return k, "", err
	}
	now := s.Now().UTC().Truncate(time.Second)
	until := now.Add(overlap)
	k.RotatedAt = &now
	record, err := encode(k)
	if err != nil {
		return k, "", err
	}
	if err := s.told(ctx, by, k.Tenant, "key.rotated", k.ID+" "+k.Name); err != nil {
		return k, "", err
	}
	secret, sum := newSecret(id)
	n, err := rotateKey.Run(ctx, s.rdb, []string{keyKey(id)}, sum, until.UnixMilli(), record).Int()
	if err != nil {
		return k, "", fmt.Errorf("rotate key %s: %w", id, err)
	}
	if n == 0 {
		return k, "", noKey(id)
	}
	k, err = s.Key(ctx, by.Tenant, id)
	return k, secret, err
}

// Key returns a key of a tenant.
func (s Keys) Key(ctx context.Context, tenant, id string) (tracker.APIKey, error) {
	k, _, err := s.read(ctx, id)
	if err == nil && k.Tenant != tenant {
		return tracker.APIKey{}, noKey(id)
	}
	return k, err
}

// DeleteKey ends a key of the caller's tenant at once.
func (s Keys) DeleteKey(ctx context.Context, by tracker.Principal, id string) error {
	k, err := s.Key(ctx, by.Tenant, id)
	if err != nil {
		return err
	}
	if err := s.told(ctx, by, k.Tenant, "key.deleted", k.ID+" "+k.Name); err != nil {
		return err
	}
	return s.drop(ctx, k.Tenant, id)
}

// drop ends a key, and then takes it off its list.
func (s Keys) drop(ctx context.Context, tenant, id string) error {
	if err := s.rdb.Del(ctx, keyKey(id)).Err(); err != nil {
		return fmt.Errorf("delete key %s: %w", id, err)
	}
	return wrap(s.rdb.SRem(ctx, ownerKey(tenant, "keys"), id).Err(), "take key %s off its list", id)
}

func (s Keys) deleteAll(ctx context.Context, tenant string) error {
	ids, err := s.rdb.SMembers(ctx, ownerKey(tenant, "keys")).Result()
	if err != nil {
		return fmt.Errorf("list the keys of %s: %w", tenant, err)
	}
	for _, id := range ids {
		if err := s.drop(ctx, tenant, id); err != nil {
			return err
		}
	}
	return nil
}
