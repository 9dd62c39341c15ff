package e2e

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSecretIsNowhereOfAllRoutes sends a secret to every operation, in every text of its
// body, in its headers, its query and its cookies, and as who it comes from: it is in no
// answer, no log and nothing that is kept. Nor is it in what API and workers print when
// they crash while they have it.
func TestSecretIsNowhereOfAllRoutes(t *testing.T) {
	a := seededAccount(t)
	var held atomic.Bool
	p := newProxy(t, a.url, func(ctx context.Context, c call) fault {
		if c.Service == "ec2" && c.Action == "DescribeVolumes" {
			held.Store(true)
			<-ctx.Done()
		}
		return fault{}
	})
	s := newStack(t, p.url, "LOG_LEVEL=debug")
	c := s.client(operatorKey)
	spec := s.specification(c)
	fill := sampler{spec, rand.New(rand.NewPCG(12, 2)), map[string][]any{"wait": {0.0}}}
	for _, r := range spec.routes() {
		path := pathParameter.ReplaceAllString(r.path, "0199aaaa-0000-7000-8000-000000000000")
		for _, header := range [][]string{
			{"X-AWS-Secret-Key", marker, "X-AWS-Session-Token", marker, "X-AWS-Access-Key", marker},
			{"X-API-Key", marker},
			{"X-API-Key", "", "Authorization", "Bearer " + marker},
			{"X-API-Key", "", "Cookie", "tracker=" + marker + "; __Host-tracker=" + marker},
			{"Idempotency-Key", marker, "Prefer", marker, "Last-Event-ID", marker, "X-Request-ID", marker},
		} {
			send := func(path string, body any) {
				if a := c.do(r.method, path, body, header...); a.status == http.StatusTooManyRequests {
					t.Errorf("%s %s was refused before it was read: %s", r.method, path, a.body)
				}
			}
			schema := spec.bodyOf(r)
			if schema == nil {
				send(path+"?no_such=x", nil)
				continue
			}
			send(path, marked("", fill.value("", schema, 0)))
			send(path, map[string]any{"no_such": marker})
		}
	}
	job := c.submit(with(with(with(keys("AKIAE2EMARKER0000000", marker), "regions", seedRegions[1:2]), "types", []string{"EBS_Volume"}), "single_flight", false))
	eventually(t, time.Minute, "the scan is held", held.Load)
	c.job(job.ID)
	absent(t, "after every route", s, c)

	// Every worker crashes, one of them with the credentials in its memory, and the API
	// with a request that it is reading.
	s.halfSend(marker)
	for _, w := range s.workers {
		_ = w.cmd.Process.Signal(syscall.SIGABRT)
		<-w.done
	}
	c.do(http.MethodGet, "/health", nil) // the request before it is being read by now
	_ = s.api.cmd.Process.Signal(syscall.SIGABRT)
	<-s.api.done
	if !strings.Contains(s.api.output(), "goroutine ") || !strings.Contains(s.workers[0].output(), "goroutine ") {
		t.Error("the crash printed no goroutines: there is nothing to search")
	}
	absent(t, "after the crash", s, c)
}

// secretMember is how members are called that hold secrets.
var secretMember = regexp.MustCompile(`sealed|secret|token|password|access_key|external_id|api_key|code|nonce|url`)

// marked puts the marker into every member of a body that holds a secret.
func marked(name string, v any) any {
	switch v := v.(type) {
	case string:
		if secretMember.MatchString(name) {
			return marker
		}
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			v[k] = marked(k, v[k])
		}
	case []any:
		for i := range v {
			v[i] = marked(name, v[i])
		}
	}
	return v
}

// specification reads the OpenAPI document of the API.
func (s *stack) specification(c *client) specification {
	s.t.Helper()
	a := c.do(http.MethodGet, "/api/v1/openapi.json", nil)
	parsed, err := jsonschema.UnmarshalJSON(strings.NewReader(string(a.body)))
	if err != nil {
		s.t.Fatal(err)
	}
	object, _ := parsed.(map[string]any)
	return object
}

// halfSend sends the greater part of a body that holds a secret, and leaves it at that.
func (s *stack) halfSend(secret string) {
	s.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST /api/v1/scan HTTP/1.1\r\nHost: tracker\r\nX-API-Key: %s\r\nX-AWS-Secret-Key: %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"secret_access_key\":%q", operatorKey, secret, secret)
	if err != nil {
		s.t.Fatal(err)
	}
}
