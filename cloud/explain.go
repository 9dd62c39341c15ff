package cloud

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	maxMessage = 512
	// throttlePause is the pause after a throttle of AWS that names none.
	throttlePause = 5 * time.Second
	codeNoHost    = "NoSuchHost"
)

// outcomes maps AWS error codes that mean the same everywhere. Codes that are
// absent, throttling apart, fall to the HTTP status.
var outcomes = map[string]tracker.Outcome{
	"AccessDenied":                tracker.OutcomeDenied,
	"AccessDeniedException":       tracker.OutcomeDenied,
	"AuthorizationError":          tracker.OutcomeDenied, // SNS
	"AuthorizationErrorException": tracker.OutcomeDenied,
	"UnauthorizedOperation":       tracker.OutcomeDenied,
	"UnauthorizedAccess":          tracker.OutcomeDenied,
	"NotAuthorized":               tracker.OutcomeDenied,
	"AllAccessDisabled":           tracker.OutcomeDenied,
	"AccountProblem":              tracker.OutcomeDenied,
	"Blocked":                     tracker.OutcomeDenied,
	"PendingVerification":         tracker.OutcomeDenied,

	"OptInRequired":                 tracker.OutcomeNotOptedIn,
	"NotSignedUp":                   tracker.OutcomeNotOptedIn,
	"SubscriptionRequiredException": tracker.OutcomeNotOptedIn,
	"RegionDisabledException":       tracker.OutcomeNotOptedIn,

	"InvalidAction":             tracker.OutcomeUnsupported,
	"UnknownOperation":          tracker.OutcomeUnsupported,
	"UnknownOperationException": tracker.OutcomeUnsupported,

	"AuthFailure":                         tracker.OutcomeBadCreds,
	"ExpiredToken":                        tracker.OutcomeBadCreds,
	"ExpiredTokenException":               tracker.OutcomeBadCreds,
	"IncompleteSignature":                 tracker.OutcomeBadCreds,
	"IncompleteSignatureException":        tracker.OutcomeBadCreds,
	"InvalidAccessKeyId":                  tracker.OutcomeBadCreds,
	"InvalidClientTokenId":                tracker.OutcomeBadCreds,
	"InvalidSignatureException":           tracker.OutcomeBadCreds,
	"InvalidToken":                        tracker.OutcomeBadCreds,
	"MissingAuthenticationToken":          tracker.OutcomeBadCreds,
	"MissingAuthenticationTokenException": tracker.OutcomeBadCreds,
	"RequestExpired":                      tracker.OutcomeBadCreds,
	"SignatureDoesNotMatch":               tracker.OutcomeBadCreds,
	"TokenRefreshRequired":                tracker.OutcomeBadCreds,
	"UnrecognizedClientException":         tracker.OutcomeBadCreds,
}

// strangerCodes are the answers of a region that an account has not opted in to.
// It does not know the account's keys, although they are good elsewhere.
var strangerCodes = map[string]bool{
	"AuthFailure": true, "InvalidAccessKeyId": true, "InvalidClientTokenId": true, "InvalidToken": true,
	"UnrecognizedClientException": true,
}

// throttleCodes are the SDK's, and those that only some services use.
var throttleCodes = func() map[string]struct{} {
	codes := maps.Clone(retry.DefaultThrottleErrorCodes)
	for _, code := range []string{"Throttled", "TooManyRequests", "RateExceeded", "ThrottlingError"} {
		codes[code] = struct{}{}
	}
	return codes
}()

// severity orders outcomes for errors that hold several. An outcome that ends
// the whole job comes first; one that another try may cure comes last.
var severity = map[tracker.Outcome]int{
	tracker.OutcomeBadCreds:    9,
	tracker.OutcomeDeniedSCP:   8,
	tracker.OutcomeDenied:      7,
	tracker.OutcomeNotOptedIn:  6,
	tracker.OutcomeUnsupported: 5,
	tracker.OutcomeError:       4,
	tracker.OutcomeTimeout:     3,
	tracker.OutcomeThrottled:   2,
	tracker.OutcomeCancelled:   1,
}

// Explain tells what an error of a call to AWS means. It returns nil for nil,
// and a tracker.Failure within err as it is. Of joined errors it explains the
// gravest and says how many there are besides.
func Explain(err error) *tracker.Failure { return gravest(err, Names(nil).explainOne) }

// gravest explains each of joined errors and returns the gravest.
func gravest(err error, explain func(error) *tracker.Failure) *tracker.Failure {
	if err == nil {
		return nil
	}
	var worst *tracker.Failure
	parts := joined(err)
	for _, part := range parts {
		if f := explain(part); worst == nil || severity[f.Outcome] > severity[worst.Outcome] {
			worst = f
		}
	}
	if len(parts) > 1 {
		f := *worst
		f.Message = bounded(fmt.Sprintf("%s (and %d more)", trimmed(f.Message, maxMessage-20), len(parts)-1))
		return &f
	}
	return worst
}

