package savings

import "slices"

// Catalog is every Rule, sorted by name.
var Catalog = []Rule{
	addressOnStoppedInstance,
	gp2ToGP3,
	gravitonInstance,
	idleAddress,
	io1ToGP3,
	oldSnapshot,
	orphanSnapshot,
	previousGenerationInstance,
	stoppedInstanceStorage,
	unattachedVolume,
	unusedImage,
}

// Find returns the Rule of a name.
func Find(name string) (Rule, bool) {
	i := slices.IndexFunc(Catalog, func(r Rule) bool { return r.Name == name })
	if i < 0 {
		return Rule{}, false
	}
	return Catalog[i], true
}
