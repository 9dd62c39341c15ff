// Package jobs puts the worker together, of scans, plans and schedules, and the
// client that others start them with. asynq only delivers: what is true of a job or
// plan is in the Store, and a task that is delivered twice, late or never changes
// nothing about how it ends.
package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/plans"
	"github.com/consolesensei/resource-tracker/jobs/records"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/jobs/webhooks"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Options are what a worker needs. The numbers have working zero values.
type Options struct {
	Store  *store.Store
	Redis  redis.UniversalClient
	Opener kernel.Opener
	// Open reaches an account. It does not call AWS.
	Open func(ctx context.Context, creds tracker.Credentials) (kernel.Account, error)
	// Types is what can be scanned.
	Types []tracker.TypeInfo
	// OrganizationRole is the name of the role that scans of an organisation
	// assume in its accounts.
	OrganizationRole string
	// Price sets the monthly cost of a resource; nil leaves it unknown.
	Price kernel.Pricing
	// Saving returns what an item saves a month, by what was seen of its resource;
	// nil where that is not known.
	Saving func(tracker.ActionItem, tracker.Sight) *tracker.Money
	// Findings passes on what the resources of a scan could cost less. Nil finds
	// nothing. Its error is the reason why a scan was not evaluated.
	Findings func(ctx context.Context, s scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error)

	// History is how scans are taken into a history; nil keeps none. Its Store, its Log and
	// what it tells are those of these options.
	History *records.Options

	// Actions is what can be done to resources; plans may hold nothing else.
	Actions []tracker.ActionInfo
	// Confirm is how long after a change was seen it is looked at once more, to tell
	// one that lasts from one that is undone at once; 0 is what Actions says of the type,
	// or two seconds.
	Confirm time.Duration
	// Lost is how long a change is looked for whose call may not have been sent; 0 is
	// a minute.
	Lost time.Duration
	// Turn is how long a task looks at the items of a plan before it lets others have
	// its place; 0 is a minute.
	Turn time.Duration
	// Idle is how long after a call that brought nothing on a step that repeats is sent
	// again, and doubles with each; 0 is a second.
	Idle time.Duration

	Concurrency int           // region tasks at once in each lane; 0 is 32
	Cells       int           // AWS listings at once; 0 is 256
	Poll        time.Duration // how often an idle worker looks for work; 0 is 20 ms
	Timeout     time.Duration // how long a scheduled job may take; 0 is ten minutes
	Rules       plans.Rules   // what plans may do
	Grace       time.Duration // how long tasks may run on after Stop; 0 is 25 s
	Beat        time.Duration // between signs of life; 0 is 3 s
	Log         *slog.Logger
	Metrics     Metrics
	Webhooks    webhooks.Settings // how events are sent
	// Tally is what is told of calls to AWS; nil tells nothing.
	Tally *store.Tally
}

// tallyEvery is how often a worker tells of its calls to AWS.
const tallyEvery = 10 * time.Second

// Metrics is told what happens. Its zero value tells nobody.
type Metrics struct {
	Scans scans.Metrics
	Plans plans.Metrics
	// Tick is told what became of each tick of a schedule: "fired", "missed", "failed"
	// or "refused".
	Tick func(what string)
	// Kept is told of each scan that the history was to take in how that ended: "kept",
	// "failed" or "lost".
	Kept func(how string)
	// Exported and Billed are told of each day that the history was to write out, and of each
	// period whose bill it was to read, how that ended: "written", "read" or "failed".
	Exported, Billed func(how string)
}

