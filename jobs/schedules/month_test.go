package schedules_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

// office is an off-hours pair of a zone, and the one machine that it is about.
type office struct {
	zone       *time.Location
	begin, end [2]int // hour and minute on the wall
	weekdays   bool
	id         string

	ticks []mark // of the whole month, as a person reckons them

	running  bool // the machine is
	expected bool
	reached  int // how many of ticks the machine has been brought to
	executed []time.Time
}

// step is how far the clock moves: all ticks are at a multiple of it.
const step = 15 * time.Minute

// mark is a time at which a pair wants something.
type mark struct {
	at      time.Time
	running bool
}

// reckon finds the ticks day by day: the first instant of the day at which the clock on
// the wall shows the time, or a later one.
func (o *office) reckon(from, to time.Time) {
	for day := from.AddDate(0, 0, -8); day.Before(to); day = day.AddDate(0, 0, 1) {
		y, m, d := day.Date()
		noon := time.Date(y, m, d, 12, 0, 0, 0, o.zone)
		if o.weekdays && (noon.Weekday() == time.Saturday || noon.Weekday() == time.Sunday) {
			continue
		}
		for _, hm := range [][2]int{o.end, o.begin} {
			at := noon.Add(-14 * time.Hour)
			for at.In(o.zone).Day() != d || at.In(o.zone).Hour()*60+at.In(o.zone).Minute() < hm[0]*60+hm[1] {
				at = at.Add(step)
			}
			o.ticks = append(o.ticks, mark{at.UTC(), hm == o.end})
		}
	}
	slices.SortFunc(o.ticks, func(a, b mark) int { return a.at.Compare(b.at) })
}

// newest is how many of the ticks have come.
func (o *office) newest(now time.Time) int {
	n := 0
	for n < len(o.ticks) && !o.ticks[n].at.After(now) {
		n++
	}
	return n
}

// month is a simulated month.
type month struct {
	*world
	r       *rand.Rand
	offices []*office
	workers []*worker
	killed  bool // Redis is
}

type worker struct {
	cut
	fire func(context.Context) error
}

// TestOffHours_AMonth has pairs in zones with and without summer time through a month in
// which the clocks of three are changed, with workers, API and Redis away at random, and
// workers that die at any command. Within a minute of every return each machine is as is
// wanted then, no run is carried out twice, and none in the opposite order. What a person
// does meanwhile stays until the next time. MONTH_SEED plays a month again.
func TestOffHours_AMonth(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if again, err := strconv.ParseUint(os.Getenv("MONTH_SEED"), 10, 64); err == nil {
		seed = again
	}
	t.Logf("MONTH_SEED=%d", seed)
	from := time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)
	to := from.AddDate(0, 1, 1)
	m := &month{world: newWorld(t, from), r: rand.New(rand.NewPCG(seed, 0))}
	for i, o := range []struct {
		zone       string
		begin, end [2]int
		weekdays   bool
	}{
		{"America/New_York", [2]int{19, 0}, [2]int{7, 0}, true},
		{"America/New_York", [2]int{2, 30}, [2]int{6, 15}, false}, // 8 March jumps over it
		{"Europe/Berlin", [2]int{19, 0}, [2]int{7, 0}, true},
		{"Europe/Berlin", [2]int{22, 0}, [2]int{2, 30}, false}, // 29 March jumps over it
		{"Australia/Lord_Howe", [2]int{19, 0}, [2]int{7, 30}, true},
		{"Australia/Lord_Howe", [2]int{1, 45}, [2]int{6, 0}, false}, // 5 April shows it twice
		{"Asia/Tokyo", [2]int{19, 0}, [2]int{7, 0}, true},
	} {
		zone, err := time.LoadLocation(o.zone)
		if err != nil {
			t.Fatal(err)
		}
		days := map[bool]string{true: "1-5", false: "*"}[o.weekdays]
		sc := m.put(tracker.Schedule{
			Name: "office", TimeZone: o.zone, Plan: carrying("stop", fmt.Sprintf("type:EC2_Instance tag:office=%d", i)),
			OffHours: &tracker.OffHours{Begin: fmt.Sprintf("%d %d * * %s", o.begin[1], o.begin[0], days), End: fmt.Sprintf("%d %d * * %s", o.end[1], o.end[0], days)},
		})
		of := &office{zone: zone, begin: o.begin, end: o.end, weekdays: o.weekdays, id: sc.ID, running: true, expected: true}
		of.reckon(from, to.AddDate(0, 0, 3))
		of.reached = of.newest(from)
		m.offices = append(m.offices, of)
	}
	for range 2 {
		wk := &worker{}
		wk.left.Store(-1)
		rdb := m.redis.Client(t)
		rdb.(*redis.Client).AddHook(&wk.cut)
		wk.fire = m.worker(m.scans(), rdb).FireDue
		m.workers = append(m.workers, wk)
	}
	away := 0 // steps that all is away for
	crashed := false
	for now := from; now.Before(to); now = now.Add(step) {
		m.set(now)
		switch {
		case away > 1:
			away--
			if !crashed {
				m.somebody()
			}
			continue
		case away == 1:
			away, crashed = 0, false
			m.back()
			m.rename()
			m.quiet(now)
		case m.r.IntN(60) == 0:
			away = 1 + m.r.IntN([]int{1, 10, 40, 200}[m.r.IntN(4)])
			ahead := m.leave()
			away, crashed = max(away, ahead), ahead > 0
			continue
		}
		if m.r.IntN(20) == 0 || slices.ContainsFunc(m.offices, func(o *office) bool { return o.newest(now) > o.reached }) {
			m.quiet(now)
		}
		m.check(now)
		m.somebody()
	}
	m.back()
	m.whole(from, to)
}

