// Package spelling finds the name that a misspelt one was meant to be.
package spelling

import (
	"iter"
	"strings"
)

// maxName is the longest name, in bytes, that can be a misspelt one. AWS's own
// names have 128.
const maxName = 128

// Nearest returns the one of names whose spelling is nearest to name, in any
// case. It returns nothing when none is near, or when name is too long for one.
func Nearest(name string, names iter.Seq[string]) string {
	if len(name) > maxName {
		return ""
	}
	name = strings.ToLower(name)
	best, least := "", len(name)/2+1
	for n := range names {
		// At least so many edits are needed as the lengths differ.
		if max(len(n)-len(name), len(name)-len(n)) >= least {
			continue
		}
		if d := distance(name, strings.ToLower(n)); d < least {
			best, least = n, d
		}
	}
	return best
}

// distance counts the edits that turn a into b, after Levenshtein.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			edit := diagonal
			if a[i] != b[j] {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
