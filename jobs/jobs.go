// Package jobs runs jobs on asynq. asynq only delivers: what is true of a job is
// in the Store, and a task that is delivered twice, late or never changes nothing
// about how the job ends.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Kinds of tasks.
const (
	kindDiscover = "scan:discover" // finds the regions of an account
	kindRegion   = "scan:region"   // runs the open cells of a region
	kindPlan     = "plan:look"     // looks at the items of a plan and freezes it
	kindItem     = "plan:item"     // carries out one item of a plan
)

// payload is the body of a task. It names things and holds no secret.
type payload struct {
	Job   string `json:"job_id"`
	Unit  string `json:"unit"`
	Epoch int    `json:"epoch"`
}

func (p payload) kind() string {
	if isDiscovery(p.Unit) {
		return kindDiscover
	}
	return kindRegion
}

// taskID is unique for each time that a unit is put on the queue.
func (p payload) taskID() string { return fmt.Sprintf("%s:%s:%d", p.Job, p.Unit, p.Epoch) }

// queueName names one of a lane's queues.
func queueName(lane tracker.Lane, shard int) string { return fmt.Sprintf("%s-%d", lane, shard) }

// queues returns a lane's queues, all of the same weight.
func queues(lane tracker.Lane, shards int) map[string]int {
	m := make(map[string]int, shards)
	for i := range shards {
		m[queueName(lane, i)] = 1
	}
	return m
}

// QueueNames returns the names of all queues of a store with so many shards.
func QueueNames(shards int) []string {
	var names []string
	for _, lane := range []tracker.Lane{tracker.LaneInteractive, tracker.LaneScheduled, tracker.LaneActions} {
		for i := range shards {
			names = append(names, queueName(lane, i))
		}
	}
	return names
}

// enqueue puts units of a job on its queue. Doing so twice does nothing: a
// unit's task ID is taken then.
func enqueue(ctx context.Context, queue *asynq.Client, j tracker.Job, dispatches []store.Dispatch) error {
	for _, d := range dispatches {
		p := payload{Job: j.ID, Unit: d.Unit, Epoch: d.Epoch}
		body, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("encode task %s: %w", p.taskID(), err)
		}
		_, err = queue.EnqueueContext(ctx, asynq.NewTaskWithHeaders(p.kind(), body, traceHeaders(ctx)),
			asynq.Queue(queueName(j.Lane, j.Shard)), asynq.TaskID(p.taskID()),
			// Attempts are counted in the Store: asynq archives a task whose worker
			// died on its last attempt without telling anybody.
			asynq.MaxRetry(100),
			asynq.Timeout(max(time.Until(j.DeadlineAt), 0)+time.Minute))
		if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
			return fmt.Errorf("queue %s: %w", p.taskID(), err)
		}
	}
	return nil
}
