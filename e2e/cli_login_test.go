package e2e

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// laptop is a person's machine with the command line, and nothing else that it knows.
type laptop struct {
	t    *testing.T
	home string
	env  []string
}

func newLaptop(t *testing.T, env ...string) *laptop {
	t.Helper()
	home := t.TempDir()
	return &laptop{t, home, append([]string{"HOME=" + home, "TRACKER_KEYRING=off", "AWS_EC2_METADATA_DISABLED=true"}, env...)}
}

// profiles writes the person's AWS configuration.
func (l *laptop) profiles(text string) {
	l.t.Helper()
	l.write(".aws/config", text)
}

func (l *laptop) write(name, text string) {
	l.t.Helper()
	path := filepath.Join(l.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		l.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
}

// told is how a command ended.
type told struct {
	code     int
	out, err string
}

// tracker runs a command with some standard input.
func (l *laptop) tracker(in string, args ...string) told {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "tracker"), args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, l.env...)
	cmd.Dir, cmd.Stdin = l.home, strings.NewReader(in)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	failed := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](failed); failed != nil && !ok || ctx.Err() != nil {
		l.t.Fatalf("tracker %v: %v %v", args, failed, exit)
	}
	return told{cmd.ProcessState.ExitCode(), out.String(), err.String()}
}

// want checks how a command ended, and that it says something.
func (l *laptop) want(s told, code int, texts ...string) {
	l.t.Helper()
	for _, text := range texts {
		if !strings.Contains(s.out+s.err, text) {
			l.t.Errorf("does not say %q", text)
		}
	}
	if s.code != code || l.t.Failed() {
		l.t.Fatalf("exit code %d, want %d\n%s\n%s", s.code, code, s.out, s.err)
	}
}

// files is all that is in the files of the machine but the AWS configuration.
func (l *laptop) files() string {
	l.t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(l.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.Contains(path, "/.aws/") {
			return err
		}
		b, err := os.ReadFile(path)
		all.Write(b)
		return err
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return all.String()
}

// awsFiles are profiles of each kind. {secret} is that of the one with keys.
const awsFiles = `[profile prod]
aws_access_key_id = AKIAE2EPROFILE000000
aws_secret_access_key = {secret}
region = eu-west-1
[profile audit]
role_arn = arn:aws:iam::123456789012:role/audit
source_profile = prod
region = eu-west-1
[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = reader
[sso-session corp]
sso_start_url = https://corp.example.com/start
sso_region = eu-west-1
`

// corpSession is an SSO session that has ended, as the aws command keeps it.
func (l *laptop) corpSession() {
	sum := sha1.Sum([]byte("corp"))
	l.write(".aws/sso/cache/"+hex.EncodeToString(sum[:])+".json", `{"accessToken":"T","expiresAt":"2026-01-01T00:00:00Z"}`)
}

// emptyMoto is an account of its own, with the networks that every account has.
func emptyMoto(t *testing.T) (url string) {
	t.Helper()
	m, err := startMoto()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.stop)
	return m.url
}

// TestCLI_WithoutAServer is a first-time user: a profile, and no server. What a command
// finds, the next one reads.
func TestCLI_WithoutAServer(t *testing.T) {
	t.Parallel()
	p := newProxy(t, emptyMoto(t), func(context.Context, call) fault { return fault{} })
	l := newLaptop(t, "AWS_ENDPOINT_URL="+p.url, "AWS_ENDPOINT_URL_STS="+p.url)
	l.profiles(strings.ReplaceAll(awsFiles, "{secret}", marker))
	l.corpSession()
	scan := []string{"scan", "--regions", seedRegions[1], "--types", "VPC,Subnet"}

	s := l.tracker("", append(scan, "--profile", "prod")...)
	l.want(s, 0, "has seen everything", "no server is named: this runs on your machine")
	rows := l.tracker("", "resources", "-o", "ndjson")
	l.want(rows, 0, "everything was seen")
	if n := strings.Count(rows.out, `"resource_type":"Subnet"`); n == 0 || strings.Contains(rows.err, "no server is named") {
		t.Errorf("%d subnets\n%s", n, rows.err)
	}
	used := func(key string) bool {
		for _, c := range p.seen() {
			if c.Key == key {
				return true
			}
		}
		return false
	}
	if !used("AKIAE2EPROFILE000000") {
		t.Error("no call was signed with the keys of the profile")
	}

	// A role of a profile is assumed on this machine.
	l.want(l.tracker("", append(scan, "--profile", "audit")...), 0, "has seen everything")
	assumed := false
	for _, c := range p.seen() {
		assumed = assumed || strings.Contains(c.Body, "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Faudit") && c.Key == "AKIAE2EPROFILE000000"
	}
	if !assumed {
		t.Error("the role was not assumed")
	}

	// What goes wrong is a sentence.
	l.want(l.tracker("", append(scan, "--profile", "corp")...), 4, "the SSO session of the profile corp has ended: run `aws sso login --profile corp`")
	l.want(l.tracker("", append(scan, "--profile", "prd")...), 2, "there is no profile prd")
	l.want(l.tracker("", scan...), 4, "there are no keys to AWS on this machine: name a profile with --profile")
	l.want(l.tracker("", "schedules", "list"), 2, "this takes a server that goes on")
	for _, later := range [][]string{
		{"scan", "--wait=false"}, {"plan", "stop", "i-1", "--after", "1h"}, {"apply", "p", "--after", "1h"}, {"plan", "resume", "p", "--wait=false"},
	} {
		l.want(l.tracker("", later...), 2, "the server runs in this command and ends with it")
	}

	// The secret is nowhere but where the person has it.
	kept := l.files()
	for how, needle := range encodings(marker) {
		if strings.Contains(kept, needle) || strings.Contains(s.out+s.err+rows.out+rows.err, needle) {
			t.Errorf("the secret is on the machine, %s", how)
		}
	}
	if !strings.Contains(kept, "asynq") {
		t.Error("the files hold no queue: they are not what they should be")
	}
}

