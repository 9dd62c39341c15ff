package edge

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits bound the connections of a listener.
type Limits struct {
	// Connections is how many there may be in all.
	Connections int
	// PerAddress is how many one address may have. Of IPv6, a /64 counts as one.
	PerAddress int
	// Trusted are proxies, who connect for others: only Connections bounds them.
	Trusted []netip.Prefix
}

const (
	tooMany        = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
	tooManyPerHost = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)

// Listener returns l with bounds. A connection above them is told so and closed.
func Listener(l net.Listener, limits Limits) net.Listener {
	return &listener{Listener: l, limits: limits, held: map[netip.Prefix]int{}}
}

type listener struct {
	net.Listener
	limits Limits

	mu   sync.Mutex
	all  int
	held map[netip.Prefix]int // by the address that they come from
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := source(c.RemoteAddr())
		refused := l.take(from)
		if refused == "" {
			return &conn{Conn: c, left: sync.OnceFunc(func() { l.leave(from) })}, nil
		}
		// The kernel's buffer of a new connection takes it at once.
		_ = c.SetWriteDeadline(time.Now().Add(time.Second))
		_, _ = c.Write([]byte(refused))
		_ = c.Close()
	}
}

// take counts a connection in, or says with which answer it is refused.
func (l *listener) take(from netip.Prefix) (refused string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.all >= l.limits.Connections:
		return tooMany
	case l.held[from] >= l.limits.PerAddress && !l.trusts(from):
		return tooManyPerHost
	}
	l.all++
	l.held[from]++
	return ""
}

func (l *listener) leave(from netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.held[from]--; l.held[from] == 0 {
		delete(l.held, from)
	}
}

func (l *listener) trusts(from netip.Prefix) bool {
	for _, p := range l.limits.Trusted {
		if p.Overlaps(from) {
			return true
		}
	}
	return false
}

// source is what counts as one address.
func source(a net.Addr) netip.Prefix {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.Prefix{}
	}
	addr := tcp.AddrPort().Addr().Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	p, _ := addr.Prefix(bits) // the bits are never too many
	return p
}

// conn counts itself out once, however often it is closed.
type conn struct {
	net.Conn
	left func()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.left()
	return c.Conn.Close()
}
