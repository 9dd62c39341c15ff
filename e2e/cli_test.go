package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

// commandLine is the program tracker, with the environment of somebody who uses the demo.
type commandLine struct {
	t   testing.TB
	env []string
}

// said is what a run has printed, and what it ended with.
type said struct {
	out, err string
	code     int
}

// newCommandLine is that of an operator of a demo.
func newCommandLine(t testing.TB, d *demo) *commandLine {
	t.Helper()
	return &commandLine{t, []string{"TRACKER_URL=" + d.url(), "TRACKER_API_KEY=" + operatorKey, "TZ=UTC"}}
}

// with has more in its environment.
func (c *commandLine) with(env ...string) *commandLine {
	return &commandLine{c.t, append(slices.Clone(c.env), env...)}
}

func (c *commandLine) command(args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(bin, "tracker"), args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.t.TempDir()}, c.env...)
	return cmd
}

// run runs it without a terminal.
func (c *commandLine) run(args ...string) said {
	c.t.Helper()
	var out, errs bytes.Buffer
	cmd := c.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		c.t.Fatal(err)
	} else if ok && exit.ExitCode() < 0 {
		c.t.Fatalf("tracker %q: %v", args, err)
	}
	return said{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// ends runs it, and fails the test when it ends with another code.
func (c *commandLine) ends(code int, args ...string) said {
	c.t.Helper()
	got := c.run(args...)
	if got.code != code {
		c.t.Errorf("tracker %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got.code, code, got.out, got.err)
	}
	return got
}

// one is a member of the JSON that it prints.
func (c *commandLine) one(path string, args ...string) string {
	c.t.Helper()
	got := c.run(append(args, "-o", "json")...)
	var v any
	if err := json.Unmarshal([]byte(got.out), &v); err != nil {
		c.t.Fatalf("tracker %q: %v\n%s%s", args, err, got.out, got.err)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(at) {
				c.t.Fatalf("tracker %q: no %s in %s", args, path, got.out)
			}
			v = at[i]
		}
	}
	text, ok := v.(string)
	if !ok {
		c.t.Fatalf("tracker %q: %s is %v", args, path, v)
	}
	return text
}

// oldest is the first scan that was started.
func (c *commandLine) oldest() string {
	c.t.Helper()
	return strings.Fields(c.run("jobs", "--sort", "created", "--columns", "job", "-o", "csv").out)[1]
}

func TestCLI(t *testing.T) {
	t.Parallel()
	c := newCommandLine(t, newDemo(t, `{"transition":"200ms"}`, "OPERATOR_API_KEYS="+operatorKey, "SERVER_PRINCIPAL_ARN=arn:aws:iam::999999999999:role/tracker"))

	t.Run("scan", func(t *testing.T) {
		got := c.ends(0, "scan")
		for _, want := range []string{"has seen everything", "405 resources, $7,650.93 a month at list prices; 57 without a known cost.", "EC2_Instance                56  3,203.61", "would save $3,205.09 a month"} {
			if !strings.Contains(got.out, want) {
				t.Errorf("%q is not in\n%s", want, got.out)
			}
		}
		for _, want := range []string{"has started", "111122223333 eu-west-1: 93 cells, 37 resources"} {
			if !strings.Contains(got.err, want) {
				t.Errorf("%q is not in\n%s", want, got.err)
			}
		}
		job := strings.TrimSpace(c.ends(0, "scan", "--types", "EC2_Instance", "--wait=false").out)
		if got := c.ends(0, "scan", "--watch", job); !strings.Contains(got.out, "Scan "+job+" succeeded, and has seen everything: 17 cells") {
			t.Error(got)
		}
		if got := c.one("state", "scan", "--watch", job); got != "succeeded" {
			t.Error(got)
		}
	})
	t.Run("forms", func(t *testing.T) { everyForm(t, c) })
	t.Run("of an account", func(t *testing.T) { listsOfAccount(t, c) })
	t.Run("exit codes", func(t *testing.T) {
		first := c.oldest()
		for _, row := range []struct {
			code int
			says string
			args []string
		}{
			{2, "unknown flag --nope", []string{"scan", "--nope"}},
			{2, `did you mean "resources"?`, []string{"resorces"}},
			{2, "--types: unknown resource type; tracker types lists them", []string{"scan", "--types", "Nope"}},
			{2, "--filter: character 6: expected a value", []string{"resources", "--filter", "cost>"}},
			{2, `no such column "nam": there are type, id, name`, []string{"resources", "--columns", "nam"}},
			{2, "--account-id: ", []string{"jobs", "--account-id", "production"}},
			{2, "--max-paid-calls says how many", []string{"scan", "--billed", "service"}},
			{2, "say what to plan", []string{"plan"}},
			{2, "has not found i-nope", []string{"plan", "stop", "i-nope"}},
			{1, "no plan", []string{"plan", "show", "nope"}},
			{3, "tracker scan --retry", []string{"scan", "--types", "EC2_Instance", "--regions", "eu-west-1,af-south-1"}},
			{3, "not everything was seen", []string{"resources"}},
			{5, "more than the $100.00 a month of --fail-above", []string{"findings", "--job", first, "--fail-above", "100"}},
			{0, "is complete", []string{"findings", "--job", first, "--fail-above", "100000"}},
			{5, "", []string{"findings", "--job", first, "--fail-above", "100", "--limit", "1", "-o", "json"}},
		} {
			if got := c.ends(row.code, row.args...); !strings.Contains(got.err, row.says) {
				t.Errorf("tracker %q says\n%s, want %s", row.args, got.err, row.says)
			}
		}
		if got := c.with("TRACKER_API_KEY=another-key-than-any").ends(4, "jobs"); !strings.Contains(got.err, "TRACKER_API_KEY") {
			t.Error(got)
		}
		if got := c.with("TRACKER_URL="+localURL(freePort())).ends(1, "jobs"); !strings.Contains(got.err, "does not answer (connect: connection refused): is it running") {
			t.Error(got)
		}
	})
	t.Run("interrupted", func(t *testing.T) { interrupted(t, c) })
	t.Run("plan", func(t *testing.T) { planAndUndo(t, c) })
	t.Run("keys", func(t *testing.T) { keysOfCLI(t, c) })
	t.Run("accounts", func(t *testing.T) {
		c.ends(0, "accounts", "add", "prod", "--role-arn", "arn:aws:iam::111122223333:role/tracker", "--regions", "eu-west-1")
		if got := c.ends(0, "accounts", "setup", "prod", "--actions", "stop"); !strings.HasPrefix(got.out, "AWSTemplateFormatVersion:") {
			t.Error(got)
		}
		if got := c.ends(0, "accounts", "check", "prod"); !strings.Contains(got.out, "0 would be denied, 0 would fail") {
			t.Error(got)
		}
		if got := c.ends(0, "scan", "--account", "prod", "--types", "EBS_Volume"); !strings.Contains(got.out, "1 cell") {
			t.Error(got)
		}
		if got := c.ends(0, "scan", "--accounts", "prod", "--types", "EBS_Volume"); !strings.Contains(got.out, "1 cell") {
			t.Error(got)
		}
		c.ends(0, "accounts", "delete", "prod")
	})
	t.Run("schedules", func(t *testing.T) {
		id := c.one("schedule_id", "schedules", "add", "nightly", "--cron", "0 6 * * *", "--types", "EC2_Instance", "--regions", "eu-west-1")
		off := c.one("schedule_id", "schedules", "add", "office", "--plan", "stop", "--filter", "type:EC2_Instance tag:hours=office",
			"--begin", "0 19 * * 1-5", "--end", "0 7 * * 1-5", "--time-zone", "Europe/Berlin")
		for _, row := range []struct{ want, verb, id string }{
			{`"nightly": scan 0 6 * * *`, "show", id},
			{"It is paused", "pause", id},
			{"It runs next", "resume", id},
			{"is queued", "run", id},
			{"schedule.paused", "history", id},
			{"0 19 * * 1-5 until 0 7 * * 1-5 Europe/Berlin", "show", off},
		} {
			if got := c.ends(0, "schedules", row.verb, row.id); !strings.Contains(got.out, row.want) {
				t.Errorf("%s: %q is not in %s", row.verb, row.want, got.out)
			}
		}
		c.ends(0, "schedules", "delete", id)
		c.ends(0, "schedules", "delete", off)
		c.ends(1, "schedules", "show", id)
	})
	t.Run("the rest", func(t *testing.T) {
		var policy struct{ Version string }
		if err := json.Unmarshal([]byte(c.ends(0, "policy", "--types", "EC2_Instance", "--actions", "stop").out), &policy); err != nil || policy.Version != "2012-10-17" {
			t.Error(err, policy)
		}
		if got := c.ends(2, "policy", "--types", "EC2_Instanc"); !strings.Contains(got.err, "did you mean EC2_Instance?") {
			t.Error(got)
		}
		if got := c.ends(0, "access-check", "--types", "EC2_Instance", "--regions", "eu-west-1"); !strings.Contains(got.out, "1 of 1 cell would be listed in full") {
			t.Error(got)
		}
		if got := c.ends(0, "open", "openapi"); !strings.HasSuffix(got.out, "/api/v1/openapi.json\n") {
			t.Error(got)
		}
		if got := c.ends(0, "version"); !strings.Contains(got.out, "server ") {
			t.Error(got)
		}
		for _, shell := range []string{"bash", "zsh", "fish"} {
			if got := c.ends(0, "completion", shell); !strings.Contains(got.out, "tracker complete --") {
				t.Error(got)
			}
		}
		script := `source <(tracker completion bash); COMP_WORDS=(tracker plan sh); COMP_CWORD=2; _tracker; echo "${COMPREPLY[@]}"`
		cmd := exec.Command("bash", "-c", script)
		cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH")}
		if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "show" {
			t.Errorf("bash completes %q: %v", out, err)
		}
	})
}

// listsOfAccount has lists of an account, and of one that nothing is about. A schedule that has not run yet may be about each.
func listsOfAccount(t *testing.T, c *commandLine) {
	t.Helper()
	id := c.one("schedule_id", "schedules", "add", "once", "--cron", "0 6 1 1 *", "--paused")
	defer c.ends(0, "schedules", "delete", id)
	job := c.oldest()
	c.ends(0, "plan", "idle_address", "--job", job)
	for _, list := range [][]string{{"jobs"}, {"plan", "list"}, {"schedules", "list"}} {
		lines := func(account string) said {
			return c.ends(0, append(slices.Clone(list), "--account-id", account, "-o", "ndjson")...)
		}
		seen, other := lines("111122223333"), lines("999999999999")
		if strings.Count(seen.out, "\n") <= strings.Count(other.out, "\n") && list[0] != "schedules" {
			t.Errorf("%q of the account:\n%s\nof another:\n%s", list, seen.out, other.out)
		}
		if says := strings.Contains(other.err, "may be about another account"); says != (list[0] == "schedules") {
			t.Errorf("%q of another account says\n%s", list, other.err)
		}
	}
}

// everyForm has every listing in every form: all say the same number of rows, and no form has characters that
// command a terminal.
func everyForm(t *testing.T, c *commandLine) {
	t.Helper()
	id := c.one("schedule_id", "schedules", "add", "yearly", "--cron", "0 6 1 1 *")
	defer c.ends(0, "schedules", "delete", id)
	job := c.oldest()
	c.ends(0, "plan", "idle_address", "--job", job)
	for name, args := range map[string][]string{
		"types": {"types"}, "not covered": {"types", "--not-covered"}, "resources": {"resources", "--job", job, "--filter", "type:EBS_Volume state:available"},
		"costs": {"costs", "--job", job}, "by tag": {"costs", "--job", job, "--group-by", "tag:Environment"}, "findings": {"findings", "--job", job, "--limit", "20"},
		"all findings": {"findings", "--job", job, "--all", "--rule", "old_snapshot"}, "rules": {"findings", "--job", job, "--rules"}, "jobs": {"jobs"}, "plans": {"plan", "list"},
		"schedules": {"schedules"}, "quota": {"quota"},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []map[string]any
			if err := json.Unmarshal([]byte(c.ends(0, append(args, "-o", "json")...).out), &rows); err != nil || len(rows) == 0 {
				t.Fatal(err, len(rows))
			}
			var lines []map[string]any
			for line := range strings.Lines(c.ends(0, append(args, "-o", "ndjson")...).out) {
				var row map[string]any
				if err := json.Unmarshal([]byte(line), &row); err != nil {
					t.Fatal(err)
				}
				lines = append(lines, row)
			}
			if name != "quota" && name != "jobs" && name != "schedules" {
				if diff := cmp.Diff(rows, lines); diff != "" {
					t.Errorf("-json +ndjson:\n%s", diff)
				}
			}
			var listed []map[string]any
			if err := yaml.Unmarshal([]byte(c.ends(0, append(args, "-o", "yaml")...).out), &listed); err != nil || len(listed) != len(rows) {
				t.Error(err, len(listed), len(rows))
			}
			cells, err := csv.NewReader(strings.NewReader(c.ends(0, append(args, "-o", "csv")...).out)).ReadAll()
			if err != nil || len(cells) != len(rows)+1 {
				t.Error(err, len(cells), len(rows))
			}
			if got := strings.Count(c.ends(0, args...).out, "\n"); got < len(rows)+1 {
				t.Errorf("a table of %d lines, for %d rows", got, len(rows))
			}
		})
	}
	got := c.ends(0, "resources", "--job", job, "--filter", "type:NAT_Gateway", "--columns", "name,tag:Environment,cost", "--sort=-cost", "-o", "csv")
	if !strings.HasPrefix(got.out, "name,tag:Environment,cost\n") {
		t.Error(got.out)
	}
}

