package savings

import (
	"slices"
	"strings"
)

// Types of instances are "m5.large", those of databases "db.m5.large" and those
// of caches "cache.m5.large".

// The sizes of families, as their product pages list them.
var (
	burstable = []string{"nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"}
	modern    = []string{"large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"}
	compute5  = []string{"large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "12xlarge", "18xlarge"}
)

// successor is a family that is a newer or another one's equal.
type successor struct {
	family string
	sizes  []string // that both have
}

// successors of families of earlier generations (EC2, "Previous generation
// instances", upgrade paths), of the same architecture.
var successors = map[string]successor{
	"t2": {"t3", burstable},
	"m3": {"m5", modern},
	"m4": {"m5", modern},
	"c3": {"c5", compute5},
	"c4": {"c5", compute5},
	"r3": {"r5", modern},
	"r4": {"r5", modern},
	"i2": {"i3", modern},
}

// gravitons are families of Graviton with as many vCPUs and as much memory at
// each size (EC2 instance types).
var gravitons = map[string]successor{
	"t2": {"t4g", burstable}, "t3": {"t4g", burstable}, "t3a": {"t4g", burstable},
	"m4": {"m6g", modern}, "m5": {"m6g", modern}, "m5a": {"m6g", modern}, "m6i": {"m6g", modern}, "m6a": {"m6g", modern},
	"m7i": {"m7g", modern}, "m7a": {"m7g", modern},
	"c4": {"c6g", modern}, "c5": {"c6g", modern}, "c5a": {"c6g", modern}, "c6i": {"c6g", modern}, "c6a": {"c6g", modern},
	"c7i": {"c7g", modern}, "c7a": {"c7g", modern},
	"r4": {"r6g", modern}, "r5": {"r6g", modern}, "r5a": {"r6g", modern}, "r6i": {"r6g", modern}, "r6a": {"r6g", modern},
	"r7i": {"r7g", modern}, "r7a": {"r7g", modern},
}

// next returns the type of the same size in the family that follows; empty:
// there is none.
func next(families map[string]successor, instanceType string) string {
	prefix, family, size := split(instanceType)
	to, ok := families[family]
	if !ok || !slices.Contains(to.sizes, size) {
		return ""
	}
	return prefix + to.family + "." + size
}

// smaller returns the type of the same family with half the vCPUs or a little
// more; empty: none is known.
func smaller(instanceType string) string {
	prefix, family, size := split(instanceType)
	if family == "" || strings.ContainsAny(family[:1], "pgfidvhx") { // what they have beside CPUs is why they were chosen
		return ""
	}
	sizes := modern
	switch {
	case family[0] == 't':
		sizes = burstable
	case strings.HasPrefix(family, "c5") && family != "c5a":
		sizes = compute5
	}
	i := slices.Index(sizes, size)
	if i < 1 {
		return ""
	}
	return prefix + family + "." + sizes[i-1]
}

// split cuts "db.m5.large" into "db.", "m5" and "large".
func split(instanceType string) (prefix, family, size string) {
	for _, p := range []string{"db.", "cache."} {
		if rest, ok := strings.CutPrefix(instanceType, p); ok {
			prefix, instanceType = p, rest
		}
	}
	family, size, _ = strings.Cut(instanceType, ".")
	return prefix, family, size
}
