package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What is found about a scan as a whole is found by one worker at a time, between
// the closing of the last cell and the end of the job. It holds a claim, which
// ends with it; whoever claims then begins anew. Findings are pages like those of
// resources, named by the claim, and count once the report names them too.

// FindingsClaim says who is to evaluate a scan.
type FindingsClaim int

// The answers to a claim.
const (
	ClaimNone FindingsClaim = iota // there is nothing to do: it was done, or the job is not to be evaluated
	ClaimHeld                      // another does it
	ClaimMine
)

// claimFindings gives the evaluation of a job to one holder for a while. Run
// twice by a holder, the second renews.
//
// KEYS: those of the job, then the claim   ARGV: holder, for how long (ms)
// Returns {0 nothing to do | 1 another holds it | 2 the caller does, how many have held it}
var claimFindings = script(`
local claim = KEYS[#KEYS]
if call("HGET", M, "state") ~= "finalizing" or call("HGET", M, "cancelled") or call("HEXISTS", N, "findings") == 1 then return {0, 0} end
local holder = call("GET", claim)
if holder and holder ~= ARGV[1] then return {1, 0} end
call("SET", claim, ARGV[1], "PX", ARGV[2])
return {2, call("HINCRBY", M, "evaluations", holder and 0 or 1)}
`)

// ClaimFindings asks to evaluate a job for a while, or to go on doing so. holders
// counts those who have begun to, the caller among them.
func (s *Store) ClaimFindings(ctx context.Context, job, holder string, life time.Duration) (c FindingsClaim, holders int, err error) {
	r, err := claimFindings.Run(ctx, s.rdb, claimKeys(job), holder, life.Milliseconds()).Int64Slice()
	if err != nil {
		return ClaimNone, 0, fmt.Errorf("claim the findings of job %s: %w", job, err)
	}
	return FindingsClaim(r[0]), int(r[1]), nil
}

// releaseFindings ends a claim. Run twice, the second changes nothing.
//
// KEYS: the claim   ARGV: holder
var releaseFindings = redisScript(`
if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end
return 0
`)

// ReleaseFindings ends a claim before its time.
func (s *Store) ReleaseFindings(ctx context.Context, job, holder string) error {
	err := releaseFindings.Run(ctx, s.rdb, []string{jobKey(job, "g")}, holder).Err()
	return wrap(err, "release the findings of job %s", job)
}

func claimKeys(job string) []string { return append(jobKeys(job), jobKey(job, "g")) }

// putFindings writes what the holder of the claim has found, and ends the claim.
// Run twice, the second changes nothing and says the same. It reports nothing where a page is
// missing.
//
// KEYS: those of the job, then the claim   ARGV: holder, pages, bytes of the pages, then field and value…
// Returns 1 | 0 when the claim is not the caller's any more | -1 a page is missing
var putFindings = script(`
local claim = KEYS[#KEYS]
local mine = '{"run":"' .. ARGV[1] .. '",'
if string.sub(call("HGET", N, "findings") or "", 1, #mine) == mine then return 1 end
if call("HGET", M, "state") ~= "finalizing" or call("GET", claim) ~= ARGV[1] then return 0 end
if not written("findings", ARGV[1], ARGV[2]) then return -1 end
call("HSET", N, unpack(ARGV, 4))
call("HSET", M, "finding_bytes", ARGV[3])
call("DEL", claim)
keep()
return 1
`)

// found is the report of an evaluation as it is stored.
type found struct {
	Run    string                 `json:"run"`
	Pages  int                    `json:"pages"`
	Report tracker.FindingsReport `json:"report"`
}

// FindingWriter writes the findings of one run of an evaluation. It holds one page
// in memory. It is for one goroutine.
type FindingWriter struct {
	store   *Store
	job     string
	run     string
	expires time.Time
	rows    bytes.Buffer
	inPage  int
	pages   int
	bytes   int
}

// FindingWriter returns a writer for the holder of the claim. What it writes is
// deleted at expires, the time by which the job is.
func (s *Store) FindingWriter(job, holder string, expires time.Time) *FindingWriter {
	return &FindingWriter{store: s, job: job, run: holder, expires: expires}
}

