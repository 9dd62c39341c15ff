package jobs

import (
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/jobs/schedules"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Three packages call what others use of them Client. Embedded, each needs a name of
// its own.
type (
	scanClient     = scans.Client
	planClient     = plans.Client
	scheduleClient = schedules.Client
)

// Client submits, cancels and retries jobs, makes and applies plans, and keeps
// schedules of both.
type Client struct {
	*scanClient
	*planClient
	*scheduleClient
}

// ClientOptions are what a client needs. Store and Queue are required.
type ClientOptions struct {
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
	Rules plans.Rules
	// Ended is told of every job that this client ended; nil tells nobody.
	Ended func(tracker.JobState)
}

// NewClient returns a client.
func NewClient(o ClientOptions) *Client {
	s := &scans.Client{Store: o.Store, Queue: o.Queue, Timeout: o.Timeout, Organization: o.Organization, Ended: o.Ended}
	p := &plans.Client{Store: o.Store, Queue: o.Queue, Actions: o.Actions, Rules: o.Rules}
	return &Client{s, p, &schedules.Client{Store: o.Store, Scans: s, Plans: p}}
}
