package scans

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Kinds of tasks.
const (
	kindDiscover = "scan:discover" // finds the regions of an account
	kindRegion   = "scan:region"   // runs the open cells of a region
)

// payload is the body of a task.
type payload struct {
	Job   string `json:"job_id"`
	Unit  string `json:"unit"`
	Epoch int    `json:"epoch"`
}

func (p payload) Valid() bool { return p.Job != "" && p.Unit != "" }

func (p payload) Names() (job, unit string, epoch int) { return p.Job, p.Unit, p.Epoch }

func (p payload) kind() string {
	if isDiscovery(p.Unit) {
		return kindDiscover
	}
	return kindRegion
}

// taskID is unique for each time that a unit is put on the queue.
func (p payload) taskID() string { return fmt.Sprintf("%s:%s:%d", p.Job, p.Unit, p.Epoch) }

func isDiscovery(unit string) bool { return strings.HasSuffix(unit, "/"+tracker.Any) }

// enqueue puts units of a job on its queue. Doing so twice does nothing.
func enqueue(ctx context.Context, queue *asynq.Client, j tracker.Job, dispatches []store.Dispatch) error {
	for _, d := range dispatches {
		p := payload{Job: j.ID, Unit: d.Unit, Epoch: d.Epoch}
		err := kernel.Enqueue(ctx, queue, kernel.Task{
			ID: p.taskID(), Kind: p.kind(), Payload: p, Lane: j.Lane, Shard: j.Shard,
			// Attempts are counted in the Store: asynq archives a task whose worker
			// died on its last attempt without telling anybody.
			Retries: 100,
			Timeout: max(time.Until(j.DeadlineAt), 0) + time.Minute,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
