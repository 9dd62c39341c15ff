package client

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// Version is that of the API whose document the client was made from.
const Version = "1.0.0"

// Tracker is a client of one server. It may be used by many at once.
type Tracker struct {
	base     *url.URL
	key      string
	tokens   TokenSource
	http     *http.Client
	agent    string
	patience time.Duration
	silence  time.Duration // that ends a stream
	answered atomic.Bool   // the server has, to anything
}

// TokenSource answers the token of a session or of an issuer that requests carry. It is asked
// before each request.
type TokenSource func(ctx context.Context) (string, error)

// Option changes how a Tracker works.
type Option func(*Tracker)

// WithTokens has requests carry tokens in place of a key.
func WithTokens(tokens TokenSource) Option {
	return func(t *Tracker) { t.tokens = tokens }
}

// WithHTTPClient has requests sent by a client with a transport of its own, such as for a proxy or
// for certificates. It must have no Timeout, which would end streams.
func WithHTTPClient(c *http.Client) Option {
	return func(t *Tracker) { t.http = c }
}

// WithUserAgent names the program that uses the client.
func WithUserAgent(agent string) Option {
	return func(t *Tracker) { t.agent = agent + " " + t.agent }
}

// WithPatience sets how long the client keeps trying while the server cannot be reached or is
// busy. Without it, that is 30 seconds, five minutes for what waits and follows, and three seconds for a server that
// has never answered.
func WithPatience(d time.Duration) Option {
	return func(t *Tracker) { t.patience = d }
}

// New returns a client of the server at an address such as http://localhost:5000, with an API key,
// which is empty with [WithTokens] or where the server asks for none.
func New(address, key string, options ...Option) (*Tracker, error) {
	base, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil {
		return nil, fmt.Errorf("address of the server: %w", err)
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("address of the server: %q is not like https://tracker.example.com", address)
	}
	t := &Tracker{base: base, key: key, agent: "resource-tracker-go/" + Version, http: defaultClient(), silence: streamSilence}
	for _, o := range options {
		o(t)
	}
	return t, nil
}

// defaultClient has a bound for each part of a request but for its whole, since streams have no end.
func defaultClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: 8,
			IdleConnTimeout:     time.Minute,
		},
		// A redirect would carry the key to another server.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// URL is the address of a path of the server, such as one of a job's links.
func (t *Tracker) URL(path string) string {
	return t.base.String() + path
}
