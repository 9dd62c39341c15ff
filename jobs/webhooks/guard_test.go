package webhooks

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestGuard_ReachesPublicAddressesOnly(t *testing.T) {
	for _, tc := range []struct{ name, at string }{
		{"loopback", "127.0.0.1:443"},
		{"loopback, far", "127.255.255.254:443"},
		{"loopback, IPv6", "[::1]:443"},
		{"unspecified", "0.0.0.0:443"},
		{"unspecified, IPv6", "[::]:443"},
		{"this network", "0.1.2.3:443"},
		{"private A", "10.1.2.3:443"},
		{"private B", "172.16.0.1:443"},
		{"private B, last", "172.31.255.255:443"},
		{"private C", "192.168.1.1:443"},
		{"unique local", "[fc00::1]:443"},
		{"unique local, half", "[fd12:3456::1]:443"},
		{"site local", "[fec0::1]:443"},
		{"link-local", "169.254.1.1:443"},
		{"link-local, IPv6", "[fe80::1]:443"},
		{"zone", "[fe80::1%eth0]:443"},
		{"public with a zone", "[2606:4700::1%1]:443"},
		{"metadata", "169.254.169.254:443"},
		{"metadata, IPv6", "[fd00:ec2::254]:443"},
		{"metadata of Azure", "168.63.129.16:443"},
		{"metadata of Alibaba", "100.100.100.200:443"},
		{"carrier-grade NAT", "100.64.0.1:443"},
		{"multicast", "224.0.0.1:443"},
		{"multicast, IPv6", "[ff02::1]:443"},
		{"broadcast", "255.255.255.255:443"},
		{"future", "240.0.0.1:443"},
		{"mapped loopback", "[::ffff:127.0.0.1]:443"},
		{"mapped metadata", "[::ffff:a9fe:a9fe]:443"},
		{"compatible", "[::127.0.0.1]:443"},
		{"translated", "[::ffff:0:127.0.0.1]:443"},
		{"NAT64 to loopback", "[64:ff9b::7f00:1]:443"},
		{"NAT64 to metadata", "[64:ff9b::a9fe:a9fe]:443"},
		{"NAT64, local", "[64:ff9b:1::a00:1]:443"},
		{"6to4 to private", "[2002:a00:1::]:443"},
		{"Teredo", "[2001::1]:443"},
		{"documentation", "[2001:db8::1]:443"},
		{"documentation, v4", "203.0.113.7:443"},
		{"benchmarks", "198.18.0.1:443"},
		{"discard", "[100::1]:443"},
		{"IETF", "192.0.0.8:443"},
		{"a public one's mail", "93.184.215.14:25"},
		{"a public one's Redis", "93.184.215.14:6379"},
		{"a public one's port 80", "93.184.215.14:80"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := (Guard{}).connect(netip.MustParseAddrPort(tc.at), false); err == nil {
				t.Errorf("%s is reached", tc.at)
			}
		})
	}
	for _, at := range []string{"93.184.215.14:443", "93.184.215.14:8443", "[2606:4700::6810:84e5]:443", "[64:ff9b::5db8:d70e]:443", "172.32.0.1:443", "100.128.0.1:443"} {
		if err := (Guard{}).connect(netip.MustParseAddrPort(at), false); err != nil {
			t.Errorf("%s: %v", at, err)
		}
		if err := (Guard{}).connect(netip.MustParseAddrPort(at), true); !errors.Is(err, errPlain) {
			t.Errorf("%s without TLS: %v", at, err)
		}
	}
}

