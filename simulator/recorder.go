package simulator

import (
	"sync"
	"time"
)

// API is one API in one account and region.
type API struct{ AccountID, Region, Service, Operation string }

// Tally counts the calls of one API. It counts attempts, not calls as the SDK's
// users see them.
type Tally struct {
	Calls     int
	Throttled int
	// Peak is the most calls that arrived within any one second.
	Peak int
}

// Calls returns how many calls arrived in all accounts, by "service:Operation".
func (a *Account) Calls() map[string]int {
	calls := map[string]int{}
	for api, t := range a.Tallies() {
		calls[api.Service+":"+api.Operation] += t.Calls
	}
	return calls
}

// Throttled returns how many of the calls were answered with a throttle.
func (a *Account) Throttled() map[string]int {
	throttled := map[string]int{}
	for api, t := range a.Tallies() {
		if t.Throttled > 0 {
			throttled[api.Service+":"+api.Operation] += t.Throttled
		}
	}
	return throttled
}

// Tallies returns the counts of each API in each account and region.
func (a *Account) Tallies() map[API]Tally { return a.world.recorder.tallies() }

// Peak returns the most calls of an API that arrived within any one second at
// one region of one account, over all regions and accounts.
func (a *Account) Peak(service, operation string) int {
	peak := 0
	for api, t := range a.Tallies() {
		if api.Service == service && api.Operation == operation {
			peak = max(peak, t.Peak)
		}
	}
	return peak
}

// ResetCalls sets all counts to zero.
func (a *Account) ResetCalls() { a.world.recorder.reset() }

type recorder struct {
	mu   sync.Mutex
	apis map[API]*tally
}

type tally struct {
	Tally
	recent []time.Time // arrivals, oldest first; those before head are older than a second
	head   int
}

// arrive counts a call. It drops arrivals that are a second old in batches, so
// that the work per call stays constant.
func (t *tally) arrive(now time.Time) {
	t.Calls++
	for t.head < len(t.recent) && now.Sub(t.recent[t.head]) >= time.Second {
		t.head++
	}
	if t.head > len(t.recent)/2 {
		t.recent = t.recent[:copy(t.recent, t.recent[t.head:])]
		t.head = 0
	}
	t.recent = append(t.recent, now)
	t.Peak = max(t.Peak, len(t.recent)-t.head)
}

func newRecorder() *recorder { return &recorder{apis: map[API]*tally{}} }

// arrive counts a call.
func (rec *recorder) arrive(c Call, now time.Time) *tally {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	api := API{c.AccountID, c.Region, c.Service, c.Operation}
	t := rec.apis[api]
	if t == nil {
		t = &tally{}
		rec.apis[api] = t
	}
	t.arrive(now)
	return t
}

// throttled counts the answer of a call that arrived.
func (rec *recorder) throttled(t *tally) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	t.Throttled++
}

func (rec *recorder) tallies() map[API]Tally {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	out := make(map[API]Tally, len(rec.apis))
	for api, t := range rec.apis {
		out[api] = t.Tally
	}
	return out
}

func (rec *recorder) reset() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	clear(rec.apis)
}
