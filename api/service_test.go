package api_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
	if a := open(t, &fake{}).call("GET", "/ready", "", "X-API-Key", ""); a.code != 200 {
		t.Error(a.code, a.body)
	}
	d := open(t, &fake{err: errors.New("dial tcp 10.0.0.1: refused")})
	a := d.call("GET", "/ready", "")
	if want := `{"status":"not ready","checks":{"redis":"failed"}}`; a.code != 503 || strings.TrimSpace(a.body) != want {
		t.Errorf("%d %s, want %s", a.code, a.body, want)
	}
}
