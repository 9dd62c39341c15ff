package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHealthcheckAsksWhoeverRuns: an image has one health check, and runs either program.
func TestHealthcheckAsksWhoeverRuns(t *testing.T) {
	answers := func(status int) (address string) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(s.Close)
		return s.Listener.Addr().String()
	}
	well, unready := answers(http.StatusOK), answers(http.StatusServiceUnavailable)
	none := httptest.NewServer(nil)
	none.Close()
	nobody := none.Listener.Addr().String()
	const recipient, identity = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
	for _, row := range []struct {
		name, args string
		api        string // where it listens; empty: the settings of a worker
		worker     string
		want       string
	}{
		{"API", "-any", well, nobody, ""},
		{"API that is not ready, a worker beside it", "-any", unready, well, "not ready: 503"},
		{"worker with the settings of both", "-any", nobody, well, ""},
		{"worker", "-any", "", well, ""},
		{"worker that has ended", "-any", "", nobody, "refused"},
		{"neither", "-any", nobody, nobody, "refused"},
		{"worker, asked for the API", "", nobody, well, "refused"},
		{"misspelt", "-all", well, well, "wrong number of arguments"},
	} {
		t.Run(row.name, func(t *testing.T) {
			env := map[string]string{"REDIS_URL": "redis://127.0.0.1:1", "CREDENTIALS_IDENTITY": identity, "METRICS_ADDR": row.worker}
			if row.api != "" {
				env["CREDENTIALS_RECIPIENT"], env["VALID_API_KEYS"] = recipient, "a-key-for-this-test-1"
				env["HOST"], env["PORT"], _ = strings.Cut(row.api, ":")
			}
			err := run(t.Context(), append([]string{"healthcheck"}, strings.Fields(row.args)...), func(name string) string { return env[name] }, io.Discard, io.Discard)
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("%v, want %q", err, row.want)
			}
		})
	}
}
