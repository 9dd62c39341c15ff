// Package systemd holds the units of the programs, and their tests.
package systemd

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/config"
)

var update = flag.Bool("update", false, "write the examples")

// files are those of settings, and which programs read them.
var files = map[string][]config.Program{
	"common.env": {config.API, config.Worker},
	"api.env":    {config.API},
	"worker.env": {config.Worker},
}

// units are those of the programs, with the files that each may read.
var units = map[string]struct {
	program config.Program
	files   []string
}{
	"resource-tracker-api.service":     {config.API, []string{"common.env", "api.env"}},
	"resource-tracker-worker@.service": {config.Worker, []string{"common.env", "worker.env", "worker-%i.env"}},
}

const settingsDir = "/etc/resource-tracker/"

// unit is a unit's settings, each with all that stands for it.
type unit map[string][]string

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func parse(t *testing.T, name string) unit {
	t.Helper()
	u := unit{}
	for line := range strings.Lines(read(t, name)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "[") {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if !found {
			t.Errorf("%s: %q is no setting", name, line)
		}
		u[key] = append(u[key], value)
	}
	return u
}

func setting(name string) (config.Setting, bool) {
	all := config.Settings()
	i := slices.IndexFunc(all, func(s config.Setting) bool { return s.Name == name })
	if i < 0 {
		return config.Setting{}, false
	}
	return all[i], true
}

// TestProgramsReadTheirOwnFiles keeps the identity from the API and the keys of callers from
// workers: no file holds a setting that one of its readers does not read.
func TestProgramsReadTheirOwnFiles(t *testing.T) {
	for name, u := range units {
		var got []string
		for _, file := range parse(t, name)["EnvironmentFile"] {
			got = append(got, strings.TrimPrefix(strings.TrimPrefix(file, "-"), settingsDir))
		}
		if diff := cmp.Diff(u.files, got); diff != "" {
			t.Errorf("%s reads (-want, +got):\n%s", name, diff)
		}
	}
	named := regexp.MustCompile(`(?m)^#?([A-Z][A-Z0-9_]+)=`)
	for file, programs := range files {
		for _, match := range named.FindAllStringSubmatch(read(t, file), -1) {
			s, known := setting(match[1])
			if !known || !slices.Equal(s.Programs, programs) {
				t.Errorf("%s names %s, which %v read", file, match[1], s.Programs)
			}
		}
	}
}

// TestEveryExample: each setting stands in the example of one file, with what it means.
func TestEveryExample(t *testing.T) {
	described := 0
	for file, programs := range files {
		path := filepath.Join("examples", file)
		want := "# All settings of " + settingsDir + file + ". A line that is commented out shows the default.\n" + config.ExampleOf(programs...)
		described += strings.Count(want, "\n# Allowed: ")
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, read(t, path)); diff != "" {
			t.Errorf("%s is not as the settings are; write it anew with: go test ./deploy/systemd -update\n%s", path, diff)
		}
	}
	if described != len(config.Settings()) {
		t.Errorf("the examples have %d settings of %d", described, len(config.Settings()))
	}
}

