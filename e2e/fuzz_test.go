package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"mime"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

const (
	fuzzRequests = 10_000
	fuzzSeed     = 12
)

// TestEveryOperationHoldsOut sends ten thousand requests that are made from the OpenAPI
// document and then broken: each is answered by a status that the document has and a body
// that meets its schema, none by 5xx, and the memory that they took is given back.
func TestEveryOperationHoldsOut(t *testing.T) {
	s := newStack(t, "http://127.0.0.1:9", "DATABASE_URL="+historytest.Database(t), "SCAN_TIMEOUT_SECONDS=10")
	c := s.client(apiKey)
	job := c.submit(valid())
	f := newFuzzer(t, s, job.ID)
	warm := fuzzRequests / 10
	for i := range warm {
		f.send(i)
	}
	before := f.settled(0)
	for i := warm; i < fuzzRequests; i++ {
		f.send(i)
	}
	after := f.settled(before * 6 / 5)
	t.Logf("seed %d: %d requests, by status %v, by kind %v", fuzzSeed, fuzzRequests, f.statuses, f.kinds)
	t.Logf("memory of the API: %d MB after the first tenth, %d MB after the last", before>>20, after>>20)
	if after > before*6/5 {
		t.Errorf("the API holds %d MB after the requests, and %d before", after>>20, before>>20)
	}
	if a := c.do(http.MethodGet, "/ready", nil); a.status != http.StatusOK {
		t.Errorf("the API is not ready after all: %d %s", a.status, a.body)
	}
	if _, panicked, ok := strings.Cut(s.api.output(), "panic"); ok {
		t.Error("the API panicked:", panicked)
	}
}

// fuzzer makes requests, breaks them, and checks what is answered.
type fuzzer struct {
	t        *testing.T
	url      string
	pid      int
	spec     specification
	routes   []route
	schemas  map[string]*jsonschema.Schema // by pointer
	compiler *jsonschema.Compiler
	sampler
	statuses map[int]int
	kinds    map[string]int
	client   *http.Client
}

func newFuzzer(t *testing.T, s *stack, job string) *fuzzer {
	t.Helper()
	object := s.specification(s.client(operatorKey))
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("openapi.json", map[string]any(object)); err != nil {
		t.Fatal(err)
	}
	f := &fuzzer{
		t: t, url: s.url, pid: s.api.cmd.Process.Pid, spec: object, compiler: compiler, schemas: map[string]*jsonschema.Schema{},
		statuses: map[int]int{}, kinds: map[string]int{},
		client: &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	f.routes = f.spec.routes()
	f.sampler = sampler{f.spec, rand.New(rand.NewPCG(fuzzSeed, 1)), map[string][]any{
		"wait": {0.0}, "id": {job, "0199aaaa-0000-7000-8000-000000000000", "{id}", "..", "a%00b"}, "job_id": {job},
		"sealed_credentials": {"", base64.StdEncoding.EncodeToString([]byte("age-encryption.org/v1\n"))},
		"access_key_id":      {"AKIAEXAMPLE"}, "secret_access_key": {"example"}, "digest": {"sha256:0"},
		"resource_type": {"EC2_Instance"}, "types": {[]any{"EC2_Instance"}}, "regions": {[]any{"eu-west-1"}}, "tenant": {"acme"},
	}}
	return f
}

// breaks are the ways to break a request.
var breaks = []struct {
	kind string
	of   func(f *fuzzer, body any, text []byte) []byte
}{
	{"as it is", func(_ *fuzzer, _ any, text []byte) []byte { return text }},
	{"missing", func(f *fuzzer, body any, _ []byte) []byte {
		return f.changed(body, func(m map[string]any, k string) { delete(m, k) })
	}},
	{"wrong type", func(f *fuzzer, body any, _ []byte) []byte {
		other := []any{1.5, -1e300, "text", true, []any{[]any{}}, map[string]any{"a": 1}}
		return f.changed(body, func(m map[string]any, k string) { m[k] = other[f.rng.IntN(len(other))] })
	}},
	{"null", func(f *fuzzer, body any, _ []byte) []byte {
		return f.changed(body, func(m map[string]any, k string) { m[k] = nil })
	}},
	{"huge", func(f *fuzzer, body any, _ []byte) []byte {
		return f.changed(body, func(m map[string]any, k string) { m[k] = strings.Repeat("x", 1<<(10+f.rng.IntN(9))) })
	}},
	{"huge list", func(f *fuzzer, body any, _ []byte) []byte {
		return f.changed(body, func(m map[string]any, k string) { m[k] = slices.Repeat([]any{m[k]}, 1<<f.rng.IntN(14)) })
	}},
	{"unicode", func(f *fuzzer, body any, _ []byte) []byte {
		odd := []string{"\u0000", "\u202e", "𝕏", "\ufeff", "é", "\u2028", "’"}
		return f.changed(body, func(m map[string]any, k string) { m[k] = odd[f.rng.IntN(len(odd))] })
	}},
	{"not UTF-8", func(_ *fuzzer, _ any, text []byte) []byte {
		return bytes.ReplaceAll(text, []byte("a"), []byte("\xff\xfe"))
	}},
	{"unknown", func(f *fuzzer, body any, _ []byte) []byte {
		return f.changed(body, func(m map[string]any, k string) { m[k+"_"] = m[k] })
	}},
	{"twice", func(_ *fuzzer, _ any, text []byte) []byte {
		inner := bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("{")), []byte("}"))
		return fmt.Appendf(nil, "{%s,%s}", inner, inner)
	}},
	{"nested", func(f *fuzzer, _ any, _ []byte) []byte {
		depth := 1 << f.rng.IntN(17)
		return []byte(strings.Repeat(`{"filter":[`, depth/2) + strings.Repeat(`]}`, f.rng.IntN(depth/2+1)))
	}},
	{"truncated", func(f *fuzzer, _ any, text []byte) []byte { return text[:f.rng.IntN(len(text)+1)] }},
	{"no object", func(f *fuzzer, _ any, _ []byte) []byte {
		return []byte([]string{"null", "[]", `"text"`, "0", "", " ", "{}{}", "//", "NaN"}[f.rng.IntN(9)])
	}},
	{"broken chunks", nil},
}