func findingsKey(job, run string, n int) string {
	return jobKey(job, fmt.Sprintf("p:findings:%s:%d", run, n))
}

// Add appends a finding and writes a page that is full.
func (w *FindingWriter) Add(ctx context.Context, f tracker.Finding) error {
	enc := json.NewEncoder(&w.rows)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(f); err != nil {
		return fmt.Errorf("encode finding %s: %w", f.ID, err)
	}
	if w.inPage++; w.inPage < w.store.o.PageRows {
		return nil
	}
	return w.flush(ctx)
}

func (w *FindingWriter) flush(ctx context.Context) error {
	if w.inPage == 0 {
		return nil
	}
	page := findingEncoder.EncodeAll(w.rows.Bytes(), []byte{pageBare})
	ttl := max(w.expires.Sub(w.store.o.Now()), time.Minute)
	if err := w.store.rdb.Set(ctx, findingsKey(w.job, w.run, w.pages), page, ttl).Err(); err != nil {
		return fmt.Errorf("write findings of job %s: %w", w.job, err)
	}
	w.pages++
	w.bytes += len(page)
	w.inPage = 0
	w.rows.Reset()
	return nil
}

// Drop deletes what was written: it is not to count.
func (w *FindingWriter) Drop(ctx context.Context) error {
	for n := range w.pages {
		if err := w.store.rdb.Unlink(ctx, findingsKey(w.job, w.run, n)).Err(); err != nil {
			return fmt.Errorf("drop findings of job %s: %w", w.job, err)
		}
	}
	w.pages, w.inPage, w.bytes = 0, 0, 0
	w.rows.Reset()
	return nil
}

// Close writes the last page and the report, which makes the findings count, and
// what was billed, unless that is nil. won is false when the claim is another's by
// now; the findings are then dropped.
func (w *FindingWriter) Close(ctx context.Context, r tracker.FindingsReport, billed *tracker.BilledReport) (won bool, err error) {
	if err := w.flush(ctx); err != nil {
		return false, err
	}
	b, err := encode(found{w.run, w.pages, r})
	if err != nil {
		return false, err
	}
	undecided := map[string][]tracker.Cell{}
	for _, rule := range r.ByRule {
		if len(rule.Undecided) > 0 {
			undecided[rule.Rule] = rule.Undecided
		}
	}
	cells, err := encode(undecided)
	if err != nil {
		return false, err
	}
	args := []any{w.run, w.pages, w.bytes, "findings", b, "undecided", findingEncoder.EncodeAll([]byte(cells), nil)}
	if billed != nil {
		if b, err = encode(billed); err != nil {
			return false, err
		}
		args = append(args, "billed", b)
	}
	n, err := putFindings.Run(ctx, w.store.rdb, claimKeys(w.job), args...).Int()
	if err != nil {
		return false, fmt.Errorf("report the findings of job %s: %w", w.job, err)
	}
	switch n {
	case -1:
		return false, errors.Join(fmt.Errorf("report the findings of job %s: %w", w.job, errPageLost), w.Drop(ctx))
	case 0:
		return false, w.Drop(ctx)
	}
	return true, nil
}

// dropFindings deletes the findings of a job.
func (s *Store) dropFindings(ctx context.Context, job string) error {
	f, err := s.found(ctx, job)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	w := FindingWriter{store: s, job: job, run: f.Run, pages: f.Pages}
	return errors.Join(err, w.Drop(ctx))
}

func (s *Store) found(ctx context.Context, job string) (f found, err error) {
	b, err := s.rdb.HGet(ctx, jobKey(job, "n"), "findings").Bytes()
	if errors.Is(err, redis.Nil) {
		return f, tracker.Errorf(tracker.CodeNotFound, "job %s has no findings", job)
	}
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	return f, wrap(err, "read the findings of job %s", job)
}

