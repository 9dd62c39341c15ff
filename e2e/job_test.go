package e2e

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// quick are types that moto answers at once.
var quick = []tracker.Type{"NAT_Gateway", "Elastic_IP", "EBS_Volume", "RDS_Instance"}

// TestRetryRunsOnlyWhatFailed denies one type in one region, lifts that, and
// retries: one cell runs again and the result is whole.
func TestRetryRunsOnlyWhatFailed(t *testing.T) {
	a := seededAccount(t)
	regions := seedRegions[1:]
	p := newProxy(t, a.url, func(_ context.Context, c call) fault {
		if c.Service == "rds" && c.Region == regions[0] {
			return fault{403, "AccessDenied"}
		}
		return fault{}
	})
	c := newStack(t, p.url).client(apiKey)
	request := with(with(valid(), "regions", regions), "types", quick)
	job := c.scan(request)
	if job.State != tracker.JobPartial {
		t.Fatalf("the job ended %s, want partial: %s", job.State, job.Reason)
	}
	before := c.coverage(job.ID)
	failed := before.failed()
	if len(failed) != 1 || failed[0].Type != "RDS_Instance" || failed[0].Region != regions[0] || failed[0].Outcome != tracker.OutcomeDenied {
		t.Fatalf("failed cells: %+v", failed)
	}

	p.heal()
	retried := c.do(http.MethodPost, "/api/v1/jobs/"+job.ID+"/retry", valid())
	if retried.status != http.StatusAccepted {
		t.Fatalf("retry: status %d: %s", retried.status, retried.body)
	}
	if job = c.finished(job.ID); job.State != tracker.JobSucceeded {
		t.Errorf("the retried job ended %s: %s", job.State, job.Reason)
	}
	for _, call := range p.seen() {
		if call.Service != "sts" && (call.Service != "rds" || call.Region != regions[0]) {
			t.Errorf("the retry called AWS for a cell that had not failed: %+v", call)
		}
	}
	a.check(t, a.selected(quick, regions), c.result(job.ID).Resources)
	after := c.coverage(job.ID)
	if !after.Complete {
		t.Errorf("after the retry cells are missing: %+v", after.failed())
	}
	other := func(r tracker.CellReport) bool { return r.ID() == failed[0].ID() }
	if d := gocmp.Diff(slices.DeleteFunc(before.Cells, other), slices.DeleteFunc(after.Cells, other)); d != "" {
		t.Errorf("the retry changed cells that had not failed (-before +after):\n%s", d)
	}
}

// TestCancelEndsTheJob cancels while calls are held: the job ends at once,
// keeps what it has and never counts as complete.
func TestCancelEndsTheJob(t *testing.T) {
	a := seededAccount(t)
	var held atomic.Bool
	p := newProxy(t, a.url, func(ctx context.Context, c call) fault {
		if c.Service != "rds" {
			return fault{}
		}
		held.Store(true)
		<-ctx.Done()
		return fault{500, "InternalFailure"}
	})
	c := newStack(t, p.url).client(apiKey)
	job := c.submit(with(with(valid(), "regions", seedRegions[1:]), "types", quick))
	eventually(t, time.Minute, "the scan is held", held.Load)
	if got := c.do(http.MethodDelete, "/api/v1/jobs/"+job.ID, nil); got.status/100 != 2 {
		t.Fatalf("cancel: status %d: %s", got.status, got.body)
	}
	eventually(t, 10*time.Second, "the job is cancelled", func() bool { return c.job(job.ID).State == tracker.JobCancelled })
	cov := c.coverage(job.ID)
	if cov.Complete || cov.outcomes()[tracker.OutcomeCancelled] == 0 {
		t.Errorf("coverage of a cancelled job: complete is %t, %v", cov.Complete, cov.outcomes())
	}
	if got := c.do(http.MethodDelete, "/api/v1/jobs/"+job.ID, nil); got.status != http.StatusConflict && got.status/100 != 2 {
		t.Errorf("cancel again: status %d: %s", got.status, got.body)
	}
}