// changed changes one member of an object, anywhere in the body.
func (f *fuzzer) changed(body any, change func(m map[string]any, k string)) []byte {
	var objects []map[string]any
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if len(v) > 0 {
				objects = append(objects, v)
			}
			for _, k := range slices.Sorted(maps.Keys(v)) {
				walk(v[k])
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(body)
	if len(objects) > 0 {
		m := objects[f.rng.IntN(len(objects))]
		names := slices.Sorted(maps.Keys(m))
		change(m, names[f.rng.IntN(len(names))])
	}
	text, err := json.Marshal(body)
	if err != nil {
		f.t.Fatal(err)
	}
	return text
}

// send makes the request number i, and checks its answer.
func (f *fuzzer) send(i int) {
	r := f.routes[i%len(f.routes)]
	query, header := url.Values{}, http.Header{"X-Api-Key": {operatorKey}, "Content-Type": {"application/json"}}
	path := f.fill(r, query, header)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	schema := f.spec.bodyOf(r)
	how := breaks[(i/len(f.routes))%len(breaks)]
	f.kinds[how.kind]++
	var text []byte
	if schema != nil {
		body := f.value("", schema, 0)
		plain, err := json.Marshal(body)
		if err != nil {
			f.t.Fatal(err)
		}
		if text = plain; how.of != nil {
			text = how.of(f, body, plain)
		}
	}
	if how.of == nil {
		f.sendChunks(r, path, header, text)
		return
	}
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, f.url+path, bytes.NewReader(text))
	if err != nil {
		f.t.Fatalf("%s %s: %v", r.method, path, err)
	}
	req.Header = header
	resp, err := f.client.Do(req)
	if err != nil {
		f.t.Errorf("%s, %s: %v", r.id(), how.kind, err)
		return
	}
	f.check(r, how.kind+": "+path+" "+cut(text), resp)
}

func cut(text []byte) string {
	if len(text) > 300 {
		text = text[:300]
	}
	return string(text)
}

var pathParameter = regexp.MustCompile(`\{[^}]*\}`)

