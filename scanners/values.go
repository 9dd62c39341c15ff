package scanners

import "github.com/consolesensei/resource-tracker/tracker"

// stateUnknown is the state of a resource whose state AWS leaves out.
const stateUnknown = "unknown"

// stateActive is the state of a resource of a type that has no states in AWS.
const stateActive = "active"

// collect turns the items of a page into resources.
func collect[T any](items []T, resource func(T) tracker.Resource) []tracker.Resource {
	rs := make([]tracker.Resource, len(items))
	for i, item := range items {
		rs[i] = resource(item)
	}
	return rs
}

// refs returns pointers to the elements of rs.
func refs(rs []tracker.Resource) []*tracker.Resource {
	ps := make([]*tracker.Resource, len(rs))
	for i := range rs {
		ps[i] = &rs[i]
	}
	return ps
}

// unknown sets all of m to nil: what is made of an empty description would look
// like facts.
func unknown(m tracker.Metadata) tracker.Metadata {
	for k := range m {
		m[k] = nil
	}
	return m
}
