package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A unit is what one task on the queue runs: the open cells of one region of
// one account, or the discovery of an account.

// Dispatch is a unit to put on the queue. The epoch tells a task from those
// that were put there before it.
type Dispatch struct {
	Unit  string
	Epoch int
}

func parseDispatches(list []any) []Dispatch {
	out := make([]Dispatch, len(list))
	for i, v := range list {
		unit, epoch, _ := strings.Cut(v.(string), "|")
		out[i] = Dispatch{unit, int(num(epoch))}
	}
	return out
}

// Verdict is what becomes of a task that a worker took from the queue.
type Verdict string

// The verdicts.
const (
	Run        Verdict = "run"        // the unit is the worker's until it hands it back
	Wait       Verdict = "wait"       // the job runs as many units as it may: come back
	Superseded Verdict = "superseded" // a newer task runs the unit
	Done       Verdict = "done"       // nothing left to do
	Finalize   Verdict = "finalize"   // nothing left to do but to finish the job
	Gone       Verdict = "gone"       // the job has ended or expired
)

// Lease is a worker's right to run a unit.
type Lease struct {
	Verdict Verdict
	Unit    string
	Run     int // names the pages of this run
	// Dispatch holds units that may go on the queue now.
	Dispatch []Dispatch
}

// beginUnit takes a unit for a worker. The strike that it sets is taken back
// when the unit is handed back: only a worker that died leaves it. Run twice, it
// begins the unit twice: that is what a redelivered task does.
//
// ARGV: unit, now (ms), epoch of the task, strikes allowed
// Returns {verdict, run, dispatches…}
var beginUnit = script(`
local state = call("HGET", M, "state")
local id, now, epoch, allowed = ARGV[1], num(ARGV[2]), num(ARGV[3]), num(ARGV[4])
if state == "finalizing" then return {"finalize", 0} end
if state ~= "queued" and state ~= "running" then return {"gone", 0} end
local u = unit(id)
if not u or u.state == "d" then return {"done", 0} end
if epoch < u.epoch then return {"superseded", 0} end
if u.state ~= "q" and u.state ~= "r" and num(call("HGET", M, "busy")) >= num(call("HGET", M, "window")) then return {"wait", 0} end
if state == "queued" then
	call("HSET", M, "started_at", ARGV[2])
	enter("running", ARGV[2])
end
if u.strikes >= allowed then
	local why = cjson.encode({outcome = "error", message = "the worker died " .. u.strikes .. " times while it ran these cells"})
	for _, cell in ipairs(call("HKEYS", C)) do
		if string.sub(cell, 1, #id + 1) == id .. "/" then close(cell, id, ARGV[2], "error", 0, 0, 0, 0, 0, why, {}) end
	end
	keep()
	local out = {call("HGET", M, "state") == "finalizing" and "finalize" or "done", 0}
	dispatch(now, out)
	return out
end
move(u, "r")
u.runs, u.strikes, u.beat = u.runs + 1, u.strikes + 1, now
putUnit(u)
return {"run", u.runs}
`)

// maxStrikes is how many workers may die on one unit before its cells are given up.
const maxStrikes = 4

// Begin takes a unit for the calling worker.
func (s *Store) Begin(ctx context.Context, job string, d Dispatch) (Lease, error) {
	r, err := beginUnit.Run(ctx, s.rdb, jobKeys(job), d.Unit, s.now(), d.Epoch, maxStrikes).Slice()
	if err != nil {
		return Lease{}, fmt.Errorf("begin %s of job %s: %w", d.Unit, job, err)
	}
	return Lease{Verdict: Verdict(r[0].(string)), Unit: d.Unit, Run: int(r[1].(int64)), Dispatch: parseDispatches(r[2:])}, nil
}

// releaseUnit hands a unit back: its worker is alive and has let go of it. What
// is open of it waits. Run twice, or for a run that is over, it changes nothing.
//
// ARGV: unit, run, now (ms)
// Returns {dispatches…}
var releaseUnit = script(`
local u, out = unit(ARGV[1]), {}
if not u or u.runs ~= num(ARGV[2]) then return out end
if u.state == "r" then
	u.strikes, u.beat = u.strikes - 1, num(ARGV[3])
	move(u, u.left > 0 and "w" or "d")
	putUnit(u)
end
dispatch(num(ARGV[3]), out)
return out
`)

