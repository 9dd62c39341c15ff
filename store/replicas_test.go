package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// running is a plan with one item that is running.
func running(t *testing.T, rdb redis.UniversalClient, o store.Options) planFixture {
	t.Helper()
	f := planFixture{t, store.Plans{Store: store.New(rdb, o)}, rdb, "p"}
	f.create(1)
	f.freeze(frozenOf("run", 1, false, nil))
	f.apply()
	f.start(0)
	return f
}

func (f planFixture) claim(claimant string, want store.Claim) {
	f.t.Helper()
	if got, err := f.s.IntendStep(f.t.Context(), "p", 0, "reboot", claimant, false, tracker.Repeats{For: time.Hour}); got != want || err != nil {
		f.t.Errorf("claim is %d, want %d: %v", got, want, err)
	}
}

func (f planFixture) told() (what []string) {
	f.t.Helper()
	f.must(f.s.Tell(f.t.Context(), "p"))
	lines, err := store.Audit{Store: f.s.Store}.AuditTrail(f.t.Context(), "alice", "", time.Time{}, 100)
	f.must(err)
	for _, line := range lines {
		what = append(what, line.What)
	}
	return what
}

func TestIntendStep_WaitsForAReplica(t *testing.T) {
	pair := redistest.StartPair(t)
	f := running(t, pair.Master.Client(t), store.Options{})
	pair.Line.Hold()
	f.claim("a", store.ClaimWaits)
	f.claim("b", store.ClaimWaits)
	it := f.item(0)
	if len(it.Ledger.Steps) != 0 || !strings.Contains(it.Ledger.Message, "reboot is not sent yet") {
		t.Errorf("ledger of an item that waits: %+v", it.Ledger)
	}
	pair.Line.Release()
	f.claim("c", store.ClaimSend)
	f.claim("d", store.ClaimSent)
	if it = f.item(0); len(it.Ledger.Steps) != 1 || it.Ledger.Message != "" {
		t.Errorf("ledger of an item that waits no more: %+v", it.Ledger)
	}
	lines := f.told()
	if n := len(slices.DeleteFunc(lines, func(what string) bool { return what != "item.sending" })); n != 1 {
		t.Errorf("the audit has %d lines of one call", n)
	}
	f.keysLive()
}

// Sentinel may promote a replica that is not connected.
func TestIntendStep_WaitsWhereSentinelIs(t *testing.T) {
	f := running(t, redistest.StartNode(t).Client(t), store.Options{Failover: true})
	f.claim("a", store.ClaimWaits)
}

func TestIntendStep_InACluster(t *testing.T) {
	for name, replica := range map[string]bool{"without replicas": false, "with a replica": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := running(t, redistest.StartCluster(t, 1, replica), store.Options{})
			f.claim("a", store.ClaimSend)
			f.claim("b", store.ClaimSent)
			f.must(f.s.AcceptStep(t.Context(), "p", 0, tracker.Step{Name: "reboot"}, tracker.Receipt{}))
			lines := f.told()
			if !slices.Contains(lines, "item.sending") || !slices.Contains(lines, "item.accepted") {
				t.Errorf("the audit has %v", lines)
			}
		})
	}
}
