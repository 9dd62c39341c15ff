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

// Accounts keeps the accounts that tenants have registered, in one HASH a tenant: of each
// n:NAME its registration (JSON) and r:ROLE its name; and the accounts that a tenant may
// work in at all.
type Accounts struct{ *Store }

const (
	maxAccounts = 1000 // of a tenant
	byName      = "n:"
	byRole      = "r:"
)

func accountsKey(tenant string) string { return ownerKey(tenant, "accounts") }

// putAccount registers an account, or changes one. Run twice, a new one is found there
// the second time, and a change writes the same again.
//
// KEYS: the tenant's accounts   ARGV: 1 for a new one, name, role, registration, the most of a tenant
// Returns "ok" | "there" there is one of the name | "gone" there is none | "role NAME" another has the role | "full"
var putAccount = redisScript(`
local K, name, role = KEYS[1], ARGV[2], ARGV[3]
local before = redis.call("HGET", K, "n:" .. name)
if ARGV[1] == "1" and before then return "there" end
if ARGV[1] ~= "1" and not before then return "gone" end
local holder = redis.call("HGET", K, "r:" .. role)
if holder and holder ~= name then return "role " .. holder end
if not before and redis.call("HLEN", K) >= 2 * ARGV[5] then return "full" end
if before then redis.call("HDEL", K, "r:" .. cjson.decode(before).role_arn) end
redis.call("HSET", K, "n:" .. name, ARGV[4], "r:" .. role, name)
return "ok"
`)

// deleteAccount forgets an account, and has the history delete its AWS account, unless another registration is of the
// same. Run twice, the second finds nothing.
//
// KEYS: the tenant's accounts, what the history is to delete
// ARGV: name, 1 where there is a history, tenant, now (ms)
// Returns 1 | 0
var deleteAccount = redisScript(`
local before = redis.call("HGET", KEYS[1], "n:" .. ARGV[1])
if not before then return 0 end
before = cjson.decode(before)
redis.call("HDEL", KEYS[1], "n:" .. ARGV[1], "r:" .. before.role_arn)
if ARGV[2] ~= "1" then return 1 end
local all = redis.call("HGETALL", KEYS[1])
for i = 1, #all, 2 do
  if all[i]:sub(1, 2) == "n:" and cjson.decode(all[i + 1]).account_id == before.account_id then return 1 end
end
redis.call("ZADD", KEYS[2], "NX", ARGV[4], ARGV[3] .. "/" .. before.account_id .. "/" .. ARGV[4])
return 1
`)

// AddAccount registers an account of the caller's tenant.
func (s Accounts) AddAccount(ctx context.Context, by tracker.Principal, a tracker.RegisteredAccount) error {
	return s.put(ctx, by, a, true, "account.added")
}

// PutAccount changes an account of the caller's tenant.
func (s Accounts) PutAccount(ctx context.Context, by tracker.Principal, a tracker.RegisteredAccount) error {
	return s.put(ctx, by, a, false, "account.changed")
}

func (s Accounts) put(ctx context.Context, by tracker.Principal, a tracker.RegisteredAccount, isNew bool, what string) error {
	record, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode account %s: %w", a.Name, err)
	}
	if err := s.told(ctx, by, by.Tenant, what, a.Name+", role "+a.RoleARN); err != nil {
		return err
	}
	verdict, err := putAccount.Run(ctx, s.rdb, []string{accountsKey(by.Tenant)}, flag(isNew), a.Name, a.RoleARN, record, maxAccounts).Text()
	if err != nil {
		return fmt.Errorf("write account %s: %w", a.Name, err)
	}
	holder, taken := strings.CutPrefix(verdict, "role ")
	switch {
	case verdict == "there":
		return &tracker.Error{Code: tracker.CodeConflict, Field: "name", Message: "is that of an account that is registered already"}
	case verdict == "gone":
		return noAccount()
	case verdict == "full":
		return tracker.Errorf(tracker.CodeConflict, "%d accounts are registered, which is the most of a tenant", maxAccounts)
	case taken:
		return &tracker.Error{Code: tracker.CodeConflict, Field: "role_arn", Message: "is that of account " + holder}
	}
	return nil
}

