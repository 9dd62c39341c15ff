package e2e

import (
	"context"
	"errors"
	"net/http"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
)

const operatorKey = "e2e-operator-key-0123456789abcdef"

// leaked is in payloads that are not ours: no page may show it.
const leaked = "wJalrXUtnFEMI/K7MDENG"

// TestMonitoringInBrowser opens the queue monitor as an operator does, and looks
// at what the pages show once their scripts have run.
func TestMonitoringInBrowser(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	s := newStack(t, "http://127.0.0.1:1", "OPERATOR_API_KEYS="+operatorKey, "MONITORING_ENABLED=true")
	waiting := fillQueues(t, s)

	for _, tc := range []struct {
		name, path string
		shows      []string
	}{
		{"queues", "", []string{"Queues", "interactive-0", "scheduled-0"}},
		{"tasks", "/queues/interactive-0?status=scheduled", []string{"scan:region", waiting[:8], "job-of-e2e", "1/eu-west-1"}},
		{"another kind of task", "/queues/scheduled-0?status=scheduled", []string{"another:kind", "bytes, hidden)"}},
		{"one task", "/queues/interactive-0/tasks/" + waiting, []string{"Task Info", "scan:region", "job-of-e2e"}},
		{"servers", "/servers", []string{"Servers", "interactive-0"}},
		{"schedulers", "/schedulers", []string{"Scheduler Entries", "0 3 * * *", "another:kind", "bytes, hidden)"}},
		{"redis", "/redis", []string{"Redis Info", "Version"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			page := render(t, browser, strings.Replace(s.url, "://", "://operator:"+operatorKey+"@", 1)+"/monitoring"+tc.path)
			for _, want := range tc.shows {
				if !strings.Contains(page, want) {
					t.Errorf("does not show %q:\n%s", want, page)
				}
			}
			if strings.Contains(page, leaked) {
				t.Errorf("shows a secret:\n%s", page)
			}
		})
	}

	t.Run("nobody else", func(t *testing.T) {
		for key, code := range map[string]int{"": http.StatusUnauthorized, apiKey: http.StatusForbidden, operatorKey: http.StatusOK} {
			if a := s.client(key).do(http.MethodGet, "/monitoring/api/queues", nil); a.status != code {
				t.Errorf("key %.8q: %d, want %d", key, a.status, code)
			}
		}
		if a := s.client(operatorKey).do(http.MethodPost, "/monitoring/api/queues/interactive-0:pause", nil); a.status != http.StatusMethodNotAllowed {
			t.Errorf("paused a queue: %d", a.status)
		}
	})
}

// TestMetricsOfThePrograms reads the pages of a worker, which asks nobody for a
// key, and those of the API, which does.
func TestMetricsOfThePrograms(t *testing.T) {
	s := newStack(t, "http://127.0.0.1:1", "OPERATOR_API_KEYS="+operatorKey, "METRICS_ADDR=127.0.0.1:0")
	served := regexp.MustCompile(`msg="metrics are served" address=(\S+)`)
	address := ""
	eventually(t, 30*time.Second, "the worker serves metrics", func() bool {
		if m := served.FindStringSubmatch(s.workers[0].output()); m != nil {
			address = m[1]
		}
		return address != ""
	})
	worker := &client{t: t, url: "http://" + address}
	for _, path := range []string{"/healthz", "/readyz"} {
		if a := worker.do(http.MethodGet, path, nil); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for program, c := range map[string]*client{"worker": worker, "api": s.client(operatorKey)} {
		a := c.do(http.MethodGet, "/metrics", nil)
		for _, want := range []string{
			`resource_tracker_build_info{program="` + program + `",`, `resource_tracker_queue_up 1`,
			`resource_tracker_redis_errors_total{kind="reply"} 0`, `process_resident_memory_bytes `,
		} {
			if !strings.Contains(string(a.body), "\n"+want) {
				t.Errorf("%s: no %s in:\n%s", program, want, a.body)
			}
		}
	}
	if a := s.client(apiKey).do(http.MethodGet, "/metrics", nil); a.status != http.StatusForbidden {
		t.Errorf("a caller who is no operator: %d", a.status)
	}
	s.redis.stop()
	if a := worker.do(http.MethodGet, "/readyz", nil); a.status != http.StatusServiceUnavailable {
		t.Errorf("without Redis, /readyz: %d %s", a.status, a.body)
	}
}

// fillQueues puts one task of ours and two of another kind where they wait, and
// returns the ID of ours.
func fillQueues(t *testing.T, s *stack) string {
	t.Helper()
	rdb := s.redisClient()
	queue := asynq.NewClientFromRedisClient(rdb)
	ours, err := queue.Enqueue(
		asynq.NewTask("scan:region", []byte(`{"job_id":"job-of-e2e","unit":"1/eu-west-1","epoch":0,"secret":"`+leaked+`"}`)),
		asynq.Queue("interactive-0"), asynq.ProcessIn(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	other := asynq.NewTask("another:kind", []byte(`{"secret":"`+leaked+`"}`))
	if _, err := queue.Enqueue(other, asynq.Queue("scheduled-0"), asynq.ProcessIn(time.Hour)); err != nil {
		t.Fatal(err)
	}
	scheduler := asynq.NewSchedulerFromRedisClient(rdb, nil)
	if _, err := scheduler.Register("0 3 * * *", other); err != nil {
		t.Fatal(err)
	}
	if err := scheduler.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(scheduler.Shutdown)
	inspect := asynq.NewInspectorFromRedisClient(rdb)
	eventually(t, 30*time.Second, "the scheduler and two workers' servers show", func() bool {
		entries, err := inspect.SchedulerEntries()
		servers, err2 := inspect.Servers()
		return errors.Join(err, err2) == nil && len(entries) == 1 && len(servers) == 8 // four lanes each
	})
	return ours.ID
}

var markup = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// render opens a page in a headless browser and returns the text that it has
// come to show.
func render(t *testing.T, browser, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
		"--user-data-dir="+t.TempDir(), "--window-size=1400,1000", "--virtual-time-budget=10000", "--dump-dom", url).Output()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	return markup.ReplaceAllString(string(out), " ")
}
