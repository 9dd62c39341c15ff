package api

import (
	"context"
	"net/http"
	"sync"
)

// hub has one feed for each job and plan that is followed through this process, and
// bounds how many streams follow.
type hub struct {
	max, maxEach int // streams in all, and of one tenant

	mu      sync.Mutex
	feeds   map[string]*feed
	streams map[string]int // by tenant
	all     int
}

func newHub(most, mostEach int) *hub {
	return &hub{max: most, maxEach: mostEach, feeds: map[string]*feed{}, streams: map[string]int{}}
}

// admit takes a stream's place until leave is called.
func (h *hub) admit(tenant string) (leave func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.streams[tenant] >= h.maxEach:
		return nil, newProblem(http.StatusTooManyRequests, "you follow as many streams as you may: end one first").with("Retry-After", "5")
	case h.all >= h.max:
		return nil, newProblem(http.StatusTooManyRequests, "the server has as many streams as it can").with("Retry-After", "5")
	}
	h.streams[tenant]++
	h.all++
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.all--
		if h.streams[tenant]--; h.streams[tenant] == 0 {
			delete(h.streams, tenant)
		}
	}, nil
}

// join returns the feed that is called key. The first follower starts it, and the
// last one to leave ends it and waits for its end.
func (h *hub) join(key string, src source) (f *feed, leave func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f = h.feeds[key]
	if f == nil {
		ctx, cancel := context.WithCancel(context.Background())
		f = &feed{source: src, changed: make(chan struct{}), gone: make(chan struct{})}
		f.stop = cancel
		h.feeds[key] = f
		go func() {
			defer close(f.gone)
			f.run(ctx)
			h.forget(key, f)
		}()
	}
	f.followers++
	return f, func() { h.leave(key, f) }
}

func (h *hub) leave(key string, f *feed) {
	h.mu.Lock()
	f.followers--
	last := f.followers == 0
	if last && h.feeds[key] == f {
		delete(h.feeds, key)
	}
	h.mu.Unlock()
	if last {
		f.stop()
		<-f.gone
	}
}

// forget takes a feed that has ended out of the hub: who comes now begins another.
// The job may have been retried.
func (h *hub) forget(key string, f *feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.feeds[key] == f {
		delete(h.feeds, key)
	}
}
