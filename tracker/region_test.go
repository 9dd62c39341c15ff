package tracker_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestRegions(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d$`)
	all := tracker.Regions()
	for _, r := range all {
		if !form.MatchString(r) {
			t.Errorf("%q is not a region", r)
		}
	}
	if n := len(all); n != len(slices.Compact(slices.Sorted(slices.Values(all)))) {
		t.Errorf("some of %d regions are named twice", n)
	}
}
