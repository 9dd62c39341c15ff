package lab

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Client calls the API, and calls again while the API or its Redis is down.
type Client struct{ URL, Key string }

// Do calls until an answer below 500 comes.
func (c *Client) Do(ctx context.Context, method, path, idempotencyKey, accept string, body []byte) (*http.Response, error) {
	for {
		req, err := http.NewRequestWithContext(ctx, method, c.URL+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		req.Header.Set("X-API-Key", c.Key)
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
		if err := Pause(ctx, 300*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func (c *Client) json(ctx context.Context, method, path, key string, body []byte, into any) error {
	resp, err := c.Do(ctx, method, path, key, "application/json", body)
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

// Ready waits until the API is ready.
func (c *Client) Ready(ctx context.Context) error {
	resp, err := c.Do(ctx, http.MethodGet, "/ready", "", "application/json", nil)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Types are the types that the simulated account counts.
var Types = []tracker.Type{
	"CloudWatch_LogGroup", "EBS_Volume", "EC2_Instance", "Elastic_IP", "IAM_Role", "IAM_User",
	"Lambda_Function", "Load_Balancer", "NAT_Gateway", "RDS_Instance", "S3_Bucket",
}

// Scan submits one scan for each key. Without types it scans Types.
func (c *Client) Scan(ctx context.Context, key string, types ...tracker.Type) (string, error) {
	return c.ScanWith(ctx, key, nil, types...)
}

// ScanWith is Scan with more members of the request.
func (c *Client) ScanWith(ctx context.Context, key string, more map[string]any, types ...tracker.Type) (string, error) {
	var j tracker.Job
	if len(types) == 0 {
		types = Types
	}
	request := map[string]any{
		"access_key_id": "AKIASIM", "secret_access_key": "simulated", "single_flight": false, "types": types,
	}
	maps.Copy(request, more)
	body, err := json.Marshal(request)
	if err != nil {
		return "", err
	}
	return j.ID, c.json(ctx, http.MethodPost, "/api/v1/scan", key, body, &j)
}

// Job returns a job.
func (c *Client) Job(ctx context.Context, id string) (j tracker.Job, err error) {
	return j, c.json(ctx, http.MethodGet, "/api/v1/jobs/"+id, "", nil, &j)
}

// Ended waits for a job to end.
func (c *Client) Ended(ctx context.Context, id string) (tracker.Job, error) {
	for {
		j, err := c.Job(ctx, id)
		if err != nil || j.State.Terminal() {
			return j, err
		}
		if err := Pause(ctx, 50*time.Millisecond); err != nil {
			return j, fmt.Errorf("job %s is still %s: %w", id, j.State, err)
		}
	}
}

// Pause waits for d, or for the end of ctx.
func Pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Resources calls f with each resource of a job's result.
func (c *Client) Resources(ctx context.Context, id string, f func(tracker.Resource)) error {
	resp, err := c.Do(ctx, http.MethodGet, "/api/v1/jobs/"+id+"/result", "", "application/x-ndjson", nil)
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