func TestGuard_AllowsWhatASettingNames(t *testing.T) {
	g := Guard{Allow: prefixes("10.0.0.0/8", "::1/128")}
	for _, at := range []string{"10.9.8.7:9000", "[::ffff:10.9.8.7]:80", "[::1]:8080", "[64:ff9b::a09:807]:443"} {
		if err := g.connect(netip.MustParseAddrPort(at), true); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
	everything := Guard{Allow: prefixes("0.0.0.0/0", "::/0")}
	for _, at := range []string{"169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[64:ff9b::a9fe:a9fe]:80", "[fd00:ec2::254]:80", "168.63.129.16:80"} {
		if err := everything.connect(netip.MustParseAddrPort(at), false); err == nil {
			t.Errorf("%s is reached, whatever is allowed", at)
		}
	}
	if err := g.connect(netip.MustParseAddrPort("11.0.0.1:443"), true); err == nil {
		t.Error("a public address is reached without TLS since another network is allowed")
	}
}

// TestRebinding has a name resolve to a public address while it is looked at, and to this
// machine when it is connected to: what counts is what is connected to.
func TestRebinding(t *testing.T) {
	var reached atomic.Int32
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer srv.Close()
	u, err := Guard{}.checkURL("https://rebinding.example/hook")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s := newSender(Guard{}, nil)
	dialer := Guard{}.dialer(false)
	s.tls.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port)) // as the resolver answers now
	}
	if a := s.post(t.Context(), u, http.Header{}, []byte("{}")); a.ok() || a.Error != errPrivate.Error() {
		t.Errorf("answered %+v", a)
	}
	if reached.Load() > 0 {
		t.Error("this machine was reached")
	}
}