// TestMaxWorkersLimitsRegions counts the regions that a job calls at once.
func TestMaxWorkersLimitsRegions(t *testing.T) {
	a := seededAccount(t)
	rows := []struct {
		name       string
		maxWorkers int
		atLeast    int
		atMost     int
	}{
		{"one", 1, 1, 1},
		{"two", 2, 2, 2},
		{"unset", 0, 3, len(seedRegions)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := newProxy(t, a.url, func(ctx context.Context, c call) fault {
				if c.Service == "ec2" {
					linger(ctx, 300*time.Millisecond)
				}
				return fault{}
			})
			c := newStack(t, p.url).client(apiKey)
			request := with(with(valid(), "regions", seedRegions), "types", []tracker.Type{"NAT_Gateway", "Elastic_IP"})
			if row.maxWorkers > 0 {
				request = with(request, "max_workers", row.maxWorkers)
			}
			if job := c.scan(request); job.State != tracker.JobSucceeded {
				t.Fatalf("the job ended %s: %s", job.State, job.Reason)
			}
			if most := p.busiest("ec2"); most < row.atLeast || most > row.atMost {
				t.Errorf("%d regions were called at once, want %d to %d", most, row.atLeast, row.atMost)
			}
		})
	}
}

// TestRefusals sends what must not be accepted: each is a 4xx that names the
// field and starts nothing.
func TestRefusals(t *testing.T) {
	t.Parallel()
	c := newStack(t, "http://127.0.0.1:1").client(apiKey)
	rows := []struct {
		name  string
		body  any
		field string
	}{
		{"too few workers", with(valid(), "max_workers", -1), "max_workers"},
		{"too many workers", with(valid(), "max_workers", 21), "max_workers"},
		{"workers as text", with(valid(), "max_workers", "many"), "max_workers"},
		{"unknown type", with(valid(), "types", []string{"EC2_Instnace"}), "types"},
		{"no region", with(valid(), "regions", []string{"Ireland"}), "regions"},
		{"no credentials", map[string]any{}, "redentials"},
		{"no secret", map[string]any{"access_key_id": "AKIAE2EVALID00000000"}, "secret_access_key"},
		{"a list", []any{}, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := c.do(http.MethodPost, "/api/v1/scan", row.body)
			if got.status < 400 || got.status > 499 {
				t.Fatalf("status %d, want 4xx: %s", got.status, got.body)
			}
			var problem struct {
				Success *bool  `json:"success"`
				Error   string `json:"error"`
			}
			if err := json.Unmarshal(got.body, &problem); err != nil || problem.Success == nil || *problem.Success || problem.Error == "" {
				t.Errorf("the answer is no error in the contract's form: %s", got.body)
			}
			if !strings.Contains(string(got.body), row.field) {
				t.Errorf("the answer does not name %s: %s", row.field, got.body)
			}
		})
	}
	for _, key := range []string{"", "wrong"} {
		if got := c.as(key).do(http.MethodGet, "/api/v1/jobs", nil); got.status != http.StatusUnauthorized {
			t.Errorf("API key %q: status %d, want 401", key, got.status)
		}
	}
	jobs := get[struct {
		Jobs []tracker.Job `json:"jobs"`
	}](c, "/api/v1/jobs")
	if len(jobs.Jobs) != 0 {
		t.Errorf("refused requests started %d jobs", len(jobs.Jobs))
	}
}

