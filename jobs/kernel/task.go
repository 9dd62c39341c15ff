package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Payload is the body of a task. It names things and holds no secret.
type Payload interface {
	// Valid reports whether it names what it has to.
	Valid() bool
	// Names returns what it names, for traces.
	Names() (job, unit string, epoch int)
}

// Task is a piece of work on its way to a worker.
type Task struct {
	ID      string // unique for each time that the work is put on the queue
	Kind    string
	Payload Payload
	Lane    tracker.Lane
	Shard   int
	Retries int // how often asynq has it tried again when it failed
	Timeout time.Duration
	In      time.Duration // how long it waits first
}

// Enqueue puts a task on its queue. Doing so twice does nothing: its ID is taken
// then.
func Enqueue(ctx context.Context, queue *asynq.Client, t Task) error {
	body, err := json.Marshal(t.Payload)
	if err != nil {
		return fmt.Errorf("encode task %s: %w", t.ID, err)
	}
	_, err = queue.EnqueueContext(ctx, asynq.NewTaskWithHeaders(t.Kind, body, traceHeaders(ctx)),
		asynq.Queue(QueueName(t.Lane, t.Shard)), asynq.TaskID(t.ID), asynq.MaxRetry(t.Retries), asynq.Timeout(t.Timeout), asynq.ProcessIn(t.In))
	if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
		return fmt.Errorf("queue %s: %w", t.ID, err)
	}
	return nil
}

// Handler hands the payloads of tasks to run, each in the trace of its task.
func Handler[P Payload](run func(context.Context, P) error) func(context.Context, *asynq.Task) error {
	return func(ctx context.Context, t *asynq.Task) error {
		var p P
		if err := json.Unmarshal(t.Payload(), &p); err != nil || !p.Valid() {
			return fmt.Errorf("task %s has a payload that is not ours: %w", t.Type(), asynq.SkipRetry)
		}
		ctx, end := traceTask(ctx, t.Type(), t.Headers(), p)
		err := run(ctx, p)
		end(err)
		return err
	}
}
