package scans

import (
	"context"
	"time"

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
	made, err := c.Store.Submit(ctx, sub, accounts, c.timeout(sub.Request))
	if err != nil {
		return j, false, err
	}
	return made.Job, made.Created, enqueue(ctx, c.Queue, made.Job, made.Dispatches)
}

// Check refuses a request that could never be scanned.
func (c *Client) Check(r tracker.ScanRequest) error {
	_, err := c.accountsOf(r)
	return err
}

// Cancel ends a job at once with what it has found. Cancelling an ended job
// changes nothing.
func (c *Client) Cancel(ctx context.Context, by tracker.Principal, id string) (tracker.Job, error) {
	j, err := c.Store.Job(ctx, by.Tenant, id)
	if err != nil || j.State.Terminal() {
		return j, err
	}
	failure := tracker.Failure{Outcome: tracker.OutcomeCancelled, Message: "the job was cancelled"}
	if _, err := c.Store.Drain(ctx, j.ID, "cancelled by "+by.Who, failure); err != nil {
		return j, err
	}
	ended, err := c.Store.Finish(ctx, j.ID)
	if err != nil {
		return j, err
	}
	if err := c.Store.Cancelled(ctx, j.ID); err != nil {
		return j, err
	}
	j, err = c.Store.Job(ctx, by.Tenant, id)
	if err == nil && ended && c.Ended != nil {
		c.Ended(j.State)
	}
	return j, err
}

// Retry reruns the cells of an ended job that did not complete.
func (c *Client) Retry(ctx context.Context, by tracker.Principal, id string, sealed []byte) (tracker.Job, error) {
	j, err := c.Store.Job(ctx, by.Tenant, id)
	if err != nil {
		return j, err
	}
	if j.Kind != tracker.KindScan {
		// Other credentials would find other answers beside the old ones.
		return j, tracker.Errorf(tracker.CodeConflict, "an access check is not retried: ask again with POST /api/v1/access-check")
	}
	timeout := c.timeout(j.Request)
	dispatches, err := c.Store.Reopen(ctx, by, j, timeout, sealed)
	if err != nil {
		return j, err
	}
	j.DeadlineAt = time.Now().Add(timeout)
	if err := enqueue(ctx, c.Queue, j, dispatches); err != nil {
		return j, err
	}
	return c.Store.Job(ctx, by.Tenant, id)
}
