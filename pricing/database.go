package pricing

import (
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// engineOf returns the engine as the price list knows it.
func engineOf(engine string) string {
	switch engine {
	case "aurora": // the first name of Aurora MySQL
		return "aurora-mysql"
	case "db2-se", "db2-ae":
		return "db2"
	}
	return strings.TrimSuffix(engine, "-cdb")
}

func isAurora(engine string) bool { return strings.HasPrefix(engine, "aurora") }

// Database returns the key of an RDS instance class of an engine.
func Database(class, engine, licence string, multiAZ bool) Key {
	item := "instance"
	switch licence {
	case "bring-your-own-license":
		item = "instance-byol"
	case "marketplace-license":
		item = "instance-marketplace"
	}
	if multiAZ {
		item += multi
	}
	return Key{"rds", item, class, engineOf(engine)}
}

// What ends the items of deployments: one in two zones, and a cluster of a writer
// with two standbys that can be read.
const (
	multi    = "-multi-az"
	standbys = "-multi-az-2-standbys"
)

// iopt ends the items, or is the variant, of instances in clusters that pay no
// I/O (Aurora, Neptune and DocumentDB I/O-Optimized).
const iopt = "iopt"

func rdsInstance(s *sheet) {
	class, engine, two := s.facts.Text("instance_class"), s.facts.Text("engine"), s.facts.Flag("multi_az")
	aurora := isAurora(engine)
	switch {
	case class == "" || engine == "":
		s.miss("compute", "its class or its engine is not known")
		return
	case class == "db.serverless":
		s.leave("capacity units")
		if v := supportOf(engineOf(engine), s.facts.Text("engine_version")); v.tier(s.book.today()) != "" {
			s.leave(extendedSupport) // by the capacity unit
		}
		return
	case s.facts.Text("cluster_id") != "" && !aurora:
		s.free("the three instances of a Multi-AZ cluster have one price, which is charged as RDS_Cluster")
		return
	}
	switch {
	case s.storageAlone():
		s.notes = append(s.notes, s.r.State+": compute is not charged")
	case strings.HasPrefix(s.facts.Text("storage_type"), "aurora-iopt"):
		s.hours("compute", Key{"rds", "instance-" + iopt, class, engineOf(engine)}, 1)
	default:
		// For an Aurora member, AWS says whether its cluster is in several
		// zones.
		s.hours("compute", Database(class, engine, s.facts.Text("license_model"), two && !aurora), 1)
	}
	if s.facts.Text("license_model") == "marketplace-license" {
		s.leave("Db2 licence")
	}
	deployment, copies := "", 1
	if two && !aurora {
		deployment, copies = multi, 2 // the standby is charged for too
	}
	if !s.storageAlone() {
		s.extendedDatabase(engine, copies)
	}
	if aurora {
		if !s.priced {
			s.free("storage is charged as RDS_Cluster")
		}
		return
	}
	s.rdsStorage(engine, deployment)
	s.leave("backups over the size of the database")
}

// rdsStorage charges for the storage of an instance outside Aurora.
func (s *sheet) rdsStorage(engine, deployment string) {
	kind := s.facts.Text("storage_type")
	if kind == "" {
		s.miss("storage", "the storage type is not known")
		return
	}
	size, ok := s.need("storage", "allocated_storage_gb")
	if !ok {
		return
	}
	s.charge("storage", Key{"rds", "storage" + deployment, kind, ""}, size)
	switch kind {
	case "io1", "io2":
		if iops, ok := s.need("IOPS", "iops"); ok {
			s.charge("IOPS", Key{"rds", "iops" + deployment, kind, ""}, iops)
		}
	case "gp3":
		// Larger volumes are striped over four (RDS user guide, "gp3 storage").
		included := float64(gp3IOPS)
		if size >= 400 && !strings.HasPrefix(engine, "sqlserver") || size >= 200 && strings.HasPrefix(engine, "oracle") {
			included = 4 * gp3IOPS
		}
		if iops, ok := s.facts.Number("iops"); ok && iops > included {
			s.charge("IOPS", Key{"rds", "iops" + deployment, kind, ""}, iops-included)
		}
		if throughput, ok := s.facts.Number("storage_throughput_mbps"); ok && throughput > 4*gp3Throughput {
			s.leave("throughput")
		}
	case "standard":
		s.leave("requests")
	}
}

// rdsCluster charges for a Multi-AZ cluster of three instances. Of Aurora it
// charges nothing but use: Aurora does not say how much it stores, and its
// instances are charged as RDS_Instance.
func rdsCluster(s *sheet) {
	engine := s.facts.Text("engine")
	if isAurora(engine) {
		s.leave("storage", "requests", "backups")
		if s.facts.Text("engine_mode") == "serverless" {
			s.leave("capacity units")
		}
		return
	}
	class := s.facts.Text("instance_class")
	if class == "" || engine == "" {
		s.miss("compute", "its class or its engine is not known")
		return
	}
	if s.storageAlone() {
		s.notes = append(s.notes, s.r.State+": compute is not charged")
	} else {
		s.hours("compute", Key{"rds", "instance" + standbys, class, engine}, 1)
		s.extendedDatabase(engine, 3)
	}
	s.rdsStorage(engine, standbys)
	s.leave("backups over the size of the database")
}

// rdsSnapshot charges one snapshot of a database for what it holds, at most: backups
// up to the size of the region's databases are not charged.
func rdsSnapshot(s *sheet) {
	k := Key{"rds", "backup", "", ""}
	switch engine := s.facts.Text("engine"); {
	case isAurora(engine):
		k.Class = "aurora"
	case engine == "docdb", engine == "neptune":
		k.Service = engine
	}
	if s.facts.Flag("incremental") {
		s.changes("database")
		return
	}
	s.atMost("what it shares with other backups is charged once, and backups up to the size of the region's databases are not charged")
	if bytes, ok := s.facts.Number("full_size_bytes"); ok && bytes > 0 {
		s.stored("storage", k, bytes)
		return
	}
	size, ok := s.need("storage", "allocated_storage_gb")
	switch {
	case !ok:
	case size <= 1: // what AWS answers for a cluster that grows by itself
		s.miss("storage", "the size is not known")
	default:
		s.charge("storage", k, size)
	}
}

// vcpus returns how many vCPUs a database's class has (RDS user guide, "Hardware
// specifications for DB instance classes").
func vcpus(class string) (n int, ok bool) {
	family, size, _ := strings.Cut(strings.TrimPrefix(class, "db."), ".")
	switch size {
	case "micro", "small", "medium":
		if family == "t3" || family == "t4g" || family == "t2" && size == "medium" {
			return 2, true
		}
		return 1, family == "t2" || family == "m3"
	case "large":
		return 2, true
	case "xlarge":
		return 4, true
	}
	times, ok := strings.CutSuffix(size, "xlarge")
	n, err := strconv.Atoi(times)
	return 4 * n, ok && err == nil
}

// memberInstance is the rule of a member of a DocumentDB or Neptune cluster.
func memberInstance(service string) rule {
	return func(s *sheet) {
		if v := supportOf(service, s.facts.Text("engine_version")); v.tier(s.book.today()) != "" {
			s.without(extendedSupport, v.ended()+"; the price list lacks it")
		}
		k := Key{service, "instance", s.facts.Text("instance_class"), ""}
		if strings.HasPrefix(s.facts.Text("storage_type"), iopt) {
			k.Variant = iopt
		}
		switch k.Class {
		case "":
			s.miss("compute", "its class is not known")
		case "db.serverless":
			s.leave("capacity units")
		default:
			s.hours("compute", k, 1)
		}
	}
}

func docDBCluster(s *sheet) { s.leave("storage", "requests", "backups") }

// dynamoDBTable charges for provisioned capacity. On demand, most of the cost is
// requests.
func dynamoDBTable(s *sheet) {
	mode, class := s.facts.Text("billing_mode"), s.lower("table_class")
	if mode == "" || class == "" {
		s.miss("capacity", "the billing mode or the table class is not known")
		return
	}
	if mode == "PAY_PER_REQUEST" {
		s.leave("read requests", "write requests")
		s.byUse("charged by request; the storage is among the components")
	} else {
		read, write, ok := s.capacity()
		if !ok {
			return
		}
		s.hours("read capacity", Key{"dynamodb", "read-capacity", class, ""}, read)
		s.hours("write capacity", Key{"dynamodb", "write-capacity", class, ""}, write)
	}
	if bytes, ok := s.need("storage", "size_bytes"); ok {
		for _, index := range s.facts.Objects("global_indexes") {
			if n, ok := tracker.Number(index["size_bytes"]); ok {
				bytes += n
			}
		}
		s.stored("storage", Key{"dynamodb", "storage", class, ""}, bytes)
	}
	s.leave("backups")
	if n, ok := s.facts.Len("replica_regions"); ok && n > 0 {
		s.bound("without the higher price of writes that are replicated")
	}
}

// capacity returns the units of a table with its indexes.
func (s *sheet) capacity() (read, write float64, ok bool) {
	read, ok = s.need("read capacity", "read_capacity_units")
	write, ok2 := s.need("write capacity", "write_capacity_units")
	for _, index := range s.facts.Objects("global_indexes") {
		r, known := tracker.Number(index["read_capacity_units"])
		w, known2 := tracker.Number(index["write_capacity_units"])
		if !known || !known2 {
			s.miss("index capacity", "the capacity of an index is not known")
			return 0, 0, false
		}
		read, write = read+r, write+w
	}
	return read, write, ok && ok2
}
