// Package packages makes the .deb and the .rpm, and holds the tests of what is in them.
package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const root = "../.."

// recipe is what nfpm reads.
type recipe struct {
	Scripts  map[string]string
	Contents []struct {
		Src, Dst, Type string
		Info           struct{ Mode int } `yaml:"file_info"`
	}
}

func read(t *testing.T) recipe {
	t.Helper()
	b, err := os.ReadFile("nfpm.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var r recipe
	if err := yaml.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestContents: what goes into the packages is there, or is made by build.sh, and all of
// deploy/systemd goes into them.
func TestContents(t *testing.T) {
	build, err := os.ReadFile("build.sh")
	if err != nil {
		t.Fatal(err)
	}
	var packed []string
	for _, c := range read(t).Contents {
		if c.Type == "dir" {
			continue
		}
		if made, found := strings.CutPrefix(c.Src, "dist/stage/"); found {
			if name := strings.TrimSuffix(made, filepath.Ext(made)); !strings.Contains(string(build), name) {
				t.Errorf("build.sh does not make %s", c.Src)
			}
			continue
		}
		found, err := filepath.Glob(filepath.Join(root, c.Src))
		if err != nil || len(found) == 0 {
			t.Errorf("%s is not there", c.Src)
		}
		packed = append(packed, c.Src)
		if secret := strings.HasPrefix(c.Dst, "/etc/"); secret != (c.Type == "config|noreplace" && c.Info.Mode == 0o600) {
			t.Errorf("%s: files of settings are kept at an upgrade and read by root alone, others are not", c.Dst)
		}
	}
	units, err := filepath.Glob(root + "/deploy/systemd/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range units {
		name := "deploy/systemd/" + filepath.Base(file)
		if !strings.HasSuffix(name, ".go") && !slices.Contains(packed, name) && !slices.Contains(packed, name+"/") {
			t.Errorf("%s is in no package", name)
		}
	}
}

// TestScripts has the shells read what they will run: the scripts, and the commands of the
// document.
func TestScripts(t *testing.T) {
	scripts := []string{"build.sh"}
	for _, script := range read(t).Scripts {
		scripts = append(scripts, filepath.Base(script))
	}
	for _, script := range scripts {
		check(t, "sh", script, "")
	}
	check(t, "bash", "hour.sh", "")
	check(t, "bash", "hour_checks.sh", "")
	check(t, "bash", "-s", document(t))
}

// document is the commands of the systemd form of docs/setup.md.
func document(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(root + "/docs/setup.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(b), "\n## Two programs\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var commands strings.Builder
	for i, block := range strings.Split(text, "```") {
		if commandsOf, found := strings.CutPrefix(block, "sh\n"); found && i%2 == 1 {
			commands.WriteString(commandsOf)
		}
	}
	for _, needed := range []string{"apt-get install", "systemctl enable --now", "tracker scan", "keygen"} {
		if !strings.Contains(commands.String(), needed) {
			t.Errorf("the document does not say %q", needed)
		}
	}
	return commands.String()
}

func check(t *testing.T, shell, script, stdin string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), shell, "-n", script)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", shell, script, err, out)
	}
}
