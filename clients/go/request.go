package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"
)

const (
	// silence is how long an answer may say nothing: the server lets a request wait for a minute.
	silence = 90 * time.Second
	// patience is how long a request is sent again and again, and firstPatience as long as the
	// server has never answered: its address may be wrong.
	patience, firstPatience = 30 * time.Second, 3 * time.Second
)

// request is one operation's.
type request struct {
	method string
	path   string
	params url.Values
	head   http.Header
	body   any
	accept string
	// keyed is that the operation takes an Idempotency-Key.
	keyed bool
	// patience is other than that of most requests.
	patience time.Duration
}

// path puts names into the path of an operation.
func path(format string, names ...any) string {
	for i, name := range names {
		names[i] = url.PathEscape(name.(string))
	}
	return fmt.Sprintf(format, names...)
}

// query adds a parameter, unless it is left out. A list is one parameter with commas, or exploded
// one for each element.
func (r *request) query(name string, value any, explode bool) {
	values := texts(value)
	if len(values) == 0 {
		return
	}
	if r.params == nil {
		r.params = url.Values{}
	}
	if !explode {
		values = []string{strings.Join(values, ",")}
	}
	r.params[name] = values
}

func (r *request) header(name string, value any) {
	if values := texts(value); len(values) > 0 {
		if r.head == nil {
			r.head = http.Header{}
		}
		r.head[http.CanonicalHeaderKey(name)] = values
	}
}

// texts are the values of a parameter; none where it is left out.
func texts(value any) []string {
	v := reflect.ValueOf(value)
	if v.IsZero() {
		return nil
	}
	switch value := value.(type) {
	case []string:
		return value
	case *time.Time:
		return []string{value.Format(time.RFC3339Nano)}
	}
	return []string{fmt.Sprint(reflect.Indirect(v).Interface())}
}

// call sends a request, again where that does no harm, and reads its answer.
func call[A any](ctx context.Context, t *Tracker, r request) (*A, error) {
	var answer *A
	err := t.exchange(ctx, r, func(body io.Reader) error {
		answer = new(A)
		return json.NewDecoder(body).Decode(answer)
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// send is call for operations that answer nothing.
func (t *Tracker) send(ctx context.Context, r request) error {
	return t.exchange(ctx, r, nil)
}

// exchange sends a request until it is answered, it cannot be sent again or the patience is at its
// end. The pauses grow, unless the server says how long to wait.
func (t *Tracker) exchange(ctx context.Context, r request, read func(io.Reader) error) error {
	if r.keyed && r.head["Idempotency-Key"] == nil {
		r.header("Idempotency-Key", rand.Text())
	}
	var failing time.Time // since when
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 8*time.Second) {
		err := t.once(ctx, r, read)
		if read == nil && r.method == http.MethodDelete && !failing.IsZero() && errors.Is(err, ErrNotFound) {
			return nil // the answer to an attempt before was lost
		}
		if err == nil || ctx.Err() != nil || !passing(err) || !r.repeatable() && !errors.Is(err, ErrLimited) {
			return err
		}
		if failing.IsZero() {
			failing = time.Now()
		}
		wait := pause
		if e, ok := errors.AsType[*Error](err); ok && e.RetryAfter > 0 {
			wait = e.RetryAfter
		}
		if time.Since(failing)+wait > t.patienceFor(r) || !sleep(ctx, wait) {
			return err
		}
	}
}

// repeatable tells whether a request that may have been carried out can be sent again.
func (r request) repeatable() bool {
	return r.method == http.MethodGet || r.method == http.MethodPut || r.method == http.MethodDelete || r.keyed
}

// patienceFor is how long a request is tried.
func (t *Tracker) patienceFor(r request) time.Duration {
	switch {
	case t.patience > 0:
		return t.patience
	case !t.answered.Load():
		return firstPatience
	case r.patience > 0:
		return r.patience
	}
	return patience
}

// once sends a request once and reads its answer.
func (t *Tracker) once(ctx context.Context, r request, read func(io.Reader) error) error {
	body, err := t.open(ctx, r, silence)
	if err != nil {
		return err
	}
	defer body.Close()
	if read == nil {
		return nil
	}
	if err := read(body); err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", r.method, r.path, err)
	}
	return nil
}

// passing tells whether an error may be gone when the request is sent again.
func passing(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Is(ErrLimited) || e.Is(ErrUnavailable)
	}
	if _, ok := errors.AsType[unsent](err); ok {
		return false
	}
	_, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
	_, garbled := errors.AsType[*json.SyntaxError](err)
	return !mistyped && !garbled
}

// unsent is why a request could not even be sent.
type unsent struct{ error }

func (e unsent) Unwrap() error { return e.error }

// sleep reports whether the time passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// open sends a request once. The body of its answer fails when it is silent for too long.
func (t *Tracker) open(ctx context.Context, r request, silence time.Duration) (io.ReadCloser, error) {
	body := io.Reader(http.NoBody)
	if r.body != nil {
		b, err := json.Marshal(r.body)
		if err != nil {
			return nil, unsent{fmt.Errorf("%s %s: write the body: %w", r.method, r.path, err)}
		}
		body = bytes.NewReader(b)
	}
	address := t.URL(r.path)
	if len(r.params) > 0 {
		address += "?" + r.params.Encode()
	}
	watched, watch := watch(ctx, silence)
	req, err := http.NewRequestWithContext(watched, r.method, address, body)
	if err == nil {
		err = t.sign(ctx, req, r)
	}
	if err != nil {
		watch.Close()
		return nil, unsent{err}
	}
	resp, err := t.http.Do(req)
	if err != nil {
		watch.Close()
		return nil, watch.explain(err)
	}
	t.answered.Store(true)
	watch.body = resp.Body
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		defer watch.Close()
		return nil, errorOf(resp)
	}
	return watch, nil
}

// sign sets the headers of a request, with the credentials.
func (t *Tracker) sign(ctx context.Context, req *http.Request, r request) error {
	for name, values := range r.head {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", t.agent)
	req.Header.Set("Accept", "application/json")
	if r.accept != "" {
		req.Header.Set("Accept", r.accept)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if t.tokens != nil {
		token, err := t.tokens(ctx)
		if err != nil {
			return fmt.Errorf("token: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
	} else if t.key != "" {
		req.Header.Set("X-API-Key", t.key)
	}
	return nil
}

// Open reads the answer to a GET of a path as it is, such as an export:
//
//	body, err := tracker.Open(ctx, "/api/v1/jobs/"+id+"/result", url.Values{"format": {"csv"}})
func (t *Tracker) Open(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	return t.open(ctx, request{method: http.MethodGet, path: path, params: query, accept: "*/*"}, silence)
}