// fill fills in the path, some of the query and some headers; one in four parameters is
// of another kind than it should be.
func (f *fuzzer) fill(r route, query url.Values, header http.Header) string {
	parameters, _ := r.operation["parameters"].([]any)
	path := pathParameter.ReplaceAllStringFunc(r.path, func(p string) string {
		v := f.value(strings.Trim(p, "{}"), map[string]any{"type": "string"}, 0)
		return url.PathEscape(fmt.Sprint(v))
	})
	for _, p := range parameters {
		p, _ := p.(map[string]any)
		name, _ := p["name"].(string)
		schema, _ := p["schema"].(map[string]any)
		if f.rng.IntN(3) > 0 {
			continue
		}
		text := fmt.Sprint(f.value(name, schema, 1))
		if name != "wait" && f.rng.IntN(4) == 0 {
			text = []string{"NaN", "-1", "9999999999999999999", strings.Repeat("z", 3000), "\u202e", "null", "[]"}[f.rng.IntN(7)]
		}
		switch p["in"] {
		case "query":
			query.Add(name, text)
		case "header":
			if name != "Prefer" && !strings.ContainsAny(text, "\u202e\n") {
				header.Set(name, text)
			}
		}
	}
	if f.rng.IntN(10) == 0 {
		query.Add("no_such", "1")
	}
	return path
}

// sendChunks sends a body whose chunks do not end as they should.
func (f *fuzzer) sendChunks(r route, path string, header http.Header, text []byte) {
	d := net.Dialer{Timeout: 10 * time.Second}
	conn, err := d.DialContext(f.t.Context(), "tcp", strings.TrimPrefix(f.url, "http://"))
	if err != nil {
		f.t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		f.t.Fatal(err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: tracker\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n", r.method, path)
	_ = header.Write(&b)
	fmt.Fprintf(&b, "\r\n%x\r\n%s\r\n%s\r\n", len(text), text, []string{"zz", "-5", "ffffffffffffffffff", "1"}[f.rng.IntN(4)])
	if _, err := conn.Write(b.Bytes()); err != nil {
		return // it was refused before its end
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.method})
	if err != nil {
		return // the connection was cut, as it may be
	}
	f.check(r, "broken chunks: "+path, resp)
}

// check holds an answer against the document.
func (f *fuzzer) check(r route, what string, resp *http.Response) {
	f.t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		f.t.Errorf("%s, %s: %v", r.id(), what, err)
		return
	}
	f.statuses[resp.StatusCode]++
	code := strconv.Itoa(resp.StatusCode)
	if resp.StatusCode >= http.StatusInternalServerError {
		f.t.Errorf("%s, %s: %s %s", r.id(), what, code, cut(body))
		return
	}
	media, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	described, _ := at(r.operation, "responses", code).(map[string]any)
	if described == nil {
		if resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusMovedPermanently || media == "text/plain" {
			return // the path was none, or no request at all
		}
		f.t.Errorf("%s, %s: answers %s, which the document lacks: %s", r.id(), what, code, cut(body))
		return
	}
	if media != "application/json" && media != "application/problem+json" {
		return
	}
	pointer := fmt.Sprintf("openapi.json#/paths/%s/%s/responses/%s/content/%s/schema",
		escaped(r.path), strings.ToLower(r.method), code, escaped(media))
	schema := f.schemas[pointer]
	if schema == nil {
		if schema, err = f.compiler.Compile(pointer); err != nil {
			f.t.Errorf("%s: %v", r.id(), err)
			return
		}
		f.schemas[pointer] = schema
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err == nil {
		err = schema.Validate(v)
	}
	if err != nil {
		f.t.Errorf("%s, %s: the answer %s %s does not meet its schema: %v", r.id(), what, code, cut(body), err)
	}
}

// escaped is a member's name in a JSON pointer in a URL.
func escaped(name string) string {
	return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name))
}

// settled is the resident memory of the API in bytes, once it is below what is wanted, or
// does not fall any more.
func (f *fuzzer) settled(wanted int) int {
	least := f.resident()
	for range 30 {
		timer := time.NewTimer(time.Second)
		<-timer.C
		least = min(least, f.resident())
		if least <= wanted {
			break
		}
		if wanted == 0 && f.resident() >= least {
			continue
		}
	}
	return least
}

func (f *fuzzer) resident() int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", f.pid))
	if err != nil {
		f.t.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(b))[1])
	if err != nil {
		f.t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
