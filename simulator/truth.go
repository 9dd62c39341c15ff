package simulator

import (
	"iter"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Total returns how many resources the account has now.
func (a *Account) Total() int {
	total := 0
	for _, t := range kindTypes {
		total += a.Count(t, tracker.Any)
	}
	return total
}

// Count returns how many resources of a type are in a region now; tracker.Any
// stands for all regions. Terminated instances and deleted NAT gateways do not
// count, although AWS shows them for another hour.
func (a *Account) Count(t tracker.Type, region string) int {
	k, ok := kindOf(t)
	if !ok {
		return 0
	}
	lo, hi := a.estate.where(k, region)
	if !a.estate.changed.Load() {
		return hi - lo
	}
	count := 0
	now := a.world.options.Clock()
	for n := lo; n < hi; n++ {
		if _, ok := a.estate.alive(k, n, now); ok {
			count++
		}
	}
	return count
}

// Each yields the resources of a type in a region, or in all for tracker.Any,
// as a scan should see them now, without metadata and cost.
func (a *Account) Each(t tracker.Type, region string) iter.Seq[tracker.Resource] {
	return func(yield func(tracker.Resource) bool) {
		k, ok := kindOf(t)
		if !ok {
			return
		}
		now := a.world.options.Clock()
		lo, hi := a.estate.where(k, region)
		for n := lo; n < hi; n++ {
			if r, ok := a.estate.truth(k, n, now); ok && !yield(r) {
				return
			}
		}
	}
}

// where is span with tracker.Any for all regions.
func (e *estate) where(k kind, region string) (lo, hi int) {
	if region == tracker.Any {
		return 0, e.count(k)
	}
	return e.span(k, region)
}

// truth returns a resource as a scan should see it.
func (e *estate) truth(k kind, n int, now time.Time) (tracker.Resource, bool) {
	state, ok := e.alive(k, n, now)
	if !ok {
		return tracker.Resource{}, false
	}
	r := tracker.Resource{
		Type: kindTypes[k], AccountID: e.account, Region: e.regionOf(k, n), ARN: e.arnOf(k, n), State: state,
		Created: new(e.created(k, n)), Tags: map[string]string{},
	}
	var buf [8]tag
	for _, t := range e.tags(buf[:0], k, n) {
		r.Tags[t.key] = t.value
	}
	switch k {
	case instances, volumes:
		r.ID = e.ec2ID(k, n)
		r.Name = tracker.Named(r.Tags["Name"], "Unnamed")
	case snapshots:
		r.ID = e.ec2ID(k, n)
	case images:
		r.ID, r.Name = e.ec2ID(k, n), new(e.name(k, n))
	case addresses:
		r.ID, r.Created = e.ec2ID(k, n), nil
		r.Name = new(publicIP(e.id(k, n)))
	case natGateways:
		r.ID = e.ec2ID(k, n)
		r.Name = &r.ID
	case buckets:
		r.ID = e.bucketName(n)
		r.Name = &r.ID
	case databases:
		r.ID = e.name(k, n)
		r.Name = &r.ID
		if state == "creating" {
			r.Created = nil
		}
	case functions:
		r.ID, r.Name, r.Created = r.ARN, new(e.name(k, n)), nil
	case loadBalancers:
		r.ID, r.Name = r.ARN, new(e.name(k, n))
	case logGroups:
		r.ID = e.logGroupName(n, r.Region)
		r.Name = &r.ID
	case users:
		r.ID, r.Name = longID("AIDA", e.id(k, n)), new(e.userName(n))
	case roles:
		r.ID, r.Name = longID("AROA", e.id(k, n)), new(e.name(k, n))
	}
	return r, true
}
