package cli

import "iter"

// ofAccount narrows a list of what is done.
type ofAccount struct {
	AccountID string `help:"Only what is about this AWS account, or may be." placeholder:"NUMBER"`
}

// uncertain says after the last row how many of them may be about another account.
func uncertain[T any](e *env, rows iter.Seq2[T, error], isUnknown func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for row, err := range rows {
			if err == nil && isUnknown(row) {
				n++
			}
			if !yield(row, err) {
				return
			}
		}
		if n > 0 {
			e.note("%d of them may be about another account: which accounts they are about is not known", n)
		}
	}
}
