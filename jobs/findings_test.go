package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/tracker"
)

// perVolume finds one thing about each volume, and reads a metric of the first.
func perVolume(ctx context.Context, s scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
	r := tracker.FindingsReport{Status: tracker.Evaluated, MonthlySaving: new(tracker.Money)}
	err := s.Each(ctx, []tracker.Type{"EBS_Volume"}, func(row []byte) error {
		r.Findings++
		return found(tracker.Finding{ID: string(row[:40]), Rule: "a"})
	})
	if err != nil {
		return r, err
	}
	q := tracker.MetricQuery{Name: "m"}
	values, err := s.Metrics(ctx, "1", "a", []tracker.MetricQuery{q})
	r.ByRule = []tracker.RuleReport{{Rule: "a", Reason: values[q.ID()].Failure, Findings: len(s.Coverage)}}
	return r, err
}

// findings are those of a job, and the report on them.
func (s *system) findings(id string) (n int, r tracker.FindingsReport) {
	s.t.Helper()
	err := s.store.EachFinding(s.t.Context(), id, "", func(string, []byte) error {
		n++
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if r, err = s.store.Findings(s.t.Context(), id); err != nil {
		s.t.Fatal(err)
	}
	return n, r
}

func TestFindings_AreFoundBeforeTheEnd(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a", "b"}}, jobs.Options{Findings: perVolume})
	j := s.until(s.submit(tracker.ScanRequest{Findings: true}).ID, ended)
	n, r := s.findings(j.ID)
	want := tracker.FindingsReport{
		Status: tracker.Evaluated, MonthlySaving: new(tracker.Money), Findings: 4,
		ByRule: []tracker.RuleReport{{Rule: "a", Reason: "metrics cannot be read from this account", Findings: 5}},
	}
	if diff := cmp.Diff(want, r); diff != "" || n != 4 || j.State != tracker.JobSucceeded {
		t.Errorf("%s with %d findings (-want +got):\n%s", j.State, n, diff)
	}
}

func TestFindings_OnlyOfScansThatAskForThem(t *testing.T) {
	t.Parallel()
	var begun atomic.Int32
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{
		Findings: func(context.Context, scans.Scanned, func(tracker.Finding) error) (tracker.FindingsReport, error) {
			begun.Add(1)
			return tracker.FindingsReport{}, nil
		},
	})
	s.until(s.submit(tracker.ScanRequest{}).ID, ended)
	if n := begun.Load(); n > 0 {
		t.Errorf("looked for %d times", n)
	}
}

// TestFindings_FailureKeepsTheScan: the scan ends as it would, and says why there
// are no findings, the few before the failure among them.
func TestFindings_FailureKeepsTheScan(t *testing.T) {
	t.Parallel()
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{
		Findings: func(_ context.Context, _ scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
			return tracker.FindingsReport{Status: tracker.Evaluated}, errors.Join(found(tracker.Finding{Rule: "a"}), errors.New("no prices"))
		},
	})
	j := s.until(s.submit(tracker.ScanRequest{Findings: true}).ID, ended)
	n, r := s.findings(j.ID)
	if j.State != tracker.JobSucceeded || n != 0 || r.Status != tracker.NotEvaluated || r.Reason != "no prices" || r.MonthlySaving != nil {
		t.Errorf("%s with %d findings: %+v", j.State, n, r)
	}
}

func TestFindings_OfARetryReplaceThoseBefore(t *testing.T) {
	t.Parallel()
	account := &aws{id: "1", regions: []string{"a", "b"}}
	account.scan = func(_ context.Context, region string, typ tracker.Type) error {
		if region == "b" && typ == "EBS_Volume" {
			return fail(tracker.OutcomeDenied)
		}
		return nil
	}
	s := start(t, account, jobs.Options{Findings: perVolume})
	j := s.until(s.submit(tracker.ScanRequest{Findings: true}).ID, ended)
	if n, _ := s.findings(j.ID); n != 3 {
		t.Errorf("%d findings of three volumes", n)
	}
	account.scan = nil
	if _, err := s.client.Retry(t.Context(), as("alice"), j.ID, []byte("AKIA")); err != nil {
		t.Fatal(err)
	}
	s.until(j.ID, ended)
	if n, r := s.findings(j.ID); n != 4 || r.Findings != 4 {
		t.Errorf("%d findings of four volumes after the retry: %+v", n, r)
	}
}