func TestSender(t *testing.T) {
	local := Guard{Allow: prefixes("127.0.0.0/8")}
	var target atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/target", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/target", func(http.ResponseWriter, *http.Request) { target.Add(1) })
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
		for range 1000 {
			_, _ = w.Write([]byte("go\x1b[2Jaway\n"))
		}
	})
	mux.HandleFunc("/headers", func(w http.ResponseWriter, _ *http.Request) {
		for i := range 100 {
			w.Header().Add("X-Long", stringOf(1000, byte('a'+i%26)))
		}
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	at := func(path string) *url.URL {
		u, err := local.checkURL(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:1") // is not asked
	s := newSender(local, nil)
	if a := s.post(t.Context(), at("/redirect"), http.Header{}, nil); a.Status != 307 || a.ok() || target.Load() > 0 {
		t.Errorf("a redirect: %+v, followed %d times", a, target.Load())
	}
	a := s.post(t.Context(), at("/busy"), http.Header{}, nil)
	if a.Status != 503 || len(a.Text) > maxAnswer || a.RetryAfter.Seconds() != 120 || a.Text[:2] != "go" || a.Text[2] != ' ' {
		t.Errorf("busy: %+v", a)
	}
	if a := s.post(t.Context(), at("/headers"), http.Header{}, nil); a.ok() {
		t.Errorf("headers without an end: %+v", a)
	}
	if a := s.post(t.Context(), at("/target"), http.Header{}, nil); !a.ok() {
		t.Errorf("the target: %+v", a)
	}
	secure := httptest.NewTLSServer(mux)
	defer secure.Close()
	u, err := local.checkURL(secure.URL + "/target")
	if err != nil {
		t.Fatal(err)
	}
	if a := s.post(t.Context(), u, http.Header{}, nil); a.ok() || a.Error != "the certificate is not one that this server trusts for the host" {
		t.Errorf("a stranger's certificate: %+v", a)
	}
	gone, err := local.checkURL("http://127.0.0.1:1/")
	if err != nil {
		t.Fatal(err)
	}
	if a := s.post(t.Context(), gone, http.Header{}, nil); a.Error != "the connection was refused" {
		t.Errorf("nobody: %+v", a)
	}
}

func stringOf(n int, c byte) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = c
	}
	return string(b)
}

func TestURLs(t *testing.T) {
	for _, tc := range []struct{ name, url string }{
		{"http", "http://example.com/"},
		{"ftp", "ftp://example.com/"},
		{"no scheme", "example.com/hook"},
		{"no host", "https:///hook"},
		{"opaque", "https:example.com"},
		{"user", "https://user@example.com/"},
		{"password", "https://a:b@example.com/"},
		{"fragment", "https://example.com/#x"},
		{"empty fragment", "https://example.com/#"},
		{"port", "https://example.com:6379/"},
		{"port 0", "https://example.com:0/"},
		{"port too large", "https://example.com:65536/"},
		{"empty port", "https://example.com:/"},
		{"localhost", "https://localhost/"},
		{"below localhost", "https://a.localhost/"},
		{"loopback", "https://127.0.0.1/"},
		{"mapped", "https://[::ffff:127.0.0.1]/"},
		{"decimal", "https://2130706433/"},
		{"hexadecimal", "https://0x7f000001/"},
		{"short", "https://127.1/"},
		{"octal", "https://0177.0.0.1/"},
		{"hexadecimal part", "https://a.0x7f/"},
		{"trailing dot", "https://example.com./"},
		{"space", "https://exa mple.com/"},
		{"tab", "https://example.com/\t"},
		{"line feed", "https://example.com/\n"},
		{"backslash", `https://example.com\@127.0.0.1/`},
		{"unicode", "https://ex\u00e4mple.com/"},
		{"full stop of Japan", "https://127\u30020.0.1/"},
		{"percent in the host", "https://127%2e0.0.1/"},
		{"zone", "https://[fe80::1%25eth0]/"},
		{"long", "https://example.com/" + stringOf(2048, 'a')},
		{"empty", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if u, err := (Guard{}).checkURL(tc.url); tracker.CodeOf(err) != tracker.CodeInvalid {
				t.Errorf("%q is taken as %v, %v", tc.url, u, err)
			}
		})
	}
	for given, want := range map[string][2]string{
		"https://hooks.slack.com/services/T0/B0/token": {"https://hooks.slack.com/services/T0/B0/token", "https://hooks.slack.com/services/…"},
		"https://Example.COM:8443/token":               {"https://example.com:8443/token", "https://example.com:8443/…"},
		"https://example.com:443/a/?key=token":         {"https://example.com/a/?key=token", "https://example.com/…"},
		"https://example.com?key=token":                {"https://example.com?key=token", "https://example.com/…"},
		"https://93.184.215.14/":                       {"https://93.184.215.14/", "https://93.184.215.14/"},
		"https://[2606:4700::6810:84e5]:8443/a/b":      {"https://[2606:4700::6810:84e5]:8443/a/b", "https://[2606:4700::6810:84e5]:8443/a/…"},
	} {
		u, err := Guard{}.checkURL(given)
		if err != nil || u.String() != want[0] || masked(u) != want[1] {
			t.Errorf("%s: %v, %v; shown %s", given, u, err, masked(u))
		}
	}
}

// FuzzURL: what is taken is https to a host that is no private address, at a known port,
// and is the same when it is read again; what is shown of it ends before its second part.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/a/b", "https://127.0.0.1/", "https://[::1]:443/", "https://a:b@example.com/", "https://example.com:8443?x=y", "https://0x7f.1/",
		"https://[::ffff:10.0.0.1]/", "https://example.com\\@evil.example/", "https://xn--e1afmkfd.example/", "https://EXAMPLE.com:443/%2e%2e/", "https://[2606:4700::1]/a", "https:////example.com",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := Guard{}.checkURL(text)
		if err != nil {
			return
		}
		again, err := Guard{}.checkURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Fatalf("%q is %q, which is then %v, %v", text, u, again, err)
		}
		if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" && u.Port() != "8443" {
			t.Fatalf("%q is taken as %q", text, u)
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && (Guard{}).address(a) != nil {
			t.Fatalf("%q leads to %v", text, a)
		}
		if shown := masked(u); len(shown) > len(u.Scheme+"://"+u.Host)+len(u.EscapedPath())+len("/…") {
			t.Fatalf("%q shows %q", text, shown)
		}
	})
}
