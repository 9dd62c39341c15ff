package kernel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Delivery is what becomes of a task on the queue.
type Delivery int

// The deliveries.
const (
	Absent  Delivery = iota // asynq does not have it
	Stuck                   // asynq keeps it, and its ID, and will not deliver it
	Waiting                 // it will be delivered
	Active                  // a worker has it
)

// Deliveries tells what becomes of tasks.
type Deliveries struct {
	Inspector *asynq.Inspector
	Redis     redis.UniversalClient
}

const (
	// stuckAfter is how far off the time of a task is that no handler has put off so far.
	stuckAfter = 2 * longestPause
	// leaseSlack is how much the clocks of workers may differ.
	leaseSlack = 2 * time.Second
)

// Of tells what becomes of a task.
func (d Deliveries) Of(ctx context.Context, queue, task string) (Delivery, error) {
	info, err := d.Inspector.GetTaskInfo(queue, task)
	switch {
	case errors.Is(err, asynq.ErrTaskNotFound), errors.Is(err, asynq.ErrQueueNotFound):
		return Absent, nil
	case err != nil:
		return Absent, fmt.Errorf("look up task %s: %w", task, err)
	}
	switch info.State {
	case asynq.TaskStateArchived, asynq.TaskStateCompleted:
		return Stuck, nil
	case asynq.TaskStateRetry, asynq.TaskStateScheduled:
		if time.Until(info.NextProcessAt) > stuckAfter {
			return Stuck, nil
		}
	case asynq.TaskStateActive:
		return d.active(ctx, queue, task)
	}
	return Waiting, nil
}

// Traced returns ctx in the trace of a task that asynq still has, such as that of a
// worker that died: work that is queued anew stays in the trace that asked for it.
func (d Deliveries) Traced(ctx context.Context, queue, task string) context.Context {
	info, err := d.Inspector.GetTaskInfo(queue, task)
	if err != nil {
		return ctx // gone, and its trace with it
	}
	return inTrace(ctx, info.Headers)
}

// active tells of a task that is active whether a worker has it. The Inspector tells
// only which leases are over, and not which tasks have none, which asynq never takes
// up again. So this reads asynq's own key, and changes nothing there.
func (d Deliveries) active(ctx context.Context, queue, task string) (Delivery, error) {
	until, err := d.Redis.ZScore(ctx, "asynq:{"+queue+"}:lease", task).Result()
	switch {
	case errors.Is(err, redis.Nil):
		return Stuck, nil
	case err != nil:
		return Absent, fmt.Errorf("look up the lease of task %s: %w", task, err)
	case time.Since(time.Unix(int64(until), 0)) > leaseSlack:
		return Stuck, nil
	}
	return Active, nil
}
