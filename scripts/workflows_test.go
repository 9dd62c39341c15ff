package scripts

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
)

type workflow struct {
	Permissions map[string]string
	Concurrency any
	Jobs        map[string]job
}

type job struct {
	Uses           string
	Permissions    map[string]string
	TimeoutMinutes int `yaml:"timeout-minutes"`
	Strategy       struct{ Matrix map[string]any }
	Steps          []step
}

type step struct {
	Uses, Run string
	With      map[string]any
}

// TestWorkflows holds what is the same in all of them.
func TestWorkflows(t *testing.T) {
	targets := makeTargets(t)
	goVersion := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1] + ".x"
	for name, w := range workflows(t) {
		if w.Permissions == nil || len(w.Permissions) > 0 || w.Concurrency == nil {
			t.Errorf("%s: permissions are given by job, and runs at the same time are said", name)
		}
		for id, j := range w.Jobs {
			if j.Permissions == nil || j.Uses == "" && j.TimeoutMinutes == 0 {
				t.Errorf("%s: job %s has no permissions or no timeout", name, id)
			}
			for _, s := range j.Steps {
				if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != false {
					t.Errorf("%s: job %s leaves a token in its checkout", name, id)
				}
				if strings.HasPrefix(s.Uses, "actions/setup-go@") && s.With["go-version"] != goVersion {
					t.Errorf("%s: job %s has Go %v, and go.mod %s", name, id, s.With["go-version"], goVersion)
				}
				if strings.Contains(s.Run, "${{") {
					t.Errorf("%s: job %s puts an expression into a script: %s", name, id, s.Run)
				}
				for _, m := range regexp.MustCompile(`(?m)\bmake ([\w-]+)`).FindAllStringSubmatch(s.Run, -1) {
					if !slices.Contains(targets, m[1]) {
						t.Errorf("%s: job %s makes %s, which is no target", name, id, m[1])
					}
				}
				for _, script := range regexp.MustCompile(`(?:\.ci|scripts)/[\w.]+`).FindAllString(s.Run, -1) {
					if info, err := os.Stat(filepath.Join(root, script)); err != nil || info.Mode()&0o100 == 0 {
						t.Errorf("%s: job %s runs %s, which is no program", name, id, script)
					}
				}
			}
		}
	}
}

// TestActionsArePinned wants the commit of each action of others, the same in each place.
func TestActionsArePinned(t *testing.T) {
	pins := map[string]string{}
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.*)$`)
	pinned := regexp.MustCompile(`^([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$`)
	for name := range workflows(t) {
		for _, line := range uses.FindAllStringSubmatch(read(t, name), -1) {
			if strings.HasPrefix(line[1], "./") {
				continue
			}
			m := pinned.FindStringSubmatch(line[1])
			if m == nil {
				t.Errorf("%s: %s is not pinned by its commit, with its version", name, line[1])
				continue
			}
			if was := pins[m[1]]; was != "" && was != m[2] {
				t.Errorf("%s is pinned at %s and at %s", m[1], was, m[2])
			}
			pins[m[1]] = m[2]
		}
	}
	if len(pins) < 10 {
		t.Errorf("only %d actions were found", len(pins))
	}
}

// TestReleaseIsForEveryPlatform compares what is released, what is built for each change,
// and what the documents promise.
func TestReleaseIsForEveryPlatform(t *testing.T) {
	var release struct {
		Builds []struct {
			Binary  string
			Targets []string
			Ldflags []string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".goreleaser.yaml")), &release); err != nil {
		t.Fatal(err)
	}
	var programs []string
	for _, b := range release.Builds {
		programs = append(programs, b.Binary)
		var built []string
		for _, target := range b.Targets {
			built = append(built, strings.Replace(target, "_", "/", 1))
		}
		if diff := cmp.Diff(platforms, built); diff != "" {
			t.Errorf("%s is released for (-want +got):\n%s", b.Binary, diff)
		}
		if len(b.Ldflags) != 1 || !strings.Contains(b.Ldflags[0], "-X github.com/consolesensei/resource-tracker/tracker.Version={{ .Version }}") {
			t.Errorf("%s is not told its version: %q", b.Binary, b.Ldflags)
		}
	}
	slices.Sort(programs)
	if diff := cmp.Diff([]string{"api", "tracker", "worker"}, programs); diff != "" {
		t.Errorf("programs (-want +got):\n%s", diff)
	}
	var built []any
	for _, platform := range platforms[1:] { // .ci/run builds for the first
		built = append(built, platform)
	}
	matrix := workflows(t)[".github/workflows/check.yml"].Jobs["platforms"].Strategy.Matrix
	if diff := cmp.Diff(map[string]any{"platform": built}, matrix); diff != "" {
		t.Errorf("each change is built for (-want +got):\n%s", diff)
	}
	used := regexp.MustCompile(`goreleaser/v2@(v\S+)`).FindStringSubmatch(read(t, "Makefile"))[1]
	if !strings.Contains(read(t, ".github/workflows/release.yml"), "version: "+used+"\n") {
		t.Errorf("the release is made by another goreleaser than make release-check asks, %s", used)
	}
	guide := read(t, "docs/releases.md")
	for _, platform := range platforms {
		if !strings.Contains(guide, platform) {
			t.Errorf("docs/releases.md does not name %s", platform)
		}
	}
}

// TestDependabotKnowsWhatIsPinned looks for every module and every package in its file.
func TestDependabotKnowsWhatIsPinned(t *testing.T) {
	var bot struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, ".github/dependabot.yml")), &bot); err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, u := range bot.Updates {
		for _, d := range append(u.Directories, u.Directory) {
			known[u.Ecosystem+" "+d] = true
		}
	}
	holds := map[string]string{"go.mod": "gomod", "package.json": "npm", "Dockerfile": "docker", "docker-compose.yml": "docker-compose"}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && path != root && (e.Name()[0] == '.' || e.Name() == "node_modules" || e.Name() == "testdata" || e.Name() == "bin") {
			return filepath.SkipDir
		}
		if ecosystem := holds[e.Name()]; ecosystem != "" {
			folder, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			if want := ecosystem + " /" + strings.TrimPrefix(filepath.ToSlash(folder), "."); !known[want] {
				t.Errorf("dependabot does not know %s", want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !known["github-actions /"] {
		t.Error("dependabot does not know the actions")
	}
}

// TestModuleCanBeInstalled holds go.mod to what `go install …@latest` allows.
func TestModuleCanBeInstalled(t *testing.T) {
	if found := regexp.MustCompile(`(?m)^(replace|exclude)\b.*`).FindString(read(t, "go.mod")); found != "" {
		t.Errorf("go install MODULE@VERSION refuses a module with %q", found)
	}
}

func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, ".github/workflows/*.yml"))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	all := map[string]workflow{}
	for _, file := range files {
		var w workflow
		name := filepath.ToSlash(strings.TrimPrefix(file, root+string(filepath.Separator)))
		if err := yaml.Unmarshal([]byte(read(t, name)), &w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = w
	}
	return all
}

func makeTargets(t *testing.T) []string {
	t.Helper()
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([\w-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	return slices.Sorted(maps.Keys(targets))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
