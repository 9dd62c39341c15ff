// Package older answers the clients of the earlier Python service as that service did. It
// stands before the API: it makes of their requests those of the API, and of the API's
// answers what they expect. What the API checks, counts and refuses, it checks, counts and
// refuses for them too.
package older

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"
)

// Times are how long requests to scan wait. The zero value is that of a service.
type Times struct {
	// Look is how long one look at the scan waits, in whole seconds: until the first one is
	// over an answer has its own status, and after each further one a byte is sent. 0 is 20 s:
	// proxies end connections on which nothing comes for 30 to 60 seconds.
	Look time.Duration
	// Scan is how long the scan may take, so that it ends before its client gives up after
	// 600 seconds. 0 is 570 s.
	Scan time.Duration
	// Most is how long the server lets any scan take; 0 is more than Scan.
	Most time.Duration
	// Patience is how long the scan is waited for; 0 is 595 s.
	Patience time.Duration
}

// Handler returns next, the API, as clients of the earlier service know it. A request that
// has anything that they do not send is passed on as it is: a query, an Idempotency-Key, a
// preference, or a member of its body that the earlier service did not have.
func Handler(next http.Handler, t Times) http.Handler {
	if t.Look <= 0 {
		t.Look = 20 * time.Second
	}
	if t.Scan <= 0 {
		t.Scan = 570 * time.Second
	}
	if t.Patience <= 0 {
		t.Patience = 595 * time.Second
	}
	o := &older{next, t}
	routes := map[string]http.HandlerFunc{
		"POST /api/v1/scan": o.scan, "POST /scan-resources": o.scan,
		"POST /api/v1/resources/action": o.act, "POST /api/v1/resources/bulk-action": o.actInBulk,
		"POST /api/v1/resources/filter": o.plain, "POST /filter-resources": o.plain, "POST /validate-credentials": o.plain,
		"GET /api/v1/resources": o.resources,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handle := routes[r.Method+" "+r.URL.Path]; handle != nil {
			handle(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

type older struct {
	next  http.Handler
	times Times
}

// maxBody bounds the bodies that are looked into: as many actions as a plan has fit. The
// API takes larger ones as they are.
const maxBody = 64 << 10

// fields are the members of a body.
type fields map[string]json.RawMessage

// read reads the body of a request of an older client that has no other members than
// those of names. Of another client's request ok is false, and it is as it was. A body
// that is no object is an older client's fault, which the API names; its fields are nil.
func read(r *http.Request, names ...string) (body []byte, f fields, ok bool) {
	if isNewer(r) {
		return nil, nil, false
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	rest := io.Reader(bytes.NewReader(body))
	if err != nil || len(body) > maxBody {
		rest = io.MultiReader(rest, r.Body)
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{rest, r.Body}
	if err != nil || len(body) > maxBody {
		return nil, nil, false
	}
	if json.Unmarshal(body, &f) != nil || f == nil {
		return body, nil, true
	}
	return body, f, f.within(names)
}

// isNewer reports whether a request has what clients of the earlier service never send.
func isNewer(r *http.Request) bool {
	return r.URL.RawQuery != "" || r.Header.Get("Idempotency-Key") != "" || r.Header.Get("Prefer") != ""
}

// within reports whether there are no other members than those of names.
func (f fields) within(names []string) bool {
	for name := range f {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// given leaves out the members that are null: they counted as missing.
func (f fields) given() fields {
	for name, value := range f {
		if string(value) == "null" {
			delete(f, name)
		}
	}
	return f
}

// demandKeys has the API refuse a request without AWS keys. The earlier service had no
// identity of its own to lend, so its clients never ask for one: a token without keys is
// refused as half a pair is.
func (f fields) demandKeys(r *http.Request) {
	for name, header := range map[string]string{"access_key_id": "X-AWS-Access-Key", "secret_access_key": "X-AWS-Secret-Key"} {
		if value := string(f[name]); (value == "" || value == `""` || value == "null") && r.Header.Get(header) == "" {
			r.Header.Set("X-AWS-Session-Token", "missing")
		}
	}
}

// encode writes members as a body.
func (f fields) encode() []byte {
	b, err := json.Marshal(f)
	if err != nil {
		panic("members that were read cannot be written: " + err.Error())
	}
	return b
}

// text is a string as JSON.
func text(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		panic("a string cannot be written: " + err.Error())
	}
	return b
}

// plain passes on a request whose success is the same as it was.
func (o *older) plain(w http.ResponseWriter, r *http.Request) {
	if isNewer(r) {
		o.next.ServeHTTP(w, r)
		return
	}
	o.pass(w, r)
}

// pass answers what the API does, and refusals in the earlier service's words.
func (o *older) pass(w http.ResponseWriter, r *http.Request) {
	a := newAnswer(w, func(a *answer) bool { return !a.isProblem() })
	r.Header.Del("Accept-Encoding") // a refusal is read
	o.next.ServeHTTP(a, r)
	if !a.passed {
		a.refuse()
	}
}

// ask has the API answer a request in place of r.
func (o *older) ask(a *answer, r *http.Request, query string, body []byte, key string) {
	in := r.Clone(r.Context())
	in.URL.RawQuery = query
	in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	in.Header.Del("Accept-Encoding") // what is added to the answer is not compressed
	if key != "" {
		in.Header.Set("Idempotency-Key", key)
	}
	o.next.ServeHTTP(a, in)
}

// notice is what GET /api/v1/resources said, which kept nothing.
const notice = `"message":"Resources of your newest finished scan: POST /api/v1/scan starts one","docs":"/api/v1/docs"`

// resources answers the resources of the newest scan beside what was always answered.
func (o *older) resources(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for name := range query {
		if !slices.Contains([]string{"resource_type", "region", "state"}, name) {
			o.next.ServeHTTP(w, r)
			return
		}
		if query.Get(name) == "" {
			query.Del(name)
		}
	}
	a := newAnswer(w, func(a *answer) bool { return a.status == http.StatusOK })
	a.instead = "{" + notice + ","
	o.ask(a, r, query.Encode(), nil, "")
	switch {
	case a.passed:
	case a.status == http.StatusNotFound:
		a.write(http.StatusOK, []byte("{"+notice+"}\n"))
	default:
		a.refuse()
	}
}
