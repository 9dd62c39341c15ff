package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	client "github.com/consolesensei/resource-tracker/clients/go"
)

type scanCmd struct {
	scope
	access
	Wait   bool   `help:"Show the progress, and wait for the end." default:"true" negatable:""`
	Watch  string `help:"Come back to a scan that was started before, in place of starting one." placeholder:"JOB" xor:"job"`
	Retry  string `help:"Scan again what an earlier scan could not see." placeholder:"JOB" xor:"job"`
	Cancel string `help:"Cancel a scan; what it has found stays." placeholder:"JOB" xor:"job"`
	Key    string `help:"Starting again with the same key comes back to the same scan." name:"idempotency-key" placeholder:"KEY"`
}

func (c *scanCmd) Run(e *env) error {
	t, err := e.client()
	if err != nil {
		return err
	}
	if err := e.lasting(!c.Wait, "--wait=false"); err != nil {
		return err
	}
	job, err := c.job(e, t)
	if err != nil {
		return err
	}
	if !c.Wait {
		return e.started(t, job)
	}
	if err := e.watch(t, job); err != nil {
		return err
	}
	answer, err := t.GetJob(e.ctx, job)
	if err != nil {
		return err
	}
	if err := e.recorded(t, job); err != nil {
		return err
	}
	return e.scanned(t, answer)
}

// recordTries is how often a command whose server ends with it asks whether its scan is in the history. Each time the
// server waits up to two seconds for it.
const recordTries = 10

// recorded waits, where the server ends with the command, until a scan that has ended is in the history, so that the
// next command finds it there.
func (e *env) recorded(t *client.Tracker, job string) error {
	if !e.here {
		return nil
	}
	for range recordTries {
		a, err := t.ListInventory(e.ctx, &client.ListInventoryParams{Limit: 1})
		if unavailable, ok := errors.AsType[*client.Error](err); ok && unavailable.Status == http.StatusServiceUnavailable {
			return nil // it keeps no history
		}
		if err != nil || !slices.Contains(a.PendingScans, job) {
			return err
		}
	}
	e.note("the scan is not in the history yet: it comes in with the next command")
	return nil
}

// job is the ID of the scan to show: one that was there, or one that is started.
func (c *scanCmd) job(e *env, t *client.Tracker) (string, error) {
	switch {
	case c.Watch != "":
		return c.Watch, nil
	case c.Cancel != "":
		_, err := t.CancelJob(e.ctx, c.Cancel)
		return c.Cancel, err
	case c.Retry != "":
		k, err := c.keys(e)
		if err != nil {
			return "", err
		}
		a, err := t.RetryJob(e.ctx, c.Retry, client.RetryBody{
			Account: k.account, RoleARN: k.roleARN, ExternalID: k.externalID, SealedCredentials: k.sealed,
		})
		if err != nil {
			return "", err
		}
		return a.JobID, nil
	}
	k, err := c.keys(e)
	if err != nil {
		return "", err
	}
	body, err := c.body(k)
	if err != nil {
		return "", err
	}
	a, err := t.StartScan(e.ctx, &client.StartScanParams{IdempotencyKey: c.Key}, body)
	if e.ctx.Err() != nil {
		e.note("the scan may have been started all the same: tracker jobs lists it then")
		return "", ends(ExitOther)
	}
	if err != nil {
		return "", err
	}
	if a.Created {
		e.note("scan %s has started", a.JobID)
	} else {
		e.note("scan %s was there already: it asks for the same", a.JobID)
	}
	return a.JobID, nil
}

// started tells of a scan that nobody waits for.
func (e *env) started(t *client.Tracker, job string) error {
	answer, err := t.GetJob(e.ctx, job)
	if err != nil {
		return err
	}
	return e.one(answer, jobColumns, func() error {
		e.say("%s", job)
		e.note("it goes on by itself: tracker scan --watch %s", job)
		return nil
	})
}

// watch shows a scan until it has ended. Whatever ends the watching sooner, the scan goes on, and the message says how to
// come back to it.
func (e *env) watch(t *client.Tracker, job string) error {
	err := e.follow(t, job)
	switch {
	case err == nil:
		return nil
	case errors.Is(e.ctx.Err(), context.Canceled) && e.here:
		e.note("the scan stops with this command, and goes on with the next one; come back to it: tracker scan --watch %s", job)
		return ends(ExitOther)
	case errors.Is(e.ctx.Err(), context.Canceled):
		e.note("the scan goes on without you; come back to it: tracker scan --watch %s; or end it: tracker scan --cancel %s", job, job)
		return ends(ExitOther)
	case errors.Is(err, client.ErrNotFound), errors.Is(err, client.ErrUnauthorized), errors.Is(err, client.ErrForbidden):
		return err
	}
	return fmt.Errorf("%w; the scan goes on without you: tracker scan --watch %s comes back to it", err, job)
}

// exitOf is what the program ends with after a scan.
func exitOf(job *client.JobAnswer) int {
	switch {
	case job.State == "succeeded" && job.Complete:
		return ExitComplete
	case job.State == "failed" && deniedAll(job.Errors):
		return ExitDenied
	case job.State == "failed":
		return ExitOther
	}
	return ExitPartial
}

// denials are the outcomes by which AWS lets nobody in.
var denials = []string{"denied", "denied_scp", "bad_credentials"}

func deniedAll(groups []client.FailureGroup) bool {
	return len(groups) > 0 && !slices.ContainsFunc(groups, func(g client.FailureGroup) bool { return !slices.Contains(denials, g.Outcome) })
}
