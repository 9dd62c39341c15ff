package scanners

import (
	"slices"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A Detail is what a Scanner reads of its resources only when a scan asks for it by
// name: it takes a call or more for each resource. Without it, the metadata that it
// gives are not there, and what goes by them is not decided on.
type Detail struct {
	Name, Doc   string
	Permissions []string // IAM actions that it calls besides the Scanner's, sorted
}

// reads reports whether a scan asks for a Detail.
func (t Target) reads(detail string) bool { return slices.Contains(t.Details, detail) }

// details describes what a scan of the type may ask for.
func (s Scanner) details() []tracker.DetailInfo {
	infos := make([]tracker.DetailInfo, len(s.Details))
	for i, d := range s.Details {
		infos[i] = tracker.DetailInfo{Name: d.Name, Doc: d.Doc, Permissions: slices.Clone(d.Permissions)}
	}
	return infos
}
