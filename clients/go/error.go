package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The kinds of errors that callers tell apart, by [errors.Is].
var (
	ErrUnauthorized = errors.New("not signed in")          // 401
	ErrForbidden    = errors.New("not allowed")            // 403
	ErrNotFound     = errors.New("not found")              // 404, 410
	ErrConflict     = errors.New("in conflict")            // 409, 412
	ErrInvalid      = errors.New("not a valid request")    // 400, 413, 415, 422
	ErrLimited      = errors.New("over a limit")           // 429
	ErrUnavailable  = errors.New("server does not answer") // 502, 503, 504
)

var kinds = map[error][]int{
	ErrUnauthorized: {http.StatusUnauthorized},
	ErrForbidden:    {http.StatusForbidden},
	ErrNotFound:     {http.StatusNotFound, http.StatusGone},
	ErrConflict:     {http.StatusConflict, http.StatusPreconditionFailed},
	ErrInvalid:      {http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity},
	ErrLimited:      {http.StatusTooManyRequests},
	ErrUnavailable:  {http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout},
}

// Error is what the server answers to a request that it does not carry out.
type Error struct {
	Status     int           // of HTTP
	Message    string        // what is wrong, in one sentence
	Errors     []FieldError  // the fields at fault
	RetryAfter time.Duration // when asking again is worth it; 0 is not said
	Quota      *QuotaUse     // that does not allow it
	JobID      string        // that the problem is about
	RequestID  string        // which the server's log names it by
}

// Error says what is wrong, and where.
func (e *Error) Error() string {
	parts := []string{e.Message}
	for _, f := range e.Errors {
		if f.Location != "" {
			parts = append(parts, f.Location+": "+f.Message)
		} else {
			parts = append(parts, f.Message)
		}
	}
	return fmt.Sprintf("%s (HTTP %d)", strings.Join(parts, "; "), e.Status)
}

// Is tells whether the error is of a kind, such as [ErrNotFound].
func (e *Error) Is(kind error) bool {
	return slices.Contains(kinds[kind], e.Status)
}

// longestProblem is how much of an answer is read in search of a reason.
const longestProblem = 64 << 10

// errorOf reads the error that an answer is. What stands between client and server, such as a
// proxy, answers in words of its own.
func errorOf(resp *http.Response) *Error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, longestProblem))
	var problem struct {
		Error     string       `json:"error"`
		Errors    []FieldError `json:"errors"`
		Quota     *QuotaUse    `json:"quota"`
		JobID     string       `json:"job_id"`
		RequestID string       `json:"request_id"`
	}
	if json.Unmarshal(body, &problem) != nil || problem.Error == "" {
		problem.Error = strings.ToLower(http.StatusText(resp.StatusCode))
	}
	return &Error{
		Status: resp.StatusCode, Message: problem.Error, Errors: problem.Errors, RetryAfter: retryAfter(resp.Header),
		Quota: problem.Quota, JobID: problem.JobID, RequestID: problem.RequestID,
	}
}

// retryAfter reads the time that a server asks to wait, in seconds or until a date.
func retryAfter(h http.Header) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(v); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}
