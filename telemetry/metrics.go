// Package telemetry counts what a process does, for Prometheus, and traces it,
// for OpenTelemetry. All values of a label are known beforehand; no client
// chooses one.
package telemetry

import (
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

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

	calls      *prometheus.CounterVec   // service, operation, code
	callTime   *prometheus.HistogramVec // service
	throttles  *prometheus.CounterVec   // service, operation
	budgetTime *prometheus.HistogramVec // service
	refused    *prometheus.CounterVec   // service, operation

	requests    *prometheus.CounterVec   // method, route, status
	requestTime *prometheus.HistogramVec // method, route

	redisErrors *prometheus.CounterVec // kind
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
	m := &Metrics{
		registry: prometheus.NewRegistry(),

		jobs:     counter("", "jobs_ended_total", "Jobs that ended, by final state.", "state"),
		cells:    counter("", "cells_closed_total", "Cells that ended, by resource type and outcome.", "type", "outcome"),
		cellTime: histogram("", "cell_duration_seconds", "How long the run took that ended a cell.", long, "type"),
		putBack:  counter("", "cells_put_back_total", "Cells that were put back to be tried again, by type and why.", "type", "outcome"),
		redispatches: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "units_redispatched_total", Help: "Units of work that were lost, such as by a dead worker, and queued again.",
		}),

		plans: counter("", "plans_ended_total", "Plans that ended, by final state.", "state"),
		items: counter("", "plan_items_ended_total", "Items of plans that ended, by action and final state.", "action", "state"),

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
		ConstLabels: prometheus.Labels{"program": program, "version": Version()},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.jobs, m.cells, m.cellTime, m.putBack, m.redispatches, m.plans, m.items,
		m.calls, m.callTime, m.throttles, m.budgetTime, m.refused,
		m.requests, m.requestTime, m.redisErrors, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, s := range []tracker.JobState{tracker.JobSucceeded, tracker.JobPartial, tracker.JobFailed, tracker.JobCancelled} {
		m.jobs.WithLabelValues(string(s)) // there from the start, so that a rate sees the first one
	}
	return m
}

// Version returns the program's version, as far as its build knows it.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, EnableOpenMetrics: true})
}

// Job counts a job that ended.
func (m *Metrics) Job(state tracker.JobState) { m.jobs.WithLabelValues(string(state)).Inc() }

// Cell counts a cell that ended, in a run that took elapsed.
func (m *Metrics) Cell(t tracker.Type, o tracker.Outcome, elapsed time.Duration) {
	m.cells.WithLabelValues(string(t), string(o)).Inc()
	m.cellTime.WithLabelValues(string(t)).Observe(elapsed.Seconds())
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
func (m *Metrics) Request(method, route string, status int, elapsed time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.requestTime.WithLabelValues(method, route).Observe(elapsed.Seconds())
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
func (m *Metrics) Call(c Call) {
	m.budgetTime.WithLabelValues(c.Service).Observe(c.Waited.Seconds())
	if c.Unsent {
		m.refused.WithLabelValues(c.Service, c.Operation).Inc()
		return
	}
	m.calls.WithLabelValues(c.Service, c.Operation, label(c.Code)).Inc()
	m.callTime.WithLabelValues(c.Service).Observe(c.Elapsed.Seconds())
	if c.Throttled {
		m.throttles.WithLabelValues(c.Service, c.Operation).Inc()
	}
}

var plainCode = regexp.MustCompile(`^[A-Za-z0-9._]{1,64}$`)

// label returns a code as a label. A code that does not look like AWS's comes
// from something between AWS and here.
func label(code string) string {
	switch {
	case code == "":
		return "OK"
	case !plainCode.MatchString(code):
		return "other"
	}
	return code
}