// TestFindings_OfAStoppedWorkerAreFoundAnew stops a worker that has found a part.
func TestFindings_OfAStoppedWorkerAreFoundAnew(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{}, 1)
	var stopped atomic.Bool
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{
		Findings: func(ctx context.Context, sc scans.Scanned, found func(tracker.Finding) error) (tracker.FindingsReport, error) {
			if stopped.Load() {
				return perVolume(ctx, sc, found)
			}
			err := found(tracker.Finding{Rule: "of the first"})
			begun <- struct{}{}
			<-ctx.Done()
			return tracker.FindingsReport{}, err
		},
	})
	j := s.submit(tracker.ScanRequest{Findings: true})
	<-begun
	stopped.Store(true)
	s.first.Stop()
	if j := s.until(j.ID, func(tracker.Job) bool { return true }); j.State != tracker.JobFinalizing {
		t.Errorf("the job is %s before its findings are found", j.State)
	}
	s.worker()
	s.until(j.ID, ended)
	if n, r := s.findings(j.ID); n != 2 || r.Findings != 2 {
		t.Errorf("%d findings of two volumes: %+v", n, r)
	}
}

// TestFindings_EndWithTheJob: a cancelled job does not wait for them.
func TestFindings_EndWithTheJob(t *testing.T) {
	t.Parallel()
	begun, left := make(chan struct{}), make(chan error, 1)
	s := start(t, &aws{id: "1", regions: []string{"a"}}, jobs.Options{
		Beat: 5 * time.Millisecond,
		Findings: func(ctx context.Context, _ scans.Scanned, _ func(tracker.Finding) error) (tracker.FindingsReport, error) {
			close(begun)
			<-ctx.Done()
			left <- context.Cause(ctx)
			return tracker.FindingsReport{}, ctx.Err()
		},
	})
	j := s.submit(tracker.ScanRequest{Findings: true})
	<-begun
	if _, err := s.client.Cancel(t.Context(), as("alice"), j.ID); err != nil {
		t.Fatal(err)
	}
	s.until(j.ID, ended)
	if err := <-left; err == nil || !strings.Contains(err.Error(), "it has ended") {
		t.Errorf("left because: %v", err)
	}
	if _, err := s.store.Findings(t.Context(), j.ID); tracker.CodeOf(err) != tracker.CodeNotFound {
		t.Errorf("findings of a scan that ended before: %v", err)
	}
}

// payer is an account that tells what it was billed, a call for each sum.
type payer struct {
	*aws
	calls atomic.Int32
}

func (p *payer) Billed(ctx context.Context, _ string, _ tracker.BilledRequest, by string, spend func(context.Context) (bool, error)) tracker.BilledSum {
	sum := tracker.BilledSum{GroupBy: by, Groups: []tracker.BilledGroup{}}
	if ok, err := spend(ctx); !ok || err != nil {
		sum.Reason = "spent"
		return sum
	}
	p.calls.Add(1)
	sum.Complete, sum.Total = true, new(tracker.Dollar)
	return sum
}

// TestBilled_WithinTheBudget: no call is made that was not allowed, nor any twice.
func TestBilled_WithinTheBudget(t *testing.T) {
	t.Parallel()
	account := &payer{aws: &aws{id: "1", regions: []string{"a", "b"}}}
	account.scan = func(_ context.Context, region string, typ tracker.Type) error {
		if region == "b" && typ == "EBS_Volume" {
			return fail(tracker.OutcomeDenied)
		}
		return nil
	}
	s := start(t, nil, jobs.Options{
		Open: func(context.Context, tracker.Credentials) (kernel.Account, error) { return account, nil },
	})
	unasked := tracker.BilledRequest{GroupBy: []string{"service"}, Start: "2026-11-01", End: "2026-11-30"}
	s.until(s.submit(tracker.ScanRequest{Billed: &unasked}).ID, ended)
	if n := account.calls.Load(); n != 0 {
		t.Errorf("%d calls were made unasked", n)
	}

	one := tracker.BilledRequest{GroupBy: []string{"region", "service"}, Start: "2026-11-01", End: "2026-11-30", MaxPaidCalls: 1}
	j := s.until(s.submit(tracker.ScanRequest{Billed: &one}).ID, ended)
	want := tracker.BilledReport{Start: "2026-11-01", End: "2026-11-30", PaidCalls: 1, Sums: []tracker.BilledSum{
		{AccountID: "1", GroupBy: "region", Complete: true, Total: new(tracker.Dollar), Groups: []tracker.BilledGroup{}},
		{AccountID: "1", GroupBy: "service", Reason: "spent", Groups: []tracker.BilledGroup{}},
	}}
	check := func(when string) {
		t.Helper()
		got, err := s.store.Billed(t.Context(), j.ID)
		if diff := cmp.Diff(want, got); diff != "" || err != nil || account.calls.Load() != 1 {
			t.Errorf("%s: %d calls, %v (-want +got):\n%s", when, account.calls.Load(), err, diff)
		}
	}
	check("the scan")
	account.scan = nil
	if _, err := s.client.Retry(t.Context(), as("alice"), j.ID, []byte("AKIA")); err != nil {
		t.Fatal(err)
	}
	s.until(j.ID, ended)
	check("its retry")
}
