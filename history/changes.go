package history

import (
	"iter"
)

// pageRows is how many rows, and how many changes, are held at once.
const pageRows = 1000

// head is the last that is known of a resource.
type head struct {
	id, since int64
	hash      *int64 // of its open version, which began at since; nil: it is gone
	here      bool   // in this scan
}

// change is a resource that is not as it was.
type change struct {
	head
	cell *cell
	rid  string
	row  *Row // nil: it is gone; without JSON
	body []byte
}

// compare finds what a cell's rows change. One that fits a page and has the digest that it had is left at that, and
// nothing is read or written for it: most cells of most scans.
func (in *ingest) compare(c *cell, rows iter.Seq2[Row, error]) error {
	cmp := comparison{ingest: in, c: c}
	for r, err := range rows {
		if err == nil && len(cmp.page) == pageRows {
			err = cmp.flush()
		}
		if err != nil {
			return err
		}
		cmp.add(r)
	}
	if cmp.sum == c.digest && cmp.n == c.resources && cmp.heads == nil {
		return nil
	}
	if err := cmp.flush(); err != nil {
		return err
	}
	c.resources = 0
	for rid, h := range cmp.heads {
		if h.here {
			c.resources++
		} else if h.hash != nil {
			in.changes = append(in.changes, change{head: *h, cell: c, rid: rid})
		}
	}
	in.ended = append(in.ended, []any{cmp.sum, c.resources, c.issued, c.id})
	return nil
}

// comparison is a cell's rows beside what is known of them.
type comparison struct {
	*ingest
	c      *cell
	page   []Row
	arena  []byte           // their JSON
	heads  map[string]*head // by rid; nil until they are needed
	sum, n int64            // of the hashes of all rows, and how many
}

// add puts a row on the page.
func (p *comparison) add(r Row) {
	from := len(p.arena)
	p.arena = append(p.arena, r.JSON...)
	r.JSON = p.arena[from:len(p.arena):len(p.arena)]
	p.page, p.sum, p.n = append(p.page, r), p.sum+r.Hash, p.n+1
}

// flush compares the page, and empties it.
func (p *comparison) flush() error {
	if err := p.read(); err != nil {
		return err
	}
	for _, r := range p.page {
		h := p.heads[r.ID]
		if h == nil {
			p.c.issued++
			h = &head{id: p.c.id<<cellBits | p.c.issued}
			p.heads[r.ID] = h
		}
		if !h.here && (h.hash == nil || *h.hash != r.Hash) { // AWS may list a thing twice: the first counts
			p.count(p.c, 1, r.Cost, r.JSON)
			p.changes = append(p.changes, change{*h, p.c, r.ID, &Row{State: r.State, Cost: r.Cost, Hash: r.Hash}, p.s.enc.EncodeAll(r.JSON, nil)})
		}
		h.here = true
	}
	p.page, p.arena = p.page[:0], p.arena[:0]
	if len(p.changes) < pageRows {
		return nil
	}
	return p.apply()
}

// read reads the heads of the cell, once.
func (p *comparison) read() error {
	if p.heads != nil {
		return nil
	}
	p.heads = make(map[string]*head, p.c.resources)
	var rid string
	var h head
	return each(p.ctx, p, `SELECT rid, id, since, hash FROM resource WHERE cell = $1`, []any{p.c.id}, []any{&rid, &h.id, &h.since, &h.hash}, func() error {
		known := h
		p.heads[rid] = &known
		return nil
	})
}

// apply ends versions and begins others.
func (in *ingest) apply() error {
	since, err := in.end()
	if err != nil {
		return err
	}
	var resources, heads, ends, begins [][]any
	for i, c := range in.changes {
		var hash *int64
		if c.hash != nil {
			ends = append(ends, []any{in.At, c.id, c.since})
		}
		if c.row != nil {
			hash = &c.row.Hash
			begins = append(begins, []any{c.id, in.At, Forever, in.id, *hash, since[i], c.row.Cost, c.row.State, c.body})
		}
		if c.since == 0 {
			resources = append(resources, []any{c.cell.id, c.rid, c.id, in.At, in.At, hash})
		} else {
			heads = append(heads, []any{hash, in.At, c.cell.id, c.rid})
		}
	}
	for _, step := range []func() error{
		func() error {
			return in.insert("resource", "cell, rid, id, first_seen, since, hash", resources)
		},
		func() error {
			return in.run(`UPDATE resource SET hash = $1, since = $2 WHERE cell = $3 AND rid = $4`, heads)
		},
		func() error {
			return in.run(`UPDATE version SET valid_to = $1 WHERE resource = $2 AND valid_from = $3`, ends)
		},
		func() error {
			return in.insert("version", "resource, valid_from, valid_to, account, hash, state_since, cost, state, body", begins)
		},
		func() error {
			return in.run(`UPDATE cell SET digest = $1, resources = $2, issued = $3 WHERE id = $4`, in.ended)
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	in.changes, in.ended = nil, nil
	return nil
}

// end takes the versions that end off the totals, and answers since when each changed resource is in its state.
func (in *ingest) end() (since []int64, err error) {
	var ids []int64
	index, since := map[int64]int{}, make([]int64, len(in.changes))
	for i, c := range in.changes {
		if since[i] = in.At; c.hash != nil {
			ids, index[c.id] = append(ids, c.id), i
		}
	}
	if len(ids) == 0 {
		return since, nil
	}
	var v Version
	return since, each(in.ctx, in, `SELECT `+columns+` FROM version v WHERE `+in.s.in("v.resource")+` AND v.valid_to = 9223372036854775807`,
		[]any{in.s.of(ids)}, v.fields(), func() error {
			i := index[v.Resource]
			if c := in.changes[i]; c.row != nil && c.row.State == v.State {
				since[i] = v.StateSince
			}
			json, err := in.s.decode(in.ctx, v.body)
			in.count(in.changes[i].cell, -1, v.Cost, json)
			return err
		})
}
