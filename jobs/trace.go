package jobs

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/tracker"
)

const tracerName = "github.com/consolesensei/resource-tracker/jobs"

// traceHeaders carries the trace of ctx to the worker that takes the task.
func traceHeaders(ctx context.Context) map[string]string {
	headers := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(ctx, headers)
	return headers
}

// traceTask starts the span of a task, in the trace that its headers carry. A
// task that is put back for later has not failed.
func traceTask(ctx context.Context, kind string, headers map[string]string, p payload) (_ context.Context, end func(error)) {
	ctx = otel.GetTextMapPropagator().Extract(ctx, propagation.MapCarrier(headers))
	ctx, span := otel.Tracer(tracerName).Start(ctx, kind, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("job_id", p.Job), attribute.String("unit", p.Unit), attribute.Int("epoch", p.Epoch)))
	return ctx, func(err error) {
		if err != nil && isFailure(err) {
			span.SetStatus(codes.Error, "the task failed") // why may hold anything: the log has it
		}
		span.End()
	}
}

// traceCell starts the span of one run of a cell.
func traceCell(ctx context.Context, c tracker.Cell) (context.Context, trace.Span) {
	return otel.Tracer(tracerName).Start(ctx, "cell", trace.WithAttributes(
		attribute.String("type", string(c.Type)), attribute.String("cloud.region", c.Region), attribute.String("cloud.account.id", c.AccountID)))
}

// traceOutcome notes how the run of a cell ended.
func traceOutcome(ctx context.Context, o tracker.Outcome) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("outcome", string(o)))
}
