package redistest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Line carries a replica's connections to its master. What a line that is held is given
// by the master is lost when the master dies.
type Line struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	free  *sync.Cond
	held  bool
	ended bool
	conns []net.Conn
}

func newLine(t testing.TB, to string) *Line {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Line{listener: listener, to: to}
	l.free = sync.NewCond(&l.mu)
	var done sync.WaitGroup
	done.Go(func() {
		for {
			from, err := l.listener.Accept()
			if err != nil {
				return
			}
			done.Go(func() { l.carry(&done, from) })
		}
	})
	t.Cleanup(func() {
		_ = l.listener.Close()
		l.Cut()
		done.Wait()
	})
	return l
}

// Hold keeps back what the master says from now on.
func (l *Line) Hold() { l.set(true) }

// Release lets it through.
func (l *Line) Release() { l.set(false) }

func (l *Line) set(held bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = held
	l.free.Broadcast()
}

// Cut ends the line for good: what was kept back is lost.
func (l *Line) Cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.free.Broadcast()
	for _, c := range l.conns {
		_ = c.Close()
	}
}

func (l *Line) carry(done *sync.WaitGroup, from net.Conn) {
	defer from.Close()
	to, err := net.Dial("tcp", l.to) //nolint:noctx // it ends with the line
	if err != nil {
		return
	}
	defer to.Close()
	l.mu.Lock()
	l.conns = append(l.conns, from, to)
	ended := l.ended
	l.mu.Unlock()
	if ended {
		return
	}
	done.Go(func() { _, _ = io.Copy(to, from); _ = to.Close() })
	b := make([]byte, 32<<10)
	for {
		n, err := to.Read(b)
		if err != nil || !l.pass() {
			return
		}
		if _, err := from.Write(b[:n]); err != nil {
			return
		}
	}
}

// pass waits while the line is held, and reports whether it goes on.
func (l *Line) pass() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.held && !l.ended {
		l.free.Wait()
	}
	return !l.ended
}
