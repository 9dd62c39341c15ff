package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// TestConsoleOnStack drives the console in Chromium against the service as it is deployed, with
// moto for AWS: an account is connected by keys, and its first scan is partial because a call
// is denied. The API dies and comes back while the scan runs, and the page misses nothing.
func TestConsoleOnStack(t *testing.T) {
	browser := chromium(t)
	install(t, consoleDir)
	g := &gate{denied: true, open: closed()}
	s := newStack(t, newProxy(t, seededAccount(t).url, g.rule).url)
	t.Log(npm(t, consoleDir, []string{
		"CONSOLE_URL=" + s.url, "CONSOLE_KEY=" + apiKey, "STACK_CONTROL=" + g.control(s), "CHROMIUM=" + browser, "CONSOLE_OUT=" + screenshots(t, "console-stack"),
	}, "run", "e2e:stack"))
}

// gate stands before AWS: it denies databases in one region, and holds a region's calls.
type gate struct {
	mu     sync.Mutex
	denied bool
	open   chan struct{} // closed where calls pass
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

func (g *gate) rule(ctx context.Context, c call) fault {
	g.mu.Lock()
	denied, open := g.denied, g.open
	g.mu.Unlock()
	if c.Region == "sa-east-1" && c.Service != "sts" {
		select {
		case <-open:
		case <-ctx.Done():
		}
	}
	if denied && c.Region == "eu-west-1" && c.Action == "DescribeDBInstances" {
		return fault{http.StatusForbidden, "AccessDenied"}
	}
	return fault{}
}

// set changes the gate while nobody passes it.
func (g *gate) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
}

// control is the address of a server by which the browser's tests hold calls (POST /hold), let
// them go (POST /release), allow what is denied (POST /allow), and kill the API of a stack and
// start it again (POST /restart).
func (g *gate) control(s *stack) string {
	mux := http.NewServeMux()
	handle := func(path string, do func()) {
		mux.HandleFunc("POST "+path, func(http.ResponseWriter, *http.Request) { do() })
	}
	handle("/hold", func() { g.set(func() { g.open = make(chan struct{}) }) })
	handle("/release", func() { g.set(func() { close(g.open) }) })
	handle("/allow", func() { g.set(func() { g.denied = false }) })
	handle("/restart", func() {
		s.api.kill()
		s.startAPI()
	})
	server := httptest.NewServer(mux)
	s.t.Cleanup(server.Close)
	return server.URL
}