// TestEnvironment holds what units set themselves to the table, which also checks the values.
func TestEnvironment(t *testing.T) {
	for name, u := range units {
		given := map[string]string{
			"REDIS_URL": "redis://localhost", "CREDENTIALS_IDENTITY": "AGE-SECRET-KEY-1X",
			"CREDENTIALS_RECIPIENT": "age1x", "VALID_API_KEYS": "0123456789abcdef",
		}
		for _, assignment := range parse(t, name)["Environment"] {
			key, value, _ := strings.Cut(assignment, "=")
			s, known := setting(key)
			if !known || s.Secret || !slices.Contains(s.Programs, u.program) {
				t.Errorf("%s sets %s, which is no setting of %s that units may set", name, key, u.program)
			}
			given[key] = strings.NewReplacer("%i", "9", "%S", "/var/lib").Replace(value)
		}
		if _, err := config.Load(func(name string) string { return given[name] }, u.program); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStop: systemd waits for as long as the programs may take, and a little longer.
func TestStop(t *testing.T) {
	grace, known := setting("SHUTDOWN_GRACE_SECONDS")
	seconds, err := strconv.Atoi(grace.Default)
	if !known || err != nil {
		t.Fatal(err)
	}
	for name := range units {
		if got, want := parse(t, name)["TimeoutStopSec"], []string{strconv.Itoa(seconds + 5)}; !slices.Equal(got, want) {
			t.Errorf("%s stops within %v, want %v", name, got, want)
		}
	}
}

// TestUnits holds both units to what keeps a program that was broken into from the machine,
// and to how they are run.
func TestUnits(t *testing.T) {
	same := map[string]string{
		"Type": "notify", "Restart": "always", "StartLimitIntervalSec": "0", "PartOf": "resource-tracker.target", "WantedBy": "resource-tracker.target",
		"NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
		"PrivateDevices": "yes", "PrivateUsers": "yes", "ProtectProc": "invisible", "MemoryDenyWriteExecute": "yes", "RestrictNamespaces": "yes",
		"UMask": "0077", "WorkingDirectory": "/etc/resource-tracker",
	}
	users := map[string]bool{}
	for name, u := range units {
		got := parse(t, name)
		for key, want := range same {
			if !slices.Equal(got[key], []string{want}) {
				t.Errorf("%s: %s=%v, want %q", name, key, got[key], want)
			}
		}
		for _, key := range []string{"MemoryMax", "TasksMax", "RestartSec"} {
			if len(got[key]) != 1 {
				t.Errorf("%s has no bound %s", name, key)
			}
		}
		user := "resource-tracker-" + string(u.program)
		if !slices.Equal(got["User"], []string{user}) || !strings.Contains(read(t, "sysusers.conf"), "u "+user+" ") {
			t.Errorf("%s runs as %v, want %s, which sysusers.conf makes", name, got["User"], user)
		}
		users[user] = true
		deny := strings.Join(got["IPAddressDeny"], " ")
		if denied := strings.Contains(deny, "169.254.169.254") && strings.Contains(deny, "fd00:ec2::254"); denied != (u.program == config.API) {
			t.Errorf("%s: metadata service denied: %t", name, denied)
		}
	}
	if len(users) != len(units) {
		t.Error("two programs run as one user, and can read each other's secrets")
	}
}

// mostExposed is the exposure that systemd may see in a unit, in tenths, of 100. A service
// without any hardening has 96.
const mostExposed = 15

// TestSystemd has systemd itself read the units, where the machine has its tools.
func TestSystemd(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not on PATH")
	}
	root := t.TempDir()
	for name, u := range units {
		for path, text := range map[string]string{
			"etc/systemd/system/" + name:                          read(t, name),
			"usr/bin/resource-tracker-" + string(u.program):       "#!/bin/sh\n",
			"etc/systemd/system/resource-tracker.target":          read(t, "resource-tracker.target"),
			"etc/systemd/system/sysinit.target":                   "[Unit]\n",
			"etc/systemd/system/basic.target":                     "[Unit]\n",
			"etc/systemd/system/shutdown.target":                  "[Unit]\n",
			"etc/systemd/system/network-online.target":            "[Unit]\n",
			"etc/systemd/system/-.mount":                          "[Mount]\nWhat=none\nWhere=/\n",
			"etc/systemd/system/system.slice":                     "[Slice]\n",
			"etc/systemd/system/system-resource\\x2dworker.slice": "[Slice]\n",
		} {
			path = filepath.Join(root, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name := range units {
		started := strings.Replace(name, "@.", "@1.", 1)
		run(t, "verify", "--root="+root, "--man=no", "--recursive-errors=no", started)
		out := run(t, "security", "--root="+root, "--offline=true", "--no-pager", "--threshold="+strconv.Itoa(mostExposed), started)
		_, figure, _ := strings.Cut(out, "Overall exposure level for ")
		t.Log(strings.TrimSpace(figure))
	}
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	ctx := t.Context()
	cmd := exec.CommandContext(ctx, "systemd-analyze", args...)
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Errorf("systemd-analyze %v: %v\n%s", args, err, out.String())
	}
	return out.String()
}
