package tracker

// ChangeKind is how a resource differs between two times.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// ChangeKinds lists them.
var ChangeKinds = []ChangeKind{Added, Removed, Changed}

// SelectedWhen is when a filter selects a resource that differs between two times.
type SelectedWhen string

// What is selected now and was not before has come to be as the filter says: it was added, or it was changed.
const (
	SelectedBefore SelectedWhen = "before"
	SelectedNow    SelectedWhen = "now"
	SelectedBoth   SelectedWhen = "both"
)

// ChangeSelection says which changes count, besides a filter. What is empty narrows nothing.
type ChangeSelection struct {
	Changes  []ChangeKind   `json:"changes,omitempty" enum:"added,removed,changed" maxItems:"3" doc:"Only these; none is all"`
	Selected []SelectedWhen `json:"selected,omitempty" enum:"before,now,both" maxItems:"3" doc:"When the filter selects the resource: now is what it has not selected before, such as an address that has appeared; none is any"`
	Fields   []string       `json:"fields,omitempty" maxItems:"50" doc:"Of what was changed, only where one of these differs or a part of it, such as state, tags.Team or metadata.public_ip; none is any"`
}
