package jobs

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/semaphore"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Opener reads credentials that were sealed for workers.
type Opener interface {
	Open(sealed []byte) (tracker.Credentials, error)
}

// Account is an AWS account as one set of credentials reaches it.
type Account interface {
	// Identity returns the account's number, asking AWS each time.
	Identity(ctx context.Context) (string, error)
	// Partition returns the partition of the account, once its Identity is known.
	Partition() tracker.Partition
	// Regions returns the regions that are enabled in the account.
	Regions(ctx context.Context) ([]string, error)
	// Members returns the active accounts of the organisation.
	Members(ctx context.Context) ([]string, error)
	// Scan lists the resources of a cell.
	Scan(ctx context.Context, c tracker.Cell, w Wanted, emit func(...tracker.Resource) error) error
	Prober
	// Explain turns an error of the above into an outcome.
	Explain(err error, region string) *tracker.Failure
}

// Wanted is what the scan that a cell belongs to asks for.
type Wanted struct {
	// Types are all types of the scan, and those that it excludes by name, so that
	// what lists the rest takes neither for it; none means the whole catalogue.
	Types []tracker.Type
	// Regions, when there are any, are those that resources of a global cell,
	// such as buckets, are wanted from.
	Regions []string
	// ExcludeRegions are those that no resource is wanted from.
	ExcludeRegions []string
	// NoListeners leaves the listeners of load balancers out.
	NoListeners bool
}

// wanted is what a request asks for of an account.
func wanted(r tracker.ScanRequest, account string) Wanted {
	w := Wanted{Types: r.Types, Regions: regionsOf(r, account), ExcludeRegions: r.ExcludeRegions, NoListeners: r.NoListeners}
	if len(r.Types) > 0 {
		w.Types = slices.Concat(r.Types, r.ExcludeTypes)
	}
	return w
}

// Options are what a worker needs. The numbers and Now have working zero values.
type Options struct {
	Store  *store.Store
	Redis  redis.UniversalClient
	Opener Opener
	// Open reaches an account. It does not call AWS.
	Open func(ctx context.Context, creds tracker.Credentials) (Account, error)
	// Types is what can be scanned.
	Types []tracker.TypeInfo
	// OrganizationRole is the name of the role that scans of an organisation
	// assume in its accounts.
	OrganizationRole string
	// Price sets the monthly cost of a resource; nil leaves it unknown.
	Price func(*tracker.Resource)
	// Saving returns what an item saves a month, by what was seen of its resource;
	// nil where that is not known.
	Saving func(tracker.ActionItem, tracker.Sight) *tracker.Money
	// Findings passes on what the resources of a scan could cost less. Nil finds
	// nothing. Its error is the reason why a scan was not evaluated.
	Findings func(ctx context.Context, s Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error)

	// Actions is what can be done to resources; plans may hold nothing else.
	Actions []tracker.ActionInfo
	// Confirm is how long after a change was seen it is looked at once more, to tell
	// one that lasts from one that is undone at once; 0 is two seconds.
	Confirm time.Duration
	// Lost is how long a change is looked for whose call may not have been sent; 0 is
	// a minute.
	Lost time.Duration

	Concurrency int           // region tasks at once in each lane; 0 is 32
	Cells       int           // AWS listings at once; 0 is 256
	Poll        time.Duration // how often an idle worker looks for work; 0 is 20 ms
	Timeout     time.Duration // how long a scheduled job may take; 0 is ten minutes
	Rules       PlanRules     // what plans may do
	Grace       time.Duration // how long tasks may run on after Stop; 0 is 25 s
	Beat        time.Duration // between signs of life; 0 is 3 s
	Log         *slog.Logger
	Metrics     Metrics
}

// Metrics is told what happens. Its zero value tells nobody.
type Metrics struct {
	Cell       func(t tracker.Type, o tracker.Outcome, elapsed time.Duration)
	PutBack    func(t tracker.Type, o tracker.Outcome)
	Job        func(state tracker.JobState)
	Redispatch func()
	Plan       func(state tracker.PlanState)
	Item       func(verb string, state tracker.ItemState)
}

