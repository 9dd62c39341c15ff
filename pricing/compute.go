package pricing

import (
	"slices"
	"strings"
)

// Operating systems as variants of keys.
const (
	linux   = "linux"
	windows = "windows"
)

// operations are the names by which EC2 bills instances (EC2 user guide, "AMI
// billing information fields"). Others come with software that has a price of
// its own.
var operations = map[string]string{
	"RunInstances":      linux,
	"RunInstances:0002": windows,
	"RunInstances:0010": "rhel",
	"RunInstances:000g": "suse",
	"RunInstances:0800": linux, // Windows with a licence of one's own
}

// platforms are the same systems in the words of platform details.
var platforms = map[string]string{
	"Linux/UNIX":               linux,
	"Windows":                  windows,
	"Red Hat Enterprise Linux": "rhel",
	"SUSE Linux":               "suse",
	"Windows BYOL":             linux,
}

// system returns the operating system that an instance is billed for. When that
// has no price of its own, system returns "" and why.
func (s *sheet) system() (system, why string) {
	if op := s.facts.Text("usage_operation"); op != "" {
		if system := operations[op]; system != "" {
			return system, ""
		}
		return "", "the price list lacks what is billed as " + op
	}
	if p := s.facts.Text("platform"); p != "" {
		if system := platforms[p]; system != "" {
			return system, ""
		}
		return "", "the price list lacks " + p
	}
	return "", "the operating system is not known"
}

// Instance returns the key of an EC2 instance type under an operating system and
// tenancy, as AWS writes it.
func Instance(instanceType, system, tenancy string) Key {
	item := "instance"
	if tenancy == "dedicated" {
		item = "instance-dedicated"
	}
	return Key{"ec2", item, instanceType, system}
}

// ec2Instance charges for compute. Volumes and addresses are priced as their own
// types.
func ec2Instance(s *sheet) {
	switch s.r.State {
	case "running":
	case "stopped", "stopping", "pending", "shutting-down", "terminated":
		s.free("compute is charged while the instance runs; volumes and addresses are charged by their own types")
		return
	default:
		s.miss("compute", "the state is not known")
		return
	}
	instanceType := s.facts.Text("instance_type")
	system, why := s.system()
	switch {
	case s.facts.Text("lifecycle") == "spot":
		s.miss("compute", "spot prices change by the hour and are not in the price list")
	case s.facts.Text("lifecycle") == "capacity-block":
		s.free("a capacity block is paid for at once")
	case s.facts.Text("tenancy") == "host":
		s.free("the dedicated host that it runs on is charged as EC2_DedicatedHost")
	case instanceType == "":
		s.miss("compute", "the instance type is not known")
	case system == "":
		s.miss("compute", why)
	default:
		s.hours("compute", Instance(instanceType, system, s.facts.Text("tenancy")), 1)
		if family, _, _ := strings.Cut(instanceType, "."); slices.Contains([]string{"t2", "t3", "t3a", "t4g"}, family) {
			s.leave("CPU credits in unlimited mode")
		}
	}
	if s.facts.Flag("detailed_monitoring") {
		// Seven metrics: CloudWatch pricing, "Amazon EC2 detailed monitoring".
		s.part("detailed monitoring", Key{"cloudwatch", "metric", "", ""}, 7)
	}
}

// capacityReservation charges for reserved instances that do not run.
func capacityReservation(s *sheet) {
	if s.facts.Text("reservation_type") == "capacity-block" {
		s.free("a capacity block is paid for at once")
		return
	}
	if s.r.State != "active" {
		s.free("a reservation is charged while it is active")
		return
	}
	unused, ok := s.need("unused capacity", "available_instances")
	if !ok {
		return
	}
	system, why := s.system()
	if system == "" {
		s.miss("unused capacity", why)
		return
	}
	s.hours("unused capacity", Instance(s.facts.Text("instance_type"), system, s.facts.Text("tenancy")), unused)
}

func dedicatedHost(s *sheet) {
	switch s.r.State {
	case "released", "released-permanent-failure":
		s.free("the host is released")
		return
	}
	family := s.facts.Text("instance_family")
	if family == "" {
		family, _, _ = strings.Cut(s.facts.Text("instance_type"), ".")
	}
	s.hours("host", Key{"ec2", "host", family, ""}, 1)
}

func eksCluster(s *sheet) {
	s.hours("control plane", Key{"eks", "cluster", "standard", ""}, 1)
	if s.facts.Text("support_type") == "EXTENDED" {
		s.assume("at the price of standard support: extended support costs six times as much once that of the version has ended")
	}
	if s.facts.Flag("auto_mode") {
		s.leave("management of Auto Mode")
	}
}

// ecsService charges for tasks on Fargate; others run on instances.
func ecsService(s *sheet) {
	providers := s.facts.List("capacity_providers")
	switch {
	case s.facts.Text("launch_type") == "EC2", s.facts.Text("launch_type") == "EXTERNAL":
		s.free("its tasks run on instances, which are charged as EC2_Instance")
		return
	case slices.Contains(providers, "FARGATE_SPOT"):
		s.miss("tasks", "spot prices change and are not in the price list")
		return
	case s.facts.Text("launch_type") == "FARGATE":
	case len(providers) > 0 && !slices.Contains(providers, "FARGATE"):
		s.free("its tasks run on instances, which are charged as EC2_Instance")
		return
	case len(providers) == 0:
		s.miss("tasks", "what the tasks run on is not known")
		return
	case len(providers) > 1:
		s.miss("tasks", "how many of the tasks run on Fargate is not known")
		return
	}
	running, ok := s.need("tasks", "running_count")
	if !ok {
		return
	}
	cpu, ok := s.need("vCPU", "task_cpu_units")
	memory, ok2 := s.need("memory", "task_memory_mb")
	if !ok || !ok2 {
		return
	}
	system, architecture := s.lower("platform_family"), s.lower("task_architecture")
	if system == "" {
		system = linux
	}
	if architecture == "" {
		architecture = "x86_64" // what ECS takes when a task definition leaves it out
	}
	s.hours("vCPU", Key{"fargate", "vcpu", system, architecture}, running*cpu/1024)
	s.hours("memory", Key{"fargate", "memory", system, architecture}, running*memory/1024)
	s.leave("ephemeral storage over 20 GB")
}
