package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOneAddressCannotTakeTheService has one address hold half-sent requests and
// answers that it does not read, thousands of each, while another address goes on
// being served.
func TestOneAddressCannotTakeTheService(t *testing.T) {
	s := newStack(t, "http://127.0.0.1:9")
	c := s.client(apiKey).stranger()
	job := c.submit(valid())
	neighbour := &http.Client{Transport: &http.Transport{
		DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}).DialContext,
	}}
	t.Cleanup(neighbour.CloseIdleConnections)
	ask := func() (p99 time.Duration) {
		t.Helper()
		var took []time.Duration
		for i := range 200 {
			path := []string{"/health", "/api/v1/jobs/" + job.ID}[i%2]
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-API-Key", c.key)
			began := time.Now()
			resp, err := neighbour.Do(req)
			if err != nil {
				t.Fatalf("GET %s: %v", path, err)
			}
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			cancel()
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("GET %s: status %d, %v", path, resp.StatusCode, err)
			}
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		return took[len(took)*99/100]
	}
	quiet := ask()

	address := strings.TrimPrefix(s.url, "http://")
	for _, attack := range []struct {
		name, request string
		connections   int
	}{
		{"half-sent requests", "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{", 5000},
		{"half-sent headers", "POST /nope HTTP/1.1\r\nHost: x\r\nX-", 1000},
		{"unread answers", "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", 20), 2000},
	} {
		t.Run(attack.name, func(t *testing.T) {
			var held []net.Conn
			defer func() {
				for _, c := range held {
					_ = c.Close()
				}
			}()
			for range attack.connections {
				c, err := (&net.Dialer{Timeout: time.Minute}).DialContext(t.Context(), "tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				held = append(held, c)
				_, _ = fmt.Fprint(c, attack.request) // one that was refused may be closed by now
			}
			t.Logf("p99 of another address: %s quiet, %s with %d %s", quiet, ask(), attack.connections, attack.name)
		})
	}
}