// TestCLI_TwoWithoutAServer runs a command while another one is at work: it joins it, and
// the other waits for it.
func TestCLI_TwoWithoutAServer(t *testing.T) {
	t.Parallel()
	var held atomic.Bool
	release := make(chan struct{})
	p := newProxy(t, emptyMoto(t), func(ctx context.Context, c call) fault {
		if c.Action == "DescribeSubnets" {
			held.Store(true)
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return fault{}
	})
	l := newLaptop(t, "AWS_ENDPOINT_URL="+p.url)
	l.profiles(strings.ReplaceAll(awsFiles, "{secret}", "x"))
	first := start(t, append(l.env, "TERM=dumb"), l.home, filepath.Join(bin, "tracker"), "scan", "--profile", "prod", "--regions", seedRegions[1], "--types", "Subnet")
	eventually(t, time.Minute, "the scan is held", held.Load)
	jobs := l.tracker("", "jobs", "-o", "json")
	l.want(jobs, 0, `"running"`)

	// Whoever joins holds the first one until it ends.
	second := start(t, l.env, l.home, filepath.Join(bin, "tracker"), "scan", "--profile", "prod", "--regions", seedRegions[1], "--types", "Subnet,VPC")
	eventually(t, time.Minute, "the second has started", func() bool { return strings.Contains(second.output(), "has started") })
	close(release)
	for _, c := range []*process{first, second} {
		select {
		case <-c.done:
		case <-time.After(time.Minute):
			t.Fatalf("has not ended: %s", c.output())
		}
		if c.cmd.ProcessState.ExitCode() != 0 || !strings.Contains(c.output(), "has seen everything") {
			t.Errorf("exit code %d: %s", c.cmd.ProcessState.ExitCode(), c.output())
		}
	}
	l.want(l.tracker("", "jobs", "-o", "json"), 0, `"succeeded"`)
}

// recorded is a server between the command line and the service that keeps all that is sent.
type recorded struct {
	*httptest.Server
	mu   sync.Mutex
	text strings.Builder
}

func record(t *testing.T, target string) *recorded {
	t.Helper()
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	r, forward := &recorded{}, httputil.NewSingleHostReverseProxy(to)
	forward.FlushInterval = -1
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		fmt.Fprintf(&r.text, "%s %s %v %s\n", req.Method, req.URL, req.Header, body)
		r.mu.Unlock()
		forward.ServeHTTP(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

// TestCLI_SealsKeys sends keys of a profile to a server: neither the API nor what lies
// before it has them in clear, and the scan is made with them.
func TestCLI_SealsKeys(t *testing.T) {
	t.Parallel()
	p := newProxy(t, emptyMoto(t), func(context.Context, call) fault { return fault{} })
	s := newStack(t, p.url, "LOG_LEVEL=debug")
	between := record(t, s.url)
	l := newLaptop(t, "TRACKER_URL="+between.URL, "TRACKER_API_KEY="+apiKey)
	l.profiles(strings.ReplaceAll(awsFiles, "{secret}", marker))
	done := l.tracker("", "scan", "--profile", "prod", "--regions", seedRegions[1], "--types", "VPC", "-o", "json")
	l.want(done, 0, `"succeeded"`)
	used := false
	for _, c := range p.seen() {
		used = used || c.Key == "AKIAE2EPROFILE000000"
	}
	between.mu.Lock()
	sent := between.text.String()
	between.mu.Unlock()
	if !used || !strings.Contains(sent, `"sealed_credentials":"`) {
		t.Fatalf("used: %t, sent: %s", used, sent)
	}
	for how, needle := range encodings(marker) {
		if strings.Contains(sent, needle) {
			t.Errorf("the secret was sent, %s", how)
		}
	}
	absent(t, "after a scan with sealed keys", s, s.client(apiKey))
}

var devicePage = regexp.MustCompile(`Open (\S+) in a browser, and check that it shows the code (\S+)`)

// device signs a user in on the page that a program has named, or refuses.
func (b *browser) device(page, code, user, action string) {
	b.t.Helper()
	if f := b.do("GET", page, ""); f.code != 200 || !strings.HasPrefix(page, b.issuer) {
		b.t.Fatalf("no page at %s: %d %s", page, f.code, f.body)
	}
	form := url.Values{"user_code": {code}, "username": {user}, "password": {"verysecure"}}
	if f := b.do("POST", b.issuer+"/device/login", form.Encode(), "Content-Type", "application/x-www-form-urlencoded"); f.code != 200 || !strings.Contains(f.body, code[:4]) && !strings.Contains(f.body, user) {
		b.t.Fatalf("no confirmation: %d %s", f.code, f.body)
	}
	if f := b.do("GET", b.issuer+"/device/confirm?action="+action, ""); f.code != 200 {
		b.t.Fatalf("not confirmed: %d %s", f.code, f.body)
	}
}

// TestCLI_LogsIn logs in to servers by a key and by the issuer, and out again.
func TestCLI_LogsIn(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	p.startIssuer()
	l := newLaptop(t)

	// By a key.
	l.want(l.tracker("", "login"), 2, "which server?")
	l.want(l.tracker("no-such-key-0123456789\n", "login", p.url), 4, "does not know this key")
	l.want(l.tracker(adminKey+"\n", "login", p.url+"/"), 0, "Logged in as key:", "of the tenant default", "which only you can read")
	l.want(l.tracker("", "jobs"), 0)
	l.want(l.tracker("", "keys", "list"), 0)
	path := filepath.Join(l.home, ".config", "aws-resource-tracker", "logins.json")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	l.want(l.tracker("", "logout"), 0, "Logged out")
	l.want(l.tracker("", "logins"), 0, "there are no log-ins")

	// By the issuer, on another screen.
	sign := func(user, action string, args ...string) *process {
		in := start(t, l.env, l.home, filepath.Join(bin, "tracker"), append([]string{"login", p.url}, args...)...)
		var page []string
		eventually(t, 20*time.Second, "the page is named", func() bool {
			page = devicePage.FindStringSubmatch(in.output())
			return page != nil
		})
		p.browser().device(page[1], page[2], user, action)
		select {
		case <-in.done:
		case <-time.After(time.Minute):
			t.Fatal("the log-in does not end")
		}
		return in
	}
	if in := sign("bob", "denied"); in.cmd.ProcessState.ExitCode() != 4 || !strings.Contains(in.output(), "was refused on the issuer's page") {
		t.Errorf("%d %s", in.cmd.ProcessState.ExitCode(), in.output())
	}
	if in := sign("eve", "allowed"); in.cmd.ProcessState.ExitCode() != 4 || !strings.Contains(in.output(), "you belong to no group that has a role here") {
		t.Errorf("%d %s", in.cmd.ProcessState.ExitCode(), in.output())
	}
	if in := sign("bob", "allowed"); in.cmd.ProcessState.ExitCode() != 0 || !strings.Contains(in.output(), "Logged in as bob") {
		t.Fatalf("%d %s", in.cmd.ProcessState.ExitCode(), in.output())
	}
	l.want(l.tracker("", "scan", "--regions", "eu-west-1", "--types", "EC2_Instance"), 0, "has seen everything")
	l.want(l.tracker("", "logins", "-o", "json"), 0, `"session"`, `"bob"`)

	// A session that an admin has ended, and one whose time is over.
	admin := p.browser()
	for _, s := range admin.json("GET", "/api/v1/sessions", "", "X-API-Key", adminKey)["sessions"].([]any) {
		admin.do("DELETE", "/api/v1/sessions/"+s.(map[string]any)["session_id"].(string), "", "X-API-Key", adminKey)
	}
	l.want(l.tracker("", "jobs"), 4, "has ended, after a while without use or by an admin: `tracker login "+p.url+"` begins a new one")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var kept struct {
		Logins []map[string]any `json:"logins"`
	}
	if err := json.Unmarshal(text, &kept); err != nil {
		t.Fatal(err)
	}
	kept.Logins[0]["expires_at"] = "2026-01-02T03:04:05Z"
	if text, err = json.Marshal(kept); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	l.want(l.tracker("", "jobs"), 4, "ended at 2026-01-02", "`tracker login "+p.url+"` begins a new one")
	l.want(l.tracker("", "jobs", "--url", p.url, "--key", adminKey), 0)
	l.want(l.tracker("", "logout"), 0, "Logged out")

	// Two servers; and a session that is ended by logging out.
	l.want(l.tracker(adminKey, "login", strings.Replace(p.url, "127.0.0.1", "localhost", 1)), 0)
	if in := sign("bob", "allowed"); in.cmd.ProcessState.ExitCode() != 0 {
		t.Fatal(in.output())
	}
	l.want(l.tracker("", "keys", "list"), 4)
	l.want(l.tracker("", "logins", "--use", strings.Replace(p.url, "127.0.0.1", "localhost", 1)), 0)
	l.want(l.tracker("", "keys", "list"), 0)
	l.want(l.tracker("", "logout", "--all"), 0, "Logged out")
	if left := admin.json("GET", "/api/v1/sessions", "", "X-API-Key", adminKey)["sessions"].([]any); len(left) > 0 {
		t.Errorf("still signed in: %v", left)
	}
}
