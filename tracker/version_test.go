package tracker

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestBuilt(t *testing.T) {
	t.Parallel()
	const commit = "0123456789abcdef0123456789abcdef01234567"
	for name, c := range map[string]struct {
		stamped, path, module, revision string
		want                            Build
	}{
		"from the source":                   {source, module, "(devel)", "", Build{source, "", "go"}},
		"from the source, with its commit":  {source, module, "(devel)", commit, Build{source, "0123456789ab", "go"}},
		"of a changed checkout":             {source, module, "v0.9.0+dirty", commit, Build{source, "0123456789ab", "go"}},
		"of a changed commit":               {source, module, "v0.9.1-0.20260102030405-0123456789ab+dirty", commit, Build{source, "0123456789ab", "go"}},
		"for a release":                     {"1.2.3", module, "(devel)", commit, Build{"1.2.3", "0123456789ab", "go"}},
		"for a release, in its checkout":    {"1.2.3", module, "v1.2.2", commit, Build{"1.2.3", "0123456789ab", "go"}},
		"installed at a version":            {source, module, "v1.2.3", "", Build{"1.2.3", "", "go"}},
		"installed at one before a release": {source, module, "v1.3.0-rc.1", "", Build{"1.3.0-rc.1", "", "go"}},
		"installed at a commit":             {source, module, "v0.0.0-20260102030405-0123456789ab", "", Build{source, "0123456789ab", "go"}},
		"at a commit after a release":       {source, module, "v1.2.4-0.20260102030405-0123456789ab", "", Build{source, "0123456789ab", "go"}},
		"at a commit after a candidate":     {source, module, "v1.2.4-rc.1.0.20260102030405-0123456789ab", "", Build{source, "0123456789ab", "go"}},
		"in a program of somebody else":     {source, "example.com/theirs", "v7.0.0", "", Build{source, "", "go"}},
		"without any knowledge":             {source, "", "", "", Build{source, "", "go"}},
	} {
		info := &debug.BuildInfo{GoVersion: "go", Main: debug.Module{Path: c.path, Version: c.module}}
		if c.revision != "" {
			info.Settings = []debug.BuildSetting{{Key: "vcs.revision", Value: c.revision}}
		}
		if got := built(c.stamped, "", info); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got, want := built("1.2.3", commit, &debug.BuildInfo{GoVersion: "go"}), (Build{"1.2.3", "0123456789ab", "go"}); got != want {
		t.Errorf("for an image: %+v, want %+v", got, want)
	}
	if got := Built(); got.Version != source || !strings.HasPrefix(got.Go, "go") {
		t.Errorf("this test is %+v", got)
	}
}

// TestReleaseSetsTheVersion builds a program with the flag that releases use.
func TestReleaseSetsTheVersion(t *testing.T) {
	t.Parallel()
	main := filepath.Join(t.TempDir(), "main.go")
	program := "package main\n\nimport \"" + module + "/tracker\"\n\nfunc main() { print(tracker.Built().Version) }\n"
	if err := os.WriteFile(main, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	for stamp, want := range map[string]string{"1.2.3": "1.2.3", "": source} {
		args := []string{"run"}
		if stamp != "" {
			args = append(args, "-ldflags=-X "+module+"/tracker.Version="+stamp)
		}
		got, err := exec.CommandContext(t.Context(), "go", append(args, main)...).CombinedOutput()
		if err != nil || string(got) != want {
			t.Errorf("built with %q it is %s: %v", stamp, got, err)
		}
	}
}
