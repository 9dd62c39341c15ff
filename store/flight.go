package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

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

// takeFlight claims a flight for a job that may take until life is over. It
// returns the job that has the flight: the one of that ID, which need not exist yet,
// or another that runs. A flight whose job has ended, or was never created because
// its process died, is taken over.
func (s *Store) takeFlight(ctx context.Context, flight, job string, life time.Duration) (tracker.Job, error) {
	for {
		holder, err := takeFlight.Run(ctx, s.rdb, []string{flight}, job, life.Milliseconds()).Text()
		if err != nil {
			return tracker.Job{}, fmt.Errorf("take the flight of job %s: %w", job, err)
		}
		if holder == job {
			return tracker.Job{ID: job}, nil
		}
		j, err := s.Lookup(ctx, holder)
		switch {
		case tracker.CodeOf(err) == tracker.CodeNotFound || err == nil && j.State.Terminal():
			if err := freeFlight.Run(ctx, s.rdb, []string{flight}, holder).Err(); err != nil {
				return tracker.Job{}, fmt.Errorf("free the flight of job %s: %w", holder, err)
			}
		default:
			return j, err
		}
	}
}

// join makes id answer as the job that holds the flight, for as long as that may be
// read.
func (s *Store) join(ctx context.Context, id string, holder tracker.Job) (Submitted, error) {
	if err := s.rdb.Set(ctx, jobKey(id, "a"), holder.ID, time.Until(holder.ExpiresAt)).Err(); err != nil {
		return Submitted{}, fmt.Errorf("alias %s to job %s: %w", id, holder.ID, err)
	}
	holder.ID = id
	return Submitted{Job: holder}, nil
}

// resolve returns the job that id stands for.
func (s *Store) resolve(ctx context.Context, id string) (string, error) {
	job, err := s.rdb.Get(ctx, jobKey(id, "a")).Result()
	if errors.Is(err, redis.Nil) {
		return id, nil
	}
	return job, wrap(err, "resolve job %s", id)
}
