package simulator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Call is one attempt of a call as it arrives.
type Call struct {
	AccountID   string // of the caller
	AccessKeyID string
	Region      string // tracker.Global for IAM and Organizations
	Service     string // as in IAM policies, such as "ec2"
	Operation   string
	Role        string // the ARN that sts:AssumeRole asks for

	principal string // the caller's ARN
	serviceID string
	protocol  protocol
}

// API returns "service:Operation".
func (c Call) API() string { return c.Service + ":" + c.Operation }

// request is a call on its way to its operation.
type request struct {
	Call
	world  *world
	estate *estate
	caller identity
	now    time.Time
	lost   bool // the answer does not arrive
}

type inputKey struct{}

// intercept puts the simulator into an operation's stack. The Initialize step is
// the last place that has the typed input. The answer comes in the Deserialize
// step, in front of the deserializer. Everything around it, such as the retry
// loop, signing and the wrapping of errors, is the SDK's own and takes place for
// each attempt. timeout bounds an attempt; 0: nothing does.
func (w *world) intercept(stack *middleware.Stack, timeout time.Duration) error {
	keep := middleware.InitializeMiddlewareFunc("SimulatorInput",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			return next.HandleInitialize(middleware.WithStackValue(ctx, inputKey{}, in.Parameters), in)
		})
	if err := stack.Initialize.Add(keep, middleware.After); err != nil {
		return err
	}
	answer := middleware.DeserializeMiddlewareFunc("SimulatorAnswer",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (out middleware.DeserializeOutput, metadata middleware.Metadata, err error) {
			req, ok := in.Request.(*smithyhttp.Request)
			if !ok {
				return out, metadata, fmt.Errorf("unknown transport type %T", in.Request)
			}
			out, metadata, err = w.roundTrip(ctx, middleware.GetStackValue(ctx, inputKey{}), req, timeout)
			if errors.Is(err, errNone) {
				return next.HandleDeserialize(context.WithValue(ctx, emptyKey{}, true), in)
			}
			return out, metadata, err
		})
	return stack.Deserialize.Insert(answer, "OperationDeserializer", middleware.Before)
}

// errNone is the account's answer when it has no resource of the listed kind.
// The SDK then reads an answer with nothing in it, in the service's protocol.
var errNone = errors.New("the account has none of these")

type emptyKey struct{}

// lists reports whether an operation only reads.
func lists(operation string) bool {
	return strings.HasPrefix(operation, "List") || strings.HasPrefix(operation, "Describe") || strings.HasPrefix(operation, "Get")
}

// roundTrip serves a call. It gives the result the status and the request ID
// that the SDK reads from a response.
func (w *world) roundTrip(ctx context.Context, in any, req *smithyhttp.Request, timeout time.Duration) (
	out middleware.DeserializeOutput, metadata middleware.Metadata, err error,
) {
	attempt := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		attempt, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	result, err := w.serve(attempt, in, req)
	response := &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}}
	out.RawResponse = &smithyhttp.Response{Response: response}

	refused, isAnswer := errors.AsType[*answer](err)
	switch {
	case err == nil:
		out.Result = result
	case errors.Is(err, errNone):
		return out, metadata, err
	case isAnswer:
		response.StatusCode = refused.status
		maps.Copy(response.Header, refused.header)
		err = refused.err
	case ctx.Err() != nil: // as smithyhttp.ClientHandler reports a call that was cut
		response.StatusCode = 0
		return out, metadata, &smithy.CanceledError{Err: ctx.Err()}
	default:
		response.StatusCode = 0
		return out, metadata, &smithyhttp.RequestSendError{Err: err}
	}
	id := requestID()
	response.Header["X-Amzn-Requestid"] = []string{id}
	response.Header["X-Amz-Request-Id"] = response.Header["X-Amzn-Requestid"] // S3's spelling
	awsmiddleware.SetRequestIDMetadata(&metadata, id)
	return out, metadata, err
}

