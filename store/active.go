package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// redisScript is a script on keys of its own, without the prelude of jobs.
func redisScript(body string) *redis.Script { return redis.NewScript(body) }

func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), wrap(err, "encode")
}

// StrayAfter is when an index entry without a job or plan is dropped: one that is
// younger may be of one that is being created.
const StrayAfter = time.Minute

// Active is an entry of the sweeper's index: a job that has not ended.
type Active struct {
	Job       string       `json:"-"`
	Owner     string       `json:"owner"`
	Lane      tracker.Lane `json:"lane"`
	Shard     int          `json:"shard"`
	CreatedMS int64        `json:"created_ms"`
}

func (s *Store) addActive(ctx context.Context, j tracker.Job, now int64) error {
	b, err := encode(Active{Owner: j.Owner, Lane: j.Lane, Shard: j.Shard, CreatedMS: now})
	if err != nil {
		return err
	}
	return wrap(s.rdb.HSet(ctx, activeKey, j.ID, b).Err(), "index job %s", j.ID)
}

// Active returns the jobs that have not ended.
func (s *Store) Active(ctx context.Context) ([]Active, error) {
	m, err := s.rdb.HGetAll(ctx, activeKey).Result()
	if err != nil {
		return nil, fmt.Errorf("read active jobs: %w", err)
	}
	active := make([]Active, 0, len(m))
	for id, v := range m {
		a := Active{Job: id}
		if err := json.Unmarshal([]byte(v), &a); err != nil {
			return nil, fmt.Errorf("active job %s: %w", id, err)
		}
		active = append(active, a)
	}
	return active, nil
}

// Forget drops a job from the sweeper's index, when there is no such job.
func (s *Store) Forget(ctx context.Context, job string) error {
	return wrap(s.rdb.HDel(ctx, activeKey, job).Err(), "forget job %s", job)
}

// ShardFor picks the queue of a lane that a new job of owner goes to: the one
// that the owner's jobs are in already, else the one with the fewest owners. So a
// tenant with a thousand waiting tasks has them in a queue of its own, as long
// as there are no more busy tenants than queues.
func (s *Store) ShardFor(ctx context.Context, owner string, lane tracker.Lane) (int, error) {
	active, err := s.Active(ctx)
	if err != nil {
		return 0, err
	}
	owners := make([]map[string]bool, s.o.Shards)
	for i := range owners {
		owners[i] = map[string]bool{}
	}
	for _, a := range active {
		if a.Lane != lane || a.Shard >= len(owners) {
			continue
		}
		if a.Owner == owner {
			return a.Shard, nil
		}
		owners[a.Shard][a.Owner] = true
	}
	best := 0
	for i := range owners {
		if len(owners[i]) < len(owners[best]) {
			best = i
		}
	}
	return best, nil
}

// Shards is how many queues each lane has.
func (s *Store) Shards() int { return s.o.Shards }

// sweepKey is held by the process that sweeps.
const sweepKey = "rt:sweep"

// ClaimSweep reports whether the caller is to sweep now; nobody else is told so
// for the same while.
func (s *Store) ClaimSweep(ctx context.Context, forMS int64) (bool, error) {
	n, err := claim.Run(ctx, s.rdb, []string{sweepKey}, forMS).Int()
	return n == 1, wrap(err, "claim the sweep")
}

// claim takes a key for a while.
//
// KEYS: the key   ARGV: for how long (ms)   Returns 1 | 0
var claim = redisScript(`
if redis.call("SET", KEYS[1], 1, "NX", "PX", ARGV[1]) then return 1 end
return 0
`)

// Cancelled announces that running work of a job is to stop.
func (s *Store) Cancelled(ctx context.Context, job string) error {
	return wrap(s.rdb.Publish(ctx, cancelKey, job).Err(), "announce the end of job %s", job)
}

// Cancellations calls f with the ID of each job that is announced to stop, until ctx ends.
func (s *Store) Cancellations(ctx context.Context, f func(job string)) error {
	sub := s.rdb.Subscribe(ctx, cancelKey)
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case msg, ok := <-sub.Channel():
			if !ok {
				return nil
			}
			f(msg.Payload)
		}
	}
}
