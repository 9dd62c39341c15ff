// Package edge stands between the network and the API, and bounds what a caller can
// hold: connections, and the time that a body takes to come and an answer to be read.
// A caller who is refused before anything is known of them is bounded as well.
package edge

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// Times bound how long a caller may hold a connection.
type Times struct {
	// Body is how long a request's body may take to arrive.
	Body time.Duration
	// Drain is how long the server waits for the rest of a body that nobody read.
	Drain time.Duration
	// Write is how long the caller may take to read one piece of an answer.
	Write time.Duration
}

// DefaultTimes are those of a service.
var DefaultTimes = Times{Body: time.Minute, Drain: 2 * time.Second, Write: 30 * time.Second}

// pieceSize is how much of an answer is written under one deadline.
const pieceSize = 64 << 10

// Handler returns next with these bounds on every request. It is the outermost
// handler of a server.
func Handler(next http.Handler, t Times) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			b := &body{ReadCloser: r.Body, rc: rc}
			r.Body = b
			setDeadline(rc.SetReadDeadline, t.Body)
			// The server reads on after the handler, to use the connection again.
			defer func() {
				if !b.whole {
					setDeadline(rc.SetReadDeadline, t.Drain)
				}
			}()
		}
		next.ServeHTTP(&writer{w, rc, t.Write}, r)
	})
}

// setDeadline sets a deadline so far from now; 0 takes it away. A writer without
// deadlines is one of a test.
func setDeadline(set func(time.Time) error, after time.Duration) {
	var at time.Time
	if after > 0 {
		at = time.Now().Add(after)
	}
	_ = set(at)
}

// body takes the deadline away at its end: a handler may then take its time, and
// the server still sees when the caller goes.
type body struct {
	io.ReadCloser
	rc    *http.ResponseController
	whole bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && !b.whole {
		b.whole = true
		setDeadline(b.rc.SetReadDeadline, 0)
	}
	return n, err
}

// writer gives every piece of an answer a deadline of its own. The last one stays:
// the server writes what it has kept back after the handler.
type writer struct {
	http.ResponseWriter
	rc      *http.ResponseController
	timeout time.Duration
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (written int, err error) {
	for first := true; first || len(p) > 0; first = false {
		piece := p[:min(len(p), pieceSize)]
		setDeadline(w.rc.SetWriteDeadline, w.timeout)
		n, err := w.ResponseWriter.Write(piece)
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// FlushError implements what http.ResponseController asks for.
func (w *writer) FlushError() error {
	setDeadline(w.rc.SetWriteDeadline, w.timeout)
	return w.rc.Flush()
}

// Flush implements http.Flusher, which handlers ask for that wrap this writer once more.
// A caller who is gone shows at the next write.
func (w *writer) Flush() { _ = w.FlushError() }

// Unwrap implements what http.ResponseController asks for.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }
