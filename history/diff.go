package history

import (
	"cmp"
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Change is a resource that differs between two times. Old is nil for what was added, New for what was removed.
type Change struct {
	tracker.Cell
	Old, New *Version
}

// Diff calls f with what differs in the cells that were seen both times. It returns those that were not seen to their
// end before the first time, or not again since: of what changed in them nothing is known. What moved from cell to cell
// is removed in one and added in the other.
func (s *Store) Diff(ctx context.Context, tenant string, from, to Seen, f func(Change) error) (unknown []tracker.Cell, err error) {
	d := differ{s: s, ctx: ctx, tenant: tenant, places: map[int64]seenCell{}, f: f}
	spans, have := map[span]bool{}, map[tracker.Cell]bool{}
	var id int64
	var p seenCell
	err = each(ctx, s.reads, `SELECT c.id, a.account, c.region, c.type FROM cell c JOIN account a ON a.id = c.account WHERE a.tenant = $1`, []any{tenant},
		[]any{&id, &p.AccountID, &p.Region, &p.Type}, func() error {
			p.span = span{from.Last(p.Cell), to.Last(p.Cell)}
			have[p.Cell] = true
			if !p.known() {
				unknown = append(unknown, p.Cell)
				return nil
			}
			spans[p.span], d.places[id] = true, p
			return nil
		})
	if err != nil {
		return nil, err
	}
	for _, r := range to.Readings() { // cells that never held anything, as far as was seen
		if t := (span{from.Last(r.Cell), r.Seen}); !have[r.Cell] && !t.known() {
			unknown = append(unknown, r.Cell)
		}
	}
	for t := range spans {
		if err := d.span(t); err != nil {
			return nil, err
		}
	}
	return unknown, nil
}

// span is from one look at a cell to another. All cells have the same, but where some failed and ran again.
type span struct{ from, to int64 }

// known reports whether the cell was seen before, and again since.
func (t span) known() bool { return t.from > 0 && t.to > t.from }

// seenCell is a cell that both looks have seen.
type seenCell struct {
	tracker.Cell
	span
}

type differ struct {
	s      *Store
	ctx    context.Context //nolint:containedctx // a differ lives as long as a call
	tenant string
	places map[int64]seenCell
	f      func(Change) error
}

// span tells what differs in the cells of one span.
func (d *differ) span(t span) error {
	const mine = ` AND v.account IN (SELECT id FROM account WHERE tenant = $3)`
	args := []any{t.from, t.to, d.tenant}
	var old, now Version
	var still *int64
	into := append(old.fields(), &still)
	into = append(into, now.fields()[1:]...)
	// What ended between the two, and what it then was.
	err := each(d.ctx, d.s.reads, `SELECT `+columns+`, n.resource, coalesce(n.valid_from, 0), coalesce(n.valid_to, 0), coalesce(n.hash, 0),
			coalesce(n.state_since, 0), coalesce(n.state, ''), n.cost, n.body
		FROM version v LEFT JOIN version n ON n.resource = v.resource AND n.valid_from <= $2 AND n.valid_to > $2
		WHERE v.valid_to > $1 AND v.valid_to <= $2 AND v.valid_to < 9223372036854775807 AND v.valid_from <= $1`+mine, args, into, func() error {
		o, n := old, now
		if still == nil {
			return d.report(t, &o, nil)
		}
		n.Resource = *still
		return d.report(t, &o, &n)
	})
	if err != nil {
		return err
	}
	// What began between them and was not there before.
	return each(d.ctx, d.s.reads, `SELECT `+columns+` FROM version v WHERE v.valid_from > $1 AND v.valid_from <= $2 AND v.valid_to > $2`+mine+`
		AND NOT EXISTS (SELECT 1 FROM version o WHERE o.resource = v.resource AND o.valid_from <= $1 AND o.valid_to > $1)`, args, now.fields(), func() error {
		n := now
		return d.report(t, nil, &n)
	})
}

// report calls f with a resource of a cell of the span that differs.
func (d *differ) report(t span, old, now *Version) error {
	p, ok := d.places[cmp.Or(old, now).Resource>>cellBits]
	if !ok || p.span != t || old != nil && now != nil && old.hash == now.hash {
		return nil
	}
	for _, v := range []*Version{old, now} {
		if v == nil {
			continue
		}
		var err error
		if v.JSON, err = d.s.decode(d.ctx, v.body); err != nil {
			return err
		}
	}
	return d.f(Change{p.Cell, old, now})
}