// Explain is the package's Explain for calls that were made through the session
// in region. Because it knows the session, it tells a region that is off, or
// lacks a service, from bad credentials or a bad network.
func (s *Session) Explain(err error, region string) *tracker.Failure {
	return gravest(err, func(part error) *tracker.Failure { return s.explainOne(part, region) })
}

// explainOne is Explain for an error that holds no others.
func (s *Session) explainOne(err error, region string) *tracker.Failure {
	if e, ok := errors.AsType[*tracker.Elsewhere](err); ok {
		region = e.Region
	}
	f := *s.cloud.options.Names.explainOne(err)
	switch {
	case f.Outcome == tracker.OutcomeBadCreds && strangerCodes[f.Code] && !strings.HasPrefix(f.API, "sts:") &&
		optIn(region) && s.proven():
		f.Outcome = tracker.OutcomeNotOptedIn
		f.Message = bounded("the region is not enabled for the account: " + f.Message)
	case f.Code == codeNoHost && s.cloud.answeredLately():
		f.Outcome = tracker.OutcomeUnsupported
		f.Message = bounded("the service has no endpoint in " + region + ": " + f.Message)
	}
	for _, secret := range s.secrets {
		f.Message = strings.ReplaceAll(f.Message, secret, "[hidden]")
	}
	return &f
}

// Aside takes from err what only says that other regions than the cell's are off for the
// account, as notes of their resources by region. rest is what the cell is judged by.
func (s *Session) Aside(err error) (notes []tracker.Note, rest error) {
	if err == nil {
		return nil, nil
	}
	var others []error
	named, why := map[string][]string{}, map[string]string{}
	for _, part := range joined(err) {
		e, ok := errors.AsType[*tracker.Elsewhere](part)
		if !ok {
			others = append(others, part)
			continue
		}
		f := s.explainOne(part, e.Region)
		if f.Outcome != tracker.OutcomeNotOptedIn {
			others = append(others, part)
			continue
		}
		named[e.Region], why[e.Region] = append(named[e.Region], e.Resources...), f.Message
	}
	if len(named) == 0 {
		return nil, err
	}
	for _, region := range slices.Sorted(maps.Keys(named)) {
		ids := slices.Compact(slices.Sorted(slices.Values(named[region])))
		notes = append(notes, tracker.Note{
			Region: region, Outcome: tracker.OutcomeNotOptedIn, Resources: ids[:min(len(ids), tracker.MaxNoted)], Count: len(ids),
			Message: why[region],
		})
	}
	return notes, errors.Join(others...)
}

// joined takes errors.Join, and fmt.Errorf with several %w, apart. What failed elsewhere
// stays one.
func joined(err error) []error {
	for e := err; e != nil; e = errors.Unwrap(e) {
		if _, ok := e.(*tracker.Elsewhere); ok { //nolint:errorlint // each link of the chain is looked at by itself
			break
		}
		if m, ok := e.(interface{ Unwrap() []error }); ok {
			var parts []error
			for _, part := range m.Unwrap() {
				parts = append(parts, joined(part)...)
			}
			return parts
		}
	}
	return []error{err}
}

func (n Names) explainOne(err error) *tracker.Failure {
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		return f
	}
	f := &tracker.Failure{Err: err, API: n.apiOf(err), Code: codeOf(err), RequestID: requestID(err)}
	f.Message = bounded(message(err))
	var budget *BudgetError
	switch {
	case errors.As(err, &budget):
		f.Outcome, f.Code, f.API, f.RetryAfter, f.Unsent = tracker.OutcomeThrottled, CodeBudget, budget.API, budget.Wait, true
		f.Message = "the call budget is spent"
	case strings.HasPrefix(f.API, "ec2imds:"):
		// This is the last place where the server's own chain looks.
		f.Outcome, f.Message = tracker.OutcomeBadCreds, "the server has no AWS credentials of its own"
	case tracker.CodeOf(err) == tracker.CodeInvalid:
		f.Outcome = tracker.OutcomeBadCreds // no session could be made
	case isThrottle(err):
		f.Outcome, f.RetryAfter = tracker.OutcomeThrottled, retryAfter(err)
	case outcomes[f.Code] != "":
		f.Outcome = outcomes[f.Code]
		if f.Outcome == tracker.OutcomeDenied && deniedByOrganization(f.Message) {
			f.Outcome = tracker.OutcomeDeniedSCP
		}
	case notHere(f.Message) && statusOf(err) >= http.StatusBadRequest:
		f.Outcome = tracker.OutcomeUnsupported
	case errors.Is(err, context.Canceled):
		f.Outcome, f.Message = tracker.OutcomeCancelled, "cancelled before AWS answered"
	case timedOut(err):
		f.Outcome, f.Message = tracker.OutcomeTimeout, "AWS did not answer in time"
	case noHost(err):
		f.Outcome, f.Code = tracker.OutcomeError, codeNoHost
	default:
		f.Outcome = byStatus(err)
	}
	// Some services throttle with a 503.
	f.Harmless = f.Outcome == tracker.OutcomeThrottled || changedNothing(err, f)
	return f
}

