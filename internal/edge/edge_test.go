package edge_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/consolesensei/resource-tracker/internal/edge"
)

// brief are times that a test can wait for.
var brief = edge.Times{Body: 200 * time.Millisecond, Drain: 100 * time.Millisecond, Write: 200 * time.Millisecond}

var wide = edge.Limits{Connections: 100, PerAddress: 100}

// serve starts a server of next and returns its address.
func serve(t *testing.T, next http.HandlerFunc, limits edge.Limits) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: edge.Handler(next, brief), ReadHeaderTimeout: time.Second, IdleTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(edge.Listener(l, limits))
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
	})
	return l.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute)) // a fault ends the test, not the suite
	return c
}

// ended reads until the server has closed the connection.
func ended(t *testing.T, c net.Conn) string {
	t.Helper()
	b, err := io.ReadAll(c)
	if e, ok := err.(net.Error); ok && e.Timeout() { //nolint:errorlint // what a connection answers is not wrapped
		t.Fatal("the server holds the connection")
	}
	return string(b)
}

func TestHandler_BodyThatDoesNotCome(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"refused before it is read": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
		"waited for": func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				w.WriteHeader(http.StatusRequestTimeout)
			}
		},
		"deadline taken away": func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, serve(t, handler, wide))
			if _, err := io.WriteString(c, "POST /nope HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"); err != nil {
				t.Fatal(err)
			}
			ended(t, c)
		})
	}
}

// TestHandler_TimeAfterTheBody: the deadline of a body does not end a handler that
// works longer, and the connection serves again.
func TestHandler_TimeAfterTheBody(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			w.WriteHeader(http.StatusTeapot)
		case <-time.After(2 * brief.Body):
		}
	}, wide)
	c := dial(t, address)
	reader := bufio.NewReader(c)
	for range 2 {
		if _, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d", resp.StatusCode)
		}
	}
}

// TestHandler_AnswerThatIsNotRead: the handler's write fails, so that its memory is
// free again.
func TestHandler_AnswerThatIsNotRead(t *testing.T) {
	for name, write := range map[string]func(http.ResponseWriter) error{
		"one write": func(w http.ResponseWriter) error {
			_, err := w.Write(make([]byte, 64<<20))
			return err
		},
		"events": func(w http.ResponseWriter) error {
			rc := http.NewResponseController(w)
			for {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return err
				}
				if err := rc.Flush(); err != nil {
					return err
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			failed := make(chan error, 1)
			c := dial(t, serve(t, func(w http.ResponseWriter, _ *http.Request) { failed <- write(w) }, wide))
			if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if err := <-failed; err == nil {
				t.Error("64 MiB were written to a client that reads nothing")
			}
		})
	}
}

func TestHandler_WholeAnswer(t *testing.T) {
	const size = 1<<20 + 17
	address := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n, err := io.WriteString(w, strings.Repeat("x", size)); n != size || err != nil {
			t.Errorf("wrote %d: %v", n, err)
		}
	}, wide)
	if n := len(get(t, address)); n != size {
		t.Errorf("read %d of %d bytes", n, size)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestListener(t *testing.T) {
	for _, row := range []struct {
		name   string
		limits edge.Limits
		want   string // of the third connection
	}{
		{"in all", edge.Limits{Connections: 2, PerAddress: 10}, "HTTP/1.1 503 "},
		{"of one address", edge.Limits{Connections: 10, PerAddress: 2}, "HTTP/1.1 429 "},
		{"of a trusted proxy", edge.Limits{Connections: 10, PerAddress: 2, Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			address := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "served") }, row.limits)
			held := []net.Conn{asked(t, address), asked(t, address)}
			if row.want == "" {
				asked(t, address)
				return
			}
			if got := ended(t, dial(t, address)); !strings.HasPrefix(got, row.want) {
				t.Fatalf("the third connection was answered %q", got)
			}
			// One that goes makes room.
			_ = held[0].Close()
			for t.Context().Err() == nil {
				if c, err := ask(t.Context(), address); err == nil {
					_ = c.Close()
					return
				}
			}
		})
	}
}

// asked is a connection that was served once and stays open.
func asked(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := ask(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func ask(ctx context.Context, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err == nil {
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("status %d", resp.StatusCode)
		}
	}
	if err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

// A handler may wrap the writer once more and ask for the older interface: what it
// flushes must come at once.
func TestPiecesComeWhenTheyAreFlushed(t *testing.T) {
	end := make(chan struct{})
	c := dial(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "one\n")
		w.(http.Flusher).Flush()
		<-end
	}, wide))
	defer close(end)
	_, _ = fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		if lines.Text() == "one" {
			return
		}
	}
	t.Fatal("the piece did not come:", lines.Err())
}
