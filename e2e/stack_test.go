package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// The two tenants of every stack.
const (
	apiKey = "e2e-first-key-0123456789abcdef"
)

// stack is the service as it is deployed: one Redis, one API, two workers.
type stack struct {
	t        testing.TB
	dir      string // Redis's data
	redisURL string
	redis    *process
	api      *process
	workers  []*process
	url      string
	identity string // the setting that only workers have
	env      []string
}

// unbounded are the quotas of every program here: a fast machine meets the usual bounds
// in the middle of a test. A test of quotas sets its own.
const unbounded = "QUOTAS=requests=0,address.requests=0,address.failures=0,jobs=0,jobs_per_day=0,cells_per_day=0,plans=0,plans_per_day=0"

// newStack starts a stack whose AWS is at awsURL. More settings, "KEY=value",
// go to every program.
func newStack(t testing.TB, awsURL string, settings ...string) *stack {
	t.Helper()
	s := newIdleStack(t, awsURL, settings...)
	for range 2 {
		s.startWorker()
	}
	return s
}

// newIdleStack is a stack without workers: what is queued stays there.
func newIdleStack(t testing.TB, awsURL string, settings ...string) *stack {
	t.Helper()
	s := &stack{t: t, dir: t.TempDir()}
	port := freePort()
	s.redisURL = "redis://127.0.0.1:" + strconv.Itoa(port) + "/0"
	// Uncompressed, so that a dump can be searched for what must not be there.
	s.redis = start(t, nil, s.dir, "redis-server", "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", s.dir,
		"--appendonly", "yes", "--maxmemory-policy", "noeviction", "--rdbcompression", "no")
	client := s.redisClient()
	if err := s.redis.ready(20*time.Second, func(ctx context.Context) bool { return client.Ping(ctx).Err() == nil }); err != nil {
		t.Fatal(err)
	}

	keys := s.keygen()
	apiPort := freePort()
	s.url = localURL(apiPort)
	s.env = append([]string{
		unbounded, "REDIS_URL=" + s.redisURL, "AWS_ENDPOINT_URL=" + awsURL, "AWS_EC2_METADATA_DISABLED=true",
		"PORT=" + strconv.Itoa(apiPort), "VALID_API_KEYS=" + apiKey, "OPERATOR_API_KEYS=" + operatorKey, "QUEUE_POLL_MS=20",
		"CREDENTIALS_RECIPIENT=" + setting(keys, "CREDENTIALS_RECIPIENT"),
	}, settings...)
	s.startAPI()
	s.identity = "CREDENTIALS_IDENTITY=" + setting(keys, "CREDENTIALS_IDENTITY")
	return s
}

func (s *stack) redisClient() *redis.Client {
	s.t.Helper()
	opt, err := redis.ParseURL(s.redisURL)
	if err != nil {
		s.t.Fatal(err)
	}
	client := redis.NewClient(opt)
	s.t.Cleanup(func() { _ = client.Close() })
	return client
}

// keygen makes the key pair of the deployment as an operator does.
func (s *stack) keygen() string {
	s.t.Helper()
	out, err := exec.Command(filepath.Join(bin, "api"), "keygen").Output()
	if err != nil {
		s.t.Fatalf("api keygen: %v", err)
	}
	return string(out)
}

func (s *stack) startAPI() {
	s.t.Helper()
	s.api = start(s.t, s.env, s.t.TempDir(), filepath.Join(bin, "api"))
	if err := s.api.answers(s.url+"/ready", 30*time.Second); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stack) startWorker() {
	s.t.Helper()
	s.workers = append(s.workers, start(s.t, append([]string{s.identity}, s.env...), s.t.TempDir(), filepath.Join(bin, "worker")))
}

// printed is everything that every program of the stack has printed.
func (s *stack) printed() map[string]string {
	out := map[string]string{"api": s.api.output(), "redis-server": s.redis.output()}
	for i, w := range s.workers {
		out["worker "+strconv.Itoa(i)] = w.output()
	}
	return out
}

// dump is all that Redis holds: a snapshot as `redis-cli --rdb` fetches it and
// the append-only files.
func (s *stack) dump() string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), "dump.rdb")
	if out, err := exec.Command("redis-cli", "-u", s.redisURL, "--rdb", file).CombinedOutput(); err != nil {
		s.t.Fatalf("redis-cli --rdb: %v: %s", err, out)
	}
	files := []string{file}
	logs, err := filepath.Glob(filepath.Join(s.dir, "appendonlydir", "*"))
	if err != nil || len(logs) == 0 {
		s.t.Fatalf("no append-only files in %s: %v", s.dir, err)
	}
	var all strings.Builder
	for _, f := range append(files, logs...) {
		b, err := os.ReadFile(f)
		if err != nil {
			s.t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}
