package store

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

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
	return auditEvents(lines)
}

// AuditBefore returns lines of the audit of owner, newest first, before the line
// with the ID before ("" is from the end), at most limit.
func (s Audit) AuditBefore(ctx context.Context, owner, before string, limit int) ([]tracker.AuditEvent, error) {
	from := "+"
	if before != "" {
		from = "(" + before
	}
	lines, err := s.rdb.XRevRangeN(ctx, ownerKey(owner, "audit"), from, "-", int64(limit)).Result()
	if err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	return auditEvents(lines)
}

func auditEvents(lines []redis.XMessage) ([]tracker.AuditEvent, error) {
	events := make([]tracker.AuditEvent, len(lines))
	for i, l := range lines {
		if err := json.Unmarshal([]byte(value(l, "e")), &events[i]); err != nil {
			return nil, fmt.Errorf("decode line %s of the audit: %w", l.ID, err)
		}
		events[i].ID, events[i].Prev, events[i].Hash = l.ID, value(l, "p"), value(l, "h")
	}
	return events, nil
}

func value(l redis.XMessage, field string) string {
	v, _ := l.Values[field].(string)
	return v
}

// CheckAudit checks at most limit lines of the audit of owner, oldest first, from a
// cursor of an earlier check on ("" is from the start).
func (s Audit) CheckAudit(ctx context.Context, owner, cursor string, limit int) (c tracker.AuditCheck, err error) {
	at, err := parseAuditCursor(cursor)
	if err != nil {
		return c, err
	}
	chain := auditKeys(owner, "")[1]
	if cursor == "" {
		// What was written before there was a chain is not of it.
		v, err := s.rdb.HMGet(ctx, chain, "anchor_id", "anchor_n").Result()
		if err != nil {
			return c, fmt.Errorf("read the chain of the audit: %w", err)
		}
		if id, ok := v[0].(string); ok && v[1] == "0" {
			at.id = id
		}
	}
	var known *redis.MapStringStringCmd
	var lines *redis.XMessageSliceCmd
	// Of one moment: lines are appended and dropped meanwhile.
	if _, err := s.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		known, lines = p.HGetAll(ctx, chain), p.XRangeN(ctx, ownerKey(owner, "audit"), "("+at.id, "+", int64(limit))
		return nil
	}); err != nil {
		return c, fmt.Errorf("read the chain of the audit: %w", err)
	}
	anchor := auditHead{known.Val()["anchor_hash"], known.Val()["anchor_id"], num(known.Val()["anchor_n"])}
	if cursor == "" || anchor.n > at.n {
		at = anchor
	}
	c = tracker.AuditCheck{Holds: true, Dropped: anchor.n}
	for _, l := range lines.Val() {
		if c.Broken = auditFault(at, l); c.Broken != nil {
			break
		}
		at = auditHead{value(l, "h"), l.ID, at.n + 1}
		c.Lines, c.To = c.Lines+1, &tracker.AuditMark{ID: at.id, Number: at.n, Hash: at.hash}
		if c.From == nil {
			c.From = c.To
		}
	}
	switch head := (auditHead{known.Val()["hash"], known.Val()["id"], num(known.Val()["n"])}); {
	case c.Broken != nil:
	case len(lines.Val()) == limit:
		c.Next = fmt.Sprintf("%s.%d.%s", at.id, at.n, at.hash)
	case head.n != at.n || head.hash != at.hash:
		c.Broken = &tracker.AuditFault{Number: at.n + 1, Fault: "missing", Message: fmt.Sprintf(
			"the audit ends with line %d, and what is known of its end says line %d with the hash %q", at.n, head.n, head.hash)}
	}
	c.Holds = c.Broken == nil
	return c, nil
}

// auditFault says what is wrong with a line that has to follow at; nil is nothing.
func auditFault(at auditHead, l redis.XMessage) *tracker.AuditFault {
	fault := func(kind, format string, args ...any) *tracker.AuditFault {
		return &tracker.AuditFault{ID: l.ID, Number: at.n + 1, Fault: kind, Message: fmt.Sprintf(format, args...)}
	}
	body, prev, hash := value(l, "e"), value(l, "p"), value(l, "h")
	if hash == "" {
		return fault("not_chained", "the line has no hash: it was not written as lines are, or its hash was taken away")
	}
	var e tracker.AuditEvent
	if chainHash(prev, body) != hash || json.Unmarshal([]byte(body), &e) != nil || e.ID != l.ID {
		return fault("changed", "the line is not as it was written: its hash does not fit what it says, or where it stands")
	}
	switch {
	case e.Number > at.n+1:
		return fault("missing", "the line has number %d: lines %d to %d, which come before it, are not there", e.Number, at.n+1, e.Number-1)
	case e.Number != at.n+1 || prev != at.hash:
		return fault("out_of_place", "the line has number %d and follows another line than the one before it: one of the two was put there", e.Number)
	}
	return nil
}

// auditCursor is ID, number and hash of a line.
var auditCursor = regexp.MustCompile(`^(\d{1,18}-\d{1,18})\.([1-9]\d{0,17})\.([0-9a-f]{64})$`)

// parseAuditCursor reads a cursor: ID, number and hash of the last line that was checked.
func parseAuditCursor(cursor string) (auditHead, error) {
	if cursor == "" {
		return auditHead{id: "0-0"}, nil
	}
	parts := auditCursor.FindStringSubmatch(cursor)
	if parts == nil {
		return auditHead{}, tracker.Invalid("query.cursor", "not a cursor that this check gave out")
	}
	return auditHead{parts[3], parts[1], num(parts[2])}, nil
}