// Findings returns the report on a job's findings; CodeNotFound when nobody has
// looked for any.
func (s *Store) Findings(ctx context.Context, job string) (tracker.FindingsReport, error) {
	job, err := s.resolve(ctx, job)
	if err != nil {
		return tracker.FindingsReport{}, err
	}
	f, err := s.found(ctx, job)
	return f.Report, err
}

// Evaluated returns the report on a job's findings, with the cells that rules could not decide on. A report of a release
// that does not note these has Any for them.
func (s *Store) Evaluated(ctx context.Context, job string) (tracker.FindingsReport, error) {
	f, err := s.found(ctx, job)
	if err != nil {
		return f.Report, err
	}
	b, err := s.rdb.HGet(ctx, jobKey(job, "n"), "undecided").Bytes()
	var undecided map[string][]tracker.Cell
	switch {
	case err == nil:
		if b, err = zstdDecoder.DecodeAll(b, nil); err == nil {
			err = json.Unmarshal(b, &undecided)
		}
	case errors.Is(err, redis.Nil):
		err = nil
	}
	for i, rule := range f.Report.ByRule {
		f.Report.ByRule[i].Undecided = undecided[rule.Rule]
		if undecided == nil && rule.Reason != "" {
			f.Report.ByRule[i].Undecided = []tracker.Cell{{AccountID: tracker.Any, Region: tracker.Any, Type: tracker.Any}}
		}
	}
	return f.Report, wrap(err, "read the findings of job %s", job)
}

// EachFinding calls f with every finding of a job from a cursor on, as JSON that is
// valid until f returns, and with the cursor that begins with it. It holds one page
// in memory.
func (s *Store) EachFinding(ctx context.Context, job, cursor string, f func(at string, json []byte) error) error {
	from, err := parsePosition(cursor)
	if err != nil {
		return err
	}
	if job, err = s.resolve(ctx, job); err != nil {
		return err
	}
	all, err := s.found(ctx, job)
	if tracker.CodeOf(err) == tracker.CodeNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	for n := from.page; n < all.Pages; n++ {
		rows, err := s.pageAt(ctx, findingsKey(job, all.Run, n))
		if err != nil {
			return fmt.Errorf("read findings of job %s: %w", job, err)
		}
		i := -1
		for line := range bytes.Lines(rows) {
			if i++; n == from.page && i < from.row {
				continue
			}
			if err := f(position{page: n, row: i}.String(), bytes.TrimSuffix(line, []byte("\n"))); err != nil {
				return err
			}
		}
	}
	return nil
}

// Billed returns what was billed, as far as a job has asked for it; CodeNotFound
// when it has not.
func (s *Store) Billed(ctx context.Context, job string) (r tracker.BilledReport, err error) {
	if job, err = s.resolve(ctx, job); err != nil {
		return r, err
	}
	b, err := s.rdb.HGet(ctx, jobKey(job, "n"), "billed").Bytes()
	if errors.Is(err, redis.Nil) {
		return r, tracker.Errorf(tracker.CodeNotFound, "job %s has not asked for what was billed", job)
	}
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	return r, wrap(err, "read what was billed of job %s", job)
}

// spend counts a paid call while a job may make more. Run twice, it counts two.
//
// ARGV: how many the job may make
// Returns 1 | 0 when it has made them
var spend = script(`
if num(call("HGET", M, "paid_calls") or 0) >= num(ARGV[1]) then return 0 end
call("HINCRBY", M, "paid_calls", 1)
return 1
`)

// Spend reports whether a job of a tenant may make one more paid call, and counts it. A
// retry of the job, or another worker, has no more calls than what is left. CodeQuota
// says that the tenant has none left.
func (s *Store) Spend(ctx context.Context, tenant, job string, most int) (bool, error) {
	n, err := spend.Run(ctx, s.rdb, jobKeys(job), most).Int()
	if err != nil {
		return false, fmt.Errorf("count a paid call of job %s: %w", job, err)
	}
	if n == 0 {
		return false, nil
	}
	err = s.takePaidCall(ctx, tenant, job)
	return err == nil, err
}
