package telemetry

import (
	"log/slog"
	"sync"
	"time"
)

// freshAtLeast is how long a look counts as fresh. Looks take the time of Redis, or of the
// history, and those of several scrapers must not add up.
const freshAtLeast = 10 * time.Second

// lately is what a look saw, no longer ago than fresh.
type lately[T any] struct {
	what  string // that is looked at, for the log
	look  func() (T, error)
	log   *slog.Logger
	fresh time.Duration // 0 is freshAtLeast

	mu     sync.Mutex
	looked time.Time
	seen   T
	ok     bool
}

// get looks, unless that was done lately. ok is false when the look failed, and of a nil lately: nothing is watched.
func (l *lately[T]) get() (seen T, ok bool) {
	seen, _, ok = l.at()
	return seen, ok
}

// at is get, and says when the look was.
func (l *lately[T]) at() (seen T, at time.Time, ok bool) {
	if l == nil {
		return seen, at, false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.looked.IsZero() && time.Since(l.looked) < max(l.fresh, freshAtLeast) {
		return l.seen, l.looked, l.ok
	}
	first, before := l.looked.IsZero(), l.ok
	l.looked = time.Now()
	var err error
	l.seen, err = l.look()
	l.ok = err == nil
	if err != nil && (first || before) { // once, not with every scrape
		l.log.Warn("cannot look for the metrics", "what", l.what, "err", err)
	}
	return l.seen, l.looked, l.ok
}
