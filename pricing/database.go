package pricing

import (
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

// engineOf returns the engine as the price list knows it. All Aurora engines
// cost the same.
func engineOf(engine string) string {
	if strings.HasPrefix(engine, "aurora") {
		return "aurora"
	}
	return engine
}

// Database returns the key of an RDS instance class of an engine.
func Database(class, engine, licence string, multiAZ bool) Key {
	item := "instance"
	if licence == "bring-your-own-license" {
		item = "instance-byol"
	}
	if multiAZ {
		item += multi
	}
	return Key{"rds", item, class, engineOf(engine)}
}

// multi ends the items of a deployment in two zones.
const multi = "-multi-az"

// twoZones charges for a deployment in one zone or two. Where the price list
// lacks two, both zones are charged at the price of one: the standby is another
// instance, with storage of its own (RDS user guide, "Multi-AZ DB instances").
func (s *sheet) twoZones(name string, k Key, quantity float64, two bool) {
	if two {
		k.Item += multi
		if r, ok := s.rate(k); ok {
			s.line(name, r, quantity)
			return
		}
		k.Item = strings.TrimSuffix(k.Item, multi)
		if r, ok := s.rate(k); ok {
			s.line(name, r, 2*quantity)
			s.assume(name + " of two zones at twice the price of one")
			return
		}
	}
	s.charge(name, k, quantity)
}

func rdsInstance(s *sheet) {
	class, engine, two := s.facts.Text("instance_class"), s.facts.Text("engine"), s.facts.Flag("multi_az")
	aurora := engineOf(engine) == "aurora"
	switch {
	case class == "" || engine == "":
		s.miss("compute", "its class or its engine is not known")
		return
	case class == "db.serverless":
		s.leave("capacity units")
		return
	case s.facts.Text("cluster_id") != "" && !aurora:
		s.miss("compute", "the price list lacks Multi-AZ clusters with readable standbys")
		return
	}
	switch {
	case s.r.State == "stopped":
		s.notes = append(s.notes, "stopped: compute is not charged")
	case strings.HasPrefix(s.facts.Text("storage_type"), "aurora-iopt"):
		s.miss("compute", "the price list lacks Aurora I/O-Optimized")
	default:
		// For an Aurora member, AWS says whether its cluster is in several
		// zones.
		s.twoZones("compute", Database(class, engine, s.facts.Text("license_model"), false), 730, two && !aurora)
	}
	if aurora {
		if !s.priced {
			s.free("storage is charged as RDS_Cluster")
		}
		return
	}
	s.rdsStorage(engine, two)
	s.leave("backups over the size of the database")
	if ended(engine, s.facts.Text("engine_version")) && s.facts.Text("extended_support") != "open-source-rds-extended-support-disabled" {
		s.leave("extended support by vCPU")
	}
}

// rdsStorage charges for the storage of an instance outside Aurora.
func (s *sheet) rdsStorage(engine string, two bool) {
	kind := s.facts.Text("storage_type")
	if kind == "" {
		s.miss("storage", "the storage type is not known")
		return
	}
	size, ok := s.need("storage", "allocated_storage_gb")
	if !ok {
		return
	}
	s.twoZones("storage", Key{"rds", "storage", kind, ""}, size, two)
	switch kind {
	case "io1", "io2":
		if iops, ok := s.need("IOPS", "iops"); ok {
			s.twoZones("IOPS", Key{"rds", "iops", kind, ""}, iops, two)
		}
	case "gp3":
		// Larger volumes are striped over four (RDS user guide, "gp3 storage").
		included := float64(gp3IOPS)
		if size >= 400 && !strings.HasPrefix(engine, "sqlserver") || size >= 200 && strings.HasPrefix(engine, "oracle") {
			included = 4 * gp3IOPS
		}
		if iops, ok := s.facts.Number("iops"); ok && iops > included {
			s.twoZones("IOPS", Key{"rds", "iops", kind, ""}, iops-included, two)
		}
		if throughput, ok := s.facts.Number("storage_throughput_mbps"); ok && throughput > 4*gp3Throughput {
			s.leave("throughput")
		}
	case "standard":
		s.leave("requests")
	}
}

// ended reports whether a version of an engine is known to be out of standard
// support, so that running it is charged by vCPU (RDS user guide, "Supported
// engine versions with Extended Support").
func ended(engine, version string) bool {
	for _, v := range map[string][]string{"mysql": {"5.7"}, "postgres": {"11", "12"}}[engine] {
		if version == v || strings.HasPrefix(version, v+".") {
			return true
		}
	}
	return false
}

// rdsCluster charges for nothing but use: Aurora does not say how much it
// stores. Its instances are charged as RDS_Instance.
func rdsCluster(s *sheet) {
	if engine := s.facts.Text("engine"); engineOf(engine) != "aurora" {
		s.miss("storage", "the price list lacks Multi-AZ clusters with readable standbys")
		return
	}
	s.leave("storage", "requests", "backups")
	if s.facts.Text("engine_mode") == "serverless" {
		s.leave("capacity units")
	}
}

// rdsSnapshot is an upper bound: backups up to the size of the region's databases
// are not charged.
func rdsSnapshot(s *sheet) {
	k := Key{"rds", "backup", "", ""}
	switch engine := s.facts.Text("engine"); {
	case engineOf(engine) == "aurora":
		k.Class = "aurora"
	case engine == "docdb":
		k.Service = "docdb"
	case engine == "neptune":
		s.miss("storage", "the price list lacks Neptune")
		return
	}
	s.bound("an upper bound: only what differs from earlier backups is stored, and backups up to the size of the region's databases are not charged")
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

func docDBInstance(s *sheet) {
	switch class := s.facts.Text("instance_class"); {
	case s.r.State == "stopped":
		s.free("compute is charged while the instance runs; storage is charged as DocumentDB_Cluster")
	case class == "":
		s.miss("compute", "its class is not known")
	case class == "db.serverless":
		s.leave("capacity units")
	case strings.HasPrefix(s.facts.Text("storage_type"), "iopt"):
		s.miss("compute", "the price list lacks I/O-Optimized clusters")
	default:
		s.hours("compute", Key{"docdb", "instance", class, ""}, 1)
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
		s.charge("read capacity", Key{"dynamodb", "read-capacity", class, ""}, read)
		s.charge("write capacity", Key{"dynamodb", "write-capacity", class, ""}, write)
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
