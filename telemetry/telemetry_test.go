package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// expect scrapes h and looks for whole lines.
func expect(t *testing.T, h http.Handler, lines ...string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range lines {
		if !strings.Contains("\n"+w.Body.String(), "\n"+line+"\n") {
			t.Errorf("no %s in:\n%s", line, own(w.Body.String()))
		}
	}
}

// own leaves out the metrics that Go and the process have of themselves.
func own(body string) string {
	var b strings.Builder
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, "resource_tracker") && !strings.Contains(line, "_bucket") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestMetrics(t *testing.T) {
	m := telemetry.NewMetrics("worker")
	m.Job(tracker.JobPartial)
	m.Cell(t.Context(), "EC2_Instance", tracker.OutcomeOK, time.Second)
	m.Cell(t.Context(), "EC2_Instance", tracker.OutcomeDenied, time.Second)
	m.PutBack("EC2_Instance", tracker.OutcomeThrottled)
	m.Redispatch()
	m.Plan(tracker.PlanSucceeded)
	m.Item("stop", tracker.ItemVerified)
	m.Request(t.Context(), "GET", "/api/v1/jobs/:id", 200, time.Millisecond)
	call := telemetry.Call{Service: "ec2", Operation: "DescribeInstances", Elapsed: time.Second}
	m.Call(t.Context(), call)
	call.Code, call.Throttled = "RequestLimitExceeded", true
	m.Call(t.Context(), call)
	call.Code, call.Throttled = `<html>proxy "error"`, false
	m.Call(t.Context(), call)
	call.Unsent = true
	m.Call(t.Context(), call)
	expect(t, m.Handler(),
		`resource_tracker_jobs_ended_total{state="partial"} 1`,
		`resource_tracker_jobs_ended_total{state="failed"} 0`,
		`resource_tracker_plans_ended_total{state="succeeded"} 1`,
		`resource_tracker_plan_items_ended_total{action="stop",state="verified"} 1`,
		`resource_tracker_cells_closed_total{outcome="ok",type="EC2_Instance"} 1`,
		`resource_tracker_cells_closed_total{outcome="denied",type="EC2_Instance"} 1`,
		`resource_tracker_cell_duration_seconds_count{type="EC2_Instance"} 2`,
		`resource_tracker_cells_put_back_total{outcome="throttled",type="EC2_Instance"} 1`,
		`resource_tracker_units_redispatched_total 1`,
		`resource_tracker_http_requests_total{method="GET",route="/api/v1/jobs/:id",status="200"} 1`,
		`resource_tracker_aws_calls_total{code="OK",operation="DescribeInstances",service="ec2"} 1`,
		`resource_tracker_aws_calls_total{code="RequestLimitExceeded",operation="DescribeInstances",service="ec2"} 1`,
		`resource_tracker_aws_calls_total{code="other",operation="DescribeInstances",service="ec2"} 1`,
		`resource_tracker_aws_throttles_total{operation="DescribeInstances",service="ec2"} 1`,
		`resource_tracker_aws_budget_refusals_total{operation="DescribeInstances",service="ec2"} 1`,
		`resource_tracker_aws_budget_wait_seconds_count{service="ec2"} 4`,
		`resource_tracker_aws_call_duration_seconds_count{service="ec2"} 3`,
	)
}

// TestExemplars has what was sampled lead to its trace.
func TestExemplars(t *testing.T) {
	id := trace.TraceID{1, 2, 3}
	sampled := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled}))
	m := telemetry.NewMetrics("worker")
	m.Request(sampled, "GET", "/a", 200, time.Second)
	m.Cell(sampled, "EC2_Instance", tracker.OutcomeOK, time.Second)
	m.Call(sampled, telemetry.Call{Service: "ec2", Elapsed: time.Second})
	m.Request(t.Context(), "GET", "/untraced", 200, time.Second)
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept", "application/openmetrics-text; version=1.0.0")
	m.Handler().ServeHTTP(w, r)
	// Of the call, the time that it took and that it waited.
	if got := strings.Count(w.Body.String(), `# {trace_id="`+id.String()+`"} `); got != 4 {
		t.Errorf("%d exemplars, want 4:\n%s", got, w.Body)
	}
}

func TestCodesAreBounded(t *testing.T) {
	m := telemetry.NewMetrics("worker")
	for i := range 400 {
		m.Call(t.Context(), telemetry.Call{Service: "ec2", Operation: "X", Code: fmt.Sprintf("Code%d", i)})
	}
	expect(t, m.Handler(), `resource_tracker_aws_calls_total{code="Code0",operation="X",service="ec2"} 1`,
		`resource_tracker_aws_calls_total{code="other",operation="X",service="ec2"} 100`)
}

