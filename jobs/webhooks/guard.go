package webhooks

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// Guard says which addresses webhooks may reach. A tenant names the host, so the server
// must not be led to what only it can reach. The addresses that a host name resolves to
// are checked when each is connected to, so that a name that resolves anew in between
// changes nothing.
type Guard struct {
	// Allow are networks that may be reached beside public addresses, also without TLS
	// and at any port.
	Allow []netip.Prefix
}

// The ports of public addresses that may be reached.
const (
	portHTTPS    = 443
	portHTTPSAlt = 8443
)

var (
	errPrivate = errors.New("the host's address is neither public nor among those that WEBHOOK_ALLOW names")
	errPlain   = errors.New("http is for networks that WEBHOOK_ALLOW names: use https")
	errPort    = errors.New("the port is neither 443 nor 8443")
)

// never are addresses at which clouds answer with credentials and settings of the
// machine that asks. No setting allows them.
var never = prefixes("169.254.0.0/16", "168.63.129.16/32", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")

// Networks that are not public: IANA's special-purpose registries, and what is left for
// multicast and the future.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
	"192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
	"224.0.0.0/4", "240.0.0.0/4",
	// Of what IPv6 has as global: protocols with addresses of their own, among them
	// Teredo; documentation; 6to4, which leads to an IPv4 address.
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48",
)

var (
	global = netip.MustParsePrefix("2000::/3")
	// nat64 leads to the IPv4 address in its last four bytes.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, p := range list {
		all[i] = netip.MustParsePrefix(p)
	}
	return all
}

func within(a netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

// plainAddr is the address that packets to a reach in the end.
func plainAddr(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if nat64.Contains(a) {
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}

func (g Guard) allowed(a netip.Addr) bool { return within(a, g.Allow) && !within(a, never) }

// address says why an address must not be reached, or nil.
func (g Guard) address(a netip.Addr) error {
	if a.Zone() != "" {
		return errPrivate
	}
	a = plainAddr(a)
	if g.allowed(a) {
		return nil
	}
	if within(a, never) || within(a, special) || a.Is6() && !global.Contains(a) {
		return errPrivate
	}
	return nil
}

// connect says why an address must not be connected to, or nil.
func (g Guard) connect(at netip.AddrPort, plain bool) error {
	if err := g.address(at.Addr()); err != nil {
		return err
	}
	switch {
	case g.allowed(plainAddr(at.Addr())):
		return nil
	case plain:
		return errPlain
	case at.Port() != portHTTPS && at.Port() != portHTTPSAlt:
		return errPort
	}
	return nil
}

// control is for net.Dialer: it sees the address that is about to be connected to.
func (g Guard) control(plain bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, network, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || network != "tcp4" && network != "tcp6" {
			return errPrivate
		}
		return g.connect(at, plain)
	}
}

// dialer connects to what the guard lets through.
func (g Guard) dialer(plain bool) *net.Dialer {
	return &net.Dialer{Timeout: attemptTimeout, ControlContext: g.control(plain)}
}
