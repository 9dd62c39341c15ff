package simulator

import "time"

// visible returns a resource's state as AWS shows it. AWS shows terminated
// instances and deleted NAT gateways for a while. It is not ok for a resource
// that AWS does not show.
func (e *estate) visible(k kind, n int, now time.Time) (state string, ok bool) {
	switch k {
	case instances:
		return e.instanceState(n, now)
	case volumes:
		state, _, ok = e.volumeState(n, now)
		return state, ok
	case addresses:
		state, _, ok = e.addressState(n, now)
		return state, ok
	case natGateways:
		return e.state(k, n, "available", now)
	case databases:
		return e.databaseState(n, now)
	case snapshots:
		return e.state(k, n, "completed", now)
	case images:
		return e.state(k, n, "available", now)
	}
	return e.state(k, n, "active", now)
}

// alive is visible without resources that AWS only still shows.
func (e *estate) alive(k kind, n int, now time.Time) (state string, ok bool) {
	state, ok = e.visible(k, n, now)
	return state, ok && state != "terminated" && state != "deleted"
}

// instanceState returns an instance's state. One in six is stopped.
func (e *estate) instanceState(n int, now time.Time) (state string, ok bool) {
	natural := "running"
	if n%6 == 4 {
		natural = "stopped"
	}
	return e.state(instances, n, natural, now)
}

// lives reports whether an instance holds on to its volumes and addresses.
func (e *estate) lives(instance int, now time.Time) bool {
	_, ok := e.alive(instances, instance, now)
	return ok
}

// maxDataVolumes is how many volumes an instance has at most beside its root.
const maxDataVolumes = 7

// attachment is where a volume is attached.
type attachment struct {
	instance int
	device   int // 0: root
	attached bool
}

// attachmentOf returns where a volume was attached in the beginning. A region's
// first volumes are the roots of its instances, one each. Of the others every
// third is unattached, and the rest take turns among the instances.
func (e *estate) attachmentOf(n int) attachment {
	region := e.regionOf(volumes, n)
	vlo, _ := e.span(volumes, region)
	ilo, ihi := e.span(instances, region)
	j, count := n-vlo, ihi-ilo
	switch {
	case count == 0 || j/count > maxDataVolumes:
		return attachment{}
	case j < count:
		return attachment{ilo + j, 0, true}
	case n%3 == 0:
		return attachment{}
	}
	return attachment{ilo + j%count, j / count, true}
}

// volumesOf yields the volumes that an instance had in the beginning.
func (e *estate) volumesOf(instance int, region string, yield func(volume, device int)) {
	vlo, vhi := e.span(volumes, region)
	ilo, ihi := e.span(instances, region)
	n := vlo + instance - ilo
	for device := 0; device <= maxDataVolumes && n < vhi; device++ {
		if device == 0 || n%3 != 0 {
			yield(n, device)
		}
		n += ihi - ilo
	}
}

// volumeState returns a volume's state and where it is attached. A root volume
// goes with its instance; another becomes available.
func (e *estate) volumeState(n int, now time.Time) (state string, where attachment, ok bool) {
	where = e.attachmentOf(n)
	if where.attached && e.changed.Load() && !e.lives(where.instance, now) {
		if where.device == 0 {
			return "", attachment{}, false
		}
		where = attachment{}
	}
	natural := "available"
	if where.attached {
		natural = "in-use"
	}
	state, ok = e.state(volumes, n, natural, now)
	return state, where, ok
}

// association is the user of an address.
type association struct {
	kind       kind // instances or natGateways
	n          int
	associated bool
}

// associationOf returns the user of an address in the beginning. A region's
// first addresses belong to its NAT gateways, one each. Of the others every
// third is free, and the rest belong to the region's first instances.
func (e *estate) associationOf(n int) association {
	region := e.regionOf(addresses, n)
	alo, _ := e.span(addresses, region)
	glo, ghi := e.span(natGateways, region)
	ilo, ihi := e.span(instances, region)
	j := n - alo
	if j < ghi-glo {
		return association{natGateways, glo + j, true}
	}
	if i := j - (ghi - glo); i < ihi-ilo && n%3 != 2 {
		return association{instances, ilo + i, true}
	}
	return association{}
}

// addressOf returns the address that an instance or NAT gateway has now.
func (e *estate) addressOf(k kind, owner int, region string, now time.Time) (n int, ok bool) {
	alo, ahi := e.span(addresses, region)
	lo, _ := e.span(k, region)
	n = alo + owner - lo
	if k == instances {
		glo, ghi := e.span(natGateways, region)
		n += ghi - glo
	}
	if n >= ahi {
		return 0, false
	}
	_, a, ok := e.addressState(n, now)
	return n, ok && a == association{k, owner, true}
}

// addressState returns whether an address is associated, and with what.
func (e *estate) addressState(n int, now time.Time) (state string, with association, ok bool) {
	with = e.associationOf(n)
	if with.associated && e.changed.Load() {
		if _, ok := e.alive(with.kind, with.n, now); !ok {
			with = association{}
		}
	}
	natural := "unassociated"
	if with.associated {
		natural = "associated"
	}
	state, ok = e.state(addresses, n, natural, now)
	return state, with, ok
}

// databaseState returns a DB instance's status. One in seven is stopped; a few
// are still being made.
func (e *estate) databaseState(n int, now time.Time) (state string, ok bool) {
	natural := "available"
	switch {
	case n%7 == 3:
		natural = "stopped"
	case n%23 == 19:
		natural = "creating"
	}
	return e.state(databases, n, natural, now)
}
