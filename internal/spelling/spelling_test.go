package spelling

import (
	"slices"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"EBS_Volume", "EC2_Instance", "RDS_Instance", "VPC"}
	for name, want := range map[string]string{
		"ec2_instance": "EC2_Instance",
		"EC2Instances": "EC2_Instance",
		"RDS_Instnce":  "RDS_Instance",
		"vcp":          "",
		"vpcs":         "VPC",
		"Lambda":       "",
		"":             "",
	} {
		if got := Nearest(name, slices.Values(names)); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

// TestNearest_OfALongName: whoever sends a long name has no work done for it.
func TestNearest_OfALongName(t *testing.T) {
	looked := false
	names := func(yield func(string) bool) {
		looked = true
		yield(strings.Repeat("x", 1<<20))
	}
	if got := Nearest(strings.Repeat("x", 900<<10), names); got != "" || looked {
		t.Errorf("%d bytes, looked at names: %t", len(got), looked)
	}
	if got := Nearest("x", names); got != "" {
		t.Errorf("a name of %d bytes is near", len(got))
	}
}
