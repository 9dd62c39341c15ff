package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/consolesensei/resource-tracker/history/historytest"
)

// bin is the folder of the programs under test, built once.
var bin string

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	for _, p := range []string{"redis-server", "redis-cli", "moto_server"} {
		if _, err := exec.LookPath(p); err != nil {
			return 0, fmt.Errorf("the end-to-end tests need %s on PATH (`make deps` says how to get it): %w", p, err)
		}
	}
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	bin = dir

	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./cmd/...")
	build.Dir = ".."
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("build the programs: %w", err)
	}
	defer stopShared()
	return historytest.Run(m), nil
}
