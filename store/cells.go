package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// OpenCell is a cell that still has to be run.
type OpenCell struct {
	tracker.Cell
	Tries int // how often it was run and put back
}

// OpenCells returns which of the cells are open.
func (s *Store) OpenCells(ctx context.Context, job string, cells []tracker.Cell) ([]OpenCell, error) {
	ids := make([]string, len(cells))
	for i, c := range cells {
		ids[i] = c.ID()
	}
	values, err := s.rdb.HMGet(ctx, jobKey(job, "c"), ids...).Result()
	if err != nil {
		return nil, fmt.Errorf("read cells of job %s: %w", job, err)
	}
	var open []OpenCell
	for i, v := range values {
		v, _ := v.(string)
		if f := strings.Split(v, ":"); f[0] == "-" && len(f) == 3 {
			open = append(open, OpenCell{cells[i], int(num(f[1]))})
		}
	}
	return open, nil
}

// Found is what a discovery found: the units to scan, each with its cells.
type Found struct {
	Unit  string // "account/region"
	Types []tracker.Type
}

// expandCell replaces a discovery cell by the cells that it found, unless they are more
// than a job can have. Run twice, the second finds the discovery cell gone and changes
// nothing.
//
// ARGV: discovery cell, its unit, now (ms), most cells of a job, how many were found, then
// for each unit: unit, number of types, types…
// Returns {1 | 0 when it was done before | -1 when they are too many, dispatches…}
var expandCell = script(`
local cell, uid, now = ARGV[1], ARGV[2], num(ARGV[3])
if call("HGET", M, "state") ~= "running" or string.sub(call("HGET", C, cell) or "", 1, 2) ~= "-:" then return {0} end
if num(call("HGET", M, "total")) - 1 + num(ARGV[5]) > num(ARGV[4]) then return {-1} end
call("HDEL", C, cell)
call("HDEL", E, cell)
local opened, discovering, i = -1, -1, 6
while i <= #ARGV do
	local id, n, fresh = ARGV[i], num(ARGV[i + 1]), 0
	for k = i + 2, i + 1 + n do
		if call("HSETNX", C, id .. "/" .. ARGV[k], "-:0:") == 1 then fresh = fresh + 1 end
		if ARGV[k] == "*" then discovering = discovering + 1 end
	end
	if fresh > 0 then
		local u = unit(id)
		if u then
			u.left = u.left + fresh
		else
			u = {id = id, state = "h", runs = 0, strikes = 0, epoch = 0, beat = now, left = fresh}
			call("RPUSH", H, id)
		end
		putUnit(u)
	end
	opened = opened + fresh
	i = i + 2 + n
end
call("HINCRBY", M, "total", opened)
call("HINCRBY", M, "discovering", discovering)
local u = unit(uid)
u.left = u.left - 1
if u.left <= 0 then move(u, "d") end
putUnit(u)
if call("HINCRBY", M, "open", opened) == 0 then enter("finalizing", ARGV[3]) end
call("RPUSH", L, "srunning")
keep()
local out = {1}
dispatch(now, out)
return out
`)

// TooManyCells is the error of a discovery that found more cells than its job can have.
type TooManyCells struct{ Found, Most int }

// Error implements error.
func (e TooManyCells) Error() string {
	return fmt.Sprintf("too many cells: %d more were found, and a job has at most %d; name fewer accounts, regions or types", e.Found, e.Most)
}

// Expand replaces the discovery cell of an account by the cells that it found. It
// changes nothing and answers TooManyCells where the job would have too many, or
// CodeQuota where its tenant would.
func (s *Store) Expand(ctx context.Context, job string, discovery tracker.Cell, found []Found) ([]Dispatch, error) {
	many := 0
	for _, f := range found {
		many += len(f.Types)
	}
	owner, err := s.rdb.HGet(ctx, jobKey(job, "m"), "owner").Result()
	if errors.Is(err, redis.Nil) {
		return nil, notFound(job)
	}
	if err != nil {
		return nil, fmt.Errorf("read the owner of job %s: %w", job, err)
	}
	limits, err := s.Quotas(ctx, owner)
	if err != nil {
		return nil, err
	}
	most := s.mostCells(limits)
	if many <= most {
		if err := s.takeCells(ctx, owner, job, discovery.ID(), many, limits); err != nil {
			return nil, err
		}
	}
	args := []any{discovery.ID(), discovery.Unit(), s.now(), most, many}
	for _, f := range found {
		args = append(args, f.Unit, len(f.Types))
		for _, t := range f.Types {
			args = append(args, string(t))
		}
	}
	r, err := expandCell.Run(ctx, s.rdb, jobKeys(job), args...).Slice()
	if err != nil {
		return nil, fmt.Errorf("expand %s of job %s: %w", discovery.ID(), job, err)
	}
	if len(r) > 0 && r[0] == int64(-1) {
		return nil, errors.Join(TooManyCells{many, most}, s.takeCells(ctx, owner, job, discovery.ID(), 0, limits))
	}
	return parseDispatches(r[1:]), nil
}

