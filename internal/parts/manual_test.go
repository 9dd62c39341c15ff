package parts_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
	"github.com/consolesensei/resource-tracker/internal/parts"
)

// TestManual looks for every setting in the page of the program that reads it, and for the
// secrets of the other one.
func TestManual(t *testing.T) {
	for _, program := range []config.Program{config.API, config.Worker} {
		var b strings.Builder
		if err := parts.Manual(&b, program, "usage: "+string(program)+"\n"); err != nil {
			t.Fatal(err)
		}
		page := b.String()
		for _, s := range config.Settings() {
			// The API without REDIS_URL reads them all.
			want := program == config.API || slices.Contains(s.Programs, program)
			if got := strings.Contains(page, "\n\\fB"+s.Name); got != want {
				t.Errorf("%s in the page of %s: %t", s.Name, program, got)
			}
		}
		lint(t, page)
	}
}

// lint has the checkers of manual pages read one, where the machine has them.
func lint(t *testing.T, page string) {
	t.Helper()
	for _, checker := range [][]string{{"mandoc", "-Tlint", "-Wwarning"}, {"groff", "-ww", "-man", "-z"}} {
		if _, err := exec.LookPath(checker[0]); err != nil {
			continue
		}
		cmd := exec.CommandContext(t.Context(), checker[0], checker[1:]...)
		cmd.Stdin = strings.NewReader(page)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%v: %v\n%s", checker, err, out)
		}
	}
}
