package webhooks

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/consolesensei/resource-tracker/tracker"
)

const maxURL = 2048

// hostName is a name as DNS has it. One whose last part begins with a digit could be read
// as an address: 127.1, 0x7f000001 or 2130706433.
var hostName = regexp.MustCompile(`^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

// checkURL reads the URL of a receiver. What its host resolves to is checked when it is
// connected to.
func (g Guard) checkURL(text string) (*url.URL, error) {
	bad := func(why string) (*url.URL, error) { return nil, tracker.Invalid("url", "%s", why) }
	if len(text) > maxURL {
		return bad("is longer than 2048 characters")
	}
	for _, c := range []byte(text) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return bad("has characters that a URL cannot have")
		}
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Host == "" {
		return bad("is not a URL such as https://example.com/hook") // the cause would repeat it
	}
	plain := u.Scheme == "http"
	switch {
	case !plain && u.Scheme != "https":
		return bad("does not begin with https://")
	case plain && len(g.Allow) == 0:
		return bad("does not begin with https://")
	case u.User != nil:
		return bad("holds a user name")
	case u.Fragment != "" || strings.Contains(text, "#"):
		return bad("has a fragment, which is not sent")
	}
	port := uint64(portHTTPS)
	if plain {
		port = 80
	}
	if p := u.Port(); p != "" || strings.HasSuffix(u.Host, ":") {
		if port, err = strconv.ParseUint(p, 10, 16); err != nil || port == 0 {
			return bad("has no port from 1 to 65535")
		}
	}
	host := strings.ToLower(u.Hostname())
	if a, err := netip.ParseAddr(host); err == nil {
		if err := g.connect(netip.AddrPortFrom(a, uint16(port)), plain); err != nil {
			return bad(err.Error())
		}
	} else {
		switch {
		case len(host) > 253 || !hostName.MatchString(host) || strings.ContainsAny(u.Host, "[]"):
			return bad("has no host name as DNS knows it")
		case len(g.Allow) == 0 && port != portHTTPS && port != portHTTPSAlt:
			return bad(errPort.Error())
		case len(g.Allow) == 0 && (host == "localhost" || strings.HasSuffix(host, ".localhost")):
			return bad(errPrivate.Error())
		}
	}
	u.Host = host
	if strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	}
	if !plain && port != portHTTPS || plain && port != 80 {
		u.Host = net.JoinHostPort(host, strconv.FormatUint(port, 10))
	}
	return u, nil
}

// masked is what is shown of a URL: its host, and the first part of its path where more
// parts follow. The rest may be a token.
func masked(u *url.URL) string {
	shown := u.Scheme + "://" + u.Host
	first, rest, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	switch {
	case first != "" && rest != "":
		return shown + "/" + first + "/…"
	case first != "" || u.RawQuery != "":
		return shown + "/…"
	}
	return shown + "/"
}
