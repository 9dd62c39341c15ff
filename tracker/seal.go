package tracker

import "time"

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

// SealLife is how long what a client has sealed is taken.
const SealLife = 10 * time.Minute

// Why the keys that a client has sealed are not used, as codes of a Failure.
const (
	SealMalformed       = "SealMalformed"       // it is no seal, or holds something else
	SealExpired         = "SealExpired"         // the API took it too late
	SealOfAnotherTenant = "SealOfAnotherTenant" // it names another
	SealToAnotherKey    = "SealToAnotherKey"    // no worker has the key
)

// Seal makes credentials readable by workers only, for the thing of an ID.
type Seal func(id string) ([]byte, error)
