package monitoring_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hibiken/asynq"

	"github.com/consolesensei/resource-tracker/store/redistest"
	"github.com/consolesensei/resource-tracker/telemetry/monitoring"
)

const secret = "wJalrXUtnFEMI"

func call(h http.Handler, method, target string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://tracker.example.com"+target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPayloadsAreHidden(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	queue := asynq.NewClientFromRedisClient(rdb)
	for _, tc := range []struct{ name, payload, want string }{
		{"ours", `{"job_id":"j1","unit":"1/eu-west-1","epoch":0}`, `{\"job_id\":\"j1\",\"unit\":\"1/eu-west-1\",\"epoch\":0}`},
		{"a plan's", `{"plan_id":"p1","item":-1}`, `{\"plan_id\":\"p1\",\"item\":-1}`},
		{"with more", `{"job_id":"j2","secret_access_key":"` + secret + `"}`, `{\"job_id\":\"j2\"}`},
		{"of another kind", `{"secret_access_key":"` + secret + `"}`, "(37 bytes, hidden)"},
		{"of another form", secret, "(13 bytes, hidden)"},
		{"ours, of another type", `{"job_id":["` + secret + `"]}`, "(28 bytes, hidden)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			task, err := queue.Enqueue(asynq.NewTask("kind", []byte(tc.payload)), asynq.Queue("interactive-0"))
			if err != nil {
				t.Fatal(err)
			}
			h := monitoring.New(rdb, true)
			for _, target := range []string{"/queues/interactive-0/pending_tasks", "/queues/interactive-0/tasks/" + task.ID} {
				w := call(h, "GET", monitoring.Path+"/api"+target)
				if body := w.Body.String(); w.Code != 200 || strings.Contains(body, secret) || !strings.Contains(body, `"payload":"`+tc.want+`"`) {
					t.Errorf("%s: %d %s, want %s", target, w.Code, body, tc.want)
				}
			}
		})
	}
}

func TestWhoMayChangeQueues(t *testing.T) {
	rdb := redistest.Start(t).Client(t)
	if _, err := asynq.NewClientFromRedisClient(rdb).Enqueue(asynq.NewTask("kind", nil), asynq.Queue("q")); err != nil {
		t.Fatal(err)
	}
	const pause = monitoring.Path + "/api/queues/q:pause"
	for _, tc := range []struct {
		name     string
		readOnly bool
		headers  []string
		code     int
	}{
		{"read-only", true, []string{"Sec-Fetch-Site", "same-origin"}, 405},
		{"another site", false, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another site of the same domain", false, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site, by an older browser", false, []string{"Origin", "http://elsewhere.example.com"}, 403},
		{"the monitor's own page", false, []string{"Sec-Fetch-Site", "same-origin"}, 204},
	} {
		if w := call(monitoring.New(rdb, tc.readOnly), "POST", pause, tc.headers...); w.Code != tc.code {
			t.Errorf("%s: %d %s, want %d", tc.name, w.Code, w.Body, tc.code)
		}
	}
}

func TestPages(t *testing.T) {
	h := monitoring.New(redistest.Start(t).Client(t), true)
	w := call(h, "GET", monitoring.Path)
	if body := w.Body.String(); w.Code != 200 || !strings.Contains(body, `FLAG_READ_ONLY="true"`) || !strings.Contains(body, `FLAG_ROOT_PATH="\/monitoring"`) {
		t.Error(w.Code, body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self' 'unsafe-inline'") {
		t.Errorf("policy %q", csp)
	}
	if w := call(h, "GET", monitoring.Path+"/static/js/main.5adda2da.chunk.js.map"); w.Code != 404 {
		t.Errorf("a source map: %d", w.Code)
	}
}
