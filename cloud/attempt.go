package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	smithymiddleware "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// maxWait is the longest time that a call holds its worker's slot while it
	// waits for the budget. A call that has longer to wait fails with a
	// BudgetError.
	maxWait = 2 * time.Second
	// maxChainWait is maxWait for the later calls of a Chain. Their failure
	// would waste what the earlier calls paid for.
	maxChainWait = time.Minute
)

type chainKey struct{}

// Chain returns a context whose calls belong together, such as the pages of a
// list. Only the first call is refused when the budget asks to wait. Work that
// has begun goes on, so that many lists with one budget end one after another
// rather than hinder each other for ever.
func Chain(ctx context.Context) context.Context {
	return context.WithValue(ctx, chainKey{}, new(atomic.Bool))
}

// longestWait returns how long a call may wait for the budget. It notes that the
// chain has begun when the call is paid.
func longestWait(ctx context.Context) (longest time.Duration, paid func()) {
	begun, ok := ctx.Value(chainKey{}).(*atomic.Bool)
	switch {
	case !ok:
		return maxWait, func() {}
	case begun.Load():
		return maxChainWait, func() {}
	}
	return maxWait, func() { begun.Store(true) }
}

// CodeBudget is the Code of a Call that the budget did not let through.
const CodeBudget = "CallBudget"

// Budget pays for calls to AWS. All workers share it.
type Budget interface {
	// Take pays for one call from the bucket of key, which refills and holds as
	// rate says. The caller sends the call after wait. When wait would be above
	// longest, ok is false and nothing was paid; wait then says when to ask again.
	Take(ctx context.Context, key string, rate tracker.CallRate, longest time.Duration) (wait time.Duration, ok bool, err error)
	// Throttled says that AWS refused a call paid from the bucket.
	Throttled(ctx context.Context, key string, rate tracker.CallRate) error
}

// BudgetError says that a call was not sent: its bucket is empty for longer than
// a call may wait in place.
type BudgetError struct {
	API  string
	Wait time.Duration
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("%s: the call budget asks to wait %s", e.API, e.Wait.Round(time.Millisecond))
}

// attempt stands between the SDK's retry loop and the signing of a request, so
// that it sees every attempt. It pays for the attempt, tells the observer, and
// renews an expired session. One value serves one call, whose attempts follow
// one another.
type attempt struct {
	session *Session
	number  int
	renewed bool
}

// ID implements middleware.FinalizeMiddleware.
func (*attempt) ID() string { return "ResourceTrackerAttempt" }

// HandleFinalize implements middleware.FinalizeMiddleware.
func (a *attempt) HandleFinalize(ctx context.Context, in smithymiddleware.FinalizeInput, next smithymiddleware.FinalizeHandler) (
	out smithymiddleware.FinalizeOutput, metadata smithymiddleware.Metadata, err error,
) {
	a.number++
	c := a.session.cloud
	call := Call{
		Operation: middleware.GetOperationName(ctx),
		Region:    middleware.GetRegion(ctx),
		AccountID: a.session.AccountID(),
		Attempt:   a.number,
	}
	call.Service, call.Action = c.options.Names.of(middleware.GetServiceID(ctx), call.Operation)
	ctx, end := trace(ctx, call)
	defer func() { end(call) }()
	bucket, limit := c.options.Limits.For(call.Service, call.Operation)
	key := a.session.budgetKey(call, bucket)

	start := time.Now()
	err = c.pay(ctx, key, call.Service+":"+call.Operation, limit)
	call.Waited = time.Since(start)
	if err == nil {
		call.Sent, start = true, time.Now()
		out, metadata, err = next.HandleFinalize(ctx, in)
		call.Elapsed = time.Since(start)
	}

	call.Code = callCode(err)
	if err == nil {
		letThrough(ctx, call)
		a.session.accepted(call.Region)
	}
	if strangerCodes[call.Code] && optIn(call.Region) {
		a.session.prove(ctx)
	}
	if err == nil || statusOf(err) != 0 {
		c.answered.Store(time.Now().UnixNano())
	}
	call.Throttled = isThrottle(err)
	if call.Throttled && c.options.Budget != nil {
		if berr := c.options.Budget.Throttled(context.WithoutCancel(ctx), key, limit.CallRate); berr != nil {
			c.complain(ctx, berr)
		}
	}
	if c.options.Observe != nil {
		c.options.Observe(ctx, call)
	}
	if !a.renewed && expired(err) && a.session.keys.renew() {
		a.renewed = true
		err = &renewedError{err}
	}
	return out, metadata, err
}

// pay takes one call from the budget, and waits for it where the budget is
// short. A budget that fails must not fail the scan: the call goes out unpaid.
func (c *Cloud) pay(ctx context.Context, key, api string, limit Limit) error {
	if c.options.Budget == nil {
		return nil
	}
	longest, paid := longestWait(ctx)
	wait, ok, err := c.options.Budget.Take(ctx, key, limit.CallRate, longest)
	if ok {
		paid()
	}
	switch {
	case ctx.Err() != nil:
		return &smithy.CanceledError{Err: ctx.Err()}
	case err != nil:
		c.complain(ctx, err)
		return nil
	case !ok:
		return &BudgetError{API: api, Wait: wait}
	case wait <= 0:
		return nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &smithy.CanceledError{Err: ctx.Err()}
	}
}

// globalServices have one endpoint for all regions, and therefore one quota.
var globalServices = map[string]bool{"iam": true, "route53": true, "organizations": true, "cloudfront": true, "ce": true}

// budgetKey names the bucket of a call: "account:region:service:Operation".
func (s *Session) budgetKey(call Call, bucket string) string {
	region := call.Region
	if globalServices[call.Service] {
		region = tracker.Global
	}
	return cmp.Or(call.AccountID, s.payer) + ":" + region + ":" + bucket
}

// callCode says in one word how an attempt ended.
func callCode(err error) string {
	if err == nil {
		return ""
	}
	if _, ok := errors.AsType[*BudgetError](err); ok {
		return CodeBudget
	}
	f := Explain(err)
	return cmp.Or(f.Code, string(f.Outcome))
}

func statusOf(err error) int {
	if e, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && e.Response != nil && e.Response.Response != nil {
		return e.HTTPStatusCode()
	}
	return 0
}

// codeOf returns the error code of an answer. The SDK says UnknownError where
// the answer has none.
func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok && e.ErrorCode() != "UnknownError" {
		return e.ErrorCode()
	}
	return ""
}

func isThrottle(err error) bool {
	if err == nil {
		return false
	}
	_, listed := throttleCodes[codeOf(err)]
	return listed || statusOf(err) == http.StatusTooManyRequests
}

func expired(err error) bool {
	switch codeOf(err) {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired":
		return true
	}
	return false
}

// renewedError makes the retry loop try once more, with the new session.
type renewedError struct{ err error }

func (e *renewedError) Error() string      { return e.err.Error() }
func (e *renewedError) Unwrap() error      { return e.err }
func (*renewedError) RetryableError() bool { return true }
