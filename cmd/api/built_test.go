package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSpanOf(t *testing.T) {
	dir := t.TempDir()
	begun := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for name, at := range map[string]time.Time{"a": begun, "b": begun.Add(time.Minute), "exe": begun.Add(3 * time.Minute)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(dir, begun, begun); err != nil {
		t.Fatal(err)
	}
	if got := spanOf(dir); got != 3*time.Minute {
		t.Errorf("%v", got)
	}
	if got := spanOf(filepath.Join(dir, "none")); got != 0 {
		t.Errorf("of no folder: %v", got)
	}
}
