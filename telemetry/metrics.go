// Package telemetry counts what a process does, for Prometheus, and traces it,
// for OpenTelemetry. All values of a label are known beforehand; no client
// chooses one.
package telemetry

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/tracker"
)

const namespace = "resource_tracker"

// Metrics are the metrics of one process. Their methods are safe for concurrent
// use.
type Metrics struct {
	registry *prometheus.Registry

	jobs         *prometheus.CounterVec   // state
	cells        *prometheus.CounterVec   // type, outcome
	cellTime     *prometheus.HistogramVec // type
	putBack      *prometheus.CounterVec   // type, outcome
	redispatches prometheus.Counter
	plans        *prometheus.CounterVec // state
	items        *prometheus.CounterVec // action, state
	ticks        *prometheus.CounterVec // what
	kept         *prometheus.CounterVec // what
	exported     *prometheus.CounterVec // what
	billed       *prometheus.CounterVec // what

	scanTime    *prometheus.HistogramVec // lane
	resources   *prometheus.CounterVec   // cost
	scanCost    prometheus.Histogram
	evaluations *prometheus.CounterVec // status
	findings    *prometheus.CounterVec // rule
	saving      *prometheus.CounterVec // rule

	calls      *prometheus.CounterVec   // service, operation, code
	callTime   *prometheus.HistogramVec // service
	throttles  *prometheus.CounterVec   // service, operation
	budgetTime *prometheus.HistogramVec // service
	refused    *prometheus.CounterVec   // service, operation

	requests    *prometheus.CounterVec   // method, route, status
	requestTime *prometheus.HistogramVec // method, route

	redisErrors *prometheus.CounterVec // kind

	codes bounded // of AWS's answers

	// What was looked at lately, for gauges and for Operations; nil is not watched.
	queues      *lately[[]*asynq.QueueInfo]
	servers     *lately[[]*asynq.ServerInfo]
	backlog     *lately[Backlog]
	nodes       *lately[[]tracker.RedisNode]
	redisKind   string
	redisFailed atomic.Int64 // what redisErrors counts
}

// NewMetrics returns the metrics of a program, such as "worker".
func NewMetrics(program string) *Metrics {
	counter := func(subsystem, name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help}, labels)
	}
	histogram := func(subsystem, name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Subsystem: subsystem, Name: name, Help: help, Buckets: buckets}, labels)
	}
	// The parts of a scan take from milliseconds to minutes.
	long := prometheus.ExponentialBuckets(0.01, 3, 10)
	short := prometheus.ExponentialBuckets(0.001, 3, 10)
	// Nobody knows what an account costs: from a dollar a month to ten millions.
	dollars := prometheus.ExponentialBuckets(1, 10, 8)
	m := &Metrics{
		registry: prometheus.NewRegistry(),

		jobs:     counter("", "jobs_ended_total", "Jobs that ended, by final state.", "state"),
		cells:    counter("", "cells_closed_total", "Cells that ended, by resource type and outcome.", "type", "outcome"),
		cellTime: histogram("", "cell_duration_seconds", "How long the run took that ended a cell.", long, "type"),
		putBack:  counter("", "cells_put_back_total", "Cells that were put back to be tried again, by type and why.", "type", "outcome"),
		redispatches: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "units_redispatched_total", Help: "Units of work that were lost, such as by a dead worker, and queued again.",
		}),

		plans:    counter("", "plans_ended_total", "Plans that ended, by final state.", "state"),
		items:    counter("", "plan_items_ended_total", "Items of plans that ended, by action and final state.", "action", "state"),
		ticks:    counter("", "schedule_ticks_total", "Ticks of schedules that were settled, by what became of them.", "what"),
		kept:     counter("", "history_scans_total", "Scans that the history was to take in, by what became of that.", "what"),
		exported: counter("", "history_exports_total", "Days of a tenant that were to be written out as Parquet, by what became of that.", "what"),
		billed:   counter("", "history_bills_total", "Periods whose bill was to be read, by what became of that.", "what"),

		scanTime:  histogram("", "scan_duration_seconds", "How long scans took from their request to their end.", long, "lane"),
		resources: counter("", "scan_resources_total", "Resources that ended scans found, by whether their cost is known.", "cost"),
		scanCost: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: namespace, Name: "scan_monthly_cost_dollars", Help: "The known monthly cost of what each ended scan found.", Buckets: dollars,
		}),
		evaluations: counter("", "evaluations_total", "Scans that were evaluated for savings, by how that ended.", "status"),
		findings:    counter("", "findings_total", "Findings of evaluated scans, by rule.", "rule"),
		saving:      counter("", "findings_monthly_saving_dollars_total", "The monthly saving of findings that count, by rule.", "rule"),

		calls:      counter("aws", "calls_total", "Attempts of calls to AWS, by answer: OK, AWS's error code, or how there was none.", "service", "operation", "code"),
		callTime:   histogram("aws", "call_duration_seconds", "How long AWS took to answer.", short, "service"),
		throttles:  counter("aws", "throttles_total", "Calls that AWS refused as too many.", "service", "operation"),
		budgetTime: histogram("aws", "budget_wait_seconds", "How long calls waited for the call budget.", short, "service"),
		refused:    counter("aws", "budget_refusals_total", "Calls that were not sent, because the call budget was empty for too long.", "service", "operation"),

		requests:    counter("http", "requests_total", "Requests that were answered.", "method", "route", "status"),
		requestTime: histogram("http", "request_duration_seconds", "How long requests took, streams to their end.", long, "method", "route"),

		redisErrors: counter("redis", "errors_total", "Commands and connections that failed.", "kind"),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "Always 1.",
		ConstLabels: prometheus.Labels{"program": program, "version": tracker.Built().Version},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.jobs, m.cells, m.cellTime, m.putBack, m.redispatches, m.plans, m.items, m.ticks, m.kept, m.exported, m.billed,
		m.scanTime, m.resources, m.scanCost, m.evaluations, m.findings, m.saving,
		m.calls, m.callTime, m.throttles, m.budgetTime, m.refused,
		m.requests, m.requestTime, m.redisErrors, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, s := range []tracker.JobState{tracker.JobSucceeded, tracker.JobPartial, tracker.JobFailed, tracker.JobCancelled} {
		m.jobs.WithLabelValues(string(s)) // there from the start, so that a rate sees the first one
	}
	for _, what := range tickOutcomes {
		m.ticks.WithLabelValues(what)
	}
	for _, what := range keptOutcomes {
		m.kept.WithLabelValues(what)
	}
	for _, what := range exportOutcomes {
		m.exported.WithLabelValues(what)
	}
	for _, what := range billOutcomes {
		m.billed.WithLabelValues(what)
	}
	for _, cost := range []string{costKnown, costUnknown} {
		m.resources.WithLabelValues(cost)
	}
	for _, status := range []string{tracker.Evaluated, tracker.NotEvaluated} {
		m.evaluations.WithLabelValues(status)
	}
	return m
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, EnableOpenMetrics: true})
}