// mostCells is how many cells a job of a tenant can have: what its quota says, and where
// there is none what the Store says.
func (s *Store) mostCells(limits tracker.Limits) int {
	limit, ok := limits[tracker.QuotaCellsJob]
	switch {
	case !ok:
		return s.o.MaxCells
	case limit == 0:
		return tracker.MaxLimit
	}
	return int(limit)
}

// Closing is how a cell ended.
type Closing struct {
	Cell    tracker.Cell
	Outcome tracker.Outcome
	Run     int // of the unit; names the pages
	Written Written
	Elapsed time.Duration
	Calls   int64 // to AWS, of the try that ended it
	Failure *tracker.Failure
	Notes   []tracker.Note
}

// said is what is kept of a cell besides its numbers: why it failed, and its notes.
type said struct {
	*tracker.Failure
	Notes []tracker.Note `json:"notes,omitempty"`
}

// closeCell ends a cell. Its pages count from here on. Of two workers the first wins and
// the second is told so. Run twice by one, whose answer was lost with the connection, it
// says won again: the pages that count are the caller's. It closes nothing where a page is
// missing: a Redis that was killed may have lost the last second of what it acknowledged.
//
// ARGV: cell, unit, now (ms), outcome, run, rows, pages, bytes, elapsed (ms), failure and notes in JSON or "", calls, then counter and increment…
// Returns {1 won | 0 lost | -1 a page is missing, 1 when the job is to be finished, dispatches…}
var closeCell = script(`
local finalizing = function() return call("HGET", M, "state") == "finalizing" and 1 or 0 end
if string.match(call("HGET", C, ARGV[1]) or "", "^[%a_]+:%d+:(%d+):") == ARGV[5] then return {1, finalizing()} end
if not written(ARGV[1], ARGV[5], ARGV[7]) then return {-1, 0} end
local counts = {}
for i = 12, #ARGV do counts[#counts + 1] = ARGV[i] end
local won = call("HGET", M, "state") == "running"
	and close(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], counts)
local out = {won and 1 or 0, finalizing()}
if won then
	called(ARGV[11])
	keep()
	dispatch(num(ARGV[3]), out)
end
return out
`)

// errPageLost is the error of a cell, or of findings, whose pages Redis has lost: what wrote
// them is to run again.
var errPageLost = errors.New("a page that was written is gone")

// Close ends a cell. won is false when it was closed before; its pages are then
// to be dropped. When finish is true the job waits to be finished.
func (s *Store) Close(ctx context.Context, job string, c Closing) (won, finish bool, next []Dispatch, err error) {
	failure := ""
	if c.Failure != nil || len(c.Notes) > 0 {
		b, err := json.Marshal(said{c.Failure, c.Notes})
		if err != nil {
			return false, false, nil, fmt.Errorf("encode failure of %s: %w", c.Cell.ID(), err)
		}
		failure = string(b)
	}
	args := []any{
		c.Cell.ID(), c.Cell.Unit(), s.now(), string(c.Outcome), c.Run, c.Written.Rows, c.Written.Pages, c.Written.Bytes,
		c.Elapsed.Milliseconds(), failure, c.Calls,
	}
	r, err := closeCell.Run(ctx, s.rdb, jobKeys(job), append(args, counters(c.Written.Summary)...)...).Slice()
	if err != nil {
		return false, false, nil, fmt.Errorf("close %s of job %s: %w", c.Cell.ID(), job, err)
	}
	if r[0].(int64) < 0 {
		return false, false, nil, fmt.Errorf("close %s of job %s: %w", c.Cell.ID(), job, errPageLost)
	}
	return r[0].(int64) == 1, r[1].(int64) == 1, parseDispatches(r[2:]), nil
}

// putBack leaves a cell open after a try that failed. Run twice, it counts two tries, and the calls of both.
//
// ARGV: cell, outcome, failure JSON, 1 when the try counts | 0, calls
// Returns the number of tries, or -1 when the cell is closed
var putBack = script(`
local tries = num(string.match(call("HGET", C, ARGV[1]) or "", "^%-:(%d+):"))
if not tries then return -1 end
tries = tries + num(ARGV[4])
call("HSET", C, ARGV[1], "-:" .. tries .. ":" .. ARGV[2])
call("HSET", E, ARGV[1], ARGV[3])
called(ARGV[5])
keep()
return tries
`)

