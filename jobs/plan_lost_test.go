package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// stuckWays are the ways in which asynq has a task, and its ID, and will not deliver
// it. Where its Inspector cannot bring a task there, what Redis holds of it is changed
// by hand.
var stuckWays = map[string]func(s *system, queue string, task *asynq.TaskInfo){
	"archived": func(s *system, queue string, task *asynq.TaskInfo) {
		if err := s.inspector().ArchiveTask(queue, task.ID); err != nil {
			s.t.Fatal(err)
		}
	},
	"active without a lease": func(s *system, queue string, task *asynq.TaskInfo) {
		s.take(queue, task, "active")
		s.must(s.rdb.LPush(s.t.Context(), "asynq:{"+queue+"}:active", task.ID).Err())
	},
	"active with a lease that is over": func(s *system, queue string, task *asynq.TaskInfo) {
		s.take(queue, task, "active")
		s.must(s.rdb.LPush(s.t.Context(), "asynq:{"+queue+"}:active", task.ID).Err())
		// asynq itself looks for leases that were over for half a minute, once a minute.
		s.put("asynq:{"+queue+"}:lease", time.Now().Add(-5*time.Second), task)
	},
	"to be tried again in a month": func(s *system, queue string, task *asynq.TaskInfo) {
		s.take(queue, task, "retry")
		s.put("asynq:{"+queue+"}:retry", time.Now().Add(30*24*time.Hour), task)
	},
	"completed, and kept": func(s *system, queue string, task *asynq.TaskInfo) {
		s.take(queue, task, "completed")
		s.put("asynq:{"+queue+"}:completed", time.Now().Add(time.Hour), task)
	},
}

func (s *system) inspector() *asynq.Inspector { return asynq.NewInspectorFromRedisClient(s.rdb) }

func (s *system) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// take takes a task from where it waits, and says that it is in another state.
func (s *system) take(queue string, task *asynq.TaskInfo, state string) {
	s.t.Helper()
	ctx := s.t.Context()
	s.must(s.rdb.LRem(ctx, "asynq:{"+queue+"}:pending", 0, task.ID).Err())
	s.must(s.rdb.ZRem(ctx, "asynq:{"+queue+"}:retry", task.ID).Err())
	s.must(s.rdb.HSet(ctx, "asynq:{"+queue+"}:t:"+task.ID, "state", state).Err())
}

func (s *system) put(key string, at time.Time, task *asynq.TaskInfo) {
	s.t.Helper()
	s.must(s.rdb.ZAdd(s.t.Context(), key, redis.Z{Score: float64(at.Unix()), Member: task.ID}).Err())
}

// stick brings every task of plans that waits into a state that it is not delivered
// from.
func (s *system) stick(way func(*system, string, *asynq.TaskInfo)) {
	s.t.Helper()
	stuck := 0
	for shard := range s.store.Shards() {
		queue := kernel.QueueName(tracker.LaneActions, shard)
		for _, list := range []func(string, ...asynq.ListOption) ([]*asynq.TaskInfo, error){
			s.inspector().ListPendingTasks, s.inspector().ListRetryTasks,
		} {
			tasks, err := list(queue)
			if err != nil {
				continue // nothing was ever put on it
			}
			for _, task := range tasks {
				way(s, queue, task)
				stuck++
			}
		}
	}
	if stuck == 0 {
		s.t.Fatal("no task of a plan waits")
	}
}

// recovers fails the test where what f waits for takes more than half a minute.
func (s *system) recovers(f func()) {
	s.t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took > 30*time.Second {
		s.t.Errorf("it took %v, want half a minute at most", took)
	}
	ctx := context.WithoutCancel(s.t.Context())
	if keys := s.rdb.Keys(ctx, "rt:{*}:x").Val(); len(keys) != 0 {
		s.t.Errorf("credentials outlive the plan: %v", keys)
	}
}

func TestPlan_StuckTaskIsNoticed(t *testing.T) {
	t.Parallel()
	for name, way := range stuckWays {
		t.Run("the look is "+name, func(t *testing.T) {
			t.Parallel()
			s := acting(t, newEstate(map[string]string{"i-1": "running"}))
			s.first.Stop()
			p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
			s.stick(way)
			s.worker()
			s.recovers(func() {
				if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded {
					t.Errorf("plan is %s: %s", p.State, p.Reason)
				}
			})
		})
		t.Run("items are "+name, func(t *testing.T) {
			t.Parallel()
			e := newEstate(map[string]string{"i-1": "running", "i-2": "running"})
			s := acting(t, e)
			p := s.planUntil(s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", "i-1", "i-2")}).ID, tracker.PlanPlanned)
			s.first.Stop()
			if _, err := s.client.ApplyPlan(t.Context(), as("alice"), p.ID, p.Digest, 0, nil); err != nil {
				t.Fatal(err)
			}
			s.stick(way)
			s.worker()
			s.recovers(func() {
				if p := s.planEnd(p.ID); p.State != tracker.PlanSucceeded || e.sent["i-1/stop"] != 1 || e.sent["i-2/stop"] != 1 {
					t.Errorf("plan is %s, calls %v", p.State, e.sent)
				}
			})
		})
	}
}

// TestPlan_StuckTaskIsCancelled cancels plans whose tasks are not delivered: what has
// begun is seen to its end, and the plan ends.
func TestPlan_StuckTaskIsCancelled(t *testing.T) {
	t.Parallel()
	for name, way := range stuckWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEstate(map[string]string{"i-1": "running"})
			sent := make(chan struct{}, 100)
			e.at = func(point, _, _ string) error {
				if point == "after" {
					sent <- struct{}{}
				}
				return nil
			}
			s := acting(t, e)
			s.opts.Confirm = 10 * time.Second // the item waits in the queue meanwhile
			s.first.Stop()
			w := s.worker()
			p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1")})
			<-sent
			w.Stop()
			s.stick(way)
			if _, err := s.client.CancelPlan(t.Context(), as("alice"), p.ID); err != nil {
				t.Fatal(err)
			}
			s.worker()
			s.recovers(func() {
				p = s.planEnd(p.ID)
				if got := s.planItems(p.ID)[0].Ledger.State; p.State != tracker.PlanCancelled || got != tracker.ItemVerified {
					t.Errorf("plan is %s, its item %s", p.State, got)
				}
			})
		})
	}
}
