package jobs

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Client submits, cancels and retries jobs.
type Client struct {
	Store *store.Store
	Queue *asynq.Client
	// Timeout is how long a job may take when it does not say; 0 is ten minutes.
	Timeout time.Duration
	// Organization allows scans of a whole organisation: the workers know the
	// role to assume in its accounts.
	Organization bool
	// Actions is what plans may hold.
	Actions []tracker.ActionInfo
	// Rules bound what plans may do.
	Rules PlanRules
	// Ended is told of every job that this client ended; nil tells nobody.
	Ended func(tracker.JobState)
}

func (c *Client) timeout(r tracker.ScanRequest) time.Duration {
	switch {
	case r.TimeoutSeconds > 0:
		return time.Duration(r.TimeoutSeconds) * time.Second
	case c.Timeout > 0:
		return c.Timeout
	}
	return 10 * time.Minute
}

// Submit starts a job. created is false when the submission was made before
// under its idempotency key, or joins the same job that runs already: the job
// that is returned is then that one, and its ID resolves to it.
func (c *Client) Submit(ctx context.Context, sub tracker.Submission) (j tracker.Job, created bool, err error) {
	accounts, err := c.accountsOf(sub.Request)
	if err != nil {
		return j, false, err
	}
	id := sub.JobID
	if id == "" {
		u, err := uuid.NewV7()
		if err != nil {
			return j, false, fmt.Errorf("make a job ID: %w", err)
		}
		id = u.String()
	}
	if sub.IdempotencyKey != "" {
		if id, err = c.Store.ClaimIdempotency(ctx, sub, id); err != nil {
			return j, false, err
		}
	}
	// A job of that ID exists when the key was used before, or when a schedule's
	// tick was submitted by another worker.
	if j, err = c.Store.Job(ctx, sub.Owner, id); tracker.CodeOf(err) != tracker.CodeNotFound {
		return j, false, err
	}
	flight := ""
	if !sub.OwnFlight {
		if flight, err = store.FlightKey(sub); err != nil {
			return j, false, err
		}
		life := c.timeout(sub.Request) + time.Minute
		holder, err := c.Store.TakeFlight(ctx, flight, id, life)
		if err != nil {
			return j, false, err
		}
		if holder != id {
			return c.join(ctx, sub.Owner, id, holder)
		}
	}
	shard, err := c.Store.ShardFor(ctx, sub.Owner, sub.Lane)
	if err != nil {
		return j, false, err
	}
	j = tracker.Job{
		ID: id, Kind: cmp.Or(sub.Kind, tracker.KindScan), Owner: sub.Owner, Lane: sub.Lane, Shard: shard, Request: sub.Request,
		Schedule: sub.Schedule, DeadlineAt: time.Now().Add(c.timeout(sub.Request)),
	}
	dispatches, created, err := c.Store.Create(ctx, store.NewJob{Job: j, Sealed: sub.Sealed, Accounts: accounts, Retention: sub.Retention, Flight: flight})
	if err != nil {
		return j, false, err
	}
	if err := enqueue(ctx, c.Queue, j, dispatches); err != nil {
		return j, false, err
	}
	j, err = c.Store.Job(ctx, sub.Owner, id)
	return j, created, err
}

// join makes id an alias of the job that holds the flight.
func (c *Client) join(ctx context.Context, owner, id, holder string) (tracker.Job, bool, error) {
	j, err := c.Store.Job(ctx, owner, holder)
	if err != nil {
		return j, false, err
	}
	if err := c.Store.Alias(ctx, id, holder, time.Until(j.ExpiresAt)); err != nil {
		return j, false, err
	}
	j.ID = id
	return j, false, nil
}

// Cancel ends a job at once with what it has found. Cancelling an ended job
// changes nothing.
func (c *Client) Cancel(ctx context.Context, owner, id string) (tracker.Job, error) {
	j, err := c.Store.Job(ctx, owner, id)
	if err != nil || j.State.Terminal() {
		return j, err
	}
	failure := tracker.Failure{Outcome: tracker.OutcomeCancelled, Message: "the job was cancelled"}
	if _, err := c.Store.Drain(ctx, j.ID, "cancelled by "+owner, failure); err != nil {
		return j, err
	}
	ended, err := c.Store.Finish(ctx, j.ID)
	if err != nil {
		return j, err
	}
	if err := c.Store.Cancelled(ctx, j.ID); err != nil {
		return j, err
	}
	j, err = c.Store.Job(ctx, owner, id)
	if err == nil && ended && c.Ended != nil {
		c.Ended(j.State)
	}
	return j, err
}

// Retry reruns the cells of an ended job that did not complete.
func (c *Client) Retry(ctx context.Context, owner, id string, sealed []byte) (tracker.Job, error) {
	j, err := c.Store.Job(ctx, owner, id)
	if err != nil {
		return j, err
	}
	if j.Kind != tracker.KindScan {
		// Other credentials would find other answers beside the old ones.
		return j, tracker.Errorf(tracker.CodeConflict, "an access check is not retried: ask again with POST /api/v1/access-check")
	}
	timeout := c.timeout(j.Request)
	dispatches, err := c.Store.Reopen(ctx, j, timeout, sealed)
	if err != nil {
		return j, err
	}
	j.DeadlineAt = time.Now().Add(timeout)
	if err := enqueue(ctx, c.Queue, j, dispatches); err != nil {
		return j, err
	}
	return c.Store.Job(ctx, owner, id)
}

// Words that stand for accounts whose number is not known before discovery.
const (
	selfAccount         = "self"         // the account of the credentials
	organizationAccount = "organization" // every account of the organisation
)

// accountsOf names what a scan discovers first.
func (c *Client) accountsOf(r tracker.ScanRequest) ([]string, error) {
	switch {
	case r.Organization && !c.Organization:
		return nil, tracker.Invalid("organization", "is switched off here: ORGANIZATION_ROLE is not set")
	case r.Organization && len(r.Accounts) > 0:
		return nil, tracker.Invalid("organization", "cannot be combined with accounts")
	case r.Organization:
		return []string{organizationAccount}, nil
	case len(r.Accounts) == 0:
		return []string{selfAccount}, nil
	}
	seen := map[string]int{}
	var ids []string
	for i, a := range r.Accounts {
		id := accountOfRole(a.RoleARN)
		if id == "" {
			return nil, tracker.Invalid(fmt.Sprintf("accounts[%d].role_arn", i), "is not the ARN of an IAM role")
		}
		if j, ok := seen[id]; ok {
			return nil, tracker.Invalid(fmt.Sprintf("accounts[%d].role_arn", i), "is in account %s, as accounts[%d] is: give one role for each account", id, j)
		}
		seen[id] = i
		ids = append(ids, id)
	}
	return ids, nil
}

// accountOfRole returns the account of arn:PARTITION:iam::ACCOUNT:role/NAME, or "".
func accountOfRole(arn string) string {
	f := strings.SplitN(arn, ":", 6)
	if len(f) != 6 || f[2] != "iam" || len(f[4]) != 12 || !strings.HasPrefix(f[5], "role/") {
		return ""
	}
	return f[4]
}

func isDiscovery(unit string) bool { return strings.HasSuffix(unit, "/"+tracker.Any) }