func TestScansAndFindings(t *testing.T) {
	m := telemetry.NewMetrics("worker")
	m.KnowRule("idle_address")
	m.KnowRule("old_snapshot")
	m.KnowVerb("stop")
	began := time.Unix(1000, 0)
	j := tracker.Job{Kind: tracker.KindScan, Lane: tracker.LaneScheduled, CreatedAt: began, FinishedAt: new(began.Add(90 * time.Second)), Summary: tracker.NewSummary()}
	j.Summary.Cost.Known, j.Summary.Cost.Unknown, j.Summary.Cost.MonthlyTotal = 3, 2, tracker.Dollars(12.5)
	m.Scan(j)
	j.Kind = tracker.KindAccessCheck
	m.Scan(j)
	m.Found(tracker.FindingsReport{Status: tracker.Evaluated, ByRule: []tracker.RuleReport{{Rule: "idle_address", Findings: 2, MonthlySaving: tracker.Dollars(7.5)}}})
	m.Tick("failed")
	expect(t, m.Handler(),
		`resource_tracker_scan_duration_seconds_sum{lane="scheduled"} 90`,
		`resource_tracker_scan_resources_total{cost="known"} 3`,
		`resource_tracker_scan_resources_total{cost="unknown"} 2`,
		`resource_tracker_scan_monthly_cost_dollars_sum 12.5`,
		`resource_tracker_scan_monthly_cost_dollars_count 1`,
		`resource_tracker_evaluations_total{status="evaluated"} 1`,
		`resource_tracker_evaluations_total{status="not_evaluated"} 0`,
		`resource_tracker_findings_total{rule="idle_address"} 2`,
		`resource_tracker_findings_total{rule="old_snapshot"} 0`,
		`resource_tracker_findings_monthly_saving_dollars_total{rule="idle_address"} 7.5`,
		`resource_tracker_schedule_ticks_total{what="failed"} 1`,
		`resource_tracker_plan_items_ended_total{action="stop",state="verify_timeout"} 0`,
		`resource_tracker_schedule_ticks_total{what="missed"} 0`,
	)
}

func TestBacklog(t *testing.T) {
	m := telemetry.NewMetrics("api")
	var broken bool
	m.WatchBacklog(func(context.Context) (telemetry.Backlog, error) {
		if broken {
			return telemetry.Backlog{}, errors.New("away")
		}
		return telemetry.Backlog{
			Workers: 2, Plans: 3, Late: time.Minute, Records: 5,
			Jobs: map[tracker.Lane]telemetry.OpenJobs{tracker.LaneInteractive: {Count: 4, Oldest: time.Hour}, tracker.LaneScheduled: {}},
		}, nil
	}, slog.New(slog.DiscardHandler))
	lines := []string{
		`resource_tracker_workers 2`, `resource_tracker_history_waiting_scans 5`, `resource_tracker_open_plans 3`, `resource_tracker_schedule_lag_seconds 60`,
		`resource_tracker_open_jobs{lane="interactive"} 4`, `resource_tracker_open_jobs{lane="scheduled"} 0`,
		`resource_tracker_open_job_age_seconds{lane="interactive"} 3600`,
	}
	expect(t, m.Handler(), lines...)
	broken = true
	expect(t, m.Handler(), lines...) // looked at lately
}

func TestEstate(t *testing.T) {
	m := telemetry.NewMetrics("worker")
	m.WatchEstate(func(context.Context) (telemetry.Estate, error) {
		return telemetry.Estate{
			Resources: []telemetry.EstateOf{{Tenant: "a", Key: "EC2_Instance", Count: 3, Unpriced: 1, Cost: tracker.Dollars(12.5)}},
			Findings:  []telemetry.EstateOf{{Tenant: "a", Key: "idle_volume", Count: 2, Cost: tracker.Dollars(8)}},
			Budgets:   []telemetry.BudgetRatio{{Tenant: "a", Name: "All", Actual: 0.5, Forecast: 1.25}},
			Newest:    map[string]time.Time{"a": time.Now().Add(-time.Hour)},
		}, nil
	}, slog.New(slog.DiscardHandler))
	expect(t, m.Handler(),
		`resource_tracker_inventory_resources{tenant="a",type="EC2_Instance"} 3`, `resource_tracker_inventory_unpriced_resources{tenant="a",type="EC2_Instance"} 1`,
		`resource_tracker_inventory_monthly_cost_dollars{tenant="a",type="EC2_Instance"} 12.5`,
		`resource_tracker_open_findings{rule="idle_volume",tenant="a"} 2`, `resource_tracker_open_findings_monthly_saving_dollars{rule="idle_volume",tenant="a"} 8`,
		`resource_tracker_budget_ratio{budget="All",of="actual",tenant="a"} 0.5`, `resource_tracker_budget_ratio{budget="All",of="forecast",tenant="a"} 1.25`,
	)
}

func TestMemory(t *testing.T) {
	m := telemetry.NewMetrics("api")
	m.WatchNodes(redistest.StartNode(t, "maxmemory 100mb").Client(t), false, slog.New(slog.DiscardHandler))
	expect(t, m.Handler(), `resource_tracker_redis_memory_max_bytes 1.048576e+08`)
}

