package history

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Change is a resource that differs between two times. Old is nil for what was added, New for what was removed.
type Change struct {
	tracker.Cell
	Old, New *Version
}

// Resource is the resource's number.
func (c Change) Resource() int64 { return cmp.Or(c.New, c.Old).Resource }

// Unknown is a cell of which it is not known what changed in it: it was not seen to its end before the first time, or
// not again since.
type Unknown struct {
	Reading       // as of the second time
	Before  int64 // when it was last seen to its end as of the first time; 0: never
}

// Comparison is two times of a tenant beside each other, cell by cell.
type Comparison struct {
	// Unknown are in the order of accounts, regions and types. Known counts the others.
	Unknown []Unknown
	Known   int

	s      *Store
	spans  []span              // in order
	places map[int64]knownCell // by ID: the known cells that have ever held something
}

// span is from one look at a cell to another. All cells have the same, but where some failed and ran again.
type span struct{ from, to int64 }

// known reports whether the cell was seen before, and again since.
func (t span) known() bool { return t.from > 0 && t.to > t.from }

// knownCell is a cell that both looks have seen.
type knownCell struct {
	tracker.Cell
	span
	account, resources int64
}

// Compare puts two times side by side, as far as cells narrows that. A cell that neither has looked at is in neither.
func (s *Store) Compare(ctx context.Context, tenant string, cells Cells, from, to Seen) (*Comparison, error) {
	c := &Comparison{s: s, places: map[int64]knownCell{}}
	looked := map[tracker.Cell]span{}
	for _, r := range to.Readings() {
		if !cells.has(r.Cell) {
			continue
		}
		t := span{from.Last(r.Cell), r.Seen}
		if looked[r.Cell] = t; t.known() {
			c.Known++
		} else {
			c.Unknown = append(c.Unknown, Unknown{r, t.from})
		}
	}
	for _, r := range from.Readings() {
		if _, again := looked[r.Cell]; !again && cells.has(r.Cell) {
			c.Unknown = append(c.Unknown, Unknown{Reading{Cell: r.Cell}, r.Seen})
		}
	}
	slices.SortFunc(c.Unknown, func(a, b Unknown) int { return tracker.CompareCells(a.Cell, b.Cell) })
	where, args := cells.where([]any{tenant})
	var id int64
	var p knownCell
	spans := map[span]bool{}
	err := each(ctx, s.reads, `SELECT c.id, a.id, a.account, c.region, c.type, c.resources FROM cell c JOIN account a ON a.id = c.account WHERE a.tenant = $1`+where, args,
		[]any{&id, &p.account, &p.AccountID, &p.Region, &p.Type, &p.resources}, func() error {
			if p.span = looked[p.Cell]; p.known() {
				spans[p.span], c.places[id] = true, p
			}
			return nil
		})
	c.spans = slices.SortedFunc(maps.Keys(spans), func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	return c, err
}

// Each calls f with what differs in the known cells, always in the same order. after is the number of the resource that
// it goes on after; 0 begins. What moved from cell to cell is removed in one and added in the other.
func (c *Comparison) Each(ctx context.Context, after int64, f func(Change) error) error {
	d := differ{c, ctx, f}
	last, going := c.places[after>>cellBits]
	for _, t := range c.spans {
		if going && t != last.span {
			continue
		}
		begin := numbered{}
		if going {
			begin, going = numbered{last.account, after}, false
		}
		for _, accounts := range c.batches(t, begin.account) {
			if err := d.accounts(t, accounts, begin); err != nil {
				return err
			}
		}
	}
	return nil
}

// Holds reports whether Each can go on after a number.
func (c *Comparison) Holds(after int64) bool {
	_, ok := c.places[after>>cellBits]
	return ok || after == 0
}

// Diff is Compare and Each at once, of all cells.
func (s *Store) Diff(ctx context.Context, tenant string, from, to Seen, f func(Change) error) (unknown []tracker.Cell, err error) {
	c, err := s.Compare(ctx, tenant, Cells{}, from, to)
	if err != nil {
		return nil, err
	}
	for _, u := range c.Unknown {
		unknown = append(unknown, u.Cell)
	}
	return unknown, c.Each(ctx, 0, f)
}

// batchResources is how many resources the accounts of a batch have, about: it bounds how many numbers are held.
const batchResources = 50_000

// batches are the accounts that have cells of a span, from one on, in order.
func (c *Comparison) batches(t span, from int64) (all [][]int64) {
	sizes := map[int64]int64{}
	for _, p := range c.places {
		if p.span == t && p.account >= from {
			sizes[p.account] += p.resources
		}
	}
	n := int64(batchResources)
	for _, account := range slices.Sorted(maps.Keys(sizes)) {
		if n += sizes[account]; n >= batchResources {
			all, n = append(all, nil), sizes[account]
		}
		all[len(all)-1] = append(all[len(all)-1], account)
	}
	return all
}

// numbered is a resource and the account that it is in.
type numbered struct{ account, resource int64 }

func (n numbered) compare(other numbered) int {
	return cmp.Or(cmp.Compare(n.account, other.account), cmp.Compare(n.resource, other.resource))
}

type differ struct {
	*Comparison
	ctx context.Context //nolint:containedctx // a differ lives as long as a call
	f   func(Change) error
}

// accounts tells what differs in the cells of one span in some accounts, after a resource.
func (d *differ) accounts(t span, accounts []int64, after numbered) error {
	var all []numbered
	var n numbered
	// What ended between the two, and what began between them and has not ended again: each by an index.
	for _, where := range []string{
		`v.valid_to > $2 AND v.valid_to <= $3 AND v.valid_to < 9223372036854775807 AND v.valid_from <= $2`,
		`v.valid_from > $2 AND v.valid_from <= $3 AND v.valid_to > $3`,
	} {
		err := each(d.ctx, d.s.reads, `SELECT v.account, v.resource FROM version v WHERE `+d.s.in("v.account")+` AND `+where,
			[]any{d.s.of(accounts), t.from, t.to}, []any{&n.account, &n.resource}, func() error {
				if d.places[n.resource>>cellBits].span == t && n.compare(after) > 0 {
					all = append(all, n)
				}
				return nil
			})
		if err != nil {
			return err
		}
	}
	slices.SortFunc(all, numbered.compare)
	for some := range slices.Chunk(slices.Compact(all), pageRows) {
		if err := d.report(t, some); err != nil {
			return err
		}
	}
	return nil
}

// report calls f with those of some resources that differ.
func (d *differ) report(t span, some []numbered) error {
	ids := make([]int64, len(some))
	for i, n := range some {
		ids[i] = n.resource
	}
	var sides [2]map[int64]*Version
	for i, at := range []int64{t.from, t.to} {
		sides[i] = map[int64]*Version{}
		var v Version
		err := each(d.ctx, d.s.reads, `SELECT `+columns+` FROM `+d.s.list("$1")+` CROSS JOIN version v WHERE v.resource = c.id AND v.valid_from <= $2 AND v.valid_to > $2`,
			[]any{d.s.of(ids), at}, v.fields(), func() error {
				side := v
				sides[i][v.Resource] = &side
				return nil
			})
		if err != nil {
			return err
		}
	}
	for _, id := range ids {
		old, now := sides[0][id], sides[1][id]
		if old == nil && now == nil || old != nil && now != nil && old.hash == now.hash {
			continue
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
		if err := d.f(Change{d.places[id>>cellBits].Cell, old, now}); err != nil {
			return fmt.Errorf("resource %d: %w", id, err)
		}
	}
	return nil
}
