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

// takeFlight claims a flight for a job, or answers the job that has it and since when.
// Run twice for the same job, both answer it.
//
// KEYS: the flight   ARGV: job ID, now (ms), time to live (ms)
// Returns "job|since (ms)" of the job that has the flight
var takeFlight = redisScript(`
local holder = redis.call("GET", KEYS[1])
if holder then return holder end
redis.call("SET", KEYS[1], ARGV[1] .. "|" .. ARGV[2], "PX", ARGV[3])
return ARGV[1] .. "|" .. ARGV[2]
`)

// freeFlight gives a flight back. Run twice, the second finds it free or taken by another.
//
// KEYS: the flight   ARGV: job ID   Returns 1 | 0
var freeFlight = redisScript(`
local holder = redis.call("GET", KEYS[1])
if holder and string.match(holder, "^[^|]*") == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`)

const (
	// creating is how long a job that has a flight may take to be created. One that
	// there is not after that will never be: its process has died.
	creating = 5 * time.Second
	// flightPoll is how often a job that is being created is looked for.
	flightPoll = 10 * time.Millisecond
)

// takeFlight claims a flight for a job that may take until life is over. It returns the
// job that has the flight: the one of that ID, which need not exist yet, or another that
// runs. One that is being created is waited for, so that of submissions at the same
// moment one makes the job. A flight whose job has ended, or was never created because
// its process died, is taken over.
func (s *Store) takeFlight(ctx context.Context, flight, job string, life time.Duration) (tracker.Job, error) {
	patience := time.Now().Add(creating)
	for {
		v, err := takeFlight.Run(ctx, s.rdb, []string{flight}, job, s.now(), life.Milliseconds()).Text()
		if err != nil {
			return tracker.Job{}, fmt.Errorf("take the flight of job %s: %w", job, err)
		}
		holder, since, _ := strings.Cut(v, "|")
		if holder == job {
			return tracker.Job{ID: job}, nil
		}
		j, err := s.Lookup(ctx, holder)
		missing := tracker.CodeOf(err) == tracker.CodeNotFound
		switch {
		case missing && s.now()-num(since) < creating.Milliseconds() && time.Now().Before(patience):
			select {
			case <-time.After(flightPoll):
			case <-ctx.Done():
				return tracker.Job{}, fmt.Errorf("wait for job %s: %w", holder, ctx.Err())
			}
		case missing || err == nil && j.State.Terminal():
			if err := s.freeFlight(ctx, flight, holder); err != nil {
				return tracker.Job{}, err
			}
		default:
			return j, err
		}
	}
}

// freeFlight gives the flight of a job back that was not created; "" is none.
func (s *Store) freeFlight(ctx context.Context, flight, job string) error {
	if flight == "" {
		return nil
	}
	return wrap(freeFlight.Run(ctx, s.rdb, []string{flight}, job).Err(), "free the flight of job %s", job)
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
