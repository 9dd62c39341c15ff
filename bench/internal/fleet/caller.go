package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/consolesensei/resource-tracker/bench/internal/lab"
)

// Caller calls the APIs in turn, as behind a load balancer, and calls again while one of
// them or Redis is down.
type Caller struct {
	URLs []string
	Key  string
	next atomic.Int64
}

// Do makes a call until it is answered below 500, and reads the answer. Repeated, it has
// the same idempotency key.
func (c *Caller) Do(ctx context.Context, method, path, idempotencyKey string, body, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	for {
		status, answer, broken := c.once(ctx, method, path, idempotencyKey, b)
		switch {
		case broken == nil && status < 300:
			if into == nil {
				return nil
			}
			return json.Unmarshal(answer, into)
		case broken == nil && status < 500:
			return fmt.Errorf("%s %s: %d %s", method, path, status, answer)
		}
		if err := lab.Pause(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("%s %s: %w; the last answer was %d %.500s", method, path, errors.Join(err, broken), status, answer)
		}
	}
}

func (c *Caller) once(ctx context.Context, method, path, idempotencyKey string, body []byte) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	base := c.URLs[int(c.next.Add(1))%len(c.URLs)]
	req, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if method == http.MethodGet {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	req.Header.Set("X-API-Key", c.Key)
	req.Header.Set("Content-Type", "application/json")
	if idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", idempotencyKey)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, answer, err
}

// Get is Do of a reading request.
func (c *Caller) Get(ctx context.Context, path string, into any) error {
	return c.Do(ctx, http.MethodGet, path, "", nil, into)
}
