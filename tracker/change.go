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