// Release hands a unit back; the units it returns may go on the queue now.
func (s *Store) Release(ctx context.Context, job string, l Lease) ([]Dispatch, error) {
	r, err := releaseUnit.Run(ctx, s.rdb, jobKeys(job), l.Unit, l.Run, s.now()).Slice()
	return parseDispatches(r), wrap(err, "release %s of job %s", l.Unit, job)
}

// beatUnits refreshes the sign of life of units. Run twice, it does so twice.
//
// ARGV: now (ms), then unit and run of each
// Returns the job's state, or "" when there is no such job.
var beatUnits = script(`
for i = 2, #ARGV, 2 do
	local u = unit(ARGV[i])
	if u and u.state == "r" and u.runs == num(ARGV[i + 1]) then
		u.beat = num(ARGV[1])
		putUnit(u)
	end
end
return call("HGET", M, "state") or ""
`)

// Beat says that the units of leases are being worked on, and reports whether
// the job still wants it.
func (s *Store) Beat(ctx context.Context, job string, leases ...Lease) (wanted bool, err error) {
	args := []any{s.now()}
	for _, l := range leases {
		args = append(args, l.Unit, l.Run)
	}
	state, err := beatUnits.Run(ctx, s.rdb, jobKeys(job), args...).Text()
	return err != nil || state == string(tracker.JobRunning), wrap(err, "beat for job %s", job)
}

// redispatchUnit claims the right to put a lost unit on the queue anew. Run
// twice with the same epoch, the second returns 0.
//
// ARGV: unit, epoch seen, now (ms)
// Returns the new epoch, or 0
var redispatchUnit = script(`
local u = unit(ARGV[1])
if not u or u.state == "d" or u.state == "h" or u.epoch ~= num(ARGV[2]) then return 0 end
u.epoch, u.beat = u.epoch + 1, num(ARGV[3])
if u.state == "r" then move(u, "q") end
putUnit(u)
return u.epoch
`)

// Redispatch claims a unit whose task was lost, when its epoch is still the one
// seen. ok is false when somebody else was first.
func (s *Store) Redispatch(ctx context.Context, job string, seen Dispatch) (next Dispatch, ok bool, err error) {
	epoch, err := redispatchUnit.Run(ctx, s.rdb, jobKeys(job), seen.Unit, seen.Epoch, s.now()).Int()
	return Dispatch{seen.Unit, epoch}, epoch > 0, wrap(err, "redispatch %s of job %s", seen.Unit, job)
}

// Unit is where a unit stands.
type Unit struct {
	Dispatch
	State string // h held back, q queued, r running, w waiting, d done
	Idle  time.Duration
	Left  int // open cells
}

// Units returns every unit of a job.
func (s *Store) Units(ctx context.Context, job string) ([]Unit, error) {
	m, err := s.rdb.HGetAll(ctx, jobKey(job, "u")).Result()
	if err != nil {
		return nil, fmt.Errorf("read units of job %s: %w", job, err)
	}
	return s.parseUnits(job, m)
}

func (s *Store) parseUnits(job string, m map[string]string) ([]Unit, error) {
	units := make([]Unit, 0, len(m))
	for id, v := range m {
		f := strings.Split(v, ":")
		if len(f) != 6 {
			return nil, fmt.Errorf("unit %s of job %s: %q is not a unit", id, job, v)
		}
		units = append(units, Unit{
			Dispatch: Dispatch{id, int(num(f[3]))}, State: f[0], Left: int(num(f[5])),
			Idle: time.Duration(s.now()-num(f[4])) * time.Millisecond,
		})
	}
	return units, nil
}

// Window dispatches held-back units when there is room, for the sweeper: a worker
// may have died between making room and using it.
func (s *Store) Window(ctx context.Context, job string) ([]Dispatch, error) {
	r, err := fillWindow.Run(ctx, s.rdb, jobKeys(job), s.now()).Slice()
	return parseDispatches(r), wrap(err, "fill the window of job %s", job)
}

// fillWindow is dispatch alone. Run twice, the second finds the room taken.
//
// ARGV: now (ms)
// Returns {dispatches…}
var fillWindow = script(`
local out = {}
if call("HGET", M, "state") == "running" then dispatch(num(ARGV[1]), out) end
return out
`)
