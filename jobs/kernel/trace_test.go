package kernel_test

import (
	"testing"

	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/tracker"
)

type payload struct{}

func (payload) Valid() bool { return true }

func (payload) Names() (job, unit string, epoch int) { return "job", "unit", 1 }

// TestTraced has work that is queued anew stay in the trace of the task that was lost.
func TestTraced(t *testing.T) {
	before := otel.GetTextMapPropagator()
	otel.SetTextMapPropagator(propagation.TraceContext{})
	defer otel.SetTextMapPropagator(before)
	rdb := redistest.Start(t).Client(t)
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	err := kernel.Enqueue(trace.ContextWithSpanContext(t.Context(), span), asynq.NewClientFromRedisClient(rdb),
		kernel.Task{ID: "lost", Kind: "kind", Payload: payload{}, Lane: tracker.LaneInteractive})
	if err != nil {
		t.Fatal(err)
	}
	d := kernel.Deliveries{Inspector: asynq.NewInspectorFromRedisClient(rdb), Redis: rdb}
	for task, want := range map[string]trace.TraceID{"lost": span.TraceID(), "gone": {}} {
		ctx := d.Traced(t.Context(), kernel.QueueName(tracker.LaneInteractive, 0), task)
		if got := trace.SpanContextFromContext(ctx).TraceID(); got != want {
			t.Errorf("%s: the trace %s, want %s", task, got, want)
		}
	}
}
