package schedules

import (
	"context"
	"fmt"
	"time"

	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// toldFor is how long a tick is known to be in the audit: workers come to the same
	// tick at once, and again and again while it cannot fire.
	toldFor = 7 * 24 * time.Hour
	// missedAtMost bounds how many missed ticks are counted.
	missedAtMost = 10_000
)

// tell writes to the audit what became of a tick of a schedule. Told twice, it is one
// line.
func (c *Client) tell(ctx context.Context, sc tracker.Schedule, at time.Time, e tracker.AuditEvent) error {
	e.At, e.Who, e.Schedule = time.Now().UTC(), sc.Owner, sc.ID
	name := fmt.Sprintf("%s@%d:%s", sc.ID, at.UnixMilli(), e.What)
	return store.Audit{Store: c.Store}.WriteOnce(ctx, sc.Owner, name, toldFor, e)
}

// missedTicks says which ticks after at have passed by now; "" is none.
func missedTicks(next func(time.Time) time.Time, at, now time.Time) string {
	n, first, last := 0, next(at), time.Time{}
	for t := first; !t.After(now) && t.After(at) && n < missedAtMost; t = next(t) {
		n, last = n+1, t
	}
	switch n {
	case 0:
		return ""
	case missedAtMost:
		return fmt.Sprintf("%d ticks and more, from %s on, passed while no worker ran", n, stamp(first))
	}
	return fmt.Sprintf("%d ticks, from %s to %s, passed while no worker ran", n, stamp(first), stamp(last))
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339) }
