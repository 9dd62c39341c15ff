// Package module holds the repository to what `go install …/cmd/tracker@latest` needs: a
// module without directives that count for itself only, all of whose programs are made of
// files that are in its zip. A module within it is not.
package module

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

const (
	root = "../../.."
	path = "github.com/consolesensei/resource-tracker"
)

var install = flag.Bool("install", false, "also install the command line from a proxy, which compiles all packages anew")

// TestZipHasAllThatProgramsNeed reads the programs from the zip that a proxy would serve of
// the committed files: their packages, and the files that these embed.
func TestZipHasAllThatProgramsNeed(t *testing.T) {
	at := module.Version{Path: path, Version: "v1.0.0"}
	dir := filepath.Join(t.TempDir(), "module")
	if err := zip.Unzip(dir, at, archive(t, at)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,Error", "./cmd/...")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p struct {
			ImportPath string
			Error      *struct{ Err string }
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Error != nil {
			t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		if strings.HasPrefix(p.ImportPath, path) {
			ours++
		}
	}
	if ours < 40 {
		t.Errorf("only %d packages are ours", ours)
	}
}

// TestInstall installs the newest version from a proxy of files, and asks it which it is.
func TestInstall(t *testing.T) {
	if !*install {
		t.Skip("go test ./module -install")
	}
	commit := strings.TrimSpace(run(t, root, nil, "git", "-c", "safe.directory=*", "rev-parse", "--short=12", "HEAD"))
	at := module.Version{Path: path, Version: "v1.0.1-check." + commit}
	proxy, bin := t.TempDir(), t.TempDir()
	versions := filepath.Join(proxy, path, "@v")
	if err := os.MkdirAll(versions, 0o755); err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := os.ReadFile(archive(t, at))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"list": []byte(at.Version + "\n"), at.Version + ".mod": mod, at.Version + ".zip": zipped,
		at.Version + ".info": fmt.Appendf(nil, `{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, at.Version),
	} {
		if err := os.WriteFile(filepath.Join(versions, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cache := strings.TrimSpace(run(t, root, nil, "go", "env", "GOMODCACHE"))
	t.Cleanup(func() { forget(t, cache, at) })
	upstream := strings.TrimSpace(run(t, root, nil, "go", "env", "GOPROXY"))
	run(t, t.TempDir(), []string{"CGO_ENABLED=0", "GOBIN=" + bin, "GOPROXY=file://" + proxy + "," + upstream, "GONOSUMDB=" + path},
		"go", "install", path+"/cmd/tracker@latest")
	if got := run(t, bin, nil, filepath.Join(bin, "tracker"), "version"); !strings.HasPrefix(got, "tracker "+strings.TrimPrefix(at.Version, "v")) {
		t.Errorf("what was installed says %q", got)
	}
}

// archive is the zip of the committed files as a proxy makes it.
func archive(t *testing.T, at module.Version) string {
	t.Helper()
	tree := t.TempDir()
	tar := filepath.Join(t.TempDir(), "tree.tar")
	// The checkout may be somebody else's, as in CI.
	run(t, root, nil, "git", "-c", "safe.directory=*", "archive", "--output="+tar, "HEAD")
	run(t, tree, nil, "tar", "-xf", tar)
	file, err := os.Create(filepath.Join(t.TempDir(), "module.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := zip.CreateFromDir(file, at, tree); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

// forget takes a version out of the module cache, whose files nobody may write.
func forget(t *testing.T, cache string, at module.Version) {
	t.Helper()
	run(t, cache, nil, "chmod", "-R", "u+w", filepath.Join(cache, path+"@"+at.Version))
	found, err := filepath.Glob(filepath.Join(cache, "cache", "download", path, "@v", at.Version+".*"))
	if err != nil {
		t.Error(err)
	}
	for _, name := range append(found, filepath.Join(cache, path+"@"+at.Version)) {
		if err := os.RemoveAll(name); err != nil {
			t.Error(err)
		}
	}
}

func run(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}
