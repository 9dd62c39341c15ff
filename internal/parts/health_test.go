package parts

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
)

func TestHealth(t *testing.T) {
	serve := func(path string, status int) int {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				status = http.StatusNotFound
			}
			w.WriteHeader(status)
		}))
		t.Cleanup(s.Close)
		return s.Listener.Addr().(*net.TCPAddr).Port
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	nobody := closed.Listener.Addr().(*net.TCPAddr).Port
	api := func(host string, port int) config.Config {
		return config.Config{Program: config.API, Host: host, Port: port}
	}
	worker := func(host string, port int) config.Config {
		return config.Config{Program: config.Worker, MetricsAddr: net.JoinHostPort(host, strconv.Itoa(port))}
	}
	for _, row := range []struct {
		name string
		cfg  config.Config
		want string
	}{
		{"API that is ready", api("127.0.0.1", serve("/ready", 200)), ""},
		{"API that listens everywhere", api("0.0.0.0", serve("/ready", 200)), ""},
		{"API that listens elsewhere", api("127.0.0.2", serve("/ready", 200)), "connection refused"},
		{"API without Redis", api("127.0.0.1", serve("/ready", 503)), "not ready: 503 Service Unavailable"},
		{"API that has ended", api("127.0.0.1", nobody), "connection refused"},
		{"API at a free port", api("127.0.0.1", 0), "127.0.0.1:0 is any free port, which nobody but the program knows: name one"},
		{"worker that lives", worker("127.0.0.1", serve("/healthz", 200)), ""},
		{"worker that listens everywhere", worker("", serve("/healthz", 200)), ""},
		{"worker that has ended", worker("", nobody), "connection refused"},
		{"worker that nobody can ask", config.Config{Program: config.Worker}, "METRICS_ADDR is not set"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := Health(t.Context(), row.cfg)
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Fatalf("%v, want %q", err, row.want)
			}
			if refused := errors.Is(err, syscall.ECONNREFUSED); refused != strings.Contains(row.want, "refused") {
				t.Errorf("%v: refused is %v", err, refused)
			}
		})
	}
}

func TestReachable(t *testing.T) {
	for at, want := range map[string]string{
		":9090": "127.0.0.1:9090", "0.0.0.0:9090": "127.0.0.1:9090", "[::]:9090": "[::1]:9090", "10.0.1.5:9090": "10.0.1.5:9090", "localhost:9090": "localhost:9090",
	} {
		if got, err := reachable(at); err != nil || got != want {
			t.Errorf("%s: %s %v", at, got, err)
		}
	}
}
