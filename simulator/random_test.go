package simulator

import (
	"testing"
	"testing/quick"
)

func TestMixIsABijection(t *testing.T) {
	if err := quick.Check(func(x uint64) bool { return unmix(mix(x)) == x && mix(unmix(x)) == x }, nil); err != nil {
		t.Error(err)
	}
}

// TestNamesAndARNsLeadBack: a call that names a resource has to find it.
func TestNamesAndARNsLeadBack(t *testing.T) {
	o := Options{Resources: 5000, Mix: demoMix()}.withDefaults()
	e := newEstate(o, o.AccountID, o.Resources)
	for _, listed := range taggable {
		k := listed.kind
		for n := range e.count(k) {
			if gotKind, got, ok := e.findARN(e.arnOf(k, n)); !ok || gotKind != k || got != n {
				t.Fatalf("%s of %s %d leads to %d, %d, %v", e.arnOf(k, n), kindTypes[k], n, gotKind, got, ok)
			}
		}
		if _, n, ok := e.findARN(e.arnOf(k, e.count(k)-1) + "0"); ok {
			t.Errorf("a %s that is not there is %d", kindTypes[k], n)
		}
	}
}
