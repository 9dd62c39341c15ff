package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// endless is an AWS account of one region with log groups of so many pages.
type endless struct {
	pages int

	mu       sync.Mutex
	arrivals []time.Time // of logs:DescribeLogGroups
}

func (e *endless) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch target := r.Header.Get("X-Amz-Target"); {
	case strings.HasSuffix(target, ".DescribeLogGroups"):
		e.mu.Lock()
		e.arrivals = append(e.arrivals, time.Now())
		e.mu.Unlock()
		var in struct{ NextToken string }
		if err := json.Unmarshal(body, &in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n, _ := strconv.Atoi(in.NextToken)
		next := ""
		if n+1 < e.pages {
			next = fmt.Sprintf(`,"nextToken":"%d"`, n+1)
		}
		fmt.Fprintf(w, `{"logGroups":[{"logGroupName":"g%d"}]%s}`, n, next)
	case strings.HasSuffix(target, ".GetResources"):
		fmt.Fprint(w, `{"ResourceTagMappingList":[]}`)
	case strings.Contains(string(body), "Action=GetCallerIdentity"):
		fmt.Fprint(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	default:
		http.Error(w, "not here", http.StatusNotImplemented)
	}
}

// TestBudgetIsSharedByWorkers has three worker processes scan at once with 20
// calls a second allowed for one API: together they keep to it, and nothing fails.
func TestBudgetIsSharedByWorkers(t *testing.T) {
	account := &endless{pages: 12}
	aws := httptest.NewServer(account)
	t.Cleanup(aws.Close)
	s := newStack(t, aws.URL, "AWS_CALL_LIMITS=logs:DescribeLogGroups=20/1")
	s.startWorker()
	c := s.client(apiKey)

	const scans = 12
	var ids []string
	for range scans {
		request := with(with(valid(), "types", []string{"CloudWatch_LogGroup"}), "regions", []string{"us-east-1"})
		ids = append(ids, c.submit(with(request, "single_flight", false)).ID)
	}
	for _, id := range ids {
		if j := c.finished(id); j.State != tracker.JobSucceeded || j.Summary.TotalResources != account.pages {
			t.Errorf("%s with %d resources, want succeeded with %d: %s", j.State, j.Summary.TotalResources, account.pages, j.Reason)
		}
	}

	calls, peak := account.arrivals, 0
	for i, first := 0, 0; i < len(calls); i++ {
		for calls[i].Sub(calls[first]) > time.Second {
			first++
		}
		peak = max(peak, i-first+1)
	}
	took := calls[len(calls)-1].Sub(calls[0])
	t.Logf("%d calls in %.1f s: %.1f a second, %d in the busiest", len(calls), took.Seconds(), float64(len(calls)-1)/took.Seconds(), peak)
	if len(calls) != scans*account.pages {
		t.Errorf("%d calls, want %d: none is made twice", len(calls), scans*account.pages)
	}
	if allowed := 22 * (took.Seconds() + 1); float64(len(calls)) > allowed {
		t.Errorf("%d calls in %.1f s, want at most 22 a second", len(calls), took.Seconds())
	}
}
