package history

import (
	"context"
)

// EachSpan calls f with every version of what cells hold that had not ended by a time, the versions of a resource one after the
// other and as of one moment: what comes in meanwhile is in all of them or in none. It holds a page.
func (s *Store) EachSpan(ctx context.Context, tenant string, cells Cells, from int64, f func(Version) error) error {
	w := s.walker(tenant, cells, 0, 0)
	want := walkRows
	for {
		ids, err := w.take(ctx, want)
		if err != nil || len(ids) == 0 {
			return err
		}
		page, err := s.versions(ctx, want, `SELECT `+columns+` FROM `+s.list("$1")+s.within(`v.resource > c.id << 28 AND v.resource < (c.id + 1) << 28
			AND v.resource > $2 AND v.valid_to > $3`, want)+` ORDER BY v.resource, v.valid_from`, s.of(ids), w.cursor, from)
		if err != nil {
			return err
		}
		if len(page) < want {
			w.cells = w.cells[len(ids):]
		} else {
			last := page[want-1].Resource // of which there may be more
			whole := want
			for whole > 0 && page[whole-1].Resource == last {
				whole--
			}
			if page = page[:whole]; whole == 0 {
				want *= 2
				continue
			}
			w.cursor = page[whole-1].Resource
		}
		for _, v := range page {
			if err := f(v); err != nil {
				return err
			}
		}
	}
}
