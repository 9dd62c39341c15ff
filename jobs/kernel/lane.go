package kernel

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Lane is a kind of work that has workers of its own, so that a full lane delays no
// other. A lane has several queues, to keep tenants apart.
type Lane struct {
	Name        tracker.Lane
	Concurrency int           // tasks at once
	Poll        time.Duration // how often an idle worker looks for work
	PutOff      time.Duration // how often it looks for tasks whose time has come again
}

// QueueName names one of a lane's queues.
func QueueName(lane tracker.Lane, shard int) string { return fmt.Sprintf("%s-%d", lane, shard) }

// queues returns a lane's queues, all of the same weight.
func queues(lane tracker.Lane, shards int) map[string]int {
	m := make(map[string]int, shards)
	for i := range shards {
		m[QueueName(lane, i)] = 1
	}
	return m
}

// QueueNames returns the names of all queues of a store with so many shards.
func QueueNames(shards int) []string {
	var names []string
	for _, lane := range []tracker.Lane{tracker.LaneInteractive, tracker.LaneScheduled, tracker.LaneActions, tracker.LaneWebhooks} {
		for i := range shards {
			names = append(names, QueueName(lane, i))
		}
	}
	return names
}

// Server returns what takes the tasks of the lane, not started. Tasks that it is
// stopped in may run on for the grace period.
func (l Lane) Server(rdb redis.UniversalClient, shards int, grace time.Duration, log *slog.Logger) *asynq.Server {
	return asynq.NewServerFromRedisClient(rdb, asynq.Config{
		Concurrency:              l.Concurrency,
		Queues:                   queues(l.Name, shards),
		TaskCheckInterval:        l.Poll,
		DelayedTaskCheckInterval: l.PutOff,
		// Tasks hand themselves back before asynq's own limit is up.
		ShutdownTimeout: grace + 2*time.Second,
		RetryDelayFunc:  retryDelay,
		IsFailure:       isFailure,
		ErrorHandler:    report(log),
		Logger:          asynqLog{log},
		LogLevel:        asynq.WarnLevel,
	})
}

// report logs a task that failed: once, here, for all handlers.
func report(log *slog.Logger) asynq.ErrorHandlerFunc {
	return func(ctx context.Context, t *asynq.Task, err error) {
		if !isFailure(err) {
			return
		}
		id, _ := asynq.GetTaskID(ctx)
		log.WarnContext(ctx, "task failed and will be tried again", "task", id, "kind", t.Type(), "err", err)
	}
}