// Worker takes tasks from the queue and runs them.
type Worker struct {
	o        Options
	id       string // of this process, among all that ever ran
	queue    *asynq.Client
	client   *Client // submits what schedules start
	inspect  *asynq.Inspector
	servers  []*asynq.Server
	cells    *semaphore.Weighted
	accounts *accounts
	running  *running
	ending   chan string // scans to evaluate and to end
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// NewWorker returns a worker that is not started.
func NewWorker(o Options) *Worker {
	if o.Concurrency <= 0 {
		o.Concurrency = 32
	}
	if o.Cells <= 0 {
		o.Cells = 256
	}
	if o.Poll <= 0 {
		o.Poll = 20 * time.Millisecond
	}
	if o.Grace <= 0 {
		o.Grace = 25 * time.Second
	}
	if o.Beat <= 0 {
		o.Beat = 3 * time.Second
	}
	if o.Confirm <= 0 {
		o.Confirm = 2 * time.Second
	}
	if o.Lost <= 0 {
		o.Lost = time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Metrics = o.Metrics.orNothing()
	queue := asynq.NewClientFromRedisClient(o.Redis)
	return &Worker{
		o:       o,
		id:      rand.Text(),
		queue:   queue,
		client:  &Client{Store: o.Store, Queue: queue, Timeout: o.Timeout, Organization: o.OrganizationRole != "", Rules: o.Rules, Actions: o.Actions},
		inspect: asynq.NewInspectorFromRedisClient(o.Redis),
		cells:   semaphore.NewWeighted(int64(o.Cells)),
		running: newRunning(),
		ending:  make(chan string, 256),
		accounts: &accounts{
			opened: map[string]*opened{}, store: o.Store, opener: o.Opener, open: o.Open, role: o.OrganizationRole,
		},
	}
}

func (m Metrics) orNothing() Metrics {
	if m.Cell == nil {
		m.Cell = func(tracker.Type, tracker.Outcome, time.Duration) {}
	}
	if m.PutBack == nil {
		m.PutBack = func(tracker.Type, tracker.Outcome) {}
	}
	if m.Job == nil {
		m.Job = func(tracker.JobState) {}
	}
	if m.Redispatch == nil {
		m.Redispatch = func() {}
	}
	if m.Plan == nil {
		m.Plan = func(tracker.PlanState) {}
	}
	if m.Item == nil {
		m.Item = func(string, tracker.ItemState) {}
	}
	return m
}

// Start begins to take tasks and returns. Each lane has workers of its own, so a
// full one delays no other.
func (w *Worker) Start() error {
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	if err := w.o.Store.Alive(ctx, w.id, deadAfter); err != nil {
		return err
	}
	for _, lane := range []struct {
		name        tracker.Lane
		concurrency int
		poll        time.Duration
		delayed     time.Duration // between looks at what was put off
	}{
		{tracker.LaneInteractive, w.o.Concurrency, w.o.Poll, time.Second},
		{tracker.LaneScheduled, max(1, w.o.Concurrency/4), max(w.o.Poll, 500*time.Millisecond), time.Second},
		// Every item of a plan is put off once or more, to be looked at again.
		{tracker.LaneActions, w.o.Concurrency, max(w.o.Poll, 50*time.Millisecond), 200 * time.Millisecond},
	} {
		srv := asynq.NewServerFromRedisClient(w.o.Redis, asynq.Config{
			Concurrency:              lane.concurrency,
			Queues:                   queues(lane.name, w.o.Store.Shards()),
			TaskCheckInterval:        lane.poll,
			DelayedTaskCheckInterval: lane.delayed,
			// Tasks hand themselves back before asynq's own limit is up.
			ShutdownTimeout: w.o.Grace + 2*time.Second,
			RetryDelayFunc:  retryDelay,
			IsFailure:       isFailure,
			ErrorHandler:    asynq.ErrorHandlerFunc(w.report),
			Logger:          asynqLog{w.o.Log},
			LogLevel:        asynq.WarnLevel,
		})
		mux := asynq.NewServeMux()
		mux.HandleFunc(kindDiscover, w.handle)
		mux.HandleFunc(kindRegion, w.handle)
		mux.HandleFunc(kindPlan, w.handlePlan)
		mux.HandleFunc(kindItem, w.handleItem)
		if err := srv.Start(mux); err != nil {
			w.Stop()
			return fmt.Errorf("start the %s lane: %w", lane.name, err)
		}
		w.servers = append(w.servers, srv)
	}
	w.done.Go(func() { w.beat(ctx) })
	w.done.Go(func() { w.sweep(ctx) })
	w.done.Go(func() { w.watchCancellations(ctx) })
	w.done.Go(func() { w.watchSchedules(ctx) })
	for range evaluators {
		w.done.Go(func() { w.evaluateAll(ctx) })
	}
	return nil
}

// Stop takes no more tasks, lets those that run finish within the grace period,
// hands back what is left then, and returns when all have ended.
func (w *Worker) Stop() {
	handBack := time.AfterFunc(w.o.Grace, func() { w.running.cancelAll(errHandBack) })
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

// report logs a task that failed: once, here, for all handlers.
func (w *Worker) report(ctx context.Context, t *asynq.Task, err error) {
	if !isFailure(err) {
		return
	}
	id, _ := asynq.GetTaskID(ctx)
	w.o.Log.WarnContext(ctx, "task failed and will be tried again", "task", id, "kind", t.Type(), "err", err)
}

func (w *Worker) handle(ctx context.Context, t *asynq.Task) error {
	var p payload
	if err := json.Unmarshal(t.Payload(), &p); err != nil || p.Job == "" || p.Unit == "" {
		return fmt.Errorf("task %s has a payload that is not ours: %w", t.Type(), asynq.SkipRetry)
	}
	ctx, end := traceTask(ctx, t.Type(), t.Headers(), p)
	err := w.run(ctx, p)
	end(err)
	return err
}

// run does what a task asks for, as far as it still is to be done.
func (w *Worker) run(ctx context.Context, p payload) error {
	lease, err := w.o.Store.Begin(ctx, p.Job, store.Dispatch{Unit: p.Unit, Epoch: p.Epoch})
	if err != nil {
		return err
	}
	switch lease.Verdict {
	case store.Finalize:
		return w.finish(ctx, p.Job)
	case store.Wait:
		return snooze{time.Second}
	case store.Done, store.Superseded, store.Gone:
		return w.dispatch(ctx, p.Job, lease.Dispatch)
	}
	u := &unitRun{w: w, lease: lease}
	ctx, end := w.running.add(ctx, p.Job, lease)
	defer end()
	again, err := u.run(ctx, p.Job)
	// Handing the unit back must also work when its context is done.
	free := context.WithoutCancel(ctx)
	next, err2 := w.o.Store.Release(free, p.Job, lease)
	if err := errors.Join(err, err2, w.dispatch(free, p.Job, next)); err != nil {
		return err
	}
	if again >= 0 {
		return snooze{again}
	}
	return nil
}

// dispatch puts units of a job on the queue.
func (w *Worker) dispatch(ctx context.Context, job string, units []store.Dispatch) error {
	if len(units) == 0 {
		return nil
	}
	j, err := w.o.Store.Lookup(ctx, job)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return enqueue(ctx, w.queue, j, units)
}

// finish ends a job whose cells are all closed, at once or when it is evaluated.
func (w *Worker) finish(ctx context.Context, job string) error {
	j, err := w.o.Store.Lookup(ctx, job)
	if err != nil && tracker.CodeOf(err) != tracker.CodeNotFound {
		return err
	}
	if !w.evaluated(j) {
		return w.end(ctx, job)
	}
	select {
	case w.ending <- job:
	default: // more wait than there is room for: the sweeper brings it again
	}
	return nil
}

// end ends a job.
func (w *Worker) end(ctx context.Context, job string) error {
	ended, err := w.o.Store.Finish(ctx, job)
	w.accounts.forget(job)
	if err != nil || !ended {
		return err
	}
	j, err := w.o.Store.Lookup(ctx, job)
	if err != nil {
		return err
	}
	w.o.Metrics.Job(j.State)
	w.o.Log.InfoContext(ctx, "job ended", "job", job, "state", j.State, "resources", j.Summary.TotalResources, "cells", j.Progress.CellsTotal)
	return nil
}
