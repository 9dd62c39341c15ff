package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// recordsKey is a ZSET of ended jobs that the history is to take in: job ID -> when that is next tried (ms). A job
// enters it before it leaves the sweeper's index, so that none is lost between the two.
const recordsKey = "rt:records"

// toRecord has the history take an ended job in. Run twice, the first counts.
func (s *Store) toRecord(ctx context.Context, job string) error {
	err := s.rdb.ZAddNX(ctx, recordsKey, redis.Z{Score: float64(s.now()), Member: job}).Err()
	return wrap(err, "note job %s for the history", job)
}

// claimRecord takes the job that has waited longest, and puts it off, so that nobody else
// is told of it for a while. Run twice, the second takes another.
//
// KEYS: records   ARGV: now (ms), until when it is put off (ms)
// Returns the job, or ""
var claimRecord = redisScript(`
local due = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", ARGV[1], "LIMIT", 0, 1)
if not due[1] then return "" end
redis.call("ZADD", KEYS[1], ARGV[2], due[1])
return due[1]
`)

// ClaimRecord returns a job that the history is to take in, or "". It is the caller's for a while, and comes again
// unless it is Recorded or put off before.
func (s *Store) ClaimRecord(ctx context.Context, life time.Duration) (string, error) {
	now := s.o.Now()
	job, err := claimRecord.Run(ctx, s.rdb, []string{recordsKey}, now.UnixMilli(), now.Add(life).UnixMilli()).Text()
	return job, wrap(err, "claim a job for the history")
}

// PutOffRecord has a job come again after a while, and not before.
func (s *Store) PutOffRecord(ctx context.Context, job string, d time.Duration) error {
	err := s.rdb.ZAddXX(ctx, recordsKey, redis.Z{Score: float64(s.o.Now().Add(d).UnixMilli()), Member: job}).Err()
	return wrap(err, "put job %s off for the history", job)
}

// Record is what the history takes in of a job: the cells that its last run has closed, and those of earlier runs
// that were not taken in.
type Record struct {
	Job   tracker.Job
	Run   int       // the first is 0; each retry is the next
	At    time.Time // when the run began
	Cells map[string][]RecordCell
	// Before are the cells that were taken in with earlier runs.
	Before map[string][]RecordCell
	last   int // the number of the newest closed cell
}

// RecordCell is a closed cell.
type RecordCell struct {
	tracker.Cell
	Outcome tracker.Outcome
	in      closedCell
}

// Record returns what is to be taken in of an ended job. It is CodeConflict while the job runs, again or still.
func (s *Store) Record(ctx context.Context, job string) (r Record, err error) {
	if r.Job, err = s.Lookup(ctx, job); err != nil {
		return r, err
	}
	if !r.Job.State.Terminal() {
		return r, tracker.Errorf(tracker.CodeConflict, "job %s runs", job)
	}
	m, err := s.rdb.HMGet(ctx, jobKey(job, "m"), "commits", "recorded", "reopened_at").Result()
	if err != nil {
		return r, wrap(err, "read job %s", job)
	}
	text := func(i int) string { s, _ := m[i].(string); return s }
	recorded := int(num(text(1)))
	r.Run, r.At = max(0, int(num(text(0)))-1), r.Job.CreatedAt
	if r.Job.StartedAt != nil {
		r.At = *r.Job.StartedAt
	}
	if at := millis(text(2)); recorded > 0 && at != nil {
		r.At = *at
	}
	cells, err := s.cells(ctx, job)
	if err != nil {
		return r, err
	}
	r.Cells, r.Before = map[string][]RecordCell{}, map[string][]RecordCell{}
	for _, c := range cells {
		of := r.Cells
		switch {
		case c.Type == tracker.Any:
			continue
		case c.seq <= recorded:
			of = r.Before
		}
		r.last = max(r.last, c.seq)
		of[c.AccountID] = append(of[c.AccountID], RecordCell{c.Cell, c.Outcome, c})
	}
	for _, of := range r.Cells {
		slices.SortFunc(of, func(a, b RecordCell) int { return tracker.CompareCells(a.Cell, b.Cell) })
	}
	return r, nil
}

// EachOf calls row with the resources of a cell, as JSON that is valid until row returns.
func (s *Store) EachOf(ctx context.Context, r Record, c RecordCell, row func(json []byte) error) error {
	w := walker{store: s, job: r.Job.ID, row: func(_ position, json []byte) error { return row(json) }, most: 1}
	for n := range c.in.pages {
		if err := w.add(ctx, pageRef{c.in, n}); err != nil {
			return err
		}
	}
	return w.read(ctx)
}

// noteRecorded notes how far a job is in the history. Run twice, it notes the same.
//
// ARGV: number of the newest cell that is in
var noteRecorded = script(`
if call("EXISTS", M) == 1 then call("HSET", M, "recorded", ARGV[1]) end
return 0
`)

// Recorded says that the history has taken in what Record returned.
func (s *Store) Recorded(ctx context.Context, r Record) error {
	if err := noteRecorded.Run(ctx, s.rdb, jobKeys(r.Job.ID), r.last).Err(); err != nil {
		return wrap(err, "note that job %s is in the history", r.Job.ID)
	}
	return s.DropRecord(ctx, r.Job.ID)
}

// DropRecord has a job not come again.
func (s *Store) DropRecord(ctx context.Context, job string) error {
	return wrap(s.rdb.ZRem(ctx, recordsKey, job).Err(), "take job %s off the list of the history", job)
}

// recentJobs is how many of a tenant's newest jobs are looked at for those that the history lacks.
const recentJobs = 20

// Unrecorded are owner's newest scans that have ended and that the history is still to take in, the newest first.
func (s *Store) Unrecorded(ctx context.Context, owner string) ([]tracker.Job, error) {
	recent, _, err := s.Jobs(ctx, owner, "", recentJobs, tracker.JobsWanted{})
	if err != nil {
		return nil, err
	}
	ended := slices.DeleteFunc(recent, func(j tracker.Job) bool { return !j.State.Terminal() || !j.Whole() })
	if len(ended) == 0 {
		return nil, nil
	}
	active, records := make([]*redis.BoolCmd, len(ended)), make([]*redis.FloatCmd, len(ended))
	// A job is in the one before it leaves the other: read in this order, none is missed.
	_, err = s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, j := range ended {
			active[i] = p.HExists(ctx, activeKey, j.ID)
		}
		return nil
	})
	if err == nil {
		_, err = s.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, j := range ended {
				records[i] = p.ZScore(ctx, recordsKey, j.ID)
			}
			return nil
		})
	}
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, wrap(err, "look for scans that the history lacks")
	}
	var waiting []tracker.Job
	for i, j := range ended {
		if active[i].Val() || records[i].Err() == nil {
			waiting = append(waiting, j)
		}
	}
	return waiting, nil
}
