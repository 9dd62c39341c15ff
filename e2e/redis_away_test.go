package e2e

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestRedisAway walks every route while Redis is full, hangs and is gone: what needs it
// is 503 and says when to ask again, and nothing is 500.
func TestRedisAway(t *testing.T) {
	t.Parallel()
	s := newStack(t, "http://127.0.0.1:9", "ALLOW_SERVER_CREDENTIALS=true", "WEBHOOK_ALLOW=127.0.0.0/8", "SCAN_TIMEOUT_SECONDS=10")
	admin := s.client(operatorKey)
	theirs := estateOf(admin)
	spec := s.specification(admin)
	rdb := s.redisClient()
	fill := sampler{spec, rand.New(rand.NewPCG(12, 4)), bodyValues(theirs)}
	type request struct {
		route
		path string
		body any
	}
	var requests []request
	for _, r := range spec.routes() {
		if strings.HasSuffix(r.path, "/events") {
			continue // a stream says what it knows until it is asked to look again
		}
		path, _ := fillPath(t, r, theirs)
		var body any
		if schema := spec.bodyOf(r); schema != nil {
			body = required(fill, spec, schema)
		}
		requests = append(requests, request{r, path, body})
	}
	walk := func(how string, least int) {
		t.Helper()
		var mu sync.Mutex
		statuses := map[int]int{}
		var all sync.WaitGroup
		for _, r := range requests {
			all.Go(func() {
				a := admin.do(r.method, r.path, r.body)
				mu.Lock()
				defer mu.Unlock()
				statuses[a.status]++
				switch {
				case a.status == http.StatusServiceUnavailable && r.id() != "ready" && a.header.Get("Retry-After") == "":
					t.Errorf("Redis %s: %s does not say when to ask again: %s", how, r.id(), a.body)
				case a.status >= http.StatusInternalServerError && a.status != http.StatusServiceUnavailable:
					t.Errorf("Redis %s: %s: %d %s", how, r.id(), a.status, a.body)
				}
			})
		}
		all.Wait()
		t.Logf("Redis %s: %v", how, statuses)
		if statuses[http.StatusServiceUnavailable] < least {
			t.Errorf("Redis %s: only %d routes are 503", how, statuses[http.StatusServiceUnavailable])
		}
		if a := admin.do(http.MethodGet, "/ready", nil); a.status != http.StatusServiceUnavailable {
			t.Errorf("Redis %s: ready is %d %s", how, a.status, a.body)
		}
	}
	if err := rdb.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	walk("is full", 5)
	if err := rdb.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	pid := s.redis.cmd.Process.Pid
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	walk("hangs", len(requests)/2)
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	eventually(t, time.Minute, "the API is ready again", func() bool { return admin.do(http.MethodGet, "/ready", nil).status == http.StatusOK })
	s.redis.kill()
	walk("is gone", len(requests)/2)
}