// Job counts a job that ended.
func (m *Metrics) Job(state tracker.JobState) { m.jobs.WithLabelValues(string(state)).Inc() }

// Cell counts a cell that ended, in a run that took elapsed.
func (m *Metrics) Cell(ctx context.Context, t tracker.Type, o tracker.Outcome, elapsed time.Duration) {
	m.cells.WithLabelValues(string(t), string(o)).Inc()
	observe(ctx, m.cellTime.WithLabelValues(string(t)), elapsed)
}

// PutBack counts a cell that will be tried again.
func (m *Metrics) PutBack(t tracker.Type, o tracker.Outcome) {
	m.putBack.WithLabelValues(string(t), string(o)).Inc()
}

// Redispatch counts a unit that was queued again.
func (m *Metrics) Redispatch() { m.redispatches.Inc() }

// Plan counts a plan that ended.
func (m *Metrics) Plan(state tracker.PlanState) { m.plans.WithLabelValues(string(state)).Inc() }

// Item counts an item of a plan that ended. Verb is one of the catalogue's.
func (m *Metrics) Item(verb string, state tracker.ItemState) {
	m.items.WithLabelValues(verb, string(state)).Inc()
}

// Request counts a request that was answered. Method and route must come from
// known sets.
func (m *Metrics) Request(ctx context.Context, method, route string, status int, elapsed time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	observe(ctx, m.requestTime.WithLabelValues(method, route), elapsed)
}

// Call is one attempt of a call to AWS.
type Call struct {
	Service, Operation string
	Code               string // empty: AWS answered well
	Throttled          bool   // AWS refused it as too many
	Unsent             bool   // the call budget refused it
	Waited, Elapsed    time.Duration
}

// Call counts an attempt of a call to AWS.
func (m *Metrics) Call(ctx context.Context, c Call) {
	observe(ctx, m.budgetTime.WithLabelValues(c.Service), c.Waited)
	if c.Unsent {
		m.refused.WithLabelValues(c.Service, c.Operation).Inc()
		return
	}
	m.calls.WithLabelValues(c.Service, c.Operation, m.label(c.Code)).Inc()
	observe(ctx, m.callTime.WithLabelValues(c.Service), c.Elapsed)
	if c.Throttled {
		m.throttles.WithLabelValues(c.Service, c.Operation).Inc()
	}
}

// observe adds how long something took to a histogram. Its exemplar is the trace that
// it belongs to, where that is sampled.
func observe(ctx context.Context, h prometheus.Observer, elapsed time.Duration) {
	span := trace.SpanContextFromContext(ctx)
	if e, ok := h.(prometheus.ExemplarObserver); ok && span.IsSampled() {
		e.ObserveWithExemplar(elapsed.Seconds(), prometheus.Labels{"trace_id": span.TraceID().String()})
		return
	}
	h.Observe(elapsed.Seconds())
}

var plainCode = regexp.MustCompile(`^[A-Za-z0-9._]{1,64}$`)

// label returns a code as a label. A code that does not look like AWS's comes
// from something between AWS and here.
func (m *Metrics) label(code string) string {
	switch {
	case code == "":
		return "OK"
	case !plainCode.MatchString(code) || !m.codes.has(code):
		return other
	}
	return code
}

const (
	other = "other"
	// boundedAtMost is how many values a label may have that AWS chooses.
	boundedAtMost = 300
)

// bounded is a set of the first values of a label.
type bounded struct {
	mu   sync.Mutex
	seen map[string]bool
}

// has reports whether a value is in the set, and adds it while there is room.
func (b *bounded) has(value string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen == nil {
		b.seen = map[string]bool{}
	}
	if len(b.seen) < boundedAtMost {
		b.seen[value] = true
	}
	return b.seen[value]
}
