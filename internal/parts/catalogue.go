package parts

import (
	"slices"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Types is the catalogue of scanners with what can be done to their resources.
func Types() []tracker.TypeInfo { return withVerbs(scanners.Types(), actions.Catalog()) }

// Uncovered are the kinds that no scan lists.
func Uncovered() []tracker.Uncovered { return scanners.Uncovered() }

// withVerbs fills in the verbs of types, sorted.
func withVerbs(types []tracker.TypeInfo, infos []tracker.ActionInfo) []tracker.TypeInfo {
	for i := range types {
		t := &types[i]
		for _, a := range infos {
			if a.Type == t.Type {
				t.Verbs = append(t.Verbs, a.Verb)
			}
		}
		slices.Sort(t.Verbs)
	}
	return types
}
