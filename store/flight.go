package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// FlightKey names the single flight of a submission: submissions with the same
// key ask for the same kind of job of the same owner with the same credentials.
func FlightKey(sub tracker.Submission) (string, error) {
	digest, err := submissionDigest(sub)
	return "rt:flight:" + digest, err
}

func submissionDigest(sub tracker.Submission) (string, error) {
	return tracker.Digest(cmp.Or(sub.Kind, tracker.KindScan), sub.Owner, sub.CredentialsDigest, sub.Request, sub.Lane)
}

// takeFlight claims a flight for a job, or answers the job that has it. Run
// twice for the same job, both answer it.
//
// KEYS: the flight   ARGV: job ID, time to live (ms)
// Returns the job that has the flight
var takeFlight = redisScript(`
local job = redis.call("GET", KEYS[1])
if job then return job end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return ARGV[1]
`)

// freeFlight gives a flight back. Run twice, the second finds it free or taken by another.
//
// KEYS: the flight   ARGV: job ID   Returns 1 | 0
var freeFlight = redisScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`)

// TakeFlight claims a flight for a job that may take until life is over. It
// returns the job that has the flight, which is another when one runs already.
func (s *Store) TakeFlight(ctx context.Context, flight, job string, life time.Duration) (string, error) {
	holder, err := takeFlight.Run(ctx, s.rdb, []string{flight}, job, life.Milliseconds()).Text()
	if err != nil {
		return "", fmt.Errorf("take the flight of job %s: %w", job, err)
	}
	if holder == job {
		return job, nil
	}
	j, err := s.Lookup(ctx, holder)
	switch {
	case tracker.CodeOf(err) == tracker.CodeNotFound || err == nil && j.State.Terminal():
		// The holder has ended, or was never created because its API process died.
		if err := freeFlight.Run(ctx, s.rdb, []string{flight}, holder).Err(); err != nil {
			return "", fmt.Errorf("free the flight of job %s: %w", holder, err)
		}
		holder, err = takeFlight.Run(ctx, s.rdb, []string{flight}, job, life.Milliseconds()).Text()
		return holder, wrap(err, "take the flight of job %s", job)
	case err != nil:
		return "", err
	}
	return holder, nil
}

// Alias makes id answer as job for as long as job may be read.
func (s *Store) Alias(ctx context.Context, id, job string, life time.Duration) error {
	return wrap(s.rdb.Set(ctx, jobKey(id, "a"), job, life).Err(), "alias %s to job %s", id, job)
}

// resolve returns the job that id stands for.
func (s *Store) resolve(ctx context.Context, id string) (string, error) {
	job, err := s.rdb.Get(ctx, jobKey(id, "a")).Result()
	if errors.Is(err, redis.Nil) {
		return id, nil
	}
	return job, wrap(err, "resolve job %s", id)
}

// idempotencyLife is how long a repeated submission answers the first one's job.
const idempotencyLife = 24 * time.Hour

// claimKey records the first use of an idempotency key. Run twice, the second
// answers what the first recorded.
//
// KEYS: the key   ARGV: value, time to live (ms)
// Returns the value recorded
var claimKey = redisScript(`
local v = redis.call("GET", KEYS[1])
if v then return v end
redis.call("SET", KEYS[1], ARGV[1], "PX", ARGV[2])
return ARGV[1]
`)

// ClaimIdempotency records that a submission under its key made job, and returns
// the job that the first such submission made. The same key with another
// submission is a conflict.
func (s *Store) ClaimIdempotency(ctx context.Context, sub tracker.Submission, job string) (string, error) {
	digest, err := submissionDigest(sub)
	if err != nil {
		return "", err
	}
	return s.ClaimKey(ctx, sub.Owner, sub.IdempotencyKey, digest, job)
}

// ClaimKey records that a request of owner under an idempotency key made id, and
// returns what the first such request made. The same key with a request of
// another digest is a conflict.
func (s *Store) ClaimKey(ctx context.Context, owner, idempotencyKey, digest, id string) (string, error) {
	sum := sha256.Sum256([]byte(idempotencyKey))
	key := ownerKey(owner, "idem:"+hex.EncodeToString(sum[:16]))
	v, err := claimKey.Run(ctx, s.rdb, []string{key}, digest+id, idempotencyLife.Milliseconds()).Text()
	if err != nil {
		return "", fmt.Errorf("claim idempotency key: %w", err)
	}
	made, same := strings.CutPrefix(v, digest)
	if !same {
		return "", &tracker.Error{Code: tracker.CodeConflict, Field: "Idempotency-Key", Message: "was used for another request in the last 24 hours"}
	}
	return made, nil
}
