package e2e

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// deathtrap holds mutating calls where a worker is to die: before the call is sent
// on, or after AWS has carried it out and before its answer is read.
type deathtrap struct {
	points  []deathPoint
	full    chan struct{} // closed when a call waits at every point
	release chan struct{}

	mu      sync.Mutex
	held    map[deathPoint]bool
	carried map[deathPoint]int // mutating calls that AWS has answered, none of them marked lost
}

// deathPoint is a call of an item: lost is one that AWS never sees.
type deathPoint struct {
	action, id string
	lost       bool
}

func newDeathtrap(points []deathPoint) *deathtrap {
	return &deathtrap{
		points: points, full: make(chan struct{}), release: make(chan struct{}),
		held: map[deathPoint]bool{}, carried: map[deathPoint]int{},
	}
}

func (p deathPoint) is(c call) bool {
	return strings.HasPrefix(c.Action, p.action) && strings.Contains(c.Action+" "+c.Body, p.id)
}

func (d *deathtrap) before(_ context.Context, c call) fault {
	if d.holds(c, true) {
		return fault{503, "ServiceUnavailable"} // which nobody lives to read
	}
	return fault{}
}

func (d *deathtrap) after(c call) {
	d.mu.Lock()
	for _, p := range d.points {
		if p.is(c) {
			d.carried[deathPoint{p.action, p.id, false}]++
		}
	}
	d.mu.Unlock()
	d.holds(c, false)
}

// holds keeps the first call that comes to a point until all points are reached
// and the workers are dead.
func (d *deathtrap) holds(c call, lost bool) bool {
	d.mu.Lock()
	hit := false
	for _, p := range d.points {
		if p.lost == lost && p.is(c) && !d.held[p] {
			d.held[p], hit = true, true
			if len(d.held) == len(d.points) {
				close(d.full)
			}
		}
	}
	d.mu.Unlock()
	if hit {
		<-d.release
	}
	return hit
}

// missing are the points that no call has come to.
func (d *deathtrap) missing() (left []deathPoint) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.points {
		if !d.held[p] {
			left = append(left, p)
		}
	}
	return left
}

// TestWorkerDiesAroundACall kills all workers with SIGKILL while each item of a
// plan is at one point around one of its mutating calls, and starts others. AWS
// must see no call twice. What it carried out is verified; of what it never saw
// nobody knows that, so it fails and says so.
func TestWorkerDiesAroundACall(t *testing.T) {
	t.Parallel()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.kill)
	o := newOutside(t, m)

	instance := func() string { return o.instance(nil) }
	volume := func() string { return o.volume(types.VolumeTypeGp3) }
	gateway := func() string { id, _ := o.gateway(); return id }
	bucket := func() string { return o.bucket() }
	var points []deathPoint
	var items []map[string]any
	states := map[string]func(string) string{}
	undone := map[string]string{} // the state of what was not carried out
	for _, row := range []struct {
		kind         tracker.Type
		verb, action string
		make         func() string
		state        func(*outside, string) string
		was          string
	}{
		{"EC2_Instance", "stop", "StopInstances", instance, (*outside).instanceState, "running"},
		{"EC2_Instance", "terminate", "TerminateInstances", instance, (*outside).instanceState, "running"},
		{"EBS_Volume", "delete", "CreateSnapshot", volume, (*outside).volumeState, "available"},
		{"EBS_Volume", "delete", "DeleteVolume", volume, (*outside).volumeState, "available"},
		{"Elastic_IP", "delete", "ReleaseAddress", o.address, (*outside).addressState, "allocated"},
		{"NAT_Gateway", "delete", "DeleteNatGateway", gateway, (*outside).gatewayState, "available"},
		{"RDS_Instance", "stop", "StopDBInstance", o.database, (*outside).databaseState, "available"},
		{"CloudWatch_LogGroup", "delete", "DeleteLogGroup", o.logGroup, (*outside).logGroupState, "0 days"},
		{"S3_Bucket", "delete", "DELETE", bucket, (*outside).bucketState, "there"},
	} {
		for _, lost := range []bool{false, true} {
			id := row.make()
			points = append(points, deathPoint{row.action, id, lost})
			items = append(items, item(id, row.kind, outsideRegion, row.verb))
			states[id] = func(id string) string { return row.state(o, id) }
			undone[id] = row.was
		}
	}

	trap := newDeathtrap(points)
	p := newProxy(t, m.url, func(context.Context, call) fault { return fault{} })
	s := newStack(t, p.url)
	c := s.client(apiKey)
	planned := c.plan(with(planOf(items...), "canary", false))
	p.intercept(trap.before, trap.after)
	c.apply(planned)
	select {
	case <-trap.full:
	case <-time.After(time.Minute):
		close(trap.release)
		t.Fatalf("no call came to %v", trap.missing())
	}
	for _, w := range s.workers {
		w.kill()
	}
	close(trap.release)
	s.startWorker()
	s.startWorker()
	ended := c.planUntil(planned.ID, 4*time.Minute)

	if ended.State != tracker.PlanPartial {
		t.Errorf("the plan ended %s: %s", ended.State, ended.Reason)
	}
	for i, it := range ended.Items {
		point := points[i]
		want := tracker.ItemVerified
		if point.lost {
			want = tracker.ItemFailed
		}
		if it.Ledger.State != want || point.lost && !strings.Contains(it.Ledger.Message, "not known") {
			t.Errorf("%s of %s, lost %t: the item is %s, want %s: %s", point.action, it.Type, point.lost, it.Ledger.State, want, it.Ledger.Message)
		}
		calls := 1
		if point.lost {
			calls = 0
		}
		if n := trap.carried[deathPoint{point.action, point.id, false}]; n != calls {
			t.Errorf("AWS carried out %s of %s %d times, want %d", point.action, point.id, n, calls)
		}
		if state := states[it.ResourceID](it.ResourceID); (state == undone[it.ResourceID]) != point.lost {
			t.Errorf("%s of %s, lost %t: from outside it is %s", point.action, it.Type, point.lost, state)
		}
	}
}
