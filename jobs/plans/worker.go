// Package plans looks at plans, orders their items, and carries them out. What is
// true of a plan is in the store.
package plans

import (
	"strconv"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Kinds of tasks.
const (
	kindPlan = "plan:look" // looks at the items of a plan and freezes it
	kindItem = "plan:item" // carries out one item of a plan
)

// payload is the body of a plan's tasks.
type payload struct {
	Plan  string `json:"plan_id"`
	Item  int    `json:"item"`
	Epoch int    `json:"epoch"`
}

// theLook is the item that stands for looking at the plan itself.
const theLook = -1

func (p payload) Valid() bool { return p.Plan != "" }

func (p payload) Names() (job, unit string, epoch int) {
	if p.Item != theLook {
		unit = strconv.Itoa(p.Item)
	}
	return p.Plan, unit, p.Epoch
}

// Options are what plans need of a worker.
type Options struct {
	kernel.Base
	// Actions is what can be done to resources; plans may hold nothing else.
	Actions []tracker.ActionInfo
	// Saving returns what an item saves a month, by what was seen of its resource;
	// nil where that is not known.
	Saving func(tracker.ActionItem, tracker.Sight) *tracker.Money
	// Confirm is how long after a change was seen it is looked at once more, to tell
	// one that lasts from one that is undone at once; 0 is what Actions says of the type,
	// or two seconds.
	Confirm time.Duration
	// Lost is how long a change is looked for whose call may not have been sent.
	Lost time.Duration
	// Turn is how long a task looks at the items of a plan before it lets others have
	// its place.
	Turn time.Duration
	// Idle is how long after a call that brought nothing on its step is sent again, and
	// doubles with each; 0 is a second.
	Idle    time.Duration
	Metrics Metrics
}

// Metrics is told what happens. Its zero value tells nobody.
type Metrics struct {
	Plan func(state tracker.PlanState)
	Item func(verb string, state tracker.ItemState)
}

func (m Metrics) orNothing() Metrics {
	if m.Plan == nil {
		m.Plan = func(tracker.PlanState) {}
	}
	if m.Item == nil {
		m.Item = func(string, tracker.ItemState) {}
	}
	return m
}

// Worker runs the tasks of plans.
type Worker struct {
	o      Options
	client *Client
}

// NewWorker returns a worker that applies plans through client.
func NewWorker(o Options, client *Client) *Worker {
	o.Metrics = o.Metrics.orNothing()
	return &Worker{o, client}
}

// Register has mux hand the tasks of plans to the worker.
func (w *Worker) Register(mux *asynq.ServeMux) {
	mux.HandleFunc(kindPlan, kernel.Handler(w.look))
	mux.HandleFunc(kindItem, kernel.Handler(w.item))
}
