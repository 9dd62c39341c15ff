package cloud

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/smithy-go/middleware"
)

// A region that an account has not opted in to does not know the account's keys. It
// answers as every region answers to keys that nobody knows. Which of both it is shows
// one call elsewhere: where the keys are good, the region is off.

const (
	// proofLasts is how long a good answer elsewhere speaks for the keys.
	proofLasts = 5 * time.Minute
	// proofPause is how long the failure to get one stands.
	proofPause = 10 * time.Second
)

// proof is what is known of a session's credentials.
type proof struct {
	good  atomic.Int64 // when a region that is always on accepted them, in Unix nanoseconds
	mu    sync.Mutex
	asked time.Time
}

// accepted notes that AWS let a call through that was made in region.
func (s *Session) accepted(region string) {
	if !optIn(region) {
		s.proof.good.Store(time.Now().UnixNano())
	}
}

// proven reports whether the credentials were good lately.
func (s *Session) proven() bool {
	return time.Since(time.Unix(0, s.proof.good.Load())) < proofLasts
}

// prove asks in the home region whose the credentials are, unless that is known. One
// caller asks at a time, and those who waited for it do not ask again.
func (s *Session) prove(ctx context.Context) {
	s.proof.mu.Lock()
	defer s.proof.mu.Unlock()
	if s.proven() || time.Since(s.proof.asked) < proofPause {
		return
	}
	// It is asked within another call, whose stack it has nothing to do with. What its
	// error means is the same as no proof.
	_, _ = s.Verify(middleware.ClearStackValues(ctx))
	s.proof.asked = time.Now()
}
