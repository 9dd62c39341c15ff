package webhooks

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
)

const (
	attemptTimeout = 10 * time.Second
	maxAnswer      = 256
	maxHeaders     = 16 << 10
	maxRetryAfter  = time.Hour
)

// sender sends requests to receivers.
type sender struct {
	tls, plain *http.Client
}

// newSender returns what sends within a guard. A proxy is never asked: it would resolve
// the host's name, and what it connects to could not be checked.
func newSender(g Guard, roots *x509.CertPool) sender {
	client := func(plain bool) *http.Client {
		return &http.Client{
			Timeout:       attemptTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport: &http.Transport{
				DialContext: g.dialer(plain).DialContext, TLSHandshakeTimeout: attemptTimeout, MaxResponseHeaderBytes: maxHeaders,
				TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
				DisableKeepAlives: true, DisableCompression: true, ForceAttemptHTTP2: true,
			},
		}
	}
	return sender{client(false), client(true)}
}

// answer is how a receiver answered.
type answer struct {
	Status     int // 0: it did not
	Error      string
	Text       string // how the body of a failure begins
	RetryAfter time.Duration
}

func (a answer) ok() bool { return a.Error == "" }

// post sends a body.
func (s sender) post(ctx context.Context, u *url.URL, h http.Header, body []byte) answer {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return answer{Error: "the URL cannot be sent to"}
	}
	req.Header = h
	client := s.tls
	if u.Scheme == "http" {
		client = s.plain
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{Error: explain(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 == 2 {
		return answer{Status: resp.StatusCode}
	}
	a := answer{Status: resp.StatusCode, Error: fmt.Sprintf("answered %d", resp.StatusCode)}
	if resp.StatusCode/100 == 3 {
		a.Error += ": redirects are not followed"
	}
	// What cannot be read of it is missing in the record, and nowhere else.
	text, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	a.Text = printable(text)
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable {
		if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
			a.RetryAfter = min(time.Duration(n)*time.Second, maxRetryAfter)
		}
	}
	return a
}

// printable is text without what could disturb whoever reads it.
func printable(b []byte) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(string(b), "")))
}

// explain says why nothing was answered, without the URL, which may hold a token, and
// without addresses, which are of the server's network.
func explain(err error) string {
	for _, own := range []error{errPrivate, errPlain, errPort} {
		if errors.Is(err, own) {
			return own.Error()
		}
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return "the host name does not resolve"
	}
	for _, bad := range []func(error) bool{is[*tls.CertificateVerificationError], is[x509.UnknownAuthorityError], is[x509.HostnameError]} {
		if bad(err) {
			return "the certificate is not one that this server trusts for the host"
		}
	}
	switch timeout, _ := errors.AsType[net.Error](err); {
	case timeout != nil && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer within " + attemptTimeout.String()
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before an answer"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the host cannot be reached"
	case is[tls.RecordHeaderError](err):
		return "the host does not speak TLS"
	}
	return "the request failed"
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
