package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/consolesensei/resource-tracker/api"
)

const filterPath = "/api/v1/resources/filter"

// padded is a request to filter nothing, of so many bytes.
func padded(size int) string {
	const body = `{"resources":[]}`
	return body + strings.Repeat(" ", size-len(body))
}

// TestBodiesShareABudget: while a body takes the budget, another one waits and is then
// refused, and small ones pass.
func TestBodiesShareABudget(t *testing.T) {
	const size = 100 << 10
	d := open(t, &fake{}, func(o *api.Options) { o.BodyBudget, o.BodyWait = 2*size, 20*time.Millisecond })
	body, sender := io.Pipe()
	r := httptest.NewRequest(http.MethodPost, filterPath, body)
	r.ContentLength = size
	r.Header.Set("X-API-Key", key)
	held := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		held <- w.Code
	}()
	text := padded(size)
	if _, err := sender.Write([]byte(text[:1])); err != nil { // the body is being read
		t.Fatal(err)
	}
	if a := d.call(http.MethodPost, filterPath, padded(size)); a.code != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("beside another: %d %s", a.code, a.body)
	}
	if a := d.call(http.MethodPost, filterPath, padded(size), "X-API-Key", other); a.code != 200 {
		t.Errorf("of another tenant: %d %s", a.code, a.body)
	}
	untold := httptest.NewRequest(http.MethodPost, filterPath, io.MultiReader(strings.NewReader(padded(20))))
	untold.Header.Set("X-API-Key", key)
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, untold); untold.ContentLength != -1 || w.Code != 503 {
		t.Errorf("of a length that is not told, beside another: %d %s", w.Code, w.Body)
	}
	if a := d.call(http.MethodPost, filterPath, padded(60<<10)); a.code != 200 {
		t.Errorf("small, beside another: %d %s", a.code, a.body)
	}
	if _, err := sender.Write([]byte(text[1:])); err != nil {
		t.Fatal(err)
	}
	if err := sender.Close(); err != nil {
		t.Fatal(err)
	}
	if code := <-held; code != 200 {
		t.Errorf("the one that held it: %d", code)
	}
	if a := d.call(http.MethodPost, filterPath, padded(size)); a.code != 200 {
		t.Errorf("after it: %d %s", a.code, a.body)
	}
}

// TestLargestBodyHoldsEverywhere: no operation takes more than the setting says.
func TestLargestBodyHoldsEverywhere(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.MaxFilterBody = 2048 })
	for _, o := range operations(t) {
		if o.RequestBody == nil {
			continue
		}
		path := strings.NewReplacer("{", "", "}", "").Replace(o.path)
		if a := d.call(o.method, path, padded(3000)); a.code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %s", o.OperationID, a.code, a.body)
		}
		untold := httptest.NewRequest(o.method, path, io.MultiReader(strings.NewReader(padded(3000))))
		untold.Header.Set("X-API-Key", key)
		w := httptest.NewRecorder()
		if d.ServeHTTP(w, untold); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s, of a length that is not told: %d", o.OperationID, w.Code)
		}
	}
}

// TestListsOfJobsLackRequests: a job's request is as long as its sender made it.
func TestListsOfJobsLackRequests(t *testing.T) {
	d := open(t, finished("succeeded"))
	if a := d.call("GET", "/api/v1/jobs", ""); strings.Contains(a.body, `"request"`) || !strings.Contains(a.body, `"job-1"`) {
		t.Error(a.body)
	}
	if a := d.call("GET", "/api/v1/jobs/job-1", ""); !strings.Contains(a.body, `"request":{`) {
		t.Error(a.body)
	}
}

// TestFilteredResourcesComeBackAsSent: however they are written.
func TestFilteredResourcesComeBackAsSent(t *testing.T) {
	d := open(t, &fake{})
	a := d.call("POST", filterPath, `{"resources": [ {"resource_id":"a,]}\"\\","tags":{"x":"["}} ,
		{"resource_id" : "b"}]}`)
	want := `"resources":[{"resource_id":"a,]}\"\\","tags":{"x":"["}},` + "\n" + `{"resource_id" : "b"}],"total":2}`
	if a.code != 200 || !strings.Contains(a.body, want) {
		t.Errorf("%d %s, want %s", a.code, a.body, want)
	}
	for body, code := range map[string]int{`{"resources":[]}`: 200, `{"resources":null}`: 422, `{"resources":{}}`: 422, `{"resources":"x"}`: 422} {
		if a := d.call("POST", filterPath, body); a.code != code {
			t.Errorf("%s: %d %s", body, a.code, a.body)
		}
	}
}

func TestWrongValuesAreRefused(t *testing.T) {
	d := open(t, finished("succeeded"))
	for target, code := range map[string]int{
		"/api/v1/jobs/job-1/findings?min_saving=NaN":               422,
		"/api/v1/jobs/job-1/findings?min_saving=Inf":               422,
		"/api/v1/audit?after=99999999999999999999-0":               400,
		"/api/v1/audit?after=1-99999999999999999999":               400,
		"/api/v1/plans/plan-1/events?after=99999999999999999999-0": 404,
		"/api/v1/schedules?cursor=a%20b":                           422,
	} {
		if a := d.call("GET", target, ""); a.code != code {
			t.Errorf("%s: %d %s, want %d", target, a.code, a.body, code)
		}
	}
}

// TestTokensLiveAsLongAsTheSettingSays: whoever has made them.
func TestTokensLiveAsLongAsTheSettingSays(t *testing.T) {
	d := open(t, &fake{}, func(o *api.Options) { o.MaxTokenLife = time.Hour })
	for life, code := range map[time.Duration]int{time.Hour: 200, 2 * time.Hour: 401} {
		token, err := api.MintToken(secret, "eve", life)
		if err != nil {
			t.Fatal(err)
		}
		if a := d.call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+token); a.code != code {
			t.Errorf("%v: %d %s", life, a.code, a.body)
		}
	}
	now := time.Now()
	for name, claims := range map[string]jwt.MapClaims{
		"made long ago":      {"sub": "eve", "iat": now.Add(-24 * time.Hour).Unix(), "exp": now.Add(time.Minute).Unix()},
		"made at no time":    {"sub": "eve", "exp": now.Add(2 * time.Hour).Unix()},
		"made in the future": {"sub": "eve", "iat": now.Add(24 * time.Hour).Unix(), "exp": now.Add(24*time.Hour + time.Minute).Unix()},
	} {
		token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
		if err != nil {
			t.Fatal(err)
		}
		if a := d.call("GET", "/api/v1/jobs", "", "Authorization", "Bearer "+token); a.code != 401 {
			t.Errorf("%s: %d %s", name, a.code, a.body)
		}
	}
}
