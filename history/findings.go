package history

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// The states of findings.
const (
	StateOpen         = "open"
	StateAcknowledged = "acknowledged" // open, and somebody has said why
	StateResolved     = "resolved"
)

// FindingQuery selects findings; all that is given must hold. Of values in one field one must.
type FindingQuery struct {
	ID                              string
	IDs                             []string
	State                           string // empty is all
	Rules, Accounts, Regions, Types []string
	Confidences                     []string
	Resource                        string // its ID
	MinSaving                       *int64 // in nano-dollars; those without a price are not selected
	Counted                         *bool
	Tags                            [][2]string // key and value, of the resource
	ResolvedFrom                    int64       // 0 is any
	Now                             int64       // by which an acknowledgement ends
}

// Live is a finding as it is known.
type Live struct {
	ID, Rule, AccountID, State string
	Opened, Seen               int64
	Unconfirmed                bool // the newest evaluation of the account did not decide on it
	Reopened                   int64
	ResolvedAt                 *int64
	Resolution                 *string // Gone or Repaired
	Realised                   *int64  // what the resource costs less a month since, in nano-dollars; nil is not known
	Saving                     *int64
	Ack                        Acknowledgement
	Tags, JSON                 []byte
	Mark                       Mark
}

// Acknowledgement says why a finding stays open. It is none where At is nil.
type Acknowledgement struct {
	By, Why   *string
	At, Until *int64 // Until nil is for ever
}

// Mark is a place in a listing of findings: what follows it is the next page. The zero Mark is the begin.
type Mark struct {
	Value string
	ID    int64
}

// sorts are what findings are sorted by, in SQL. What is not known is the least.
var sorts = map[string]string{
	"saving": "coalesce(f.saving, -1)", "realised": "coalesce(f.realised, -9223372036854775807)", "opened": "f.opened_at", "seen": "f.seen_at", "resolved": "coalesce(f.resolved_at, 0)",
	"rule": "f.rule", "account": "a.account", "region": "f.region", "type": "f.type",
}

// where is a query's condition; n is how many arguments come before its own.
func (s *Store) where(tenant string, q FindingQuery, n int) (condition string, args []any) {
	var b strings.Builder
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(n+len(args))
	}
	b.WriteString("f.tenant = " + arg(tenant))
	switch q.State {
	case StateOpen:
		b.WriteString(" AND f.resolved_at IS NULL AND (f.ack_at IS NULL OR coalesce(f.ack_until, 9223372036854775807) <= " + arg(q.Now) + ")")
	case StateAcknowledged:
		b.WriteString(" AND f.resolved_at IS NULL AND f.ack_at IS NOT NULL AND coalesce(f.ack_until, 9223372036854775807) > " + arg(q.Now))
	case StateResolved:
		b.WriteString(" AND f.resolved_at IS NOT NULL")
	}
	for _, of := range []struct {
		column string
		values []string
	}{{"f.finding_id", q.IDs}, {"f.rule", q.Rules}, {"a.account", q.Accounts}, {"f.region", q.Regions}, {"f.type", q.Types}, {"f.confidence", q.Confidences}} {
		if len(of.values) > 0 {
			b.WriteString(" AND " + s.in(of.column, arg(s.of(of.values))))
		}
	}
	for _, of := range []struct{ column, value string }{{"f.finding_id", q.ID}, {"f.rid", q.Resource}} {
		if of.value != "" {
			b.WriteString(" AND " + of.column + " = " + arg(of.value))
		}
	}
	if q.MinSaving != nil {
		b.WriteString(" AND f.saving >= " + arg(*q.MinSaving))
	}
	if q.Counted != nil {
		b.WriteString(" AND f.counted = " + arg(number(*q.Counted)))
	}
	for _, t := range q.Tags {
		b.WriteString(" AND " + s.tagged(arg(t[0])) + " = " + arg(t[1]))
	}
	if q.ResolvedFrom != 0 {
		b.WriteString(" AND f.resolved_at >= " + arg(q.ResolvedFrom))
	}
	return b.String(), args
}

// tagged is the value of a tag of a finding's resource; NULL where it has none.
func (s *Store) tagged(argument string) string {
	if s.pg {
		return "(f.tags::jsonb ->> " + argument + "::text)"
	}
	return "(SELECT t.value FROM json_each(f.tags) t WHERE t.key = " + argument + ")"
}

// from is what findings are read from.
const from = ` FROM finding f JOIN account a ON a.id = f.account WHERE `

