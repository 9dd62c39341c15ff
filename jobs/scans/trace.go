package scans

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/consolesensei/resource-tracker/jobs/kernel"
	"github.com/consolesensei/resource-tracker/tracker"
)

// traceCell starts the span of one run of a cell.
func traceCell(ctx context.Context, c tracker.Cell) (context.Context, trace.Span) {
	return kernel.Tracer().Start(ctx, "cell", trace.WithAttributes(
		attribute.String("type", string(c.Type)), attribute.String("cloud.region", c.Region), attribute.String("cloud.account.id", c.AccountID)))
}

// traceOutcome notes how the run of a cell ended.
func traceOutcome(ctx context.Context, o tracker.Outcome) {
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("outcome", string(o)))
}

// traceEvaluation starts the span of an evaluation, in the trace of the task that closed the
// scan's last cell.
func traceEvaluation(ctx context.Context, e ending) (context.Context, trace.Span) {
	return kernel.Tracer().Start(trace.ContextWithSpanContext(ctx, e.task), "evaluate", trace.WithAttributes(attribute.String("job_id", e.job)))
}
