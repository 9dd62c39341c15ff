package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestHealth(t *testing.T) {
	d := open(t, &fake{})
	for _, path := range []string{"/health", "/api/v1/health"} {
		a := d.call("GET", path, "", "X-API-Key", "")
		v := a.json(t)
		at, err := time.Parse(time.RFC3339, fmt.Sprint(v["timestamp"]))
		if err != nil || at.Location() != time.UTC {
			t.Errorf("%s: timestamp %v", path, v["timestamp"])
		}
		delete(v, "timestamp")
		if diff := cmp.Diff(map[string]any{"status": "healthy", "service": "AWS Resource Tracker", "version": "1.0.0"}, v); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestReady(t *testing.T) {
	for workers, f := range map[string]*fake{"ok": {}, "none": {idle: true}} {
		a := open(t, f).call("GET", "/ready", "", "X-API-Key", "")
		if want := `{"status":"ready","checks":{"redis":"ok","workers":"` + workers + `"}}`; a.code != 200 || strings.TrimSpace(a.body) != want {
			t.Errorf("%d %s, want %s", a.code, a.body, want)
		}
	}
	d := open(t, &fake{err: errors.New("dial tcp 10.0.0.1: refused")})
	a := d.call("GET", "/ready", "")
	if want := `{"status":"not ready","checks":{"redis":"failed"}}`; a.code != 503 || strings.TrimSpace(a.body) != want {
		t.Errorf("%d %s, want %s", a.code, a.body, want)
	}
}

// A job that is queued says so when there is nobody to take it.
func TestQueuedJobSaysThatNoWorkerIsAlive(t *testing.T) {
	for idle, want := range map[bool]any{true: "worker", false: nil} {
		f := &fake{idle: idle}
		f.add(alice, "job-1", tracker.JobQueued)
		f.add(alice, "job-2", tracker.JobRunning)
		d := open(t, f)
		if got := d.call("GET", "/api/v1/jobs/job-1", "").json(t)["waiting_for"]; got != want {
			t.Errorf("idle %v: waits for %v, want %v", idle, got, want)
		}
		if got, ok := d.call("GET", "/api/v1/jobs/job-2", "").json(t)["waiting_for"]; ok {
			t.Errorf("a job that runs waits for %v", got)
		}
	}
}