// interrupted ends the watching of a scan: the scan goes on, and its ID is told.
func interrupted(t *testing.T, c *commandLine) {
	t.Helper()
	cmd := c.command("scan", "--no-findings")
	errs := &process{}
	cmd.Stderr = errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, 20*time.Second, "the scan starts", func() bool { return strings.Contains(errs.output(), "has started") })
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	m := regexp.MustCompile(`tracker scan --watch (\S+);`).FindStringSubmatch(errs.output())
	if m == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("exit code %d: %s", cmd.ProcessState.ExitCode(), errs.output())
	}
	if got := c.ends(0, "scan", "--watch", m[1]); !strings.Contains(got.out, "has seen everything") {
		t.Error(got)
	}
}

// planAndUndo stops an instance, and plans to start it again.
func planAndUndo(t *testing.T, c *commandLine) {
	t.Helper()
	const filter = "type:EC2_Instance state:running tag:Environment=dev region:eu-west-1"
	id := c.one("plan.plan_id", "plan", "stop", "--filter", filter)
	digest := c.one("plan.digest", "plan", "show", id)
	if got := c.ends(2, "apply", id); !strings.Contains(got.err, "--digest "+digest+" or --yes") {
		t.Error(got)
	}
	if got := c.ends(2, "apply", id, "--digest", "sha256:another"); !strings.Contains(got.err, "has another one, "+digest) {
		t.Error(got)
	}
	if got := c.run("approve", id, "--yes"); got.code == 0 || !strings.Contains(got.err, "the author of a plan cannot approve it") {
		t.Error(got)
	}
	got := c.ends(0, "apply", id, "--digest", digest)
	if !strings.Contains(got.out, "Plan "+id+": succeeded.") || !strings.Contains(got.out, "1 verified") || !strings.Contains(got.err, "tracker undo "+id) {
		t.Error(got)
	}
	undo := c.one("plan.plan_id", "undo", id)
	if got := c.ends(0, "plan", "show", undo); !strings.Contains(got.out, "start") {
		t.Error(got)
	}
	c.ends(0, "plan", "cancel", undo)
	if got := c.ends(0, "plan", "report", id); !strings.Contains(got.out, "<html") {
		t.Error(got.out)
	}
	if got := c.ends(0, "plan", "report", id, "--format", "csv"); !strings.Contains(got.out, id) {
		t.Error(got.out)
	}

	job := c.one("job_id", "scan", "--types", "EC2_Instance")
	instance := c.one("0.resource_id", "resources", "--job", job, "--filter", "tag:Environment")
	if got := c.run("plan", "tag", instance, "--param", `tags={"owner":"shop"}`); !strings.Contains(got.out, instance) || got.code != 0 {
		t.Error(got)
	}
}