func (o Options) withDefaults() Options {
	o.Concurrency = cmp.Or(max(o.Concurrency, 0), 32)
	o.Cells = cmp.Or(max(o.Cells, 0), 256)
	o.Poll = cmp.Or(max(o.Poll, 0), 20*time.Millisecond)
	o.Grace = cmp.Or(max(o.Grace, 0), 25*time.Second)
	o.Beat = cmp.Or(max(o.Beat, 0), 3*time.Second)
	o.Confirm = max(o.Confirm, 0)
	o.Lost = cmp.Or(max(o.Lost, 0), time.Minute)
	o.Turn = cmp.Or(max(o.Turn, 0), time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Worker takes tasks from the queue and runs them.
type Worker struct {
	o       Options
	base    kernel.Base
	client  *Client // starts what schedules start
	scans   *scans.Worker
	plans   *plans.Worker
	hooks   *webhooks.Worker
	servers []*asynq.Server
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// NewWorker returns a worker that is not started.
func NewWorker(o Options) *Worker {
	o = o.withDefaults()
	base := kernel.Base{
		ID: rand.Text(), Store: o.Store, Queue: asynq.NewClientFromRedisClient(o.Redis), Types: o.Types, Price: o.Price, Log: o.Log,
		Deliveries: kernel.Deliveries{Inspector: asynq.NewInspectorFromRedisClient(o.Redis), Redis: o.Redis},
		Accounts:   &kernel.Accounts{Store: o.Store, Opener: o.Opener, Open: o.Open, Role: o.OrganizationRole},
	}
	client := NewClient(ClientOptions{
		Store: o.Store, Queue: base.Queue, Timeout: o.Timeout, Organization: o.OrganizationRole != "", Actions: o.Actions, Rules: o.Rules,
	})
	client.Log, client.Ticked = o.Log, o.Metrics.Tick
	return &Worker{
		o: o, base: base, client: client,
		scans: scans.NewWorker(scans.Options{
			Base: base, Cells: o.Cells, Beat: o.Beat, Findings: o.Findings, Metrics: o.Metrics.Scans,
		}),
		plans: plans.NewWorker(plans.Options{
			Base: base, Actions: o.Actions, Saving: o.Saving, Confirm: o.Confirm, Lost: o.Lost, Turn: o.Turn, Idle: o.Idle, Metrics: o.Metrics.Plans,
		}, client.planClient),
		hooks: webhooks.NewWorker(base, o.Webhooks),
	}
}

// deliveries is how many events a worker sends at once.
const deliveries = 16

// Start begins to take tasks and returns. Each lane has workers of its own, so a
// full one delays no other.
func (w *Worker) Start() error {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	if err := w.o.Store.Alive(ctx, w.base.ID, kernel.DeadAfter); err != nil {
		return err
	}
	mux := asynq.NewServeMux()
	w.scans.Register(mux)
	w.plans.Register(mux)
	w.hooks.Register(mux)
	for _, lane := range []kernel.Lane{
		{Name: tracker.LaneInteractive, Concurrency: w.o.Concurrency, Poll: w.o.Poll, PutOff: time.Second},
		{Name: tracker.LaneScheduled, Concurrency: max(1, w.o.Concurrency/4), Poll: max(w.o.Poll, 500*time.Millisecond), PutOff: time.Second},
		// Every item of a plan is put off once or more, to be looked at again.
		{Name: tracker.LaneActions, Concurrency: w.o.Concurrency, Poll: max(w.o.Poll, 50*time.Millisecond), PutOff: 200 * time.Millisecond},
		// A receiver may take ten seconds to answer.
		{Name: tracker.LaneWebhooks, Concurrency: deliveries, Poll: max(w.o.Poll, 200*time.Millisecond), PutOff: time.Second},
	} {
		srv := lane.Server(w.o.Redis, w.o.Store.Shards(), w.o.Grace, w.o.Log)
		if err := srv.Start(mux); err != nil {
			w.Stop()
			return fmt.Errorf("start the %s lane: %w", lane.Name, err)
		}
		w.servers = append(w.servers, srv)
	}
	w.done.Go(func() { w.scans.Run(ctx) })
	if w.o.History != nil {
		h := *w.o.History
		h.Store, h.Kept, h.Exported, h.Billed, h.Log = w.o.Store, w.o.Metrics.Kept, w.o.Metrics.Exported, w.o.Metrics.Billed, w.o.Log
		w.done.Go(func() { records.NewWorker(h).Run(ctx) })
	}
	w.done.Go(func() { kernel.Every(ctx, w.o.Beat, func() { w.live(ctx) }) })
	if w.o.Tally != nil {
		w.done.Go(func() { w.tally(ctx) })
	}
	w.done.Go(func() { kernel.Every(ctx, kernel.SweepEvery, func() { w.sweep(ctx) }) })
	w.done.Go(func() { kernel.Every(ctx, time.Second, func() { w.fire(ctx) }) })
	w.done.Go(func() { kernel.Every(ctx, time.Second, func() { w.tell(ctx) }) })
	return nil
}

// Stop takes no more tasks, lets those that run finish within the grace period,
// hands back what is left then, and returns when all have ended.
func (w *Worker) Stop() {
	handBack := time.AfterFunc(w.o.Grace, w.scans.HandBack)
	defer handBack.Stop()
	for _, srv := range w.servers {
		srv.Stop()
	}
	var stopping sync.WaitGroup
	for _, srv := range w.servers {
		stopping.Go(srv.Shutdown)
	}
	stopping.Wait()
	w.stop()
	w.done.Wait()
}

// live says that this worker lives.
func (w *Worker) live(ctx context.Context) {
	if err := w.o.Store.Alive(ctx, w.base.ID, kernel.DeadAfter); err != nil {
		w.o.Log.WarnContext(ctx, "cannot reach Redis to say that this worker lives", "err", err)
	}
}

// tally tells of calls to AWS until ctx ends, and then what is left.
func (w *Worker) tally(ctx context.Context) {
	tell := func(ctx context.Context, how func(context.Context) error) {
		if err := how(ctx); err != nil && ctx.Err() == nil {
			w.o.Log.WarnContext(ctx, "calls to AWS are not told; the next time tries again", "err", err)
		}
	}
	tell(ctx, w.o.Tally.Tell)
	kernel.Every(ctx, tallyEvery, func() { tell(ctx, w.o.Tally.Tell) })
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	tell(last, w.o.Tally.Leave)
}

// sweep closes the holes where no handler runs: a worker died, a task was lost or
// archived, a process died between writing to the store and to the queue, a job's
// time is up. Every worker does; one of them at a time.
func (w *Worker) sweep(ctx context.Context) {
	mine, err := w.o.Store.ClaimSweep(ctx, (kernel.SweepEvery - kernel.SweepEvery/6).Milliseconds())
	if err == nil && mine {
		err = errors.Join(w.scans.Sweep(ctx), w.plans.Sweep(ctx), w.client.Sweep(ctx), w.hooks.Sweep(ctx))
	}
	if err != nil && ctx.Err() == nil {
		w.o.Log.WarnContext(ctx, "sweep did not end well; the next one tries again", "err", err)
	}
}

// fire starts what schedules start. Every worker does.
func (w *Worker) fire(ctx context.Context) {
	if err := w.client.FireDue(ctx); err != nil && ctx.Err() == nil {
		w.o.Log.WarnContext(ctx, "due schedules were not all looked at; the next second tries again", "err", err)
	}
}

// tell puts events on their way out whose time has come. Every worker does.
func (w *Worker) tell(ctx context.Context) {
	if err := w.hooks.Dispatch(ctx); err != nil && ctx.Err() == nil {
		w.o.Log.WarnContext(ctx, "due events were not all put on the queue; the next second tries again", "err", err)
	}
}
