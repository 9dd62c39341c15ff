package cloud

import (
	"context"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	oteltrace "go.opentelemetry.io/otel/trace"
)

// trace starts the span of an attempt, with its wait for the budget. The span
// tells which call it was and how it ended, and nothing of the request or the
// answer.
func trace(ctx context.Context, c Call) (_ context.Context, end func(Call)) {
	ctx, span := otel.Tracer("github.com/consolesensei/resource-tracker/cloud").Start(ctx, c.Service+":"+c.Operation,
		oteltrace.WithSpanKind(oteltrace.SpanKindClient))
	return ctx, func(c Call) {
		if span.IsRecording() {
			span.SetAttributes(
				attribute.String("rpc.system", "aws-api"),
				attribute.String("rpc.service", c.Service),
				attribute.String("rpc.method", c.Operation),
				attribute.String("cloud.region", c.Region),
				attribute.String("cloud.account.id", c.AccountID),
				attribute.Int("attempt", c.Attempt),
				attribute.Int64("budget_wait_ms", c.Waited.Milliseconds()))
			if c.Code != "" {
				span.SetStatus(codes.Error, c.Code)
			}
		}
		span.End()
	}
}