// back has Redis run again.
func (m *month) back() {
	if m.killed {
		m.redis.Run(m.t)
	}
	m.killed = false
}

// somebody changes a machine by hand, now and then.
func (m *month) somebody() {
	if o := m.offices[m.r.IntN(len(m.offices))]; m.r.IntN(20) == 0 {
		o.running = !o.running
		o.expected = o.running
	}
}

// rename changes a schedule through the API, which must lose no tick that waits.
func (m *month) rename() {
	sc := m.get(m.offices[m.r.IntN(len(m.offices))].id)
	sc.Name = fmt.Sprint("office ", m.r.IntN(1000))
	m.put(sc)
}

// leave is how something goes away: while nothing is due, or in the middle of the work
// that comes some steps later.
func (m *month) leave() (ahead int) {
	switch m.r.IntN(3) {
	case 0: // workers stop
	case 1:
		// What was answered is on the disk: with everysec, the last two seconds may not be.
		for _, err := range []error{m.rdb.ConfigSet(m.t.Context(), "appendfsync", "always").Err(), m.rdb.Set(m.t.Context(), "last", 1, 0).Err()} {
			if err != nil {
				m.t.Fatal(err)
			}
		}
		m.redis.Kill(m.t)
		m.killed = true
	case 2: // at the next tick, one worker dies at some command
		next := m.time()
		for _, o := range m.offices {
			if n := o.newest(next); n < len(o.ticks) && o.ticks[n].at.Sub(next) <= 2*time.Hour {
				m.set(o.ticks[n].at)
				m.workers[0].left.Store(int64(1 + m.r.IntN(40)))
				_ = m.workers[0].fire(m.t.Context()) // it dies: what it leaves is looked at later
				m.workers[0].left.Store(-1)
				m.set(next)
				return int(o.ticks[n].at.Sub(next) / step)
			}
		}
	}
	return 0
}

// quiet has all workers fire and carry out, second by second, until nothing is left to
// do: for a minute at most.
func (m *month) quiet(now time.Time) {
	for range 60 {
		var firing sync.WaitGroup
		for _, wk := range m.workers {
			firing.Go(func() {
				if err := wk.fire(m.t.Context()); err != nil {
					m.t.Error(m.time(), err)
				}
			})
		}
		firing.Wait()
		live := m.carryOut()
		due := m.rdb.ZCount(m.t.Context(), "rt:schedules", "-inf", fmt.Sprint(m.time().UnixMilli()))
		if due.Err() != nil {
			m.t.Fatal(due.Err())
		}
		if live+int(due.Val()) == 0 {
			m.set(now)
			return
		}
		m.set(m.time().Add(time.Second))
	}
	m.t.Fatalf("at %s, a minute is not enough", now)
}

