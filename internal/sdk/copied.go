package sdk

import "regexp"

// copiedFrom is how EC2 describes a snapshot that it has copied: "[Copied snap-0123
// from us-east-1]", unless who copied it said otherwise.
var copiedFrom = regexp.MustCompile(`^\[?Copied (?:for \S+ )?snap-\w+ from ([a-z]{2,3}(?:-[a-z]+)+-\d)`)

// noVolume is the volume that a copy names (EC2 User Guide, "Copy an Amazon EBS
// snapshot": an arbitrary ID, such as vol-ffff or vol-ffffffff).
var noVolume = regexp.MustCompile(`^vol-f+$`)

// CopiedFrom says where an EBS snapshot was copied from: a region, or "unknown" where
// its description does not tell; nil for what was taken of a volume.
func CopiedFrom(volume, description string) any {
	if !noVolume.MatchString(volume) {
		return nil
	}
	if m := copiedFrom.FindStringSubmatch(description); m != nil {
		return m[1]
	}
	return "unknown"
}
