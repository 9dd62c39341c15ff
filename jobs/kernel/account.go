package kernel

import (
	"context"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Account is an AWS account as one set of credentials reaches it.
type Account interface {
	// Identity returns the account's number, asking AWS each time.
	Identity(ctx context.Context) (string, error)
	// Partition returns the partition of the account, once its Identity is known.
	Partition() tracker.Partition
	// Regions returns the regions that are enabled in the account.
	Regions(ctx context.Context) ([]string, error)
	// Members returns the active accounts of the organisation.
	Members(ctx context.Context) ([]string, error)
	// Scan lists the resources of a cell.
	Scan(ctx context.Context, c tracker.Cell, w Wanted, emit func(...tracker.Resource) error) error
	Prober
	// Explain turns an error of the above into an outcome.
	Explain(err error, region string) *tracker.Failure
	// Aside takes from the error of a cell what only says that regions of single
	// resources are off for the account.
	Aside(err error) (notes []tracker.Note, rest error)
}

// Prober is what an access check asks of an account, beside what a scan does.
type Prober interface {
	// Caller returns the ARN that AWS knows the credentials by.
	Caller(ctx context.Context) (arn string, err error)
	// Probe lists the first page of a cell, and tells how many resources it has and
	// which IAM actions AWS has let through in the region so far.
	Probe(ctx context.Context, c tracker.Cell, w Wanted) (resources int, allowed []string, err error)
	// Simulate asks IAM which of some actions are denied in a region.
	Simulate(ctx context.Context, region string, actions []string) (denied []string, err error)
}

// Wanted is what the scan that a cell belongs to asks for.
type Wanted struct {
	// Types are all types of the scan, and those that it excludes by name, so that
	// what lists the rest takes neither for it; none means the whole catalogue.
	Types []tracker.Type
	// Regions, when there are any, are those that resources of a global cell,
	// such as buckets, are wanted from.
	Regions []string
	// ExcludeRegions are those that no resource is wanted from.
	ExcludeRegions []string
	// NoListeners leaves the listeners of load balancers out.
	NoListeners bool
	// Details name what is read of resources besides.
	Details []string
}

// Opener reads credentials that were sealed for workers, if they were sealed for one of
// what they are to be opened for.
type Opener interface {
	Open(sealed []byte, of ...tracker.SealedFor) (tracker.Credentials, error)
}