// DeleteAccount forgets an account of the caller's tenant, and has its history deleted.
func (s Accounts) DeleteAccount(ctx context.Context, by tracker.Principal, name string) error {
	if err := s.told(ctx, by, by.Tenant, "account.deleted", name); err != nil {
		return err
	}
	n, err := deleteAccount.Run(ctx, s.rdb, []string{accountsKey(by.Tenant), forgetsKey}, name, flag(s.o.Records), by.Tenant, s.now()).Int()
	if err == nil && n == 0 {
		return noAccount()
	}
	return wrap(err, "delete account %s", name)
}

func noAccount() error {
	return tracker.Errorf(tracker.CodeNotFound, "no account of that name is registered")
}

// Account returns an account of a tenant by its name.
func (s Accounts) Account(ctx context.Context, tenant, name string) (a tracker.RegisteredAccount, err error) {
	b, err := s.rdb.HGet(ctx, accountsKey(tenant), byName+name).Bytes()
	if errors.Is(err, redis.Nil) {
		return a, noAccount()
	}
	if err != nil {
		return a, fmt.Errorf("read account %s: %w", name, err)
	}
	return a, wrap(json.Unmarshal(b, &a), "decode account %s", name)
}

// AccountOfRole returns the account of a tenant that has a role.
func (s Accounts) AccountOfRole(ctx context.Context, tenant, role string) (tracker.RegisteredAccount, error) {
	name, err := s.rdb.HGet(ctx, accountsKey(tenant), byRole+role).Result()
	if errors.Is(err, redis.Nil) {
		return tracker.RegisteredAccount{}, noAccount()
	}
	if err != nil {
		return tracker.RegisteredAccount{}, fmt.Errorf("read the account of a role: %w", err)
	}
	return s.Account(ctx, tenant, name)
}

// Accounts returns accounts of a tenant by name, a page at a time. A cursor is a name.
func (s Accounts) Accounts(ctx context.Context, tenant, cursor string, limit int) (list []tracker.RegisteredAccount, next string, err error) {
	fields, err := s.rdb.HKeys(ctx, accountsKey(tenant)).Result()
	if err != nil {
		return nil, "", fmt.Errorf("list accounts: %w", err)
	}
	var names []string
	for _, f := range fields {
		if name, ok := strings.CutPrefix(f, byName); ok && name > cursor {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	list = []tracker.RegisteredAccount{}
	for _, name := range names {
		if len(list) == limit {
			return list, list[limit-1].Name, nil
		}
		a, err := s.Account(ctx, tenant, name)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // deleted in this moment
		}
		if err != nil {
			return nil, "", err
		}
		list = append(list, a)
	}
	return list, "", nil
}

func allowedKey(tenant string) string { return ownerKey(tenant, "allowed-accounts") }

// AllowedAccounts returns the AWS accounts that a tenant may work in, sorted; none is all.
func (s Accounts) AllowedAccounts(ctx context.Context, tenant string) ([]string, error) {
	b, err := s.rdb.Get(ctx, allowedKey(tenant)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the accounts that are allowed: %w", err)
	}
	var accounts []string
	if err := json.Unmarshal(b, &accounts); err != nil || len(accounts) == 0 {
		// What cannot be read must not allow everything.
		return nil, tracker.Errorf(tracker.CodeConflict, "the list of accounts that the tenant may work in cannot be read: set it anew")
	}
	return accounts, nil
}

// SetAllowedAccounts sets the AWS accounts that a tenant may work in; none is all. Work
// under way in another ends before its next unit, look, step or metrics.
func (s Accounts) SetAllowedAccounts(ctx context.Context, by tracker.Principal, tenant string, accounts []string) error {
	accounts = slices.Compact(slices.Sorted(slices.Values(accounts)))
	detail := "all accounts"
	if len(accounts) > 0 {
		detail = fmt.Sprintf("%d accounts: %s", len(accounts), strings.Join(accounts[:min(len(accounts), 20)], ", "))
	}
	if err := s.told(ctx, by, tenant, "tenant.accounts_allowed", detail); err != nil {
		return err
	}
	if len(accounts) == 0 {
		return wrap(s.rdb.Del(ctx, allowedKey(tenant)).Err(), "allow all accounts")
	}
	b, err := encode(accounts)
	if err != nil {
		return err
	}
	return wrap(s.rdb.Set(ctx, allowedKey(tenant), b, 0).Err(), "write the accounts that are allowed")
}
