package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// What a process of this test is told that works as a worker until it dies: the socket
// of Redis, and the point and the resource of a plan that it dies at.
const (
	mortalSocket = "JOBS_TEST_SOCKET"
	mortalPoint  = "JOBS_TEST_POINT"
	mortalID     = "JOBS_TEST_ID"
)

// workUntilDeath is a worker on an estate that ends the process as the kernel does where
// memory runs out: nothing is handed back.
func workUntilDeath(socket, point, id string) {
	rdb := redis.NewClient(&redis.Options{Network: "unix", Addr: socket, PoolSize: 100, DisableIdentity: true})
	e := newEstate(map[string]string{})
	for i := range 100 {
		e.state[fmt.Sprint("i-", i)] = "running"
	}
	st := store.New(rdb, store.Options{})
	e.at = func(at, which, _ string) error {
		if at == point && which == id {
			// What others have sent is seen to its end: a call that nobody knows the end of
			// is a matter of its own.
			for point == "check" && othersRun(st, id) {
				time.Sleep(5 * time.Millisecond)
			}
			os.Exit(137)
		}
		return nil
	}
	w := jobs.NewWorker(jobs.Options{
		Store: st, Redis: rdb, Types: types, Opener: opener{}, Actions: actions, Confirm: 1, Lost: 1,
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
	})
	if err := w.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {}
}

// othersRun tells whether a plan carries out an item about another resource.
func othersRun(st *store.Store, id string) bool {
	plans := store.Plans{Store: st}
	active, err := plans.ActivePlans(context.Background())
	for plan := range active {
		items, _, ierr := plans.PlanItems(context.Background(), plan, 0, 100)
		err = errors.Join(err, ierr)
		for _, it := range items {
			if it.ResourceID != id && !it.Ledger.State.Terminal() {
				return true
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return false
}

// mourned is a system whose workers are processes that die at a point.
func mourned(t *testing.T) (s *system, live func(plan, point, id string) (deaths int)) {
	t.Helper()
	server := redistest.Start(t)
	rdb := server.Client(t)
	s = &system{t: t, rdb: rdb, store: store.New(rdb, store.Options{})}
	s.client = jobs.NewClient(jobs.ClientOptions{Store: s.store, Queue: asynq.NewClientFromRedisClient(rdb)})
	return s, func(plan, point, id string) (deaths int) {
		for ; deaths < 10; deaths++ {
			worker := exec.CommandContext(t.Context(), os.Args[0])
			worker.Env = append(os.Environ(), mortalSocket+"="+server.Socket, mortalPoint+"="+point, mortalID+"="+id)
			worker.Stderr = os.Stderr
			s.must(worker.Start())
			died := make(chan struct{})
			go func() {
				defer close(died)
				_ = worker.Wait() // how it ended is seen by the plan
			}()
			ended := s.endsBefore(plan, died)
			if ended {
				s.must(worker.Process.Kill())
			}
			<-died
			if ended {
				return deaths
			}
			// It is dead: nobody has to wait until it is believed.
			s.must(rdb.Del(t.Context(), rdb.Keys(t.Context(), "rt:alive:*").Val()...).Err())
		}
		return deaths
	}
}

// TestPlan_DeadlyLook has a plan with an item that kills whoever looks at it: the plan
// is given up after four workers, and names the item.
func TestPlan_DeadlyLook(t *testing.T) {
	t.Parallel()
	s, live := mourned(t)
	var ids []string
	for i := range 60 {
		ids = append(ids, fmt.Sprint("i-", i))
	}
	p := s.plan(tracker.PlanRequest{Items: items("stop", "EC2_Instance", ids...)})
	deaths := live(p.ID, "look", "i-41")
	p = s.planEnd(p.ID)
	const want = "4 workers died, one after the other, while they looked at item 41 (EC2_Instance i-41 in a)"
	if p.State != tracker.PlanFailed || !strings.Contains(p.Reason, want) || deaths != 4 {
		t.Errorf("after %d deaths plan is %s: %s", deaths, p.State, p.Reason)
	}
	if _, err := s.store.Sealed(t.Context(), p.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("the credentials outlive the plan: %v", err)
	}
}

// TestPlan_DeadlyItem has an item that kills whoever carries it out: it alone is given up.
func TestPlan_DeadlyItem(t *testing.T) {
	t.Parallel()
	s, live := mourned(t)
	p := s.plan(tracker.PlanRequest{Apply: true, Items: items("stop", "EC2_Instance", "i-1", "i-2", "i-3")})
	deaths := live(p.ID, "check", "i-2")
	p = s.planEnd(p.ID)
	states := s.states(p.ID)
	if p.State != tracker.PlanPartial || states["i-1"] != tracker.ItemVerified || states["i-2"] != tracker.ItemFailed || states["i-3"] != tracker.ItemVerified || deaths != 4 {
		t.Errorf("after %d deaths plan is %s: %v", deaths, p.State, states)
	}
}
