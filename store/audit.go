package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Audit keeps what was planned, approved, sent, refused and verified: an append-only
// stream for each owner, which drops only what is older than the time that it is kept.
type Audit struct{ *Store }

// Write adds a line to the audit of owner.
func (s Audit) Write(ctx context.Context, owner string, e tracker.AuditEvent) error {
	body, err := encode(e)
	if err != nil {
		return err
	}
	oldest := s.o.Now().Add(-s.o.AuditRetention).UnixMilli()
	err = s.rdb.XAdd(ctx, &redis.XAddArgs{
		Stream: ownerKey(owner, "audit"), MinID: fmt.Sprintf("%d-0", max(oldest, 0)), Approx: true, Values: []any{"e", body},
	}).Err()
	return wrap(err, "write to the audit of plan %s", e.PlanID)
}

// AuditTrail returns lines of the audit of owner, oldest first, after the line
// with the ID after ("" is from the start), at most limit.
func (s Audit) AuditTrail(ctx context.Context, owner, after string, since time.Time, limit int) ([]tracker.AuditEvent, error) {
	from := "-"
	if !since.IsZero() {
		from = fmt.Sprintf("%d-0", max(since.UnixMilli(), 0))
	}
	if after != "" {
		from = "(" + after
	}
	lines, err := s.rdb.XRangeN(ctx, ownerKey(owner, "audit"), from, "+", int64(limit)).Result()
	if err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	events := make([]tracker.AuditEvent, len(lines))
	for i, l := range lines {
		body, _ := l.Values["e"].(string)
		if err := json.Unmarshal([]byte(body), &events[i]); err != nil {
			return nil, fmt.Errorf("decode line %s of the audit: %w", l.ID, err)
		}
		events[i].ID = l.ID
	}
	return events, nil
}
