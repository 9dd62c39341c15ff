package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Submitted is what became of a submission.
type Submitted struct {
	// Job has the ID that the submission got, also where it joined another job.
	tracker.Job
	Created    bool
	Dispatches []Dispatch // the units to put on the queue
}

// Submit opens a job with one discovery cell for each account: an account ID, or a
// word where it is not known yet. The job may take until timeout is over. Nothing
// is created when the submission was made before under its idempotency key, or
// while the same job runs: the job is then that one, and its ID resolves to it.
//
// The keys of a submission are in several slots of a Redis Cluster, so this is
// several commands, the script createJob last. Whoever dies before it leaves an ID
// for the key, a flight and index entries of a job that there is not: the same
// submission made again takes the ID up, a flight without a job is taken over, and
// readers drop such index entries after a while, and its place among
// the tenant's jobs. Whoever dies after it leaves a job whose units the sweeper finds and puts on the queue. Run twice, the second answers
// the first one's job where there is a key or the job still runs, and else opens
// another.
func (s *Store) Submit(ctx context.Context, sub tracker.Submission, accounts []string, timeout time.Duration) (Submitted, error) {
	id, err := s.submissionID(ctx, sub)
	if err != nil {
		return Submitted{}, err
	}
	// A job of that ID exists when the key was used before, or when a schedule's
	// tick was submitted by another worker.
	if j, err := s.Job(ctx, sub.Owner, id); tracker.CodeOf(err) != tracker.CodeNotFound {
		return Submitted{Job: j}, err
	}
	flight := ""
	if !sub.OwnFlight {
		digest, err := submissionDigest(sub)
		if err != nil {
			return Submitted{}, err
		}
		flight = "rt:flight:" + digest
		holder, err := s.takeFlight(ctx, flight, id, timeout+time.Minute)
		if err != nil {
			return Submitted{}, err
		}
		if holder.ID != id {
			return s.join(ctx, id, holder)
		}
	}
	fresh, err := s.takeJob(ctx, sub.Owner, sub.By.CountedAs(), id)
	if err != nil {
		return Submitted{}, errors.Join(err, s.freeFlight(context.WithoutCancel(ctx), flight, id))
	}
	j := tracker.Job{
		ID: id, Kind: cmp.Or(sub.Kind, tracker.KindScan), Owner: sub.Owner, Lane: sub.Lane, Request: sub.Request, Schedule: sub.Schedule,
	}
	sealed := sub.Sealed
	if sealed == nil && sub.Seal != nil {
		if sealed, err = sub.Seal(id); err != nil {
			return Submitted{}, err
		}
	}
	dispatches, created, err := s.create(ctx, j, newJob{
		sealed: sealed, accounts: accounts, account: sub.Account, timeout: timeout, retention: cmp.Or(sub.Retention, s.o.Retention), flight: flight,
	})
	if err != nil {
		return Submitted{}, err
	}
	if fresh && !created { // another was faster, whose job may have ended by now
		if err := s.free(ctx, sub.Owner, openJobs, id, true); err != nil {
			return Submitted{}, err
		}
	}
	j, err = s.Lookup(ctx, id)
	return Submitted{Job: j, Created: created, Dispatches: dispatches}, err
}

// submissionID returns the ID of a submission's job: as it says, a new one, or the
// one that the first submission under its idempotency key got.
func (s *Store) submissionID(ctx context.Context, sub tracker.Submission) (string, error) {
	id := sub.JobID
	if id == "" {
		u, err := uuid.NewV7()
		if err != nil {
			return "", fmt.Errorf("make a job ID: %w", err)
		}
		id = u.String()
	}
	if sub.IdempotencyKey == "" {
		return id, nil
	}
	digest, err := submissionDigest(sub)
	if err != nil {
		return "", err
	}
	return s.ClaimKey(ctx, sub.Owner, sub.IdempotencyKey, digest, id)
}

// submissionDigest names the single flight of a submission: submissions with the
// same digest ask for the same kind of job of the same owner with the same
// credentials.
func submissionDigest(sub tracker.Submission) (string, error) {
	return tracker.Digest(cmp.Or(sub.Kind, tracker.KindScan), sub.Owner, sub.CredentialsDigest, sub.Request, sub.Lane)
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

// newJob is what a job begins with, and does not tell.
type newJob struct {
	sealed             []byte
	accounts           []string
	account            string // of the credentials; "" where they do not say it
	timeout, retention time.Duration
	flight             string // to free at the job's end
}

// createJob opens a job with its discovery cells. Run twice, for the same ID,
// the second changes nothing.
//
// ARGV: life (ms), sealed credentials, now (ms), number of meta fields and values, meta fields and values…, accounts…
// Returns {1 created | 0 there is such a job, dispatches…}
var createJob = script(`
if call("EXISTS", M) == 1 then return {0} end
local n, now, out = num(ARGV[4]), num(ARGV[3]), {1}
call("HSET", M, unpack(ARGV, 5, 4 + n))
for i = 5 + n, #ARGV do
	local id = ARGV[i] .. "/*"
	putUnit({id = id, state = "h", runs = 0, strikes = 0, epoch = 0, beat = now, left = 1})
	call("HSET", C, id .. "/*", "-:0:")
	call("RPUSH", H, id)
end
if ARGV[2] ~= "" then call("SET", X, ARGV[2]) end
enter("queued", ARGV[3])
call("PEXPIRE", M, ARGV[1])
dispatch(now, out)
keep()
return out
`)

// create opens a job. It returns the units to put on the queue; created is false
// when there is such a job already.
func (s *Store) create(ctx context.Context, j tracker.Job, n newJob) (dispatches []Dispatch, created bool, err error) {
	request, err := json.Marshal(j.Request)
	if err != nil {
		return nil, false, fmt.Errorf("encode request of job %s: %w", j.ID, err)
	}
	now := s.now()
	// The indexes first: a job that the sweeper does not know could wait for ever, and
	// one that is not listed would never be seen. An entry without a job is dropped.
	if j.Shard, err = s.addActive(ctx, j.ID, j.Owner, j.Lane, -1, now); err != nil {
		return nil, false, err
	}
	if err := s.enlist(ctx, ownerKey(j.Owner, "jobs"), j.ID, now); err != nil {
		return nil, false, err
	}
	meta := []any{
		"kind", j.Kind, "owner", j.Owner, "lane", string(j.Lane), "shard", j.Shard, "request", request,
		"schedule", j.Schedule, "account", n.account, "flight", n.flight, "created_at", now, "deadline_at", now + n.timeout.Milliseconds(),
		"retention", n.retention.Milliseconds(), "window", cmp.Or(j.Request.MaxWorkers, s.o.Window), "busy", 0, "closed", 0, "calls", 0,
		"total", len(n.accounts), "open", len(n.accounts), "discovering", len(n.accounts),
	}
	args := append([]any{(n.timeout + n.retention).Milliseconds(), n.sealed, now, len(meta)}, meta...)
	for _, a := range n.accounts {
		args = append(args, a)
	}
	r, err := createJob.Run(ctx, s.rdb, jobKeys(j.ID), args...).Slice()
	if err != nil {
		return nil, false, fmt.Errorf("create job %s: %w", j.ID, err)
	}
	return parseDispatches(r[1:]), r[0].(int64) == 1, nil
}
