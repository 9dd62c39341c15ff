package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// client calls the API, and again when it or its Redis is down.
type client struct{ url, key string }

// do calls until an answer below 500 comes.
func (c *client) do(ctx context.Context, method, path, idempotencyKey, accept string, body []byte) (*http.Response, error) {
	for {
		req, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("X-API-Key", c.key)
		req.Header.Set("Accept", accept)
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Idempotency-Key", idempotencyKey)
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil && resp.StatusCode < 500 {
			return resp, nil
		}
		if err == nil {
			_ = resp.Body.Close()
		}
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func (c *client) json(ctx context.Context, method, path, key string, body []byte, into any) error {
	resp, err := c.do(ctx, method, path, key, "application/json", body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, b)
	}
	return json.Unmarshal(b, into)
}

func (c *client) ready(ctx context.Context) error {
	resp, err := c.do(ctx, http.MethodGet, "/ready", "", "application/json", nil)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func (c *client) scan(ctx context.Context, key string) (string, error) {
	var j tracker.Job
	body := []byte(`{"access_key_id":"AKIASIM","secret_access_key":"simulated","single_flight":false}`)
	return j.ID, c.json(ctx, http.MethodPost, "/api/v1/scan", key, body, &j)
}

func (c *client) job(ctx context.Context, id string) (j tracker.Job, err error) {
	return j, c.json(ctx, http.MethodGet, "/api/v1/jobs/"+id, "", nil, &j)
}

// resources calls f with each resource of a job's result.
func (c *client) resources(ctx context.Context, id string, f func(tracker.Resource)) error {
	resp, err := c.do(ctx, http.MethodGet, "/api/v1/jobs/"+id+"/result", "", "application/x-ndjson", nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("result of %s: %s", id, resp.Status)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r tracker.Resource
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("result of %s: %w", id, err)
		}
		if r.ID != "" {
			f(r)
		}
	}
	return lines.Err()
}
