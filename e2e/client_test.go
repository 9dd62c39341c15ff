package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/tracker"
)

// client calls the API over HTTP as one tenant and remembers every answer.
type client struct {
	t   testing.TB
	url string
	key string

	mu   sync.Mutex
	seen strings.Builder
}

func (s *stack) client(key string) *client { return &client{t: s.t, url: s.url, key: key} }

// answered is every header and body that the API has answered to this client.
func (c *client) answered() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen.String()
}

// answer is one HTTP answer, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do calls the API; body is sent as JSON unless it is nil.
func (c *client) do(method, path string, body any, header ...string) answer {
	c.t.Helper()
	var payload io.Reader = http.NoBody
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		payload = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), 2*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, payload)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("X-API-Key", c.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	c.mu.Lock()
	_ = resp.Header.Write(&c.seen)
	c.seen.Write(b)
	c.mu.Unlock()
	return answer{resp.StatusCode, resp.Header, b}
}

// get reads a JSON answer of status 200.
func get[T any](c *client, path string) T {
	c.t.Helper()
	return decoded[T](c, path, c.do(http.MethodGet, path, nil), http.StatusOK)
}

// decoded is the JSON of an answer that must have the status.
func decoded[T any](c *client, what string, a answer, status int) T {
	c.t.Helper()
	if a.status != status {
		c.t.Fatalf("%s: status %d, want %d: %.2000s", what, a.status, status, a.body)
	}
	var v T
	if err := json.Unmarshal(a.body, &v); err != nil {
		c.t.Fatalf("%s: %v: %.2000s", what, err, a.body)
	}
	return v
}

// keys are credentials as a scan request carries them.
func keys(id, secret string) map[string]any {
	return map[string]any{"access_key_id": id, "secret_access_key": secret}
}

// valid are credentials that moto takes.
func valid() map[string]any { return keys("AKIAE2EVALID00000000", "not-a-secret") }

// with returns the request with one more field.
func with(request map[string]any, field string, value any) map[string]any {
	r := maps.Clone(request)
	r[field] = value
	return r
}

// submit starts a scan and returns its job as accepted.
func (c *client) submit(request map[string]any) tracker.Job {
	c.t.Helper()
	a := c.do(http.MethodPost, "/api/v1/scan", request)
	job := decoded[tracker.Job](c, "POST /api/v1/scan", a, http.StatusAccepted)
	if want := "/api/v1/jobs/" + job.ID; job.ID == "" || !strings.HasSuffix(a.header.Get("Location"), want) {
		c.t.Fatalf("POST /api/v1/scan: Location %q does not lead to job %q", a.header.Get("Location"), job.ID)
	}
	return job
}

func (c *client) job(id string) tracker.Job {
	c.t.Helper()
	return get[tracker.Job](c, "/api/v1/jobs/"+id)
}

// finished waits until the job has ended.
func (c *client) finished(id string) tracker.Job {
	c.t.Helper()
	var job tracker.Job
	eventually(c.t, 3*time.Minute, "job "+id+" ends", func() bool {
		job = c.job(id)
		return job.State.Terminal()
	})
	return job
}

// scan submits and waits.
func (c *client) scan(request map[string]any) tracker.Job {
	c.t.Helper()
	return c.finished(c.submit(request).ID)
}

// coverage is the report on every cell of a job.
type coverage struct {
	JobID    string               `json:"job_id"`
	Complete bool                 `json:"complete"`
	Cells    []tracker.CellReport `json:"cells"`
}

func (c *client) coverage(id string) coverage {
	c.t.Helper()
	return get[coverage](c, "/api/v1/jobs/"+id+"/coverage")
}

// result is the contract's ScanResult.
type result struct {
	Timestamp      time.Time           `json:"timestamp"`
	RegionsScanned []string            `json:"regions_scanned"`
	Resources      []tracker.Resource  `json:"resources"`
	Errors         []scanError         `json:"errors"`
	Summary        tracker.Summary     `json:"summary"`
	CostSummary    tracker.CostSummary `json:"cost_summary"`
}

type scanError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
}

func (c *client) result(id string) result {
	c.t.Helper()
	return get[result](c, "/api/v1/jobs/"+id+"/result")
}

// ndjson reads the result as one resource a line.
func (c *client) ndjson(id string) []tracker.Resource {
	c.t.Helper()
	a := c.do(http.MethodGet, "/api/v1/jobs/"+id+"/result", nil, "Accept", "application/x-ndjson")
	if a.status != http.StatusOK {
		c.t.Fatalf("result as NDJSON: status %d: %.2000s", a.status, a.body)
	}
	var all []tracker.Resource
	for dec := json.NewDecoder(bytes.NewReader(a.body)); ; {
		var r tracker.Resource
		err := dec.Decode(&r)
		if err == io.EOF {
			return all
		}
		if err != nil {
			c.t.Fatalf("result as NDJSON: %v", err)
		}
		all = append(all, r)
	}
}

// listed reads all resources of a job by following the cursors.
func (c *client) listed(id, query string) []tracker.Resource {
	c.t.Helper()
	type page struct {
		Resources  []tracker.Resource `json:"resources"`
		NextCursor string             `json:"next_cursor"`
	}
	var all []tracker.Resource
	for cursor := ""; ; {
		path := "/api/v1/jobs/" + id + "/resources?" + query
		if cursor != "" {
			path += "&cursor=" + cursor
		}
		p := get[page](c, path)
		all = append(all, p.Resources...)
		if p.NextCursor == "" {
			return all
		}
		cursor = p.NextCursor
	}
}

// sse is one server-sent event.
type sse struct {
	id, name, data string
}

// events reads the job's event stream to its end, from after lastID.
func (c *client) events(id, lastID string) []sse {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 3*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/jobs/"+id+"/events", http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("X-API-Key", c.key)
	req.Header.Set("Accept", "text/event-stream")
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		c.t.Fatalf("events: %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	var all []sse
	var e sse
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		c.mu.Lock()
		c.seen.WriteString(lines.Text() + "\n")
		c.mu.Unlock()
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data += value
		case "":
			if lines.Text() == "" && e.data != "" {
				all = append(all, e)
				e = sse{}
			}
		}
	}
	if err := lines.Err(); err != nil {
		c.t.Fatalf("events: %v", err)
	}
	return all
}
