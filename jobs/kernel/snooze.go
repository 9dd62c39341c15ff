package kernel

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hibiken/asynq"
)

// Snooze is the error by which a handler asks to be called again after a while. It
// is no failure, and takes no worker while it waits.
type Snooze time.Duration

func (s Snooze) Error() string { return fmt.Sprintf("again in %v", time.Duration(s)) }

// isFailure tells asynq what counts as a failed attempt.
func isFailure(err error) bool {
	_, ok := errors.AsType[Snooze](err)
	return !ok && !errors.Is(err, asynq.ErrLeaseExpired)
}

// longestPause is the longest time until a handler is called again: one that asks for
// more asks anew then.
const longestPause = time.Minute

// retryDelay tells asynq when to call a handler again.
func retryDelay(n int, err error, _ *asynq.Task) time.Duration {
	if s, ok := errors.AsType[Snooze](err); ok {
		return min(time.Duration(s), longestPause)
	}
	if errors.Is(err, asynq.ErrLeaseExpired) {
		return 0
	}
	return Backoff(n, longestPause)
}

// Backoff doubles from one second to a limit, and spreads by a quarter.
func Backoff(n int, limit time.Duration) time.Duration {
	d := min(time.Second<<min(n, 10), limit)
	return d - time.Duration(rand.Int64N(int64(d/4)+1))
}
