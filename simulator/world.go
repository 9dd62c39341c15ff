package simulator

import (
	"fmt"
	"sync"
)

// world holds what all accounts of one New share.
type world struct {
	options  Options
	members  []member
	faults   *faults
	quotas   *quotas
	recorder *recorder

	mu      sync.Mutex
	estates map[string]*estate
}

// member is an account of the organisation that is not the management account.
type member struct {
	id, name  string
	suspended bool
}

func newWorld(o Options) *world {
	o = o.withDefaults()
	w := &world{
		options:  o,
		faults:   newFaults(o),
		quotas:   newQuotas(o),
		recorder: newRecorder(),
		estates:  map[string]*estate{},
	}
	for i := range o.Members {
		w.members = append(w.members, member{
			id:        fmt.Sprintf("%012d", 200_000_000_000+mix(o.Seed^hash(o.AccountID)+uint64(i))%700_000_000_000),
			name:      apps[i%len(apps)] + "-" + environments[(i*3)%len(environments)],
			suspended: i > 0 && i == o.Members-1,
		})
	}
	return w
}

// estateOf returns the resources of an account. Every number is an account.
// Accounts other than the management account have a quarter of its resources.
func (w *world) estateOf(account string) *estate {
	w.mu.Lock()
	defer w.mu.Unlock()
	e, ok := w.estates[account]
	if !ok {
		resources := w.options.Resources
		if account != w.options.AccountID {
			resources = (resources + 3) / 4
		}
		e = newEstate(w.options, account, resources)
		w.estates[account] = e
	}
	return e
}
