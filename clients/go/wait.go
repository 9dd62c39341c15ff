package client

import (
	"context"
	"net/http"
	"slices"
	"time"
)

// longPatience is how long waiting and following go on while the server is away.
const longPatience = 5 * time.Minute

// JobEnded tells whether a state of a job is its last.
func JobEnded(state string) bool {
	return slices.Contains([]string{"succeeded", "partial", "failed", "cancelled"}, state)
}

// PlanEnded tells whether a state of a plan is its last.
func PlanEnded(state string) bool {
	return slices.Contains([]string{"succeeded", "partial", "failed", "cancelled", "expired"}, state)
}

// WaitJob waits until a job has ended, and returns it as it is then. It tells how the job stands
// whenever it looks, unless tell is nil.
func (t *Tracker) WaitJob(ctx context.Context, id string, tell func(*JobAnswer)) (*JobAnswer, error) {
	r := request{method: http.MethodGet, path: path("/api/v1/jobs/%s", id)}
	return poll(ctx, t, r, func(job *JobAnswer) bool {
		if tell != nil {
			tell(job)
		}
		return JobEnded(job.State)
	})
}

// WaitPlan waits as long as a plan is being planned or applied, and returns it with its first
// items as it is then: planned, scheduled for later, held, or at its end. It tells how the plan stands whenever it
// looks, unless tell is nil.
func (t *Tracker) WaitPlan(ctx context.Context, id string, tell func(*PlanAnswer)) (*PlanAnswer, error) {
	r := request{method: http.MethodGet, path: path("/api/v1/plans/%s", id)}
	return poll(ctx, t, r, func(plan *PlanAnswer) bool {
		if tell != nil {
			tell(plan)
		}
		return plan.Plan.State != "planning" && plan.Plan.State != "applying"
	})
}

// poll asks again and again, also while the server restarts, until the answer is what is waited for.
func poll[A any](ctx context.Context, t *Tracker, r request, done func(*A) bool) (*A, error) {
	r.patience = longPatience
	const shortest, longest = 200 * time.Millisecond, 2 * time.Second
	for pause := shortest; ; pause = min(pause*3/2, longest) {
		answer, err := call[A](ctx, t, r)
		if err != nil {
			return nil, err
		}
		if done(answer) {
			return answer, nil
		}
		if !sleep(ctx, pause) {
			return nil, ctx.Err()
		}
	}
}
