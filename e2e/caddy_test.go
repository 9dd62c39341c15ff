package e2e

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestCaddyBeforeTheAPI runs a real Caddy with the configuration of the compose file: TLS, an
// event that is seen while its stream is open, and callers whose address the API knows and
// who cannot invent one.
func TestCaddyBeforeTheAPI(t *testing.T) {
	s := newIdleStack(t, "http://127.0.0.1:9", "TRUSTED_PROXIES=127.0.0.1/32")
	url, browser := caddy(t, s.url)
	job := s.client(apiKey).submit(valid()) // no worker takes it: its stream stays open

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/jobs/"+job.ID+"/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-API-Key", apiKey)
	req.Header.Set("X-Forwarded-For", "198.51.100.7")
	resp, err := browser.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.TLS == nil || resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("%s %v", resp.Status, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return
			}
		}
		t.Fatalf("the stream ended without %s: %v", want, lines.Err())
	}
	until(`"state":"queued"`)
	if a := s.client(apiKey).do(http.MethodDelete, "/api/v1/jobs/"+job.ID, nil); a.status >= 300 {
		t.Fatalf("cancel: %d %s", a.status, a.body)
	}
	until(`"state":"cancelled"`)
	for lines.Scan() { // to its end
	}
	if err := lines.Err(); err != nil {
		t.Errorf("the stream did not end well: %v", err)
	}
	eventually(t, 10*time.Second, "the log has the caller's address", func() bool {
		return strings.Contains(s.api.output(), "remote_ip=127.0.0.2")
	})
	if strings.Contains(s.api.output(), "198.51.100.7") {
		t.Error("a caller has invented an address")
	}
}

// caddy starts Caddy before an API, and returns its URL and a client, at another address than
// Caddy's, which trusts its authority.
func caddy(t *testing.T, api string) (url string, _ *http.Client) {
	t.Helper()
	file, err := os.ReadFile("../deploy/compose/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	// Ports of this test's own. The rest is as it is mounted.
	port, dir := strconv.Itoa(freePort()), t.TempDir()
	ports := "admin off\n\thttp_port " + strconv.Itoa(freePort()) + "\n\thttps_port " + port
	text := strings.Replace(string(file), "skip_install_trust", "skip_install_trust\n\t"+ports, 1)
	config := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, []string{"XDG_DATA_HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "TRACKER_API=" + strings.TrimPrefix(api, "http://")}, dir,
		"caddy", "run", "--config", config, "--adapter", "caddyfile")
	authority := x509.NewCertPool()
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: authority, MinVersion: tls.VersionTLS12},
		DialContext:     (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext,
	}}
	t.Cleanup(client.CloseIdleConnections)
	url = "https://localhost:" + port
	if err := p.ready(30*time.Second, func(ctx context.Context) bool {
		root, err := os.ReadFile(filepath.Join(dir, "caddy/pki/authorities/local/root.crt"))
		if err != nil || !authority.AppendCertsFromPEM(root) {
			return false
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/ready", http.NoBody)
		if err != nil {
			return false
		}
		resp, err := client.Do(req)
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}); err != nil {
		t.Fatal(err)
	}
	return url, client
}
