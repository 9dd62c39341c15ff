package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Sessions keeps who is signed in: what a session stands for, and the SHA-256 of its
// token.
type Sessions struct {
	*Store
	Life time.Duration // of a session; 0 is 12 hours
}

const (
	sessionPrefix = "trs_"
	// MaxSessions is how many sessions a person has: the oldest make room.
	MaxSessions = 20
	// sessionIdle is how long a session lasts that is not used.
	sessionIdle = 2 * time.Hour
	// sessionsFor is how long a list of sessions is kept: longer than any session.
	sessionsFor = 31 * 24 * time.Hour
)

// The fields of a session.
const (
	sessionRecord = "d"
	sessionSum    = "sum"
	sessionUsed   = "used" // ms
)

func sessionKey(id string) string { return "rt:session:" + id }

// sessionLists are the lists that a session is on: its tenant's and its person's.
func sessionLists(tenant, person string) []string {
	return []string{ownerKey(tenant, "sessions"), ownerKey(tenant, "sessions:"+sumOf(person)[:32])}
}

// openSession writes a session. Run twice, the second writes the same.
//
// KEYS: the session   ARGV: JSON, the sum of its token, now (ms), time to live (ms)   Returns 1
var openSession = redisScript(`
redis.call("HSET", KEYS[1], "d", ARGV[1], "sum", ARGV[2], "used", ARGV[3])
return redis.call("PEXPIRE", KEYS[1], ARGV[4])
`)

// touchSession notes when a session was used, where it exists. Run twice, the later time
// stays.
//
// KEYS: the session   ARGV: now (ms), time to live (ms)   Returns 1 | 0
var touchSession = redisScript(`
if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
redis.call("HSET", KEYS[1], "used", ARGV[1])
return redis.call("PEXPIRE", KEYS[1], ARGV[2])
`)

// keptSession is a session with what it does not show.
type keptSession struct {
	tracker.Session
	Key     string          `json:"key,omitempty"`
	Sum     string          `json:"key_sum,omitempty"`
	Grants  []tracker.Grant `json:"grants,omitempty"`
	Tenants []string        `json:"tenants,omitempty"`
}

func noSession(id string) error {
	return tracker.Errorf(tracker.CodeNotFound, "there is no session %s", id)
}

// OpenSession signs somebody in, and returns the session's token, which is not kept.
func (s Sessions) OpenSession(ctx context.Context, sn tracker.Session) (_ tracker.Session, token string, err error) {
	life := s.Life
	if life <= 0 {
		life = 12 * time.Hour
	}
	now := s.Now().UTC().Truncate(time.Millisecond)
	sn.ID = strings.ToLower(rand.Text()[:12])
	sn.CreatedAt, sn.LastUsedAt, sn.ExpiresAt = now, now, now.Add(life)
	// A text has 130 bits: together they have more than the sum.
	token = sessionPrefix + sn.ID + "_" + rand.Text() + rand.Text()
	record, err := encode(keptSession{sn, sn.KeyID, sn.KeySum, sn.Grants, sn.Tenants})
	if err != nil {
		return sn, "", err
	}
	by := tracker.Principal{Who: sn.Who, From: sn.From}
	if err := s.told(ctx, by, sn.Tenant, "session.created", sn.ID); err != nil {
		return sn, "", err
	}
	// Listed first: nobody is signed in who is on no list.
	lists := sessionLists(sn.Tenant, sn.Person)
	for _, list := range lists {
		if err := s.enlist(ctx, list, sn.ID, now.UnixMilli()); err != nil {
			return sn, "", err
		}
		if err := s.rdb.ZRemRangeByLex(ctx, list, "-", "("+entry("", now.Add(-sessionsFor).UnixMilli())).Err(); err != nil {
			return sn, "", fmt.Errorf("shorten a list of sessions: %w", err)
		}
		if err := s.rdb.PExpire(ctx, list, sessionsFor).Err(); err != nil {
			return sn, "", fmt.Errorf("keep a list of sessions: %w", err)
		}
	}
	if err := openSession.Run(ctx, s.rdb, []string{sessionKey(sn.ID)}, record, sumOf(token), now.UnixMilli(), min(life, sessionIdle).Milliseconds()).Err(); err != nil {
		return sn, "", fmt.Errorf("write session %s: %w", sn.ID, err)
	}
	// A tenant that was deleted meanwhile may have missed the session.
	if _, err := (Tenants{s.Store}).Tenant(ctx, sn.Tenant); err != nil {
		return sn, "", cmp.Or(s.drop(ctx, sn), err)
	}
	return sn, token, s.makeRoom(ctx, by, lists[1])
}

