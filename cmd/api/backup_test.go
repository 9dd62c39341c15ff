package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/history"
	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
)

func TestBackup(t *testing.T) {
	dir, to := t.TempDir(), filepath.Join(t.TempDir(), "copy.sqlite")
	called := func(set map[string]string, args ...string) string {
		set["DATA_DIR"] = dir
		var stdout strings.Builder
		if err := run(t.Context(), append([]string{"backup"}, args...), func(name string) string { return set[name] }, &stdout, &stdout); err != nil {
			return err.Error()
		}
		return stdout.String()
	}
	if got := called(map[string]string{}, to); !strings.Contains(got, "no such file") {
		t.Errorf("before there is a history: %s", got)
	}
	h, err := parts.History(t.Context(), config.Config{Program: config.API, DataDir: dir}) // stays open: it is in use
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for name, row := range map[string]struct {
		set  map[string]string
		args []string
		want string
	}{
		"without a file": {map[string]string{}, nil, "wrong number of arguments"},
		"PostgreSQL":     {map[string]string{"DATABASE_URL": "postgres://tracker:MARKER@db.example.com/tracker"}, []string{to}, "use pg_dump"},
	} {
		if got := called(row.set, row.args...); !strings.Contains(got, row.want) || strings.Contains(got, "MARKER") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := called(map[string]string{}, to); got != "the history is in "+to+"\n" {
		t.Fatal(got)
	}
	restored, err := history.Open(t.Context(), history.Options{URL: to, Dictionary: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	if err := restored.Close(); err != nil {
		t.Error(err)
	}
	if got := called(map[string]string{}, to); !strings.Contains(got, "exists") {
		t.Errorf("over what is there: %s", got)
	}
}
