package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	linkPath = "/api/v1/auth/link"
	// linkFor is for how long a link is good.
	linkFor = 10 * time.Minute
	// maxLinks is how many links there are at once. The oldest makes room.
	maxLinks = 16
)

// signInLink signs the browser that opens it in, once, as whom its session stands for. It is
// good on the host that it was made for, and is not kept: only its sum is.
type signInLink struct {
	sum     [sha256.Size]byte
	host    string
	until   time.Time
	session tracker.Session
}

// signInLinks are those that nobody has opened yet.
type signInLinks struct {
	mu   sync.Mutex
	open []signInLink
}

func (l *signInLinks) add(one signInLink) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open = append(l.open, one); len(l.open) > maxLinks {
		l.open = l.open[1:]
	}
}

// take finds the link of a code and uses it up. It takes as long whatever the code is.
func (l *signInLinks) take(code string) (signInLink, bool) {
	sum := sha256.Sum256([]byte(code))
	l.mu.Lock()
	defer l.mu.Unlock()
	at := -1
	for i := range l.open {
		at = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(sum[:], l.open[i].sum[:]), i, at)
	}
	if at < 0 {
		return signInLink{}, false
	}
	found := l.open[at]
	l.open = append(l.open[:at:at], l.open[at+1:]...)
	return found, true
}

// errNoLinkThere says that links are for the machine that the server runs on.
var errNoLinkThere = errors.New("a sign-in link needs a server that listens on http at a loopback address")

// Link is an address that signs a browser on this machine in as an API key: once, within
// ten minutes, at base, which is where the server listens.
func (s *Server) Link(ctx context.Context, base, key string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" || !isLoopback(u.Host) {
		return "", errNoLinkThere
	}
	if s.Sessions == nil {
		return "", errNotKept
	}
	sn, err := s.knownBy(ctx, TokenBody{APIKey: key})
	if err != nil {
		return "", err
	}
	code := rand.Text() + rand.Text()
	s.links.add(signInLink{sha256.Sum256([]byte(code)), u.Host, time.Now().Add(linkFor), sn})
	return base + linkPath + "?code=" + code, nil
}

// openLink signs in the browser that opens a link, and leads it to the console.
func (s *Server) openLink(c echo.Context) error {
	r := c.Request()
	ctx, cancel := context.WithTimeout(r.Context(), s.RequestTimeout)
	defer cancel()
	code := r.URL.Query().Get("code")
	if len(code) != 2*len(rand.Text()) {
		return s.say(c, errNoLink())
	}
	l, ok := s.links.take(code)
	if !ok || !time.Now().Before(l.until) || !isPlain(r) || r.Host != l.host {
		return s.say(c, errNoLink())
	}
	sn, token, err := s.signedIn(ctx, l.session)
	if err != nil {
		return s.say(c, s.problem(ctx, err))
	}
	c.SetCookie(newCookie(r, "", token, time.Until(sn.ExpiresAt).Round(time.Second), http.SameSiteStrictMode))
	return c.Redirect(http.StatusSeeOther, "/")
}

func errNoLink() *Problem {
	return newProblem(http.StatusForbidden, "this link is used up, older than ten minutes, or of another address: start the demo again for a new one, or sign in with a key")
}
