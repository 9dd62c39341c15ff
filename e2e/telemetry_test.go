package e2e

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/api"
	"github.com/consolesensei/resource-tracker/cloud"
	"github.com/consolesensei/resource-tracker/internal/parts"
	"github.com/consolesensei/resource-tracker/jobs"
	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/jobs/scans"
	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/store"
	"github.com/consolesensei/resource-tracker/telemetry"
	"github.com/consolesensei/resource-tracker/tracker"
)

// observed is the API and a worker in this process with their metrics, on a
// simulated account.
func observed(t *testing.T, o simulator.Options) *system {
	t.Helper()
	account := simulator.New(o)
	rdb := socketRedis(t)
	s := store.New(rdb, store.Options{})
	m := telemetry.NewMetrics("api")
	m.WatchRedis(rdb)
	m.WatchQueues(rdb, kernel.QueueNames(s.Shards()), slog.New(slog.DiscardHandler))
	c, err := cloud.New(t.Context(), cloud.Options{
		Configure: account.Install, Budget: store.Budget{Store: s}, Names: scanners.Action,
		Observe: func(ctx context.Context, c cloud.Call) {
			m.Call(ctx, telemetry.Call{
				Service: c.Service, Operation: c.Operation, Code: c.Code, Throttled: c.Throttled, Unsent: c.Code == cloud.CodeBudget,
				Waited: c.Waited, Elapsed: c.Elapsed,
			})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	sealer, opener := keyPair(t)
	worker := jobs.NewWorker(jobs.Options{
		Store: s, Redis: rdb, Opener: opener, Types: scanners.Types(),
		Open: parts.OpenAccount(c, []string{"protected"}), Findings: parts.Findings(pricing.Embedded(), nil, nil),
		Metrics: jobs.Metrics{Scans: scans.Metrics{Cell: m.Cell, PutBack: m.PutBack, Job: m.Job, Redispatch: m.Redispatch}},
	})
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(worker.Stop)
	handler, err := api.New(api.Options{
		Jobs:    jobs.NewClient(jobs.ClientOptions{Store: s, Queue: asynq.NewClientFromRedisClient(rdb), Ended: m.Job}),
		Results: s, Plans: store.Plans{Store: s}, Audit: store.Audit{Store: s}, Accounts: store.Accounts{Store: s}, Sealer: sealer, Types: scanners.Types(), APIKeys: []string{apiKey}, OperatorKeys: []string{operatorKey},
		Metrics: m.Handler(), Observe: m.Request,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(handler.Close)
	return &system{account, server.URL}
}

// metrics are the values that /metrics answers an operator, by series.
func (s *system) metrics(t *testing.T) map[string]string {
	t.Helper()
	c := &client{t: t, url: s.url, key: operatorKey}
	a := c.do(http.MethodGet, "/metrics", nil)
	if a.status != http.StatusOK {
		t.Fatalf("/metrics: %d %s", a.status, a.body)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(a.body)) {
		if i := strings.LastIndex(line, " "); i > 0 && !strings.HasPrefix(line, "#") {
			values[line[:i]] = strings.TrimSpace(line[i:])
		}
	}
	return values
}

func TestMetricsOfAScan(t *testing.T) {
	s := observed(t, simulator.Options{})
	c := s.client(t)
	request := with(with(valid(), "regions", []string{"us-east-1", "eu-west-1"}), "types", []string{"EC2_Instance", "S3_Bucket"})
	job := c.scan(request)
	if job.State != tracker.JobSucceeded {
		t.Fatalf("%s: %s", job.State, job.Reason)
	}
	cells := map[string]int{}
	for _, cell := range c.coverage(job.ID).Cells {
		cells[fmt.Sprintf(`resource_tracker_cells_closed_total{outcome=%q,type=%q}`, cell.Outcome, cell.Type)]++
	}
	calls := map[string]int{}
	for name, n := range s.account.Calls() {
		service, operation, _ := strings.Cut(name, ":")
		calls[fmt.Sprintf(`resource_tracker_aws_calls_total{code="OK",operation=%q,service=%q}`, operation, service)] = n
	}
	if len(cells) == 0 || len(calls) < 3 {
		t.Fatalf("cells %v, calls %v", cells, calls)
	}
	want := map[string]int{
		`resource_tracker_jobs_ended_total{state="succeeded"}`:                                              1,
		`resource_tracker_units_redispatched_total`:                                                         0,
		`resource_tracker_queue_up`:                                                                         1,
		`resource_tracker_http_requests_total{method="POST",route="/api/v1/scan",status="202"}`:             1,
		`resource_tracker_http_requests_total{method="GET",route="/api/v1/jobs/:id/coverage",status="200"}`: 1,
	}
	// The job has ended for its readers a moment before the worker counts it.
	eventually(t, 10*time.Second, "the job is counted", func() bool {
		return s.metrics(t)[`resource_tracker_jobs_ended_total{state="succeeded"}`] == "1"
	})
	got := s.metrics(t)
	for _, of := range []map[string]int{want, cells, calls} {
		for series, n := range of {
			if got[series] != fmt.Sprint(n) {
				t.Errorf("%s is %q, want %d", series, got[series], n)
			}
		}
	}
}

func TestTraceOfAScan(t *testing.T) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	before, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})
	t.Cleanup(func() {
		otel.SetTracerProvider(before)
		otel.SetTextMapPropagator(propagator)
	})
	s := observed(t, simulator.Options{})
	c := s.client(t)
	request := with(with(valid(), "regions", []string{"us-east-1", "eu-west-1"}), "types", []string{"EC2_Instance"})
	job := c.scan(request)

	// A span is exported when it ends, which for a task is after its job has.
	var all tracetest.SpanStubs
	names := func() map[string]int {
		all = spans.GetSpans()
		root := trace.TraceID{}
		for _, span := range all {
			if span.Name == "POST /api/v1/scan" {
				root = span.SpanContext.TraceID()
			}
		}
		n := map[string]int{}
		for _, span := range all {
			if span.SpanContext.TraceID() == root {
				n[span.Name]++
			}
		}
		return n
	}
	eventually(t, 10*time.Second, "all tasks have ended", func() bool { n := names(); return n["scan:region"] >= 2 && n["evaluate"] > 0 })
	got := names()
	for name, least := range map[string]int{
		"POST /api/v1/scan": 1, "scan:discover": 1, "scan:region": 2, "cell": 3, "evaluate": 1, "sts:GetCallerIdentity": 1, "ec2:DescribeInstances": 2,
	} {
		if got[name] < least {
			t.Errorf("%d spans %s in the trace of the request, want %d or more: %v", got[name], name, least, got)
		}
	}
	if n := got["POST /api/v1/scan"]; n != 1 || got["GET /api/v1/jobs/:id"] != 0 {
		t.Errorf("other requests are in the trace: %v", got)
	}
	// The parents lead from a call to AWS up to the request.
	byID := map[trace.SpanID]tracetest.SpanStub{}
	for _, span := range all {
		byID[span.SpanContext.SpanID()] = span
	}
	for _, span := range all {
		if span.Name != "ec2:DescribeInstances" {
			continue
		}
		var way []string
		for at, ok := span, true; ok; at, ok = byID[at.Parent.SpanID()] {
			way = append(way, at.Name)
		}
		if got, want := strings.Join(way, " < "), "ec2:DescribeInstances < cell < scan:region < cell < scan:discover < POST /api/v1/scan"; got != want {
			t.Errorf("the way of a call is %s, want %s", got, want)
		}
	}
	// Nothing that must stay secret, and nothing of what was found.
	secret, _ := valid()["secret_access_key"].(string)
	key, _ := valid()["access_key_id"].(string)
	if text := fmt.Sprintf("%+v", all); strings.Contains(text, secret) || strings.Contains(text, key) || strings.Contains(text, apiKey) {
		t.Error("a span holds a secret")
	}
	if job.Summary.TotalResources == 0 {
		t.Error("nothing was found")
	}
}
