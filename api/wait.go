package api

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// maxWait is how long a request may wait for its result.
	maxWait = time.Minute
	// waits marks, in an operation's metadata, one whose handler may.
	waits = "waits"
)

var preferWait = regexp.MustCompile(`(?i)(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?`)

// wait is how long the request wants to wait, and whether it said so by Prefer.
// A preference beyond the maximum is bounded, as preferences may be.
func (s *Server) wait(in ScanParams) (wait time.Duration, preferred bool) {
	if in.Wait.set {
		return time.Duration(in.Wait.value) * time.Second, false
	}
	if m := preferWait.FindStringSubmatch(in.Prefer); m != nil {
		seconds, _ := strconv.Atoi(m[1])
		return min(time.Duration(seconds)*time.Second, maxWait), true
	}
	if strings.Contains(strings.ToLower(in.Prefer), "respond-async") {
		return 0, false
	}
	return min(s.Wait, maxWait), false
}

// await returns the job when it has ended, when the time is up or when the
// server closes. The job exists by now, so a failed look at it is not an error.
func (s *Server) await(ctx context.Context, job tracker.Job, wait time.Duration) tracker.Job {
	if wait <= 0 {
		return job
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	const shortest, longest = 25 * time.Millisecond, 100 * time.Millisecond
	for pause := shortest; ; pause = min(2*pause, longest) {
		if now, err := s.job(ctx, job.ID); err == nil {
			job = now
		}
		if job.State.Terminal() || !s.sleep(ctx, pause) {
			return job
		}
	}
}

// sleep reports whether d passed before the request or the server ended.
func (s *Server) sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-s.done:
		return false
	case <-t.C:
		return true
	}
}

// ended answers a job that ended within the wait.
func (s *Server) ended(ctx context.Context, job tracker.Job, preferred bool) (*huma.StreamResponse, error) {
	if err := refuseEnded(job); err != nil {
		return nil, err.with("Location", linksOf(job).Self)
	}
	head, err := s.scanHead(ctx, job)
	if err != nil {
		return nil, err
	}
	return streamed(func(ctx context.Context, w http.ResponseWriter) {
		w.Header().Set("Location", linksOf(job).Self)
		if preferred {
			w.Header().Set("Preference-Applied", "wait")
		}
		s.streamResult(ctx, w, head, `{"success":true,"data":`, "}")
	}), nil
}

// refuseEnded is the problem of a job that has nothing to show, or nil.
func refuseEnded(job tracker.Job) *Problem {
	var p *Problem
	seen := job.Progress.ByOutcome
	switch {
	case job.State == tracker.JobCancelled && job.Summary.TotalResources == 0:
		p = newProblem(http.StatusConflict, "the scan was cancelled")
	case job.State != tracker.JobFailed:
		return nil
	case seen[tracker.OutcomeBadCreds]+seen[tracker.OutcomeDenied]+seen[tracker.OutcomeDeniedSCP] > 0:
		p = newProblem(http.StatusUnprocessableEntity, "AWS refused the credentials")
		p.Details = job.Reason
		if job.Reason != "" {
			p.Detail, p.Text = job.Reason, job.Reason
		}
	default:
		p = newProblem(http.StatusInternalServerError, "Internal server error during scan")
		p.Details = job.Reason
	}
	p.JobID = job.ID
	return p
}
