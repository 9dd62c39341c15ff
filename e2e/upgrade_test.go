package e2e

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// versionBefore is the commit that upgrades are tried from: the newest release, or while
// there is none one that knows all kinds of work.
const versionBefore = "55af93975041c0b5e3466cd282725314c89d0176"

// TestUpgrade replaces two workers and two APIs of the version before by those of this one,
// one after the other, while scans, plans, schedules and events go on. One worker goes back
// and comes forward again.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	chaos(t, "-before", programsBefore(t), "-jobs", "12", "-plans", "6", "-schedules", "2")
}

// programsBefore is the folder of the programs of the version before, built once for all
// runs on a machine.
func programsBefore(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	programs := filepath.Join(cache, "resource-tracker-e2e", versionBefore)
	if _, err := os.Stat(programs); err == nil {
		return programs
	}
	git := func(args ...string) ([]byte, error) {
		return exec.CommandContext(t.Context(), "git", append([]string{"-C", ".."}, args...)...).CombinedOutput()
	}
	if _, err := git("cat-file", "-e", versionBefore+"^{commit}"); err != nil { // a shallow clone
		if out, err := git("fetch", "--depth", "1", "origin", versionBefore); err != nil {
			t.Skipf("THE UPGRADE IS NOT TESTED: this clone has no commit %s, and it cannot be fetched: %v: %s", versionBefore, err, out)
		}
	}
	source := t.TempDir()
	archive := filepath.Join(source, "source.tar")
	if out, err := git("archive", "--output", archive, versionBefore); err != nil {
		t.Fatalf("git archive: %v: %s", err, out)
	}
	if err := os.MkdirAll(filepath.Dir(programs), 0o700); err != nil {
		t.Fatal(err)
	}
	half, err := os.MkdirTemp(filepath.Dir(programs), "half-") //nolint:usetesting // it becomes programs, which another test run may make at once
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(half)
	run := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir = source
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	run("tar", "-xf", archive)
	if _, err := os.Stat(filepath.Join(source, "internal", "aws")); errors.Is(err, fs.ErrNotExist) {
		lendClients(t, source)
	}
	run("go", "build", "-o", half+string(filepath.Separator), "./cmd/api", "./cmd/worker")
	if err := os.Rename(half, programs); err != nil {
		t.Fatal(err)
	}
	return programs
}

// lendClients gives the source of a version that had the SDK's whole clients of AWS the reduced ones
// of this version. The whole ones compile for minutes, and are not what an upgrade tries.
func lendClients(t *testing.T, source string) {
	t.Helper()
	const reduced = "../internal/aws"
	if err := os.CopyFS(filepath.Join(source, "internal", "aws"), os.DirFS(reduced)); err != nil {
		t.Fatal(err)
	}
	folders, err := os.ReadDir(reduced)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []string
	for _, f := range folders {
		for _, end := range []string{`"`, "/"} { // its types are a package in it
			pairs = append(pairs, `"github.com/aws/aws-sdk-go-v2/service/`+f.Name()+end, `"github.com/consolesensei/resource-tracker/internal/aws/`+f.Name()+end)
		}
	}
	lend := strings.NewReplacer(pairs...)
	err = filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasPrefix(path, filepath.Join(source, "internal", "aws")+"/") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(lend.Replace(string(text))), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