// PutBack leaves a cell open for another try, after one that has made some calls. A try whose calls the budget held
// back does not count.
func (s *Store) PutBack(ctx context.Context, job string, c tracker.Cell, f *tracker.Failure, calls int64) error {
	b, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("encode failure of %s: %w", c.ID(), err)
	}
	counts := 1
	if f.Unsent {
		counts = 0
	}
	return wrap(putBack.Run(ctx, s.rdb, jobKeys(job), c.ID(), string(f.Outcome), b, counts, calls).Err(), "put back %s of job %s", c.ID(), job)
}

// closedCell is a closed cell with its place in the result.
type closedCell struct {
	tracker.CellReport
	seq, run, rows, pages, bytes int
}

// parseCell reads one entry of the cell table.
func parseCell(id, v string) (closedCell, error) {
	cell, err := tracker.ParseCell(id)
	if err != nil {
		return closedCell{}, err
	}
	f := strings.Split(v, ":")
	c := closedCell{CellReport: tracker.CellReport{Cell: cell}}
	at := func(i int) int { return int(num(f[i])) }
	switch {
	case f[0] == "-" && len(f) == 3:
		c.Attempts = at(1)
	case len(f) == 8:
		c.Outcome, c.seq, c.run, c.rows, c.pages, c.bytes = tracker.Outcome(f[0]), at(1), at(2), at(3), at(4), at(5)
		c.Resources, c.ElapsedMS, c.Attempts = c.rows, int64(at(6)), at(7)
	default:
		return c, fmt.Errorf("cell %s: %q is not a cell", id, v)
	}
	return c, nil
}

// cells returns every cell of a job, without failures.
func (s *Store) cells(ctx context.Context, job string) ([]closedCell, error) {
	m, err := s.rdb.HGetAll(ctx, jobKey(job, "c")).Result()
	if err != nil {
		return nil, fmt.Errorf("read cells of job %s: %w", job, err)
	}
	cells := make([]closedCell, 0, len(m))
	for id, v := range m {
		c, err := parseCell(id, v)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}

// Coverage returns every cell of a job, ordered by account, region and type.
func (s *Store) Coverage(ctx context.Context, job string) ([]tracker.CellReport, error) {
	job, err := s.resolve(ctx, job)
	if err != nil {
		return nil, err
	}
	cells, err := s.cells(ctx, job)
	if err != nil {
		return nil, err
	}
	failures, err := s.rdb.HGetAll(ctx, jobKey(job, "e")).Result()
	if err != nil {
		return nil, fmt.Errorf("read failures of job %s: %w", job, err)
	}
	reports := make([]tracker.CellReport, len(cells))
	for i, c := range cells {
		reports[i] = c.CellReport
		if f, ok := failures[c.ID()]; ok {
			if err := decodeSaid(f, &reports[i]); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(reports, func(a, b tracker.CellReport) int { return tracker.CompareCells(a.Cell, b.Cell) })
	return reports, nil
}

// Failed returns the closed cells of a job that were not seen to their end, ordered as
// Coverage orders them. It reads no others: a job can have a hundred thousand.
func (s *Store) Failed(ctx context.Context, job string) ([]tracker.CellReport, error) {
	job, err := s.resolve(ctx, job)
	if err != nil {
		return nil, err
	}
	ids, err := s.rdb.HKeys(ctx, jobKey(job, "e")).Result()
	if err != nil {
		return nil, fmt.Errorf("read failures of job %s: %w", job, err)
	}
	cells, err := s.reports(ctx, job, ids)
	if err != nil {
		return nil, err
	}
	failed := make([]tracker.CellReport, 0, len(cells))
	for _, c := range cells {
		if c.Outcome != "" && !c.Outcome.Complete() {
			failed = append(failed, *c)
		}
	}
	slices.SortFunc(failed, func(a, b tracker.CellReport) int { return tracker.CompareCells(a.Cell, b.Cell) })
	return failed, nil
}

// decodeSaid completes a report by what is kept of its cell.
func decodeSaid(v string, r *tracker.CellReport) error {
	var s said
	if err := json.Unmarshal([]byte(v), &s); err != nil {
		return fmt.Errorf("decode what was said of cell %s: %w", r.ID(), err)
	}
	r.Error, r.Notes = s.Failure, s.Notes
	return nil
}
