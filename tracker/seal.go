package tracker

// SealKind is what kind of thing holds sealed credentials.
type SealKind string

// The kinds.
const (
	SealJob      SealKind = "job" // a scan or an access check
	SealPlan     SealKind = "plan"
	SealSchedule SealKind = "schedule"
)

// SealedFor is what credentials are sealed for. They are opened for nothing else, so
// that whoever can write the database cannot make one tenant's work, or another piece of
// the same tenant's, use them.
type SealedFor struct {
	Tenant string
	Kind   SealKind
	ID     string
}

// Seal makes credentials readable by workers only, for the thing of an ID.
type Seal func(id string) ([]byte, error)
