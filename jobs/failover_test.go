package jobs_test

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestPlan_RedisFailsOver has Sentinel put a replica in the place of Redis that lacks
// what Redis was told last: the claim of a call, before AWS has answered the call. Each
// call is sent once, and the audit has it.
func TestPlan_RedisFailsOver(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		verb  string
		typ   tracker.Type
		state string
		calls []string
	}{
		{"reboot", "EC2_Instance", "running", []string{"x-1/reboot"}},
		{"delete", "EBS_Volume", "available", []string{"x-1/snapshot", "x-1/delete"}},
	} {
		t.Run(row.verb, func(t *testing.T) {
			t.Parallel() // asynq takes up to a minute to find tasks whose worker it lost
			pair := redistest.StartPair(t)
			rdb := redis.NewFailoverClient(&redis.FailoverOptions{
				MasterName: "main", SentinelAddrs: pair.Sentinels(t), PoolSize: 100, DisableIdentity: true, ContextTimeoutEnabled: true,
			})
			t.Cleanup(func() { _ = rdb.Close() })
			e := newEstate(map[string]string{"x-1": row.state})
			sent, failedOver := make(chan struct{}), make(chan struct{})
			lag := sync.OnceFunc(func() {
				pair.CatchUp(t)
				pair.Line.Hold()
			})
			told := sync.OnceFunc(func() { close(sent) })
			e.at = func(point, _, _ string) error {
				switch point {
				case "check": // before the claim
					lag()
				case "after":
					told()
					select {
					case <-failedOver:
						return nil
					default:
					}
					<-failedOver
					panic("the worker dies before it has AWS's answer")
				}
				return nil
			}
			s := startOn(t, rdb, store.Options{Failover: true}, nil, jobs.Options{
				Actions: actions, Confirm: time.Millisecond, Lost: time.Second,
				Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return e, nil },
			})
			s.worker()
			p := s.plan(tracker.PlanRequest{Apply: true, Items: items(row.verb, row.typ, "x-1")})
			redistest.Until(t, "the call is sent, or waits for the replica", func() bool {
				select {
				case <-sent:
					return true
				default:
				}
				items, _, err := s.plans().PlanItems(t.Context(), p.ID, 0, 1)
				return err == nil && len(items) == 1 && strings.Contains(items[0].Ledger.Message, "a replica of Redis")
			})
			pair.Master.Kill()
			pair.Line.Cut()
			pair.Replica.Promoted(t)
			close(failedOver)
			host, port, err := net.SplitHostPort(pair.Replica.Addr)
			if err != nil {
				t.Fatal(err)
			}
			redistest.InSync(t, redistest.StartNode(t, fmt.Sprintf("replicaof %s %s", host, port)))
			redistest.Until(t, "the new master answers", func() bool {
				_, err := s.plans().LookupPlan(t.Context(), p.ID)
				return err == nil
			})
			s.planEnd(p.ID)
			it := s.planItems(p.ID)[0]
			if it.Ledger.State != tracker.ItemVerified {
				t.Errorf("the item is %s: %s", it.Ledger.State, it.Ledger.Message)
			}
			e.mu.Lock()
			if !slices.Equal(e.order, row.calls) {
				t.Errorf("sent were %v, want %v", e.order, row.calls)
			}
			e.mu.Unlock()
			lines := s.auditUntil("plan.succeeded")
			if n := len(slices.DeleteFunc(lines, func(what string) bool { return what != "item.sending" })); n != len(row.calls) {
				t.Errorf("the audit has %d lines of %d calls", n, len(row.calls))
			}
		})
	}
}