// carryOut carries out the plans that are to be, and returns how many are left.
func (m *month) carryOut() (left int) {
	ps := store.Plans{Store: m.store}
	live, err := ps.ActivePlans(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	for id := range live {
		p, err := ps.LookupPlan(m.t.Context(), id)
		if tracker.CodeOf(err) == tracker.CodeNotFound {
			continue // whoever was to write it died
		}
		if err != nil {
			m.t.Fatal(err)
		}
		left++
		if m.time().After(p.ExpiresAt) {
			if _, err := ps.EndPlan(m.t.Context(), id, tracker.PlanExpired, ""); err != nil {
				m.t.Fatal(err)
			}
			continue
		}
		ended, err := ps.EndPlan(m.t.Context(), id, tracker.PlanSucceeded, "")
		if err != nil {
			m.t.Fatal(err)
		}
		for _, o := range m.offices {
			if ended && o.id == p.Schedule {
				o.running = p.Request.Select.Verb == "start"
				o.executed = append(o.executed, tickOf(id))
			}
		}
	}
	return left
}

// tickOf is the time in the ID of a run.
func tickOf(id string) time.Time {
	b, err := hex.DecodeString(strings.ReplaceAll(id[:13], "-", ""))
	if err != nil || len(b) != 6 {
		panic(id)
	}
	ms := int64(0)
	for _, x := range b {
		ms = ms<<8 | int64(x)
	}
	return time.UnixMilli(ms).UTC()
}

// check compares every machine with what is wanted.
func (m *month) check(now time.Time) {
	m.t.Helper()
	for _, o := range m.offices {
		n := o.newest(now)
		came := n > o.reached
		if came {
			o.reached, o.expected = n, o.ticks[n-1].running
		}
		if o.running != o.expected {
			m.t.Fatalf("at %s (%s) the machine of %s runs: %t; the newest tick came at %s, and the runs were of %v\n%+v",
				now, now.In(o.zone), o.zone, o.running, o.ticks[o.reached-1].at, o.executed, m.history(o.id))
		}
		if !came {
			continue
		}
		if sc := m.get(o.id); sc.Wanted == nil || (sc.Wanted.Verb == "start") != o.ticks[o.reached-1].running || !sc.Wanted.Since.Equal(o.ticks[o.reached-1].at) {
			m.t.Fatalf("at %s %s wants %+v, and the newest tick is %+v", now, o.zone, sc.Wanted, o.ticks[o.reached-1])
		}
	}
}

// whole looks at the month as a whole: each run is of a tick, later than the run before,
// and in the audit once.
func (m *month) whole(from, to time.Time) {
	audit, fired := store.Audit{Store: m.store}, map[string]int{}
	for after := ""; ; {
		lines, err := audit.AuditTrail(m.t.Context(), "alice", after, time.Time{}, 1000)
		if err != nil {
			m.t.Fatal(err)
		}
		if len(lines) == 0 {
			break
		}
		for _, l := range lines {
			if l.What == "schedule.fired" {
				fired[l.PlanID]++
			}
			if l.What == "schedule.failed" || l.What == "schedule.paused" {
				m.t.Errorf("%+v", l)
			}
			after = l.ID
		}
	}
	for id, n := range fired {
		if n != 1 {
			m.t.Errorf("the audit says %d times that %s was fired", n, id)
		}
	}
	if c, err := audit.CheckAudit(m.t.Context(), "alice", "", 100_000); err != nil || !c.Holds {
		m.t.Errorf("audit: %+v, %v", c, err)
	}
	for _, o := range m.offices {
		is := map[time.Time]bool{}
		for _, tick := range o.ticks {
			is[tick.at] = true
		}
		last := time.Time{}
		for _, at := range o.executed {
			if !is[at] || !at.After(last) {
				m.t.Errorf("%s: a run of %s after one of %s", o.zone, at, last)
			}
			last = at
		}
		m.t.Logf("%s %v: %d of %d ticks were carried out", o.zone, o.begin, len(o.executed), o.newest(to)-o.newest(from))
	}
}
