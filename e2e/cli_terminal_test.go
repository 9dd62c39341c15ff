package e2e

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// terminal is a shell in tmux.
type terminal struct {
	t      testing.TB
	socket string
	env    []string
}

// newTerminal opens one of some width, with the environment of a command line.
func newTerminal(c *commandLine, columns int) *terminal {
	c.t.Helper()
	tm := &terminal{c.t, "e2e-" + strconv.Itoa(freePort()), append([]string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + c.t.TempDir(), "LC_ALL=C.UTF-8", "PS1=$ "}, c.env...)}
	tm.tmux("-f", "/dev/null", "-u", "new-session", "-d", "-x", strconv.Itoa(columns), "-y", "50", "bash", "--norc", "--noprofile")
	c.t.Cleanup(func() { tm.tmux("kill-server") })
	return tm
}

func (tm *terminal) tmux(args ...string) string {
	tm.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-L", tm.socket}, args...)...)
	cmd.Env = tm.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		tm.t.Fatalf("tmux %q: %v: %s", args, err, out)
	}
	return string(out)
}

// types types a line, and waits until the screen shows something.
func (tm *terminal) types(line, want string) string {
	tm.t.Helper()
	tm.tmux("send-keys", "-t", "0", "-l", line)
	tm.tmux("send-keys", "-t", "0", "Enter")
	shown := ""
	pattern := regexp.MustCompile(want)
	defer func() {
		if tm.t.Failed() {
			tm.t.Logf("the screen shows\n%s", shown)
		}
	}()
	eventually(tm.t, 30*time.Second, "the screen shows "+want, func() bool {
		shown = tm.tmux("capture-pane", "-p", "-J", "-t", "0")
		return pattern.MatchString(shown)
	})
	return shown
}

// TestCLI_OnATerminal looks at tables of two widths with and without colours, and confirms a plan by typing what it does.
func TestCLI_OnATerminal(t *testing.T) {
	t.Parallel()
	c := newCommandLine(t, newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey))
	c.ends(0, "scan", "--types", "EC2_Instance,EBS_Volume")

	for _, columns := range []int{80, 160} {
		tm := newTerminal(c, columns)
		tm.types("clear; tracker resources --limit 20; echo ended $?", `(?m)^ended 0$`)
		for line := range strings.Lines(tm.tmux("capture-pane", "-p", "-t", "0")) {
			if !strings.Contains(line, "...") && utf8.RuneCountInString(strings.TrimSpace(line)) > columns {
				t.Errorf("wider than %d: %q", columns, line)
			}
		}
		if colored := strings.Contains(tm.tmux("capture-pane", "-p", "-e", "-t", "0"), "\x1b[32m"); !colored {
			t.Error("a terminal shows no colours")
		}
		tm.types("clear; NO_COLOR=1 tracker resources --limit 20 2>/dev/null; echo plain $?", `(?m)^plain 0$`)
		if shown := tm.tmux("capture-pane", "-p", "-e", "-t", "0"); strings.Contains(shown, "\x1b[32m") || strings.Contains(shown, "\x1b[1m") {
			t.Errorf("colours in spite of NO_COLOR:\n%q", shown)
		}
		wide := strings.Contains(tm.tmux("capture-pane", "-p", "-t", "0"), "ACCOUNT")
		if wide != (columns == 160) {
			t.Errorf("at %d columns the account is shown: %v", columns, wide)
		}
	}

	id := c.one("plan.plan_id", "plan", "stop", "--filter", "type:EC2_Instance state:running tag:Environment=dev region:eu-west-1")
	tm := newTerminal(c, 100)
	tm.types("tracker apply "+id, `Type "stop 1" to apply the plan:`)
	tm.types("yes", `nothing has been changed: it was not confirmed`)
	if got := c.one("plan.state", "plan", "show", id); got != "planned" {
		t.Errorf("the plan is %s", got)
	}
	tm.types("clear; tracker apply "+id, `Type "stop 1" to apply the plan:`)
	tm.types("stop 1", `Plan `+id+`: succeeded\.`)
}
