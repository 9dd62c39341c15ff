package telemetry

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

// memory is how full a Redis is, in bytes. Max is 0 where nothing bounds it.
type memory struct{ Used, Max float64 }

// fuller reports whether it is fuller than another; of two without a bound, the larger one is the fuller.
func (m memory) fuller(o memory) bool {
	if m.Max > 0 && o.Max > 0 {
		return m.Used/m.Max > o.Used/o.Max
	}
	return m.Used > o.Used
}

// WatchMemory adds how full rdb is: of a cluster, its fullest master, since the first
// that is full refuses writes. A Redis that does not tell adds nothing.
func (m *Metrics) WatchMemory(rdb redis.UniversalClient, log *slog.Logger) {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "redis", name), help, nil, nil)
	}
	m.registry.MustRegister(&memories{
		memory: lately[memory]{what: "memory", log: log, look: func() (memory, error) { return readMemory(rdb) }},
		used:   desc("memory_used_bytes", "Memory that Redis uses; of a cluster, its fullest master."),
		limit:  desc("memory_max_bytes", "Redis's maxmemory; absent where it is not set."),
	})
}

// memories is a collector of a memory.
type memories struct {
	memory      lately[memory]
	used, limit *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (m *memories) Describe(ch chan<- *prometheus.Desc) {
	ch <- m.used
	ch <- m.limit
}

// Collect implements prometheus.Collector.
func (m *memories) Collect(ch chan<- prometheus.Metric) {
	seen, ok := m.memory.get()
	if !ok {
		return
	}
	if seen.Used > 0 {
		ch <- prometheus.MustNewConstMetric(m.used, prometheus.GaugeValue, seen.Used)
	}
	if seen.Max > 0 {
		ch <- prometheus.MustNewConstMetric(m.limit, prometheus.GaugeValue, seen.Max)
	}
}

// readMemory asks rdb, and of a cluster every master.
func readMemory(rdb redis.UniversalClient) (fullest memory, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	var mu sync.Mutex
	ask := func(ctx context.Context, node redis.Cmdable) error {
		info, err := node.Info(ctx, "memory").Result()
		if err != nil {
			return err
		}
		seen := parseMemory(info)
		mu.Lock()
		defer mu.Unlock()
		if seen.fuller(fullest) {
			fullest = seen
		}
		return nil
	}
	if cluster, ok := rdb.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return ask(ctx, node) })
	} else {
		err = ask(ctx, rdb)
	}
	if err != nil && strings.Contains(err.Error(), "is not supported") { // miniredis, which has no bound
		return memory{}, nil
	}
	return fullest, err
}

// parseMemory reads the answer to INFO memory. A value that is not there is 0.
func parseMemory(info string) memory {
	values := map[string]float64{}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			values[name] = n
		}
	}
	return memory{values["used_memory"], values["maxmemory"]}
}
