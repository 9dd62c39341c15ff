package pricing

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A gp3 volume has these without further charge (EBS user guide, "General
// Purpose SSD volumes").
const (
	gp3IOPS       = 3000
	gp3Throughput = 125
)

// A tier is the variant of a price that holds from a quantity on.
type tier struct {
	from    float64
	variant string
}

var (
	// The IOPS of an io2 volume (EBS pricing).
	io2Tiers = []tier{{0, ""}, {32000, "over-32000"}, {64000, "over-64000"}}
	// A region's standard storage in GB (S3 pricing).
	s3Tiers = []tier{{0, ""}, {50 * 1024, "over-50-tb"}, {500 * 1024, "over-500-tb"}}
)

// tiered charges for a quantity, each part of it at the price of its tier.
func (s *sheet) tiered(name string, k Key, tiers []tier, quantity float64) {
	for i, t := range tiers {
		to := quantity
		if i+1 < len(tiers) {
			to = math.Min(to, tiers[i+1].from)
		}
		if i > 0 && to <= t.from {
			return
		}
		k.Variant = t.variant
		s.charge(name, k, to-t.from)
	}
}

func ebsVolume(s *sheet) {
	kind := s.facts.Text("volume_type")
	if kind == "" {
		s.miss("storage", "the volume type is not known")
		return
	}
	size, ok := s.need("storage", "size_gb")
	if !ok {
		return
	}
	s.charge("storage", Key{"ebs", "storage", kind, ""}, size)
	switch kind {
	case "gp3":
		if iops, ok := s.facts.Number("iops"); ok && iops > gp3IOPS {
			s.charge("IOPS", Key{"ebs", "iops", kind, ""}, iops-gp3IOPS)
		}
		if throughput, ok := s.facts.Number("throughput_mbps"); ok && throughput > gp3Throughput {
			s.charge("throughput", Key{"ebs", "throughput", kind, ""}, throughput-gp3Throughput)
		}
	case "io1", "io2":
		iops, ok := s.need("IOPS", "iops")
		if !ok {
			return
		}
		if kind == "io2" {
			s.tiered("IOPS", Key{"ebs", "iops", kind, ""}, io2Tiers, iops)
			return
		}
		s.charge("IOPS", Key{"ebs", "iops", kind, ""}, iops)
	case "standard":
		s.leave("requests")
	}
}

// ebsSnapshot charges one snapshot of a volume for all blocks that it holds, and
// leaves the others of the volume to what changed between them, which AWS does not
// tell. A bound of each would not be a bound of their sum. An archived snapshot
// holds all its blocks itself (EBS user guide, "Archiving incremental snapshots").
func ebsSnapshot(s *sheet) {
	tier := s.lower("storage_tier")
	switch {
	case s.facts.Text("outpost_arn") != "":
		s.miss("storage", "the price list lacks storage on Outposts")
		return
	case tier == "":
		tier = "standard" // AWS leaves it out for a snapshot that was never archived
	}
	if s.facts.Flag("incremental") {
		s.changes("volume")
		return
	}
	k := Key{"ebs", "snapshot", tier, ""}
	bytes, full := s.facts.Number("full_snapshot_bytes")
	if tier != "archive" || !full {
		s.atMost("blocks that it shares with other snapshots are charged once")
	}
	if full {
		s.stored("storage", k, bytes)
		return
	}
	if size, ok := s.need("storage", "size_gb"); ok {
		s.charge("storage", k, size)
	}
}

// changes leaves a snapshot to what changed since another one of its origin, which
// is charged for what they share.
func (s *sheet) changes(origin string) {
	s.byUse("charged for what differs from the other snapshots of the " + origin + ", one of which is charged for what they share; how much differs is not known")
	s.leave("changes")
}

// bucket charges each storage class for its size.
func bucket(s *sheet) {
	classes := s.quantities("storage_classes")
	if len(classes) == 0 {
		s.miss("storage", "CloudWatch has no size: the bucket is empty, or new, or its size could not be read")
		return
	}
	for _, c := range classes {
		k := Key{"s3", "storage", c.name, ""}
		switch {
		case c.name == "StandardStorage":
			s.tiered(c.name, k, s3Tiers, c.n/gib)
		case len(classes) == 1:
			s.stored(c.name, k, c.n)
		default:
			s.part(c.name, k, c.n/gib)
		}
		if strings.HasPrefix(c.name, "IntelligentTiering") && !slices.Contains(s.left, "monitoring") {
			s.leave("monitoring")
		}
	}
	s.leave("requests", "data out")
}

func efsFileSystem(s *sheet) {
	item := "storage"
	if s.facts.Text("availability_zone") != "" {
		item = "storage-one-zone"
	}
	standard, known := s.facts.Number("size_standard_bytes")
	if !known {
		if standard, known = s.need("storage", "size_bytes"); !known {
			return
		}
	}
	s.stored("storage", Key{"efs", item, "standard", ""}, standard)
	if n, ok := s.facts.Number("size_ia_bytes"); ok && n > 0 {
		class := "ia"
		if item == "storage" && s.lower("throughput_mode") == "elastic" {
			class = "ia-elastic"
		}
		s.stored("infrequent access storage", Key{"efs", item, class, ""}, n)
	}
	if n, ok := s.facts.Number("size_archive_bytes"); ok && n > 0 {
		s.stored("archive storage", Key{"efs", item, "archive", ""}, n)
	}
	switch s.lower("throughput_mode") {
	case "provisioned":
		if throughput, ok := s.need("throughput", "provisioned_throughput"); ok {
			// A MiB/s comes with 20 GB of standard storage (EFS pricing).
			s.charge("throughput", Key{"efs", "throughput", "", ""}, math.Max(0, throughput-standard/gib/20))
		}
	case "elastic":
		s.leave("throughput")
	}
}

func fsxFileSystem(s *sheet) {
	kind, deployment := s.lower("type"), s.lower("deployment_type")
	switch {
	case kind == "windows":
		deployment = strings.TrimSuffix(strings.TrimSuffix(deployment, "single_az_1"), "single_az_2")
		if deployment == "" {
			deployment = "single_az" // both generations cost the same
		}
	case kind == "lustre" && strings.HasPrefix(deployment, "persistent"):
		throughput, ok := s.need("storage", "throughput_mbps_per_tib")
		if !ok {
			return
		}
		deployment += ":" + strconv.Itoa(int(throughput))
	}
	size, ok := s.need("storage", "storage_gb")
	if !ok {
		return
	}
	disk := "storage-" + s.lower("storage_type")
	s.charge("storage", Key{"fsx", disk, kind, deployment}, size)
	if throughput, ok := s.facts.Number("throughput_mbps"); ok {
		s.charge("throughput", Key{"fsx", "throughput", kind, deployment}, throughput)
	}
	// Three IOPS come with each GB (FSx pricing).
	if iops, ok := s.facts.Number("iops"); ok && iops > 3*size {
		s.charge("IOPS", Key{"fsx", "iops", kind, deployment}, iops-3*size)
	}
	s.leave("backups")
}

// ecrRepository is an upper bound: layers that images share are stored once.
func ecrRepository(s *sheet) {
	if bytes, ok := s.need("storage", "size_bytes"); ok {
		s.atMost("layers that images share are charged once")
		s.stored("storage", Key{"ecr", "storage", "", ""}, bytes)
	}
}

func logGroup(s *sheet) {
	if bytes, ok := s.need("storage", "stored_bytes"); ok {
		s.stored("storage", Key{"logs", "storage", "", ""}, bytes)
		s.leave("ingestion", "queries")
	}
}
