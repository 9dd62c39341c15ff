package pricing

import (
	"fmt"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// emrCluster charges what EMR costs on top of its instances, which are charged as
// EC2_Instance. It costs the same on spot instances (EMR pricing).
func emrCluster(s *sheet) {
	groups := s.facts.Objects("instance_groups")
	if len(groups) == 0 {
		s.miss("EMR", "the instances are not known")
		return
	}
	for _, g := range groups {
		kind, _ := g["instance_type"].(string)
		n, ok := tracker.Number(g["count"])
		if kind == "" || !ok {
			s.miss("EMR", "which instance types a fleet runs is not known")
			return
		}
		s.hours("EMR on "+kind, Key{"emr", "instance", kind, ""}, n)
	}
}

// sageMakerEndpoint charges for the instances of each variant.
func sageMakerEndpoint(s *sheet) {
	variants := s.facts.Objects("variants")
	if len(variants) == 0 {
		s.miss("hosting", "the instances are not known")
		return
	}
	for _, v := range variants {
		kind, _ := v["instance_type"].(string)
		n, ok := tracker.Number(v["instance_count"])
		_, serverless := tracker.Number(v["serverless_memory_mb"])
		switch {
		case serverless:
			s.leave("serverless inference")
		case kind == "" || !ok:
			s.miss("hosting", "the instances of a variant are not known")
		default:
			s.hours("hosting", Key{"sagemaker", "hosting", kind, ""}, n)
		}
	}
	s.leave("storage", "data processed")
}

// lightsailBundles are the instances of the third generation by the first word
// of their bundle ids. The data that a month includes differs between regions,
// the price does not.
var lightsailBundles = map[string]string{
	"nano": "0.5gb-2vcpu-20gb-disk", "micro": "1gb-2vcpu-40gb-disk", "small": "2gb-2vcpu-60gb-disk", "medium": "4gb-2vcpu-80gb-disk",
	"large": "8gb-2vcpu-160gb-disk", "xlarge": "16gb-4vcpu-320gb-disk", "2xlarge": "32gb-8vcpu-640gb-disk", "4xlarge": "64gb-16vcpu-1280gb-disk",
}

// lightsailTransfers end the names of bundles: those of most regions, then those
// of regions with half of it.
var lightsailTransfers = map[string][2]string{
	"nano": {"1tb", "0.5tb"}, "micro": {"2tb", "1tb"}, "small": {"3tb", "1.5tb"}, "medium": {"4tb", "2tb"},
	"large": {"5tb", "2.5tb"}, "xlarge": {"6tb", "3tb"}, "2xlarge": {"7tb", "3.5tb"}, "4xlarge": {"8tb", "4tb"},
}

// lightsailInstance charges for a bundle: "nano_3_0", "nano_win_3_0" on Windows,
// "nano_ipv6_3_0" without a public IPv4 address.
func lightsailInstance(s *sheet) {
	id := s.facts.Text("bundle_id")
	words := strings.Split(id, "_")
	name := lightsailBundles[words[0]]
	if id == "" || name == "" || len(words) < 3 || words[len(words)-2] != "3" {
		s.miss("bundle", "the price list lacks the bundle "+id)
		return
	}
	variant := "linux dual"
	switch {
	case strings.Contains(id, "_win_ipv6_"):
		variant = "windows ipv6"
	case strings.Contains(id, "_win_"):
		variant = "windows dual"
	case strings.Contains(id, "_ipv6_"):
		variant = "linux ipv6"
	}
	if words[0] == "nano" && strings.HasPrefix(variant, windows) {
		name = "0.5gb-2vcpu-30gb-disk"
	}
	transfers := lightsailTransfers[words[0]]
	k := Key{"lightsail", "instance", name + "-" + transfers[0], variant}
	if r, ok := s.rate(k); !ok || r.Basis != tracker.CostList {
		half := Key{k.Service, k.Item, name + "-" + transfers[1], variant}
		if r, ok := s.rate(half); ok && r.Basis == tracker.CostList {
			k = half
		}
	}
	s.hours("bundle", k, 1)
	s.leave("data over the bundle's", "snapshots")
}

var lightsailDatabases = map[string]string{
	"micro": "1gb-1vcpu-40gb-disk", "small": "2gb-1vcpu-80gb-disk", "medium": "4gb-2vcpu-120gb-disk", "large": "8gb-2vcpu-240gb-disk",
}

// lightsailDatabase charges for a bundle: "micro_2_0", or "micro_ha_2_0" with a
// standby.
func lightsailDatabase(s *sheet) {
	id := s.facts.Text("bundle_id")
	size, _, _ := strings.Cut(id, "_")
	if lightsailDatabases[size] == "" {
		s.miss("bundle", "the price list lacks the bundle "+id)
		return
	}
	item := "database-standard"
	if strings.Contains(id, "_ha_") {
		item = "database-ha"
	}
	s.hours("bundle", Key{"lightsail", item, lightsailDatabases[size], ""}, 1)
}

var workSpaceBundles = map[string]string{
	"value": "Value 1vcpu 2gb", "standard": "Standard 2vcpu 4gb", "performance": "Performance 2vcpu 8gb", "power": "Power 4vcpu 16gb",
	"powerpro": "PowerPro 8vcpu 32gb", "generalpurpose_4xlarge": "General Purpose 16vcpu 64gb", "generalpurpose_8xlarge": "General Purpose 32vcpu 128gb",
	"graphics_g4dn": "Graphics.g4dn 4vcpu 16gb", "graphicspro_g4dn": "GraphicsPro.g4dn 16vcpu 64gb",
}

// workSpaceSystems are the beginnings of operating systems, with the words of the
// price list and the licence that it names.
var workSpaceSystems = []struct{ prefix, name, licence string }{
	{"windows", "Windows", "included"},
	{"amazon_linux", "Linux", "none"},
	{"ubuntu", "Ubuntu Linux", "none"},
	{"rhel", "Red Hat Enterprise Linux", "included"},
	{"rocky", "Rocky Linux", "included"},
}

// workSpace charges for a month. One that stops by itself is charged for its
// hours of use on top.
func workSpace(s *sheet) {
	bundle := workSpaceBundles[s.lower("compute_type")]
	root, ok := s.facts.Number("root_volume_gb")
	user, ok2 := s.facts.Number("user_volume_gb")
	mode := strings.ReplaceAll(s.lower("running_mode"), "_", "")
	if bundle == "" || !ok || !ok2 || mode == "" {
		s.miss("bundle", "its compute type, its volumes or its running mode is not known to the price list")
		return
	}
	system := s.lower("operating_system")
	for _, known := range workSpaceSystems {
		if !strings.HasPrefix(system, known.prefix) {
			continue
		}
		s.charge("bundle", Key{"workspaces", mode, bundle, fmt.Sprintf("%s %g+%g %s", known.name, root, user, known.licence)}, 1)
		if mode == "autostop" {
			s.leave("hours of use")
		}
		if known.name == "Windows" {
			s.assume("with AWS's licence of Windows")
		}
		return
	}
	s.miss("bundle", "the operating system is not known")
}
