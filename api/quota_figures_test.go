package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

// figures is a server on a real Redis, with a job of bob's, and how long requests for it
// take.
type figures struct {
	t *testing.T
	*api.Server
	job string
}

func newFigures(t *testing.T, limits tracker.Limits) figures {
	t.Helper()
	st := store.New(redistest.Start(t).Client(t), store.Options{Quotas: limits})
	made, err := st.Submit(t.Context(), tracker.Submission{Owner: bob, Lane: tracker.LaneInteractive, Sealed: []byte("x")}, []string{"self"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, &fake{}, func(o *api.Options) {
		o.Results, o.Log = st, nil
		if limits != nil {
			o.Quotas = store.NewQuotas(st)
		}
	})
	return figures{t, d.Server, made.ID}
}

// get reads a path with a key, and answers the status and how long that took.
func (f figures) get(path, key string) (int, time.Duration) {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("X-API-Key", key)
	w := httptest.NewRecorder()
	began := time.Now()
	f.ServeHTTP(w, r)
	return w.Code, time.Since(began)
}

// bobs are how long bob's requests for his job take, sorted.
func (f figures) bobs(n int) []time.Duration {
	f.t.Helper()
	took := make([]time.Duration, n)
	for i := range took {
		code, d := f.get("/api/v1/jobs/"+f.job, other)
		if code != 200 {
			f.t.Fatalf("bob is answered %d", code)
		}
		took[i] = d
		time.Sleep(2 * time.Millisecond) // within his own rate
	}
	slices.Sort(took)
	return took
}

// TestFigures_Limiter prints what counting costs a request.
func TestFigures_Limiter(t *testing.T) {
	const n = 400
	without := newFigures(t, nil).bobs(n)
	with := newFigures(t, tracker.Limits{tracker.QuotaRequests: 100_000}).bobs(n)
	both := newFigures(t, tracker.Limits{tracker.QuotaRequests: 100_000, tracker.QuotaRequests.OfPrincipal(): 100_000}).bobs(n)
	t.Logf("GET /jobs/{id}, the median of %d: %v without quotas, %v with a tenant's (%.2f times), %v with a principal's too (%.2f times)",
		n, without[n/2], with[n/2], float64(with[n/2])/float64(without[n/2]), both[n/2], float64(both[n/2])/float64(without[n/2]))
}

// TestFigures_NeighbourOfAFlood has alice's tenant make fifty times the requests that it
// may, and prints how long bob's take.
func TestFigures_NeighbourOfAFlood(t *testing.T) {
	const allowed, times, n = 20, 50, 400
	f := newFigures(t, tracker.Limits{tracker.QuotaRequests: 100_000})
	st := f.Quotas.(*store.Quotas)
	if err := st.PutQuotas(t.Context(), tracker.Principal{Who: "root"}, alice, tracker.Limits{tracker.QuotaRequests: allowed}); err != nil {
		t.Fatal(err)
	}
	quiet := f.bobs(n)
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	answers := map[int]int{}
	var flood sync.WaitGroup
	began := time.Now()
	for range 10 {
		flood.Go(func() {
			tick := time.NewTicker(time.Second * 10 / (allowed * times))
			defer tick.Stop()
			for ctx.Err() == nil {
				code, _ := f.get("/api/v1/jobs", key)
				mu.Lock()
				answers[code]++
				mu.Unlock()
				<-tick.C
			}
		})
	}
	under := f.bobs(n)
	stop()
	flood.Wait()
	p99 := n * 99 / 100
	t.Logf("bob's p50 and p99 of GET /jobs/{id}: %v and %v quiet, %v and %v (%.1f times) while alice, who may make %d a second, was answered %v within %v",
		quiet[n/2], quiet[p99], under[n/2], under[p99], float64(under[p99])/float64(quiet[p99]), allowed, answers, time.Since(began).Round(time.Millisecond))
	if seconds := time.Since(began).Seconds(); answers[429] == 0 || float64(answers[200]) > allowed*(seconds+2) {
		t.Errorf("answered %v in %.1f s, of %d a second", answers, seconds, allowed)
	}
}
