package jobs

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hibiken/asynq"
)

// snooze is the error by which a handler asks to be called again. It is no
// failure, and takes no worker while it waits.
type snooze struct{ after time.Duration }

func (s snooze) Error() string { return fmt.Sprintf("again in %v", s.after) }

// isFailure tells asynq what counts as a failed attempt.
func isFailure(err error) bool {
	_, ok := errors.AsType[snooze](err)
	return !ok && !errors.Is(err, asynq.ErrLeaseExpired)
}

// retryDelay tells asynq when to call a handler again.
func retryDelay(n int, err error, _ *asynq.Task) time.Duration {
	if s, ok := errors.AsType[snooze](err); ok {
		return s.after
	}
	if errors.Is(err, asynq.ErrLeaseExpired) {
		return 0
	}
	return backoff(n, time.Minute)
}

// backoff doubles from one second to a limit, and spreads by a quarter.
func backoff(n int, limit time.Duration) time.Duration {
	d := min(time.Second<<min(n, 10), limit)
	return d - time.Duration(rand.Int64N(int64(d/4)+1))
}
