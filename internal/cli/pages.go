package cli

import (
	"iter"
)

// biggest is how many rows a page is asked for.
const biggest = 1000

// pages reads page after page, up to limit rows; 0 is all of them.
func pages[T any](limit int, page func(cursor string, limit int) (rows []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var cursor string
		for n := 0; ; {
			ask := biggest
			if limit > 0 {
				ask = min(ask, limit-n)
			}
			rows, next, err := page(cursor, ask)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			n += len(rows)
			if next == "" || limit > 0 && n >= limit {
				return
			}
			cursor = next
		}
	}
}
