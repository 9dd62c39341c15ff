package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// call is one request to AWS as the proxy saw it.
type call struct {
	Key, Region, Service, Action string
	Body                         string
}

// fault is what the proxy answers instead of AWS: an AWS error code and its
// HTTP status. The zero fault lets the call through.
type fault struct {
	status int
	code   string
}

// proxy stands before moto: it notes each call, and answers some itself.
type proxy struct {
	url string

	mu    sync.Mutex
	calls []call
	rule  func(context.Context, call) fault
	after func(call)                // called when AWS has answered, before the caller reads it
	busy  map[string]map[string]int // calls in flight by service and region
	most  map[string]int            // regions of a service that were busy at once
}

// scope finds the key, region and service that a request was signed for.
var scope = regexp.MustCompile(`Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request`)

// newProxy starts a proxy in front of an AWS endpoint. The rule decides each
// call; it may block.
func newProxy(t *testing.T, target string, rule func(context.Context, call) fault) *proxy {
	t.Helper()
	p := &proxy{rule: rule, after: func(call) {}, busy: map[string]map[string]int{}, most: map[string]int{}}
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	forward := httputil.NewSingleHostReverseProxy(to)
	forward.ModifyResponse = func(answered *http.Response) error {
		if c, ok := answered.Request.Context().Value(callKey{}).(call); ok {
			p.onAnswer()(c)
		}
		return nil
	}
	forward.ErrorLog = log.New(io.Discard, "", 0) // calls that the worker has cut
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c := identify(r, string(body))
		defer p.enter(c)()
		if f := p.rules()(r.Context(), c); f.code != "" {
			f.answer(w, r, c.Service)
			return
		}
		forward.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// callKey is where a request on its way to AWS carries its call.
type callKey struct{}

func identify(r *http.Request, body string) call {
	c := call{Body: body}
	if m := scope.FindStringSubmatch(r.Header.Get("Authorization")); m != nil {
		c.Key, c.Region, c.Service = m[1], m[2], m[3]
	}
	_, target, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	form, _ := url.ParseQuery(body)
	for _, c.Action = range []string{target, form.Get("Action"), r.Method + " " + r.URL.Path} {
		if c.Action != "" {
			return c
		}
	}
	return c
}

func (p *proxy) enter(c call) (leave func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, c)
	if p.busy[c.Service] == nil {
		p.busy[c.Service] = map[string]int{}
	}
	regions := p.busy[c.Service]
	regions[c.Region]++
	p.most[c.Service] = max(p.most[c.Service], len(regions))
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if regions[c.Region]--; regions[c.Region] == 0 {
			delete(regions, c.Region)
		}
	}
}

// busiest is how many regions of the service were in a call at once.
func (p *proxy) busiest(service string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.most[service]
}

func (p *proxy) rules() func(context.Context, call) fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rule
}

func (p *proxy) onAnswer() func(call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.after
}

// intercept has both ends of every call from now on: before decides it, which may
// block, and after is told when AWS has carried it out.
func (p *proxy) intercept(before func(context.Context, call) fault, after func(call)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule, p.after = before, after
}

// heal lets every call through from now on, and forgets the calls so far.
func (p *proxy) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = func(context.Context, call) fault { return fault{} }
	p.calls = nil
}

// seen are the calls so far, or since heal.
func (p *proxy) seen() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]call(nil), p.calls...)
}

// answer writes the error as the service's protocol has it.
func (f fault) answer(w http.ResponseWriter, r *http.Request, service string) {
	const id = "00000000-0000-4000-8000-000000000000"
	text := "injected for " + service
	switch {
	case service == "ec2":
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>%s</RequestID></Response>`, f.code, text, id)
	case service == "s3":
		w.Header().Set("X-Amz-Request-Id", id)
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>`, f.code, text, id)
	case r.Header.Get("X-Amz-Target") != "" || service == "lambda":
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Header().Set("X-Amzn-Errortype", f.code)
		w.Header().Set("X-Amzn-Requestid", id)
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `{"__type":%q,"message":%q}`, f.code, text)
	default:
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(f.status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>`, f.code, text, id)
	}
}