// serve answers a call, after the time it takes.
func (w *world) serve(ctx context.Context, in any, req *smithyhttp.Request) (any, error) {
	r := &request{world: w, now: w.options.Clock()}
	r.serviceID = awsmiddleware.GetServiceID(ctx)
	r.Operation = awsmiddleware.GetOperationName(ctx)
	service := services[r.serviceID]
	r.Service = cmp.Or(service.name, strings.ToLower(r.serviceID))
	r.protocol = service.protocol
	operation := service.operations[r.Operation]
	switch {
	case operation == nil && lists(r.Operation):
		operation = func(*request, any) (any, error) { return nil, errNone }
	case operation == nil:
		return nil, r.notSimulated(r.Operation)
	}
	r.Region = awsmiddleware.GetRegion(ctx)
	if service.global {
		r.Region = tracker.Global
	}
	if role, ok := roleAsked(in); ok {
		r.Role = role
	}
	var strange Kind
	r.caller, strange = w.identify(req.Header, r.now)
	r.AccountID, r.AccessKeyID, r.principal = r.caller.account, r.caller.accessKey, r.caller.arn
	r.estate = w.estateOf(r.AccountID)

	tally := w.recorder.arrive(r.Call, r.now)
	extra, err := w.arrive(ctx, r, in, strange)
	if isThrottle(err) {
		w.recorder.throttled(tally)
	}
	if waitErr := w.delay(ctx, r.Call, extra); waitErr != nil {
		return nil, waitErr
	}
	if err != nil {
		return nil, err
	}
	r.now = w.options.Clock()
	out, err := operation(r, in)
	if r.lost {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return out, err
}

// arrive decides whether a call is let in, and how much longer it takes.
func (w *world) arrive(ctx context.Context, r *request, in any, strange Kind) (extra time.Duration, err error) {
	if w.options.Hook != nil {
		if err := w.options.Hook(ctx, r.Call); err != nil {
			return 0, err
		}
	}
	extra, struck := w.faults.strike(r.Call, r.now)
	switch struck {
	case "":
	case Lost:
		r.lost = true
	case Timeout:
		<-ctx.Done()
		return 0, ctx.Err()
	default:
		return extra, r.Fail(struck)
	}
	if strange != "" {
		return extra, r.Fail(strange)
	}
	if err := r.checkRegion(); err != nil {
		return extra, err
	}
	if !w.quotas.admit(r.Call, in, r.now) {
		return extra, r.Fail(Throttled)
	}
	return extra, nil
}

// checkRegion refuses calls in regions that are not enabled in the account.
func (r *request) checkRegion() error {
	if _, ok := r.estate.places[r.Region]; ok || r.Region == tracker.Global {
		return nil
	}
	if !regionExists(r.Region) {
		return r.Fail(NoEndpoint)
	}
	return r.Fail(NotOptedIn)
}

// delay waits for as long as the call takes.
func (w *world) delay(ctx context.Context, c Call, extra time.Duration) error {
	latency := w.options.Latency
	if w.options.LatencyOf != nil {
		latency = w.options.LatencyOf(c)
	}
	latency += extra
	if latency <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// requestID returns a random UUID.
func requestID() string {
	a, b := rand.Uint64(), rand.Uint64()
	s := hexID("", a, 16) + hexID("", b, 16)
	return s[:8] + "-" + s[8:12] + "-4" + s[13:16] + "-" + "89ab"[b>>62:][:1] + s[17:20] + "-" + s[20:]
}

// accessKeyOf returns the access key ID that a request is signed with.
func accessKeyOf(h http.Header) string {
	_, scope, _ := strings.Cut(h.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(scope, "/")
	return key
}

// notSimulated is the answer to an operation that the simulator does not know.
func (c Call) notSimulated(what string) error {
	return c.refuse(http.StatusNotImplemented, "NotSimulated", "simulator: not simulated: %s:%s", c.Service, what)
}