func TestQueues(t *testing.T) {
	server := redistest.Start(t)
	rdb := server.Client(t)
	if _, err := asynq.NewClientFromRedisClient(rdb).Enqueue(asynq.NewTask("kind", nil), asynq.Queue("interactive-0")); err != nil {
		t.Fatal(err)
	}
	m := telemetry.NewMetrics("api")
	m.WatchQueues(rdb, []string{"interactive-0", "scheduled-0"}, slog.New(slog.DiscardHandler))
	expect(t, m.Handler(),
		`resource_tracker_queue_up 1`,
		`resource_tracker_queue_tasks{queue="interactive-0",state="pending"} 1`,
		`resource_tracker_queue_tasks{queue="scheduled-0",state="pending"} 0`,
	)

	server.Kill(t)
	expect(t, m.Handler(), `resource_tracker_queue_up 1`) // looked at lately

	m = telemetry.NewMetrics("api")
	m.WatchQueues(rdb, []string{"interactive-0"}, slog.New(slog.DiscardHandler))
	expect(t, m.Handler(), `resource_tracker_queue_up 0`, `resource_tracker_units_redispatched_total 0`)
}

func TestRedisErrors(t *testing.T) {
	m := telemetry.NewMetrics("api")
	rdb := redistest.Start(t).Client(t)
	m.WatchRedis(rdb)
	ctx := t.Context()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	for _, fine := range []error{
		rdb.Set(ctx, "text", "x", 0).Err(),
		rdb.Get(cancelled, "text").Err(),
		rdb.Get(ctx, "missing").Err(),
		redis.NewScript("return 1").Run(ctx, rdb, nil).Err(),
	} {
		if fine != nil && !errors.Is(fine, redis.Nil) && !errors.Is(fine, context.Canceled) {
			t.Fatal(fine)
		}
	}
	expect(t, m.Handler(), `resource_tracker_redis_errors_total{kind="reply"} 0`, `resource_tracker_redis_errors_total{kind="connection"} 0`)
	if rdb.LPush(ctx, "text", 1).Err() == nil {
		t.Fatal("a text is no list")
	}
	pipe := rdb.Pipeline()
	pipe.LPush(ctx, "text", 1)
	if _, err := pipe.Exec(ctx); err == nil {
		t.Fatal("a text is no list")
	}
	expect(t, m.Handler(), `resource_tracker_redis_errors_total{kind="reply"} 2`)

	away := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	defer away.Close()
	m.WatchRedis(away)
	if away.Ping(ctx).Err() == nil {
		t.Fatal("nobody listens there")
	}
	expect(t, m.Handler(), `resource_tracker_redis_errors_total{kind="dial"} 1`)
}

func TestPages(t *testing.T) {
	var broken atomic.Bool
	h := telemetry.NewMetrics("worker").Pages(func(context.Context) error {
		if broken.Load() {
			return errors.New("dial tcp 10.0.0.1: refused")
		}
		return nil
	})
	for _, tc := range []struct {
		method, target string
		broken         bool
		code           int
		holds          string
	}{
		{"GET", "/metrics", false, 200, "resource_tracker_build_info{"},
		{"GET", "/healthz", true, 200, "ok"},
		{"GET", "/readyz", false, 200, "ok"},
		{"GET", "/readyz", true, 503, "not ready\n"},
		{"POST", "/readyz", false, 405, ""},
		{"GET", "/", false, 404, ""},
	} {
		broken.Store(tc.broken)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tc.method, tc.target, nil))
		if w.Code != tc.code || !strings.Contains(w.Body.String(), tc.holds) || strings.Contains(w.Body.String(), "10.0.0.1") {
			t.Errorf("%s %s: %d %s", tc.method, tc.target, w.Code, w.Body)
		}
	}
}

func TestTracingIsOffUnlessAskedFor(t *testing.T) {
	for _, tc := range []struct {
		name string
		env  map[string]string
		want string // the error
	}{
		{"nothing set", nil, ""},
		{"none", map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, ""},
		{"disabled", map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, ""},
		{"another exporter", map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, `OTEL_TRACES_EXPORTER: "zipkin" is not otlp or none`},
		{"another protocol", map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "OTEL_EXPORTER_OTLP_PROTOCOL: traces are sent as http/protobuf only"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := otel.GetTracerProvider()
			stop, err := telemetry.StartTracing(t.Context(), func(k string) string { return tc.env[k] }, "api", slog.New(slog.DiscardHandler))
			got := ""
			if err != nil {
				got = err.Error()
			} else if err := stop(t.Context()); err != nil {
				t.Error(err)
			}
			if got != tc.want || otel.GetTracerProvider() != before {
				t.Errorf("%q, want %q; traces: %t", got, tc.want, otel.GetTracerProvider() != before)
			}
		})
	}
}

func TestTracesAreSent(t *testing.T) {
	sent := make(chan string, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent <- r.URL.Path + " " + string(body)
	}))
	defer collector.Close()
	before, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	defer func() { otel.SetTracerProvider(before); otel.SetTextMapPropagator(propagator) }()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
	env := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}
	stop, err := telemetry.StartTracing(t.Context(), func(k string) string { return env[k] }, "api", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	_, span := otel.Tracer("test").Start(t.Context(), "a span of the test")
	span.End()
	if err := stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := <-sent
	for _, want := range []string{"/v1/traces ", "a span of the test", "resource-tracker-api", "deployment.environment"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
}