// keysOfCLI makes keys: each is shown once, and works until it is ended.
func keysOfCLI(t *testing.T, c *commandLine) {
	t.Helper()
	secret := strings.TrimSpace(c.ends(0, "keys", "add", "ci", "--role", "viewer").out)
	viewer := c.with("TRACKER_API_KEY=" + secret)
	viewer.ends(0, "jobs")
	if got := viewer.ends(4, "scan"); !strings.Contains(got.err, "it needs the permission scan") {
		t.Error(got)
	}
	for _, form := range []string{"table", "json", "ndjson", "csv", "yaml"} {
		if got := c.ends(0, "keys", "-o", form); strings.Contains(got.out+got.err, secret) || !strings.Contains(got.out, "viewer") {
			t.Errorf("%s: %s", form, got.out)
		}
	}
	id := c.one("0.key_id", "keys")
	rotated := strings.TrimSpace(c.ends(0, "keys", "rotate", id, "--overlap", "0s").out)
	if rotated == secret {
		t.Error("the secret is the same")
	}
	viewer.ends(4, "jobs")
	c.with("TRACKER_API_KEY="+rotated).ends(0, "jobs")
	c.ends(0, "keys", "delete", id)
	c.with("TRACKER_API_KEY="+rotated).ends(4, "jobs")
}
