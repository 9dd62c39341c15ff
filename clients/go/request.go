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
	// patience is how long a request is sent again and again.
	patience = 30 * time.Second
)

// request is one operation's.
type request struct {
	method string
	path   string
	params url.Values
	head   http.Header
	body   any
	keyed  bool // takes an Idempotency-Key
	accept string
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
	var answer A
	return &answer, t.exchange(ctx, r, func(body io.Reader) error {
		return json.NewDecoder(body).Decode(&answer)
	})
}

// send is call for operations that answer nothing.
func (t *Tracker) send(ctx context.Context, r request) error {
	return t.exchange(ctx, r, func(io.Reader) error { return nil })
}

func (t *Tracker) exchange(ctx context.Context, r request, read func(io.Reader) error) error {
	if r.keyed && r.head["Idempotency-Key"] == nil {
		r.header("Idempotency-Key", rand.Text())
	}
	repeatable := r.method == http.MethodGet || r.method == http.MethodPut || r.head["Idempotency-Key"] != nil
	return t.persist(ctx, patience, func() (bool, error) {
		resp, err := t.open(ctx, r, silence)
		if err != nil {
			return repeatable || errors.Is(err, ErrLimited), err
		}
		defer resp.Close()
		if err := read(resp); err != nil {
			return repeatable, fmt.Errorf("%s %s: read the answer: %w", r.method, r.path, err)
		}
		return false, nil
	})
}

// persist tries until it succeeds, until trying again is of no use or the patience is at its end.
// An error of the server is tried again when it is over a limit or does not answer, and after the time that
// it asks for; whatever else went wrong on the way, with growing pauses.
func (t *Tracker) persist(ctx context.Context, patience time.Duration, try func() (again bool, err error)) error {
	if t.patience > 0 {
		patience = t.patience
	}
	deadline := time.Now().Add(patience)
	for pause := 250 * time.Millisecond; ; pause = min(2*pause, 8*time.Second) {
		again, err := try()
		if err == nil || !again || ctx.Err() != nil || !passing(err) {
			return err
		}
		wait := pause
		if e, ok := errors.AsType[*Error](err); ok && e.RetryAfter > 0 {
			wait = e.RetryAfter
		}
		if time.Now().Add(wait).After(deadline) || !sleep(ctx, wait) {
			return err
		}
	}
}

// passing tells whether an error may be gone when the request is sent again.
func passing(err error) bool {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Is(ErrLimited) || e.Is(ErrUnavailable)
	}
	_, wrong := errors.AsType[*json.UnmarshalTypeError](err)
	return !wrong
}

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
			return nil, fmt.Errorf("%s %s: write the body: %w", r.method, r.path, err)
		}
		body = bytes.NewReader(b)
	}
	address := t.URL(r.path)
	if len(r.params) > 0 {
		address += "?" + r.params.Encode()
	}
	watched, watch := watch(ctx, silence)
	req, err := http.NewRequestWithContext(watched, r.method, address, body)
	if err != nil {
		watch.Close()
		return nil, err
	}
	if err := t.sign(ctx, req, r); err != nil {
		watch.Close()
		return nil, err
	}
	resp, err := t.http.Do(req)
	if err != nil {
		watch.Close()
		return nil, watch.explain(err)
	}
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
