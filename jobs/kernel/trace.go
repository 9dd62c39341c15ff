package kernel

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Tracer starts the spans of jobs.
func Tracer() trace.Tracer { return otel.Tracer("github.com/consolesensei/resource-tracker/jobs") }

// traceHeaders carries the trace of ctx to the worker that takes the task.
func traceHeaders(ctx context.Context) map[string]string {
	headers := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(ctx, headers)
	return headers
}

// inTrace returns ctx in the trace that the headers of a task carry, if they do.
func inTrace(ctx context.Context, headers map[string]string) context.Context {
	return otel.GetTextMapPropagator().Extract(ctx, propagation.MapCarrier(headers))
}

// traceTask starts the span of a task, in the trace that its headers carry. A
// task that is put back for later has not failed.
func traceTask(ctx context.Context, kind string, headers map[string]string, p Payload) (_ context.Context, end func(error)) {
	ctx = inTrace(ctx, headers)
	job, unit, epoch := p.Names()
	ctx, span := Tracer().Start(ctx, kind, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("job_id", job), attribute.String("unit", unit), attribute.Int("epoch", epoch)))
	return ctx, func(err error) {
		if err != nil && isFailure(err) {
			span.SetStatus(codes.Error, "the task failed") // why may hold anything: the log has it
		}
		span.End()
	}
}
