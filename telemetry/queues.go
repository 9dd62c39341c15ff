package telemetry

import (
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

// queueAge is how long a look at the queues counts as fresh. A look makes Redis
// walk them, and the looks of several scrapers must not add up.
const queueAge = 10 * time.Second

// WatchQueues adds the depth and the latency of queues in rdb.
func (m *Metrics) WatchQueues(rdb redis.UniversalClient, names []string, log *slog.Logger) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "queue", name), help, labels, nil)
	}
	m.registry.MustRegister(&queues{
		inspect: asynq.NewInspectorFromRedisClient(rdb), names: names, log: log,
		tasks:   desc("tasks", "Tasks by state.", "queue", "state"),
		latency: desc("latency_seconds", "Age of the oldest task that waits to be taken.", "queue"),
		up:      desc("up", "1 when the last look at the queues succeeded, else 0 and there is nothing else about them."),
	})
}

// queues is a collector of asynq's queues.
type queues struct {
	inspect            *asynq.Inspector
	names              []string
	log                *slog.Logger
	tasks, latency, up *prometheus.Desc

	mu     sync.Mutex
	looked time.Time
	seen   []*asynq.QueueInfo
	ok     bool
}

// Describe implements prometheus.Collector.
func (q *queues) Describe(ch chan<- *prometheus.Desc) {
	ch <- q.tasks
	ch <- q.latency
	ch <- q.up
}

// Collect implements prometheus.Collector.
func (q *queues) Collect(ch chan<- prometheus.Metric) {
	seen, ok := q.look()
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

// look reads the queues, unless it did so lately.
func (q *queues) look() ([]*asynq.QueueInfo, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.looked.IsZero() && time.Since(q.looked) < queueAge {
		return q.seen, q.ok
	}
	q.looked = time.Now()
	var err error
	if q.seen, err = q.read(); err != nil {
		q.log.Warn("cannot read the queues for the metrics", "err", err)
	}
	q.ok = err == nil
	return q.seen, q.ok
}

func (q *queues) read() ([]*asynq.QueueInfo, error) {
	// A queue exists once a task was put in it.
	exist, err := q.inspect.Queues()
	if err != nil {
		return nil, err
	}
	var seen []*asynq.QueueInfo
	for _, name := range q.names {
		info := &asynq.QueueInfo{Queue: name}
		if slices.Contains(exist, name) {
			if info, err = q.inspect.GetQueueInfo(name); err != nil {
				return nil, err
			}
		}
		seen = append(seen, info)
	}
	return seen, nil
}
