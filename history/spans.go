package history

import (
	"context"
)

// EachSpan calls f with every version of what cells hold that had not ended by a time, the versions of a resource one after the
// other and as of one moment: what comes in meanwhile is in all of them or in none. It holds a page.
func (s *Store) EachSpan(ctx context.Context, tenant string, cells Cells, from int64, f func(Version) error) error {
	w := s.walker(Walk{Tenant: tenant, Cells: cells})
	for {
		b, err := w.batch(ctx, walkRows)
		if err != nil || b.isEnd() {
			return err
		}
		if err := s.eachSpan(ctx, b, from, f); err != nil {
			return err
		}
	}
}

// eachSpan calls f with the versions of a batch, page by page.
func (s *Store) eachSpan(ctx context.Context, b batch, from int64, f func(Version) error) error {
	want, cursor := walkRows, int64(0)
	for {
		page, err := s.versions(ctx, want, `SELECT `+columns+` FROM `+s.stretches("$1")+s.within(`v.resource > c.above AND v.resource < c.below
			AND v.resource > $2 AND v.valid_to > $3`, want)+` ORDER BY v.resource, v.valid_from`, argument(b.whole), cursor, from)
		if err != nil {
			return err
		}
		isLast := len(page) < want
		if !isLast {
			last := page[want-1].Resource // of which there may be more
			whole := want
			for whole > 0 && page[whole-1].Resource == last {
				whole--
			}
			if page = page[:whole]; whole == 0 {
				want *= 2
				continue
			}
			cursor = page[whole-1].Resource
		}
		for _, v := range page {
			if err := f(v); err != nil {
				return err
			}
		}
		if isLast {
			return nil
		}
	}
}
