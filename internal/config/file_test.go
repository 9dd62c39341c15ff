package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), ".env")
	if err := ReadFile(path); err != nil {
		t.Errorf("a file that there is not: %v", err)
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TRACKER_TEST_GIVEN", "from the environment")
	t.Setenv("TRACKER_TEST_EMPTY", "")
	t.Setenv("TRACKER_TEST_FILE", "")
	_ = os.Unsetenv("TRACKER_TEST_FILE") // put back by Setenv's clean-up
	write("# a comment\nTRACKER_TEST_GIVEN=file\nTRACKER_TEST_EMPTY=file\nexport TRACKER_TEST_FILE=\"from the file\"\n")
	if err := ReadFile(path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"TRACKER_TEST_GIVEN": "from the environment", "TRACKER_TEST_EMPTY": "", "TRACKER_TEST_FILE": "from the file"} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	write("SECRET_KEY=MARKER\nMARKER MARKER\n")
	if err := ReadFile(path); err == nil || strings.Contains(err.Error(), "MARKER") || !strings.Contains(err.Error(), ".env") {
		t.Errorf("a line that is none: %v", err)
	}
	if err := ReadFile(t.TempDir()); err == nil {
		t.Error("a folder was read")
	}
}

func TestReadCredentials(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"REDIS_URL": "redis://from-the-folder\n", "SECRET_KEY": "of the folder", "NOT_A_SETTING": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SECRET_KEY", "of the environment")
	for _, name := range []string{"REDIS_URL", "NOT_A_SETTING", "PORT"} {
		t.Setenv(name, "")
		_ = os.Unsetenv(name) // put back by Setenv's clean-up
	}
	if err := readCredentials(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"REDIS_URL": "redis://from-the-folder", "SECRET_KEY": "of the environment", "NOT_A_SETTING": "", "PORT": ""} {
		if got := os.Getenv(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "PORT"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := readCredentials(dir); err == nil || !strings.Contains(err.Error(), "CREDENTIALS_DIRECTORY") {
		t.Errorf("a folder in place of a file: %v", err)
	}
	if err := readCredentials(filepath.Join(dir, "none")); err != nil {
		t.Errorf("a folder that there is not: %v", err)
	}
}
