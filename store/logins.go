package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A log-in begins without a key, so an address can begin only so many.
const (
	loginFor  = 10 * time.Minute
	maxLogins = 100 // of an address, within loginFor
)

func loginKey(state string) string { return "rt:login:" + sumOf(state) }

// countLogin counts a log-in of an address among those of its ten minutes, which begin
// with the first. Run twice, it counts twice.
//
// KEYS: the count   ARGV: how long it is kept (ms)   Returns how many there were
var countLogin = redisScript(`
local n = redis.call("INCR", KEYS[1])
if n == 1 then redis.call("PEXPIRE", KEYS[1], ARGV[1]) end
return n
`)

// BeginLogin keeps a log-in under its state for ten minutes.
func (s Sessions) BeginLogin(ctx context.Context, from, state string, l tracker.Login) error {
	n, err := countLogin.Run(ctx, s.rdb, []string{"rt:logins:" + sumOf(from)[:32]}, loginFor.Milliseconds()).Int()
	if err != nil {
		return fmt.Errorf("count a log-in: %w", err)
	}
	if n > maxLogins {
		return tracker.Errorf(tracker.CodeUnavailable, "your address began %d log-ins within ten minutes: wait a while", maxLogins)
	}
	record, err := encode(l)
	if err != nil {
		return err
	}
	return wrap(s.rdb.Set(ctx, loginKey(state), record, loginFor).Err(), "keep a log-in")
}

// TakeLogin returns the log-in of a state, once; then and without one it is CodeNotFound.
func (s Sessions) TakeLogin(ctx context.Context, state string) (l tracker.Login, err error) {
	b, err := s.rdb.GetDel(ctx, loginKey(state)).Bytes()
	if errors.Is(err, redis.Nil) {
		return l, tracker.Errorf(tracker.CodeNotFound, "there is no such log-in")
	}
	if err != nil {
		return l, fmt.Errorf("read a log-in: %w", err)
	}
	return l, wrap(json.Unmarshal(b, &l), "decode a log-in")
}
