package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The roles of a Redis, as it calls them.
const (
	master  = "master"
	replica = "replica"
)

// noEviction is the one policy by which a full Redis drops no key.
const noEviction = "noeviction"

// WatchNodes adds how full rdb is: of a cluster, its fullest master, since the first
// that is full refuses writes. A Redis that does not tell adds nothing. Operations says
// more of each node.
func (m *Metrics) WatchNodes(rdb redis.UniversalClient, sentinel bool, log *slog.Logger) {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "redis", name), help, nil, nil)
	}
	m.redisKind = "server"
	if _, cluster := rdb.(*redis.ClusterClient); cluster {
		m.redisKind = "cluster"
	} else if sentinel {
		m.redisKind = "sentinel"
	}
	m.nodes = &lately[[]tracker.RedisNode]{what: "nodes of Redis", log: log, look: func() ([]tracker.RedisNode, error) { return readNodes(rdb) }}
	m.registry.MustRegister(&memories{
		nodes: m.nodes,
		used:  desc("memory_used_bytes", "Memory that Redis uses; of a cluster, its fullest master."),
		limit: desc("memory_max_bytes", "Redis's maxmemory; absent where it is not set."),
	})
}

// memories is a collector of how full the fullest master is.
type memories struct {
	nodes       *lately[[]tracker.RedisNode]
	used, limit *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (m *memories) Describe(ch chan<- *prometheus.Desc) {
	ch <- m.used
	ch <- m.limit
}

// Collect implements prometheus.Collector.
func (m *memories) Collect(ch chan<- prometheus.Metric) {
	nodes, ok := m.nodes.get()
	if !ok {
		return
	}
	var fullest memory
	for i := range nodes {
		n := &nodes[i]
		if isRole(n, replica) {
			continue
		}
		if !n.Answers { // it may be the fullest
			return
		}
		if seen := (memory{value(n.UsedMemory), value(n.MaxMemory)}); seen.fuller(fullest) {
			fullest = seen
		}
	}
	if fullest.Used > 0 {
		ch <- prometheus.MustNewConstMetric(m.used, prometheus.GaugeValue, fullest.Used)
	}
	if fullest.Max > 0 {
		ch <- prometheus.MustNewConstMetric(m.limit, prometheus.GaugeValue, fullest.Max)
	}
}

func isRole(n *tracker.RedisNode, role string) bool { return n.Role != nil && *n.Role == role }

func value(n *int64) float64 {
	if n == nil {
		return 0
	}
	return float64(*n)
}

// memory is how full a Redis is, in bytes. Max is 0 where nothing bounds it.
type memory struct{ Used, Max float64 }

// fuller reports whether it is fuller than another; of two without a bound, the larger one is the fuller.
func (m memory) fuller(o memory) bool {
	if m.Max > 0 && o.Max > 0 {
		return m.Used/m.Max > o.Used/o.Max
	}
	return m.Used > o.Used
}

// readNodes asks rdb, and of a cluster every node. A node that does not answer is among
// them. The error is that of a cluster whose nodes are not known.
func readNodes(rdb redis.UniversalClient) ([]tracker.RedisNode, error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	switch rdb := rdb.(type) {
	case *redis.ClusterClient:
		var mu sync.Mutex
		nodes := []tracker.RedisNode{}
		ask := func(role string) func(context.Context, *redis.Client) error {
			return func(ctx context.Context, node *redis.Client) error {
				seen := readNode(ctx, node, node.Options().Addr)
				if seen.Role == nil {
					seen.Role = &role
				}
				mu.Lock()
				defer mu.Unlock()
				nodes = append(nodes, seen)
				return nil
			}
		}
		if err := errors.Join(rdb.ForEachMaster(ctx, ask(master)), rdb.ForEachSlave(ctx, ask(replica))); err != nil {
			return nil, err
		}
		slices.SortFunc(nodes, func(a, b tracker.RedisNode) int { return strings.Compare(*a.Address, *b.Address) })
		return nodes, nil
	case *redis.Client:
		address := rdb.Options().Addr
		if address == "FailoverClient" { // what the library calls whatever sentinels name
			address = ""
		}
		return []tracker.RedisNode{readNode(ctx, rdb, address)}, nil
	}
	return nil, errors.New("a client of another kind")
}

// readNode asks one node. One that refuses to tell has answered.
func readNode(ctx context.Context, node redis.Cmdable, address string) tracker.RedisNode {
	text, err := node.Info(ctx).Result()
	n := tracker.RedisNode{Replicas: []tracker.RedisReplica{}}
	if reply := redis.Error(nil); err == nil || errors.As(err, &reply) {
		n = parseInfo(text)
		n.Answers = true
	}
	if address != "" {
		n.Address = &address
	}
	return n
}

// parseInfo reads the answer to INFO. What it does not hold stays nil.
func parseInfo(info string) tracker.RedisNode {
	values := map[string]string{}
	for line := range strings.Lines(info) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			values[name] = value
		}
	}
	text := func(name string) *string {
		if v := values[name]; v != "" {
			return &v
		}
		return nil
	}
	number := func(name string) *int64 {
		if n, err := strconv.ParseInt(values[name], 10, 64); err == nil {
			return &n
		}
		return nil
	}
	n := tracker.RedisNode{
		Role: text("role"), Version: text("redis_version"), UptimeSeconds: number("uptime_in_seconds"),
		UsedMemory: number("used_memory"), MaxMemory: number("maxmemory"), MemoryPolicy: text("maxmemory_policy"), EvictedKeys: number("evicted_keys"),
		ConnectedClients: number("connected_clients"), MaxClients: number("maxclients"), RejectedConnections: number("rejected_connections"),
		AppendStatus: text("aof_last_write_status"), RewriteStatus: text("aof_last_bgrewrite_status"), SaveStatus: text("rdb_last_bgsave_status"),
		MasterLink: text("master_link_status"), ConnectedReplicas: number("connected_slaves"), Replicas: []tracker.RedisReplica{},
	}
	if isRole(&n, "slave") {
		n.Role = new(replica)
	}
	if n.MemoryPolicy != nil {
		n.DropsKeys = new(!strings.EqualFold(*n.MemoryPolicy, noEviction))
	}
	if on := number("aof_enabled"); on != nil {
		n.AppendOnly = new(*on == 1)
	}
	if at := number("rdb_last_save_time"); at != nil && *at > 0 {
		n.SavedAt = new(time.Unix(*at, 0).UTC())
	}
	for i := 0; ; i++ {
		r := replicaLine.FindStringSubmatch(values["slave"+strconv.Itoa(i)])
		if r == nil {
			return n
		}
		seen := tracker.RedisReplica{Address: r[1] + ":" + r[2], State: r[3]}
		if lag, err := strconv.ParseInt(r[4], 10, 64); err == nil && lag >= 0 {
			seen.LagSeconds = &lag
		}
		n.Replicas = append(n.Replicas, seen)
	}
}

// replicaLine is how a master tells of a replica: ip=10.0.0.2,port=6379,state=online,offset=1,lag=0.
var replicaLine = regexp.MustCompile(`^ip=([^,]*),port=(\d+),state=(\w+)(?:,.*?\blag=(-?\d+))?`)
