package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestCLI_ShowsProgress drives the command line in tmux, by the script that records it: at 80 and at 160 columns, and
// while the server is killed and started again.
func TestCLI_ShowsProgress(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	cmd := exec.Command("../scripts/record-cli.sh", bin, out)
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(freePort()))
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	progress := regexp.MustCompile(`(?m)^Scanning: (\d+) % of 664 cells, [\d,]+ resources?`)
	region := regexp.MustCompile(`(?m)^  eu-west-1 +[█░]+ +\d+/39 +\d+ resources?`)
	started := regexp.MustCompile(`(?m)^scan (\S+) has started`)
	for name, width := range map[string]int{"80": 80, "160": 160, "killed": 100} {
		t.Run(name, func(t *testing.T) {
			panes := captures(t, filepath.Join(out, name))
			var percents []int
			silent, regions := false, false
			for _, pane := range panes {
				for line := range strings.Lines(pane) {
					if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > width {
						t.Errorf("%d columns of %d: %q", n, width, line)
					}
				}
				if m := progress.FindStringSubmatch(pane); m != nil {
					n, err := strconv.Atoi(m[1])
					if err != nil {
						t.Fatal(err)
					}
					percents = append(percents, n)
				}
				silent = silent || strings.Contains(pane, "; no news for ")
				regions = regions || region.MatchString(pane)
			}
			last := panes[len(panes)-1]
			job := started.FindStringSubmatch(last)
			unwrapped := strings.ReplaceAll(last, "\n", "") // a line that is too long goes on in the next
			if job == nil || !strings.Contains(unwrapped, "Scan "+job[1]+" succeeded, and has seen everything: 664 cells") || !strings.Contains(last, "exit code 0") {
				t.Errorf("the scan that was started has not ended well:\n%s", last)
			}
			if len(percents) < 2 || percents[0] == percents[len(percents)-1] || !regions {
				t.Errorf("no progress was to be seen: %v, regions: %v", percents, regions)
			}
			for i := 1; i < len(percents); i++ {
				if percents[i] < percents[i-1] {
					t.Errorf("the progress went back: %v", percents)
				}
			}
			if strings.Contains(last, "Scanning") || strings.Contains(last, "█") {
				t.Errorf("the progress was left on the screen:\n%s", last)
			}
			if name == "killed" && !silent {
				t.Error("that the server was away was not to be seen")
			}
		})
	}
}

// captures are the panes of a recording, in order.
func captures(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("nothing was recorded in %s: %v", dir, err)
	}
	var out []string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}
