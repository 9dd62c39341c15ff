package telemetry

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Backlog is what has not ended, and who works on it.
type Backlog struct {
	Workers int // that are alive
	Jobs    map[tracker.Lane]OpenJobs
	Plans   int // that have not ended, those that wait for a person included
	// Late is how long the tick of a schedule has been due that is due the longest.
	Late time.Duration
	// Records are the ended scans that wait to be taken into the history.
	Records int
}

// OpenJobs are the jobs of a lane that have not ended.
type OpenJobs struct {
	Count  int
	Oldest time.Duration // since the oldest was asked for
}

// lookTime bounds a look at Redis.
const lookTime = 5 * time.Second

// WatchBacklog adds what read returns. It is asked every ten seconds at most.
func (m *Metrics) WatchBacklog(read func(context.Context) (Backlog, error), log *slog.Logger) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	m.backlog = &lately[Backlog]{what: "backlog", log: log, look: func() (Backlog, error) {
		ctx, cancel := context.WithTimeout(context.Background(), lookTime)
		defer cancel()
		return read(ctx)
	}}
	m.registry.MustRegister(&backlog{
		backlog: m.backlog,
		workers: desc("workers", "Workers that are alive."),
		jobs:    desc("open_jobs", "Jobs that have not ended.", "lane"),
		oldest:  desc("open_job_age_seconds", "Age of the oldest job that has not ended; 0 without one.", "lane"),
		plans:   desc("open_plans", "Plans that have not ended, those that wait for a person included."),
		records: desc("history_waiting_scans", "Scans that have ended and wait to be taken into the history."),
		late:    desc("schedule_lag_seconds", "How long the tick of a schedule has been due that is due the longest; 0 without one."),
	})
}

// backlog is a collector of a Backlog. A look that fails leaves all of it out.
type backlog struct {
	backlog                                     *lately[Backlog]
	workers, jobs, oldest, plans, late, records *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (b *backlog) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.workers, b.jobs, b.oldest, b.plans, b.late, b.records} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (b *backlog) Collect(ch chan<- prometheus.Metric) {
	seen, ok := b.backlog.get()
	if !ok {
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(b.workers, float64(seen.Workers))
	for lane, open := range seen.Jobs {
		gauge(b.jobs, float64(open.Count), string(lane))
		gauge(b.oldest, open.Oldest.Seconds(), string(lane))
	}
	gauge(b.plans, float64(seen.Plans))
	gauge(b.late, seen.Late.Seconds())
	gauge(b.records, float64(seen.Records))
}
