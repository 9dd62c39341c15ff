package wire

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"io"
	"net/http"
	"sync"
	"time"
)

// Front stands before a handler as the network and the quotas of AWS do. It counts
// the calls, and tells them at TallyPath to whoever asks without a signature.
type Front struct {
	Next    http.Handler
	Latency time.Duration // of a call
	// PerSecond and Burst are how many calls an account may make to one operation in
	// one region; 0 is any number.
	PerSecond, Burst float64

	mu      sync.Mutex
	tally   Tally
	seen    map[uint64]struct{}
	buckets map[uint64]*bucket
}

// TallyPath is where a Front tells what it has counted.
const TallyPath = "/tally"

// Tally is what a Front has counted.
type Tally struct {
	Calls     map[string]int // by "service:Operation"
	All       int
	Distinct  int // calls that were not made before with the same keys and the same body
	Throttled int
}

type bucket struct {
	tokens float64
	at     time.Time
}

var seed = maphash.MakeSeed()

func hashOf(parts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, p := range parts {
		_, _ = h.WriteString(p)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == TallyPath && r.Header.Get("Authorization") == "" {
		f.mu.Lock()
		defer f.mu.Unlock()
		_ = json.NewEncoder(w).Encode(f.tally)
		return
	}
	q, err := read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(q.body))
	allowed := f.count(q, r.URL.RequestURI())
	if f.Latency > 0 {
		time.Sleep(f.Latency)
	}
	if !allowed {
		w.Header().Set("X-Amzn-ErrorType", "TooManyRequestsException")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	f.Next.ServeHTTP(w, r)
}

// count counts a call and reports whether the quota allows it.
func (f *Front) count(q request, uri string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen == nil {
		f.seen, f.buckets, f.tally.Calls = map[uint64]struct{}{}, map[uint64]*bucket{}, map[string]int{}
	}
	api := q.service + ":" + q.operation
	f.tally.Calls[api]++
	f.tally.All++
	f.seen[hashOf(q.key, q.region, api, uri, string(q.body))] = struct{}{}
	f.tally.Distinct = len(f.seen)
	if f.PerSecond <= 0 {
		return true
	}
	place, now := hashOf(q.key, q.region, api), time.Now()
	b := f.buckets[place]
	if b == nil {
		b = &bucket{f.Burst, now}
		f.buckets[place] = b
	}
	b.tokens = min(f.Burst, b.tokens+now.Sub(b.at).Seconds()*f.PerSecond)
	b.at = now
	if b.tokens < 1 {
		f.tally.Throttled++
		return false
	}
	b.tokens--
	return true
}
