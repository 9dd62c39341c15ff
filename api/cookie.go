package api

import (
	"net"
	"net/http"
	"net/netip"
	"time"
)

// A session is a cookie to browsers. Its name begins with __Host-, so that it comes from
// this host alone and over TLS, but where a browser on the same machine asks without
// TLS: there it has another name, and is taken nowhere else.
const (
	secureCookie = "__Host-tracker"
	plainCookie  = "tracker"
	// loginSuffix names the cookie of a log-in that has begun.
	loginSuffix = "-login"
)

// isPlain reports whether a request comes over plain HTTP from this machine, and through
// no proxy that says so.
func isPlain(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return r.TLS == nil && isLoopback(r.RemoteAddr) && isLoopback(r.Host)
}

func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

func cookieName(r *http.Request) string {
	if isPlain(r) {
		return plainCookie
	}
	return secureCookie
}

// newCookie is a cookie for the one who sent a request. Without a value it ends the one
// that there is.
func newCookie(r *http.Request, suffix, value string, life time.Duration, same http.SameSite) *http.Cookie {
	c := &http.Cookie{ //nolint:gosec // Secure except on http at a loopback address
		Name: cookieName(r) + suffix, Value: value, Path: "/", MaxAge: int(life.Seconds()),
		HttpOnly: true, Secure: !isPlain(r), SameSite: same,
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// sessionCookie is the token of the session that a request carries.
func sessionCookie(r *http.Request) (token string, ok bool) { return cookieOf(r, "") }

// cookieOf is the value of a cookie. Of two of a name one is not ours, and neither
// counts.
func cookieOf(r *http.Request, suffix string) (value string, ok bool) {
	found := r.CookiesNamed(cookieName(r) + suffix)
	if len(found) != 1 {
		return "", false
	}
	return found[0].Value, found[0].Value != ""
}

// crossOrigin tells requests that the pages of others make.
var crossOrigin = http.NewCrossOriginProtection()

func errOtherSite() *Problem {
	return newProblem(http.StatusForbidden, "a page of another site made this request")
}

// ownPage refuses a request that changes something and comes by a cookie, unless the
// browser says that a page of this server makes it.
func ownPage(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if crossOrigin.Check(r) != nil {
		return errOtherSite()
	}
	if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
		return newProblem(http.StatusForbidden, "a session in a cookie is for browsers, which send Sec-Fetch-Site or Origin: send the session as Authorization: Bearer")
	}
	return nil
}
