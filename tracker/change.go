package tracker

import (
	"net/url"
	"strings"

	"github.com/consolesensei/resource-tracker/filter"
)

// ChangeKind is how a resource differs between two times.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// SelectedWhen is when a filter selects a resource that differs between two times.
type SelectedWhen string

// What is selected now and was not before has come to be as the filter says: it was added, or it was changed.
const (
	SelectedBefore SelectedWhen = "before"
	SelectedNow    SelectedWhen = "now"
	SelectedBoth   SelectedWhen = "both"
)

// Notice says of which changes between its runs a schedule tells webhooks. What is empty narrows nothing.
type Notice struct {
	Filter   filter.Filter  `json:"filter,omitzero"` // of resources as they were or as they are
	Changes  []ChangeKind   `json:"changes,omitempty" enum:"added,removed,changed"`
	Selected []SelectedWhen `json:"selected,omitempty" enum:"before,now,both"`
}

// Query asks a diff for the changes that a run of a schedule tells of.
func (n Notice) Query(run string) string {
	q := url.Values{"from": {"earlier"}, "to": {run}}
	if !n.Filter.IsZero() {
		q.Set("filter", n.Filter.String())
	}
	if len(n.Changes) > 0 {
		q.Set("changes", joined(n.Changes))
	}
	if len(n.Selected) > 0 {
		q.Set("selected", joined(n.Selected))
	}
	return q.Encode()
}

func joined[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = string(one)
	}
	return strings.Join(texts, ",")
}
