package pricing

import "strings"

// valkey is the variant of nodes that run Valkey, which costs less.
const valkey = "valkey"

func memoryDBCluster(s *sheet) {
	nodes, ok := s.need("nodes", "node_count")
	if !ok {
		return
	}
	variant := ""
	if s.lower("engine") == valkey {
		variant = valkey
	}
	s.hours("nodes", Key{"memorydb", "node", s.facts.Text("node_type"), variant}, nodes)
	s.leave("data written", "snapshots")
}

func cacheCluster(s *sheet) {
	nodes, ok := s.need("nodes", "node_count")
	if !ok {
		return
	}
	variant := ""
	if engine := s.lower("engine"); engine != "redis" && engine != "memcached" {
		variant = engine // Redis and Memcached cost the same, Valkey less
	}
	s.hours("nodes", Key{"elasticache", "node", s.facts.Text("node_type"), variant}, nodes)
	s.leave("backups")
}

func redshiftCluster(s *sheet) {
	kind := s.facts.Text("node_type")
	managed := strings.HasPrefix(kind, "ra3")
	switch {
	case s.r.State == "paused":
		s.byUse("paused: compute is not charged, and how much is stored is not known")
		s.leave("storage")
		return
	case s.lower("multi_az") == "enabled":
		s.miss("nodes", "how many nodes a cluster in several zones has is not known")
		return
	}
	nodes, ok := s.need("nodes", "node_count")
	if !ok {
		return
	}
	s.hours("nodes", Key{"redshift", "node", kind, ""}, nodes)
	if managed {
		s.leave("managed storage")
	}
	s.leave("concurrency scaling", "Spectrum", "backups")
}

func openSearchDomain(s *sheet) {
	nodes, ok := s.need("instances", "instance_count")
	if !ok {
		return
	}
	s.hours("instances", searchInstance(s.facts.Text("instance_type")), nodes)
	if n, ok := s.facts.Number("master_count"); ok && n > 0 {
		s.hours("dedicated masters", searchInstance(s.facts.Text("master_type")), n)
	}
	if n, ok := s.facts.Number("warm_count"); ok && n > 0 {
		s.hours("UltraWarm instances", searchInstance(s.facts.Text("warm_type")), n)
		s.leave("UltraWarm storage")
	}
	kind := s.facts.Text("volume_type")
	if kind == "" {
		return // instances with disks of their own
	}
	if size, ok := s.need("storage", "volume_gb_per_node"); ok {
		s.charge("storage", Key{"opensearch", "storage", kind, ""}, size*nodes)
	}
	if kind == "io1" {
		if iops, ok := s.need("IOPS", "iops"); ok {
			s.charge("IOPS", Key{"opensearch", "iops", kind, ""}, iops*nodes)
		}
	}
}

// searchInstance takes a type without ".search", or without the older
// ".elasticsearch".
func searchInstance(kind string) Key {
	kind = strings.TrimSuffix(strings.TrimSuffix(kind, ".elasticsearch"), ".search")
	return Key{"opensearch", "instance", kind, ""}
}

func mskCluster(s *sheet) {
	if strings.EqualFold(s.facts.Text("type"), "serverless") {
		s.leave("cluster hours", "partitions", "storage", "data")
		return
	}
	brokers, ok := s.need("brokers", "broker_count")
	if !ok {
		return
	}
	s.hours("brokers", Key{"msk", "broker", s.facts.Text("instance_type"), ""}, brokers)
	if size, ok := s.need("storage", "storage_gb_per_broker"); ok {
		s.charge("storage", Key{"msk", "storage", "", ""}, size*brokers)
	}
	if _, ok := s.facts.Number("provisioned_throughput_mbps"); ok {
		s.leave("provisioned throughput")
	}
	if strings.EqualFold(s.facts.Text("storage_mode"), "tiered") {
		s.leave("tiered storage")
	}
}

func kinesisStream(s *sheet) {
	if s.facts.Text("mode") == "ON_DEMAND" {
		s.byUse("charged by the data that is written and read; the hours of the stream are among the components")
		s.hours("stream", Key{"kinesis", "stream", "on-demand", ""}, 1)
		s.leave("data in", "data out")
		return
	}
	shards, ok := s.need("shards", "shard_count")
	if !ok {
		return
	}
	s.hours("shards", Key{"kinesis", "shard", "", ""}, shards)
	s.leave("records written")
	if hours, ok := s.facts.Number("retention_hours"); ok && hours > 24 {
		s.leave("extended retention")
	}
	if n, ok := s.facts.Number("consumer_count"); ok && n > 0 {
		s.leave("enhanced fan-out")
	}
}

func alarm(s *sheet) {
	kind := s.facts.Text("kind")
	if kind == "composite" {
		s.charge("alarm", Key{"cloudwatch", "alarm-composite", "", ""}, 1)
		return
	}
	if kind != "metric" {
		s.miss("alarm", "the price list lacks "+kind+" alarms")
		return
	}
	metrics, ok := s.need("metrics", "metric_count")
	if !ok {
		return
	}
	resolution := "standard"
	if period, ok := s.facts.Number("period_seconds"); ok && period < 60 {
		resolution = "high-resolution"
	}
	s.charge("metrics", Key{"cloudwatch", "alarm-metric", resolution, ""}, metrics)
}

func secret(s *sheet) {
	s.charge("secret", Key{"secretsmanager", "secret", "", ""}, 1)
	s.leave("requests")
}

func kmsKey(s *sheet) {
	s.charge("key", Key{"kms", "key", "", ""}, 1)
	s.leave("rotated key material", "requests")
}

func parameter(s *sheet) {
	switch tier := s.lower("tier"); tier {
	case "standard":
		s.free("standard parameters are not charged")
	case "":
		s.miss("parameter", "its tier is not known")
	default:
		s.hours("parameter", Key{"ssm", "parameter", tier, ""}, 1)
		s.leave("requests")
	}
}

func certificate(s *sheet) {
	switch {
	case strings.EqualFold(s.facts.Text("type"), "PRIVATE"):
		s.miss("certificate", "the price list lacks private certificates")
	case s.facts.Flag("exported"), strings.EqualFold(s.facts.Text("exportable_option"), "ENABLED"):
		s.miss("certificate", "the price list lacks exportable certificates")
	default:
		s.free("public certificates that cannot be exported are not charged")
	}
}

func daxCluster(s *sheet) {
	if nodes, ok := s.need("nodes", "node_count"); ok {
		s.hours("nodes", Key{"dax", "node", s.facts.Text("node_type"), ""}, nodes)
	}
}

// brokerDeployments are the words of the price list for how a broker is deployed.
var brokerDeployments = map[string]string{"single_instance": "single", "active_standby_multi_az": "multi-az", "cluster_multi_az": "multi-az"}

// mqBroker charges for a whole broker, with all its instances.
func mqBroker(s *sheet) {
	engine, deployment := s.lower("engine"), brokerDeployments[s.lower("deployment_mode")]
	if engine == "" || deployment == "" {
		s.miss("broker", "its engine or its deployment is not known")
		return
	}
	s.hours("broker", Key{"mq", "broker", s.facts.Text("instance_type"), engine + "-" + deployment}, 1)
	s.leave("storage", "data between zones")
}

// transferServer charges for each protocol, whether the server is online or not.
func transferServer(s *sheet) {
	protocols := s.facts.List("protocols")
	if len(protocols) == 0 {
		s.miss("protocols", "the protocols are not known")
		return
	}
	for _, p := range protocols {
		s.hours(p, Key{"transfer", "protocol", strings.ToLower(p), ""}, 1)
	}
	s.leave("data in and out")
}
