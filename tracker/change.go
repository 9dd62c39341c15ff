package tracker

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
