package pricing

import (
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Operating systems as variants of keys.
const (
	linux   = "linux"
	windows = "windows"
)

// systems are the operating systems, with the software that AWS bills with them,
// as EC2 writes them in an instance's usage operation and in its platform
// details (EC2 user guide, "AMI billing information fields"). The name is the
// variant of keys. A system that is not here comes with software whose price the
// list lacks.
var systems = []struct{ operation, platform, name string }{
	{"RunInstances", "Linux/UNIX", linux},
	{"RunInstances:0002", "Windows", windows},
	{"RunInstances:0010", "Red Hat Enterprise Linux", "rhel"},
	{"RunInstances:1010", "Red Hat Enterprise Linux with HA", "rhel-ha"},
	{"RunInstances:000g", "SUSE Linux", "suse"},
	{"RunInstances:0g00", "Ubuntu Pro", "ubuntu-pro"},
	{"RunInstances:0800", "Windows BYOL", linux},
	{"RunInstances:00g0", "Red Hat BYOL Linux", linux},
	{"RunInstances:0202", "Windows with SQL Server Web", "windows-sql-web"},
	{"RunInstances:0006", "Windows with SQL Server Standard", "windows-sql-std"},
	{"RunInstances:0102", "Windows with SQL Server Enterprise", "windows-sql-ent"},
	{"RunInstances:0200", "SQL Server Web", "linux-sql-web"},
	{"RunInstances:0004", "SQL Server Standard", "linux-sql-std"},
	{"RunInstances:0100", "SQL Server Enterprise", "linux-sql-ent"},
	// Capacity reservations write some of them otherwise.
	{"", "Linux with SQL Server Web", "linux-sql-web"},
	{"", "Linux with SQL Server Standard", "linux-sql-std"},
	{"", "Linux with SQL Server Enterprise", "linux-sql-ent"},
}

// system returns the operating system that an instance is billed for. When that
// has no price of its own, system returns "" and why.
func (s *sheet) system() (system, why string) {
	if op := s.facts.Text("usage_operation"); op != "" {
		for _, known := range systems {
			if known.operation == op {
				return known.name, ""
			}
		}
		return "", "the price list lacks what is billed as " + op
	}
	if p := s.facts.Text("platform"); p != "" {
		for _, known := range systems {
			if known.platform == p {
				return known.name, ""
			}
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

// instances charges for n instances all month. Where the list lacks the whole
// price of a system in the region, it charges for Linux and for the system's fee,
// which is the same in every region.
func (s *sheet) instances(name, instanceType, system string, n float64) {
	tenancy := s.facts.Text("tenancy")
	whole := Instance(instanceType, system, tenancy)
	if system == linux || tenancy == "dedicated" {
		s.hours(name, whole, n)
		return
	}
	r, ok := s.rate(whole)
	if !ok || r.Basis != tracker.CostList {
		plain, known := s.rate(Instance(instanceType, linux, tenancy))
		fee, known2 := s.rate(Key{"ec2", "system-fee", instanceType, system})
		if known && known2 && (!ok || plain.Basis == tracker.CostList) {
			s.line(name+" on Linux", plain, n*tracker.HoursPerMonth)
			s.line("fee of "+system, fee, n*tracker.HoursPerMonth)
			s.notes = append(s.notes, "the price of Linux and the fee of "+system+": the price list lacks the whole price")
			return
		}
	}
	if !ok {
		s.miss(name, r.Reason)
		return
	}
	s.line(name, r, n*tracker.HoursPerMonth)
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
		s.spotInstance()
	case s.facts.Text("lifecycle") == "capacity-block":
		s.free("a capacity block is paid for at once")
	case s.facts.Text("tenancy") == "host":
		s.free("the dedicated host that it runs on is charged as EC2_DedicatedHost")
	case instanceType == "":
		s.miss("compute", "the instance type is not known")
	case system == "":
		s.miss("compute", why)
	default:
		s.instances("compute", instanceType, system, 1)
		if family, _, _ := strings.Cut(instanceType, "."); slices.Contains([]string{"t2", "t3", "t3a", "t4g"}, family) {
			s.leave("CPU credits in unlimited mode")
		}
	}
	if s.facts.Flag("detailed_monitoring") {
		// Seven metrics: CloudWatch pricing, "Amazon EC2 detailed monitoring".
		s.part("detailed monitoring", Key{"cloudwatch", "metric", "", ""}, 7)
	}
}

// spotInstance charges the price of the instance's zone at the time of the scan.
func (s *sheet) spotInstance() {
	read := s.facts.Text("spot_price_read")
	price, err := dollars(s.facts.Text("spot_price"))
	switch refused := s.facts.Text("spot_price_refused"); {
	case refused != "":
		s.miss("compute", "the spot price could not be read: "+refused)
	case err != nil || len(read) < len(time.DateOnly):
		s.miss("compute", "the spot price of its zone is not known")
	default:
		s.line("compute", Rate{
			Price: price, Unit: perHour, AsOf: read[:len(time.DateOnly)], Source: "EC2 DescribeSpotPriceHistory", Basis: tracker.CostSpot,
			Reason: "spot price in " + s.facts.Text("availability_zone") + ", read at " + read,
		}, tracker.HoursPerMonth)
	}
}

// capacityReservation charges for reserved instances that do not run.
func capacityReservation(s *sheet) {
	if s.facts.Text("reservation_type") == "capacity-block" {
		s.free("a capacity block is paid for at once")
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
	s.instances("unused capacity", s.facts.Text("instance_type"), system, unused)
}

func dedicatedHost(s *sheet) {
	family := s.facts.Text("instance_family")
	if family == "" {
		family, _, _ = strings.Cut(s.facts.Text("instance_type"), ".")
	}
	s.hours("host", Key{"ec2", "host", family, ""}, 1)
}

// eksCluster charges for the control plane, and for extended support from the day
// on that the version's standard support ends (EKS user guide, "Amazon EKS
// Kubernetes release calendar").
func eksCluster(s *sheet) {
	s.hours("control plane", Key{"eks", "cluster", "standard", ""}, 1)
	version := s.facts.Text("version")
	v := supportOf("eks", version)
	switch {
	case s.facts.Text("support_type") == "STANDARD": // upgraded at the end instead
	case version == "":
		s.assume("at the price of standard support: the version is not known")
	case v.tier(s.book.today()) != "":
		if r, ok := s.rate(Key{"eks", "cluster", "extended-surcharge", ""}); ok {
			s.extended(v, r, tracker.HoursPerMonth)
		} else {
			s.without(extendedSupport, v.ended()+"; "+r.Reason)
		}
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
	switch {
	case system == "":
		system = linux
	case strings.HasPrefix(system, windows): // "WINDOWS_SERVER_2022_CORE"
		system = windows
	}
	if architecture == "" {
		architecture = "x86_64" // what ECS takes when a task definition leaves it out
	}
	s.hours("vCPU", Key{"fargate", "vcpu", system, architecture}, running*cpu/1024)
	s.hours("memory", Key{"fargate", "memory", system, architecture}, running*memory/1024)
	if system == windows {
		s.hours("licence", Key{"fargate", "os-licence", system, architecture}, running*cpu/1024)
	}
	s.leave("ephemeral storage over 20 GB")
}