// Findings is a page of the findings that a query selects, sorted by one of sorts. A page that is not full is
// the last.
func (s *Store) Findings(ctx context.Context, tenant string, q FindingQuery, sort string, descending bool, after Mark, limit int) (page []Live, err error) {
	by, ok := sorts[sort]
	if !ok {
		return nil, fmt.Errorf("findings are not sorted by %q", sort)
	}
	condition, args := s.where(tenant, q, 0)
	order, than := "", ">"
	if descending {
		order, than = " DESC", "<"
	}
	if after != (Mark{}) {
		value := any(after.Value)
		if !strings.HasSuffix(by, sort) { // a number
			if value, err = strconv.ParseInt(after.Value, 10, 64); err != nil {
				return nil, fmt.Errorf("the mark %q is of another order", after.Value)
			}
		}
		args = append(args, value, after.ID)
		condition += fmt.Sprintf(" AND (%s, f.id) %s ($%d, $%d)", by, than, len(args)-1, len(args))
	}
	var f Live
	var tags string
	var body []byte
	var evaluated int64
	into := []any{
		&f.Mark.ID, &f.Mark.Value, &f.ID, &f.Rule, &f.AccountID, &f.Opened, &f.Seen, &f.Reopened, &f.ResolvedAt, &f.Resolution, &f.Realised, &f.Saving,
		&f.Ack.By, &f.Ack.Why, &f.Ack.At, &f.Ack.Until, &tags, &body, &evaluated,
	}
	return page, each(ctx, s.reads, `SELECT f.id, CAST(`+by+` AS TEXT), f.finding_id, f.rule, a.account, f.opened_at, f.seen_at, f.reopened, f.resolved_at, f.resolution, f.realised, f.saving,
		f.ack_by, f.ack_why, f.ack_at, f.ack_until, f.tags, f.body, a.evaluated`+from+condition+` ORDER BY `+by+order+`, f.id`+order+` LIMIT `+strconv.Itoa(limit), args, into, func() error {
		n := f
		if n.Ack.At != nil && n.Ack.Until != nil && *n.Ack.Until <= q.Now { // its time is over
			n.Ack = Acknowledgement{}
		}
		switch {
		case n.ResolvedAt != nil:
			n.State = StateResolved
		case n.Ack.At != nil:
			n.State = StateAcknowledged
		default:
			n.State = StateOpen
		}
		n.Unconfirmed = n.ResolvedAt == nil && n.Seen < evaluated
		n.Tags = []byte(tags)
		var err error
		n.JSON, err = s.decode(ctx, body)
		page = append(page, n)
		return err
	})
}

// FindingGroup sums up findings. Of several about one resource, and of those that a person has to look at first, sums
// have only the counted.
type FindingGroup struct {
	Key         string
	Findings    int64
	Unconfirmed int64
	Counted     int64
	Saving      int64 // a month, in nano-dollars, of the counted that have a price
	Unpriced    int64 // counted, without a price
	Realised    int64 // of the counted that are resolved, where it is known
	Unknown     int64 // counted and resolved, where it is not known
}

// groupedBy are the columns that findings are grouped by; and so they are by month, in which they were resolved, and
// by tag: with a key after it.
var groupedBy = map[string]string{
	"": "''", "rule": "f.rule", "account": "a.account", "region": "f.region", "type": "f.type", "confidence": "f.confidence", "resolution": "f.resolution",
}

// GroupFindings sums up the findings that a query selects: by one of groupedBy, by month or tag, what saves or has
// saved most first; in one group where by is empty.
func (s *Store) GroupFindings(ctx context.Context, tenant string, q FindingQuery, by string, limit int) (all []FindingGroup, err error) {
	condition, args := s.where(tenant, q, 0)
	key, known := groupedBy[by]
	switch tag, ok := strings.CutPrefix(by, "tag:"); {
	case ok:
		args = append(args, tag)
		key = s.tagged("$" + strconv.Itoa(len(args)))
	case by == "month" && s.pg:
		key = "to_char(to_timestamp(f.resolved_at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')"
	case by == "month":
		key = "strftime('%Y-%m', f.resolved_at / 1000, 'unixepoch')"
	case !known:
		return nil, fmt.Errorf("findings are not grouped by %q", by)
	}
	var g FindingGroup
	return all, each(ctx, s.reads, `SELECT coalesce(`+key+`, '') AS grouped, count(*), coalesce(sum(CASE WHEN f.resolved_at IS NULL AND f.seen_at < a.evaluated THEN 1 ELSE 0 END), 0), coalesce(sum(f.counted), 0),
		coalesce(sum(f.counted * f.saving), 0) AS saving, coalesce(sum(CASE WHEN f.saving IS NULL THEN f.counted ELSE 0 END), 0), coalesce(sum(f.counted * f.realised), 0) AS realised,
		coalesce(sum(CASE WHEN f.resolved_at IS NOT NULL AND f.realised IS NULL THEN f.counted ELSE 0 END), 0)`+from+condition+
		` GROUP BY 1 ORDER BY saving DESC, realised DESC, grouped LIMIT `+strconv.Itoa(limit), args,
		[]any{&g.Key, &g.Findings, &g.Unconfirmed, &g.Counted, &g.Saving, &g.Unpriced, &g.Realised, &g.Unknown}, func() error {
			all = append(all, g)
			return nil
		})
}