// makeRoom ends the oldest sessions of a person who has too many.
func (s Sessions) makeRoom(ctx context.Context, by tracker.Principal, list string) error {
	old, err := s.rdb.ZRange(ctx, list, 0, -MaxSessions-1).Result()
	if err != nil {
		return fmt.Errorf("read a list of sessions: %w", err)
	}
	for _, member := range old {
		_, id, _ := strings.Cut(member, ":")
		sn, _, err := s.read(ctx, id)
		switch {
		case tracker.CodeOf(err) == tracker.CodeNotFound:
			err = s.rdb.ZRem(ctx, list, member).Err()
		case err == nil:
			err = errors.Join(s.told(ctx, by, sn.Tenant, "session.ended", fmt.Sprintf("%s: more than %d of a person", id, MaxSessions)), s.drop(ctx, sn))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Session returns the session of a token and notes its use, or CodeNotFound.
func (s Sessions) Session(ctx context.Context, token string) (tracker.Session, error) {
	rest, ok := strings.CutPrefix(token, sessionPrefix)
	id, text, both := strings.Cut(rest, "_")
	if !ok || !both || !isKeyID(id) || len(text) != 2*len(rand.Text()) {
		return tracker.Session{}, noSession("like this")
	}
	sn, sum, err := s.read(ctx, id)
	if err != nil {
		return sn, err
	}
	now := s.Now()
	if subtle.ConstantTimeCompare([]byte(sumOf(token)), []byte(sum)) == 0 || !now.Before(sn.ExpiresAt) {
		return tracker.Session{}, noSession(id)
	}
	if now.Sub(sn.LastUsedAt) > usedToTime {
		left := min(sn.ExpiresAt.Sub(now), sessionIdle)
		if err := touchSession.Run(ctx, s.rdb, []string{sessionKey(id)}, now.UnixMilli(), left.Milliseconds()).Err(); err != nil {
			return sn, fmt.Errorf("note the use of session %s: %w", id, err)
		}
	}
	return sn, nil
}

// read returns a session and the sum of its token.
func (s Sessions) read(ctx context.Context, id string) (_ tracker.Session, sum string, err error) {
	v, err := s.rdb.HMGet(ctx, sessionKey(id), sessionRecord, sessionSum, sessionUsed).Result()
	if err != nil {
		return tracker.Session{}, "", fmt.Errorf("read session %s: %w", id, err)
	}
	text := func(i int) string { t, _ := v[i].(string); return t }
	if text(0) == "" || text(1) == "" {
		return tracker.Session{}, "", noSession(id)
	}
	var k keptSession
	if err := json.Unmarshal([]byte(text(0)), &k); err != nil {
		return tracker.Session{}, "", fmt.Errorf("decode session %s: %w", id, err)
	}
	sn := k.Session
	sn.KeyID, sn.KeySum, sn.Grants, sn.Tenants = k.Key, k.Sum, k.Grants, k.Tenants
	if used := millis(text(2)); used != nil {
		sn.LastUsedAt = *used
	}
	return sn, text(1), nil
}

// SessionsOf lists sessions of a tenant, newest first: those of a person, or all where
// person is empty.
func (s Sessions) SessionsOf(ctx context.Context, tenant, person, cursor string, limit int) ([]tracker.Session, string, error) {
	list := sessionLists(tenant, person)[0]
	if person != "" {
		list = sessionLists(tenant, person)[1]
	}
	return listed(ctx, s.Store, list, cursor, limit, func(id string) (tracker.Session, time.Time, error) {
		sn, _, err := s.read(ctx, id)
		return sn, sn.CreatedAt, err
	})
}

// EndSession ends a session: one's own, or one of the tenant by who administrates it. To
// others it is CodeNotFound.
func (s Sessions) EndSession(ctx context.Context, by tracker.Principal, id string) error {
	if !isKeyID(id) {
		return noSession("like this")
	}
	sn, _, err := s.read(ctx, id)
	if err != nil {
		return err
	}
	if sn.Tenant != by.Tenant || sn.Person != by.Person && !by.May(tracker.PermitManage) {
		return noSession(id)
	}
	what, detail := "session.revoked", id+" of "+sn.Who
	if id == by.Session {
		what, detail = "session.ended", id
	}
	if err := s.told(ctx, by, sn.Tenant, what, detail); err != nil {
		return err
	}
	return s.drop(ctx, sn)
}

// drop ends a session, and then takes it off its lists.
func (s Sessions) drop(ctx context.Context, sn tracker.Session) error {
	if err := s.rdb.Del(ctx, sessionKey(sn.ID)).Err(); err != nil {
		return fmt.Errorf("end session %s: %w", sn.ID, err)
	}
	for _, list := range sessionLists(sn.Tenant, sn.Person) {
		if err := s.rdb.ZRem(ctx, list, entry(sn.ID, sn.CreatedAt.UnixMilli())).Err(); err != nil {
			return fmt.Errorf("take session %s off a list: %w", sn.ID, err)
		}
	}
	return nil
}