// TestEventsTellEachCellOnce reads the stream while the scan runs and resumes
// it in the middle.
func TestEventsTellEachCellOnce(t *testing.T) {
	a := seededAccount(t)
	c := newStack(t, a.url).client(apiKey)
	job := c.submit(with(with(valid(), "regions", seedRegions[1:]), "types", quick))
	all := c.events(job.ID, "")

	last := all[len(all)-1]
	var done struct {
		State tracker.JobState `json:"state"`
	}
	if err := json.Unmarshal([]byte(last.data), &done); err != nil || last.name != "done" || done.State != tracker.JobSucceeded {
		t.Errorf("the stream ended with %s: %s", last.name, last.data)
	}
	want := map[string]int{}
	for _, cell := range c.coverage(job.ID).Cells {
		want[cell.ID()] = 1
	}
	// The cells that found the regions close too, and are replaced by them.
	closed := cellsTold(t, all)
	maps.DeleteFunc(closed, func(id string, _ int) bool { return strings.HasSuffix(id, "/"+tracker.Any) })
	if d := gocmp.Diff(want, closed); d != "" {
		t.Errorf("cells told (-coverage +events):\n%s", d)
	}

	// Behind any message, the rest is told again and nothing else.
	numbered := slices.DeleteFunc(slices.Clone(all), func(e sse) bool { return e.id == "" })
	if !slices.IsSortedFunc(numbered, func(x, y sse) int { return cmp.Compare(number(t, x.id), number(t, y.id)) }) {
		t.Errorf("the numbers of events do not rise: %+v", numbered)
	}
	for i, e := range numbered[:len(numbered)-1] {
		if d := gocmp.Diff(cellsTold(t, numbered[i+1:]), cellsTold(t, c.events(job.ID, e.id))); d != "" {
			t.Errorf("resumed behind %s (-want +got):\n%s", e.id, d)
		}
	}
}

// cellsTold counts the cells in messages.
func cellsTold(t *testing.T, messages []sse) map[string]int {
	t.Helper()
	told := map[string]int{}
	for _, m := range messages {
		if m.name != "cells" {
			continue
		}
		var data struct {
			Cells []tracker.CellReport `json:"cells"`
		}
		if err := json.Unmarshal([]byte(m.data), &data); err != nil {
			t.Fatalf("event %s: %v: %s", m.id, err, m.data)
		}
		for _, cell := range data.Cells {
			told[cell.ID()]++
		}
	}
	return told
}

// TestRestartKeepsEverything kills the API as a crash would and starts it
// again: jobs, results and cursors are as before.
func TestRestartKeepsEverything(t *testing.T) {
	a := seededAccount(t)
	s := newStack(t, a.url)
	c := s.client(apiKey)
	job := c.scan(with(with(valid(), "regions", seedRegions[1:2]), "types", quick))
	before := c.do(http.MethodGet, "/api/v1/jobs/"+job.ID+"/result", nil)
	s.api.kill()
	s.startAPI()
	after := c.do(http.MethodGet, "/api/v1/jobs/"+job.ID+"/result", nil)
	if d := gocmp.Diff(string(before.body), string(after.body)); before.status != http.StatusOK || d != "" {
		t.Errorf("the result changed with the restart, status %d (-before +after):\n%.2000s", before.status, d)
	}
	if got := c.job(job.ID); got.State != tracker.JobSucceeded {
		t.Errorf("after the restart the job is %s", got.State)
	}
}

// TestWaitAnswersTheContract is the older clients' way: one request that waits
// and answers the whole result under data.
func TestWaitAnswersTheContract(t *testing.T) {
	a := seededAccount(t)
	c := newStack(t, a.url).client(apiKey)
	request := with(with(valid(), "regions", seedRegions[1:2]), "types", quick)
	got := decoded[struct {
		Success bool   `json:"success"`
		Data    result `json:"data"`
	}](c, "scan and wait", c.do(http.MethodPost, "/api/v1/scan?wait=60", request), http.StatusOK)
	if !got.Success {
		t.Error("success is false")
	}
	a.check(t, a.selected(quick, seedRegions[1:2]), got.Data.Resources)
}

// linger makes a call take at least as long as d.
func linger(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

func number(t *testing.T, id string) int {
	t.Helper()
	n, err := strconv.Atoi(id)
	if err != nil {
		t.Fatalf("the ID of an event is %q, no number", id)
	}
	return n
}
