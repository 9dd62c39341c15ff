package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/api"
)

// FuzzBodies sends any body to any operation that takes one: none is answered 5xx.
func FuzzBodies(f *testing.F) {
	for i, seed := range []string{
		`{}`, `{"access_key_id":"AKIAEXAMPLE","secret_access_key":"x","types":["EC2_Instance"]}`, `{"a":1,"a":2}`, `{"filter":{"and":[]}}`, `{"cron":"* * * * *","name":"n"}`,
		`{"actions":[{}]}`, `{"name":"n","grants":[{"role":"actor","tags":{"a":["b"]}}]}`, `{"digest":"d"}`, `[`, `{"\ud800":1}`,
	} {
		f.Add(uint8(i), []byte(seed))
	}
	doc, err := document()
	if err != nil {
		f.Fatal(err)
	}
	var taking []operation
	for _, o := range doc.operations {
		if o.RequestBody != nil {
			taking = append(taking, o)
		}
	}
	s := newServer(f)
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		o := taking[int(which)%len(taking)]
		r := httptest.NewRequest(o.method, strings.NewReplacer("{id}", "job-1", "{", "", "}", "").Replace(o.path), strings.NewReader(string(body)))
		r.Header.Set("X-API-Key", key)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code >= http.StatusInternalServerError {
			t.Errorf("%s of %q: %d %s", o.OperationID, body, w.Code, w.Body)
		}
	})
}

// FuzzCallers sends any key and any token: nobody is let in by them.
func FuzzCallers(f *testing.F) {
	for _, seed := range []string{
		"", "Bearer x", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIiwiZXhwIjo5OTk5OTk5OTk5fQ.", "bearer a.b.c", "Basic Og==", "trk_aaaaaaaaaaaa_AAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer " + strings.Repeat("a", 5000),
	} {
		f.Add(seed, seed)
	}
	s := newServer(f)
	f.Fuzz(func(t *testing.T, authorization, apiKey string) {
		if apiKey == key || apiKey == other || apiKey == approver {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/api/v1/jobs", http.NoBody)
		r.Header["Authorization"], r.Header["X-Api-Key"] = []string{authorization}, []string{apiKey}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != http.StatusUnauthorized {
			t.Errorf("%q, %q: %d %s", authorization, apiKey, w.Code, w.Body)
		}
	})
}

func newServer(f *testing.F) *api.Server {
	f.Helper()
	fake := &fake{}
	s, err := api.New(api.Options{
		Jobs: fake, Results: fake, Plans: fake, Audit: fake, Sealer: fake, Types: types, OperatorKeys: []string{key}, SecretKey: secret, Keys: keys{},
	})
	if err != nil {
		f.Fatal(err)
	}
	return s
}
