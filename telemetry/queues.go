package telemetry

import (
	"log/slog"
	"slices"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

// WatchQueues adds the depth and the latency of queues in rdb.
func (m *Metrics) WatchQueues(rdb redis.UniversalClient, names []string, log *slog.Logger) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "queue", name), help, labels, nil)
	}
	inspect := asynq.NewInspectorFromRedisClient(rdb)
	m.servers = &lately[[]*asynq.ServerInfo]{what: "workers", log: log, look: inspect.Servers}
	m.queues = &lately[[]*asynq.QueueInfo]{what: "queues", log: log, look: func() ([]*asynq.QueueInfo, error) { return readQueues(inspect, names) }}
	m.registry.MustRegister(&queues{
		queues:  m.queues,
		tasks:   desc("tasks", "Tasks by state.", "queue", "state"),
		latency: desc("latency_seconds", "Age of the oldest task that waits to be taken.", "queue"),
		up:      desc("up", "1 when the last look at the queues succeeded, else 0 and there is nothing else about them."),
	})
}

// queues is a collector of asynq's queues.
type queues struct {
	queues             *lately[[]*asynq.QueueInfo]
	tasks, latency, up *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (q *queues) Describe(ch chan<- *prometheus.Desc) {
	ch <- q.tasks
	ch <- q.latency
	ch <- q.up
}

// Collect implements prometheus.Collector.
func (q *queues) Collect(ch chan<- prometheus.Metric) {
	seen, ok := q.queues.get()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	if !ok {
		gauge(q.up, 0)
		return
	}
	gauge(q.up, 1)
	for _, info := range seen {
		for state, n := range map[string]int{
			"pending": info.Pending, "active": info.Active, "scheduled": info.Scheduled, "retry": info.Retry, "archived": info.Archived,
		} {
			gauge(q.tasks, float64(n), info.Queue, state)
		}
		gauge(q.latency, info.Latency.Seconds(), info.Queue)
	}
}

func readQueues(inspect *asynq.Inspector, names []string) ([]*asynq.QueueInfo, error) {
	// A queue exists once a task was put in it.
	exist, err := inspect.Queues()
	if err != nil {
		return nil, err
	}
	var seen []*asynq.QueueInfo
	for _, name := range names {
		info := &asynq.QueueInfo{Queue: name}
		if slices.Contains(exist, name) {
			if info, err = inspect.GetQueueInfo(name); err != nil {
				return nil, err
			}
		}
		seen = append(seen, info)
	}
	return seen, nil
}
