package local

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSettings leaves out what would make it another service than that of one person.
func TestSettings(t *testing.T) {
	env := map[string]string{
		"REDIS_URL": "redis://x", "PORT": "5000", "HOST": "0.0.0.0", "VALID_API_KEYS": "k", "OIDC_ISSUER": "https://x", "METRICS_ADDR": ":9090",
		"DATA_DIR": "/elsewhere", "AWS_ENDPOINT_URL": "http://127.0.0.1:5001", "SCAN_TIMEOUT_SECONDS": "60", "PROTECT_TAGS": "keep", "LOG_LEVEL": "debug",
	}
	get := settings(func(name string) string { return env[name] }, "/dir")
	got := map[string]string{}
	for name := range env {
		got[name] = get(name)
	}
	want := map[string]string{
		"REDIS_URL": "", "PORT": "0", "HOST": "127.0.0.1", "VALID_API_KEYS": "", "OIDC_ISSUER": "", "METRICS_ADDR": "",
		"DATA_DIR": "/dir", "AWS_ENDPOINT_URL": "http://127.0.0.1:5001", "SCAN_TIMEOUT_SECONDS": "60", "PROTECT_TAGS": "keep", "LOG_LEVEL": "debug",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStart has two share a service; the last one ends it, and the next begins anew on the
// same data.
func TestStart(t *testing.T) {
	dir, notes := t.TempDir(), []string{}
	o := Options{
		Demo: true, Note: func(format string, _ ...any) { notes = append(notes, format) },
		Getenv: func(name string) string {
			return map[string]string{"XDG_DATA_HOME": dir, "PATH": os.Getenv("PATH")}[name]
		},
	}
	first, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, "aws-resource-tracker", "demo"); first.Dir != want || !first.First {
		t.Errorf("%s, first %t", first.Dir, first.First)
	}
	second, err := Start(t.Context(), o)
	if err != nil || second.URL != first.URL || second.Key != first.Key {
		t.Fatalf("%v, %v", second, err)
	}
	closed := make(chan error, 1)
	go func() { closed <- first.Close(t.Context()) }()
	if !answers(t.Context(), second.URL) {
		t.Error("the first did not wait")
	}
	if err := second.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if answers(t.Context(), first.URL) {
		t.Error("still answers")
	}
	third, err := Start(t.Context(), o)
	if err != nil || third.First || third.Key != first.Key {
		t.Fatalf("%v, %v", third, err)
	}
	if err := third.Close(t.Context()); err != nil {
		t.Error(err)
	}
	for _, n := range notes {
		if !strings.Contains(n, "another tracker is using this one") {
			t.Error(n)
		}
	}
}

func TestFolder_OfNobody(t *testing.T) {
	if _, err := Folder(func(string) string { return "" }); err == nil {
		t.Error("a folder of nobody")
	}
}
