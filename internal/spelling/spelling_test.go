package spelling

import (
	"slices"
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
