package jobs

import (
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/jobs/schedules"
	"github.com/consolesensei/resource-tracker/jobs/webhooks"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Four packages call what others use of them Client. Embedded, each needs a name of
// its own.
type (
	scanClient     = scans.Client
	planClient     = plans.Client
	scheduleClient = schedules.Client
	webhookClient  = webhooks.Client
)

// Client submits, cancels and retries jobs, makes and applies plans, keeps schedules of
// both, and webhooks that are told of all.
type Client struct {
	*scanClient
	*planClient
	*scheduleClient
	*webhookClient
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
	// Sealer, Guard and Mail are what keeping webhooks takes; a worker's client keeps none.
	Sealer webhooks.Sealer
	Guard  webhooks.Guard
	Mail   bool
}

// NewClient returns a client.
func NewClient(o ClientOptions) *Client {
	s := &scans.Client{Store: o.Store, Queue: o.Queue, Timeout: o.Timeout, Organization: o.Organization, Ended: o.Ended}
	p := &plans.Client{Store: o.Store, Queue: o.Queue, Actions: o.Actions, Rules: o.Rules}
	return &Client{
		s, p, &schedules.Client{Store: o.Store, Scans: s, Plans: p},
		&webhooks.Client{Store: o.Store, Sealer: o.Sealer, Guard: o.Guard, Mail: o.Mail},
	}
}