// changedNothing reports whether a failed call is known to have changed nothing:
// AWS refused it, or it never left. An answer of the 500s, or no answer, proves
// nothing.
func changedNothing(err error, f *tracker.Failure) bool {
	if status := statusOf(err); status != 0 {
		// EC2 and S3 throttle with 503: RequestLimitExceeded, SlowDown.
		return f.Outcome == tracker.OutcomeThrottled || status >= http.StatusBadRequest && status < http.StatusInternalServerError
	}
	dial, ok := errors.AsType[*net.OpError](err)
	_, unsigned := errors.AsType[*credentialsError](err)
	_, unwritten := errors.AsType[smithy.InvalidParamsError](err)
	_, ours := errors.AsType[*tracker.Error](err)
	return ok && dial.Op == "dial" || unsigned || unwritten || ours || noHost(err) ||
		strings.HasPrefix(f.API, "ec2imds:")
}

// byStatus explains answers without a known code.
func byStatus(err error) tracker.Outcome {
	switch statusOf(err) {
	case http.StatusForbidden:
		return tracker.OutcomeDenied
	case http.StatusUnauthorized:
		return tracker.OutcomeBadCreds
	}
	_, unsigned := errors.AsType[*credentialsError](err)
	_, unsent := errors.AsType[*smithyhttp.RequestSendError](err)
	if unsigned && !unsent && statusOf(err) == 0 {
		return tracker.OutcomeBadCreds
	}
	return tracker.OutcomeError
}

func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	e, ok := errors.AsType[net.Error](err)
	return ok && e.Timeout()
}

func noHost(err error) bool {
	e, ok := errors.AsType[*net.DNSError](err)
	return ok && e.IsNotFound
}

func deniedByOrganization(message string) bool {
	return strings.Contains(message, "service control policy") || strings.Contains(message, "resource control policy")
}

func notHere(message string) bool {
	m := strings.ToLower(message)
	return strings.Contains(m, "in this region") && (strings.Contains(m, "not supported") || strings.Contains(m, "not available"))
}

// apiOf names the call that failed as IAM does. Where getting credentials
// failed it is that call, which is the innermost one.
func (n Names) apiOf(err error) string {
	api := ""
	for {
		op, ok := errors.AsType[*smithy.OperationError](err)
		if !ok {
			return api
		}
		service, _ := n.of(op.Service(), op.Operation())
		api = service + ":" + op.Operation()
		err = op.Err
	}
}

func requestID(err error) string {
	if e, ok := errors.AsType[interface {
		error
		ServiceRequestID() string
	}](err); ok {
		return trimmed(e.ServiceRequestID(), 128)
	}
	return ""
}

// retryAfter returns the pause that the answer asks for, or throttlePause.
func retryAfter(err error) time.Duration {
	e, ok := errors.AsType[*smithyhttp.ResponseError](err)
	if !ok || e.Response == nil || e.Response.Response == nil {
		return throttlePause
	}
	seconds, err := strconv.Atoi(e.Response.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		return throttlePause
	}
	return min(time.Duration(seconds)*time.Second, 5*time.Minute)
}

// message returns the words of AWS, or of the innermost layer that has some.
func message(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok && codeOf(err) != "" {
		return cmp.Or(e.ErrorMessage(), e.ErrorCode())
	}
	if e, ok := errors.AsType[*smithyhttp.RequestSendError](err); ok {
		return e.Err.Error()
	}
	if e, ok := errors.AsType[*credentialsError](err); ok {
		return e.Error()
	}
	if e, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && statusOf(err) != 0 {
		return fmt.Sprintf("an answer that is not of AWS's form, with HTTP status %d: %v", statusOf(err), e.Err)
	}
	if e, ok := errors.AsType[*smithy.OperationError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

var (
	encodedMessage = regexp.MustCompile(`(?i)\s*encoded authorization failure message:\s*\S+`)
	// opaque are words that nobody can read: tokens, signatures, encodings.
	opaque = regexp.MustCompile(`[A-Za-z0-9+/=_%-]{128,}`)
)

// bounded makes a message of AWS fit to be shown: it has no encoded parts, no
// control characters, and at most maxMessage bytes.
func bounded(message string) string {
	message = encodedMessage.ReplaceAllString(message, "")
	message = opaque.ReplaceAllString(message, "…")
	message = strings.Join(strings.FieldsFunc(message, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	return trimmed(strings.ToValidUTF8(message, "?"), maxMessage)
}

// trimmed cuts s to at most n bytes, at the end of a rune.
func trimmed(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
