package simulator

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Fault makes calls go wrong. It strikes the calls that meet all its set
// conditions.
type Fault struct {
	// AccountID is the calling account. AccessKeyID is the key that signs the
	// calls.
	AccountID   string `json:"account_id"`
	AccessKeyID string `json:"access_key_id"`
	// Region is tracker.Global for IAM and Organizations.
	Region string `json:"region"`
	// Service is named as in IAM policies.
	Service   string `json:"service"`
	Operation string `json:"operation"`
	// Role is the ARN of a role to assume.
	Role string `json:"role"`

	Kind Kind `json:"kind"`
	// Probability is the share of the calls that go wrong; 0: all.
	Probability float64 `json:"probability"`
	// Until is when the fault ends. For is how long it lasts after its
	// injection. With both zero it lasts.
	Until time.Time     `json:"until"`
	For   time.Duration `json:"-"`
	// Count is how many calls go wrong; 0: all.
	Count int `json:"count"`
	// Delay is the further time that calls take with the kind Slow.
	Delay time.Duration `json:"-"`
}

func (f *Fault) matches(c Call) bool {
	return (f.AccountID == "" || f.AccountID == c.AccountID) &&
		(f.AccessKeyID == "" || f.AccessKeyID == c.AccessKeyID) &&
		(f.Region == "" || f.Region == c.Region) &&
		(f.Service == "" || f.Service == c.Service) &&
		(f.Operation == "" || f.Operation == c.Operation) &&
		(f.Role == "" || f.Role == c.Role)
}

// Inject makes calls go wrong until remove is called, in all accounts that meet
// the fault's conditions. Of several faults the earliest strikes. Delays add up,
// and come on top of it.
func (a *Account) Inject(f Fault) (remove func()) {
	return a.world.faults.add(f, a.world.options.Clock())
}

// faults are the faults in force.
type faults struct {
	mu   sync.Mutex
	rand *rand.Rand
	list []*Fault
}

func newFaults(o Options) *faults {
	fs := &faults{rand: rand.New(rand.NewPCG(o.Seed, 0))}
	for _, f := range o.Faults {
		fs.add(f, o.Clock())
	}
	return fs
}

func (fs *faults) add(f Fault, now time.Time) (remove func()) {
	if f.Until.IsZero() && f.For > 0 {
		f.Until = now.Add(f.For)
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list = append(fs.list, &f)
	return func() {
		fs.mu.Lock()
		defer fs.mu.Unlock()
		fs.drop(&f)
	}
}

func (fs *faults) drop(f *Fault) {
	fs.list = slices.DeleteFunc(fs.list, func(other *Fault) bool { return other == f })
}

// strike returns the fault that strikes a call, if one does, and how much longer
// the call takes.
func (fs *faults) strike(c Call, now time.Time) (delay time.Duration, struck Kind) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range slices.Clone(fs.list) { // drop shortens the list
		if !f.matches(c) ||
			!f.Until.IsZero() && !now.Before(f.Until) ||
			f.Probability > 0 && fs.rand.Float64() >= f.Probability {
			continue
		}
		if f.Count > 0 {
			if f.Count--; f.Count == 0 {
				fs.drop(f)
			}
		}
		if f.Kind != Slow {
			return delay, f.Kind
		}
		delay += f.Delay
	}
	return delay, ""
}
