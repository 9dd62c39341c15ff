package compose

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instructions are those of the Dockerfile, each on one line.
func instructions(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "deploy/docker/Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(strings.ReplaceAll(string(b), "\\\n", " ")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Join(strings.Fields(line), " "))
		}
	}
	return all
}

// TestImage reads the Dockerfile: what it takes cannot change, and what runs is static, has no
// shell, is not root and is asked by a program whether it works.
func TestImage(t *testing.T) {
	all := instructions(t)
	has := func(pattern string) {
		t.Helper()
		if !slices.ContainsFunc(all, regexp.MustCompile(pattern).MatchString) {
			t.Errorf("no instruction %s", pattern)
		}
	}
	has(`^FROM gcr\.io/distroless/static-debian12:nonroot@\S+ AS programs$`)
	has(`^RUN .*CGO_ENABLED=0 .*go build -trimpath .*-X \$stamp\.Version=\$VERSION.* -o /out/ \./cmd/\.\.\.$`)
	has(`^USER [1-9]\d*:[1-9]\d*$`)
	has(`^HEALTHCHECK .* CMD \["/usr/local/bin/api", "healthcheck", "-any"\]$`)
	has(`^CMD \["/usr/local/bin/api"\]$`)
	if last := all[len(all)-1]; last != "FROM programs AS runtime" {
		t.Errorf("without a target, %s is built", last)
	}
	stages := map[string]bool{}
	from := regexp.MustCompile(`^FROM (?:--\S+ )?(\S+)(?: AS (\S+))?$|^COPY --from=(\S+) `)
	pinned := regexp.MustCompile(`^[a-z0-9./-]+:[a-zA-Z0-9.-]+@sha256:[0-9a-f]{64}$`)
	for _, line := range all {
		m := from.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if image := m[1] + m[3]; !stages[image] && !pinned.MatchString(image) {
			t.Errorf("%s is not pinned", image)
		}
		stages[m[2]] = true
	}
}

// TestBuildSeesWhatItNeeds holds Dockerfile.dockerignore to the folders that the programs are
// built from: no more, so that no secret beside them gets into a build.
func TestBuildSeesWhatItNeeds(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./cmd/...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(root, "deploy/docker/Dockerfile.dockerignore"))
	if err != nil {
		t.Fatal(err)
	}
	var needed, seen []string
	var used = map[string]bool{"go.mod": true, "go.sum": true}
	patterns := slices.DeleteFunc(strings.Split(strings.TrimSpace(string(b)), "\n"), func(l string) bool { return strings.HasPrefix(l, "#") })
	if patterns[0] != "*" {
		t.Error("it does not begin with nothing")
	}
	for _, p := range patterns {
		if folder, ok := strings.CutPrefix(p, "!"); ok {
			seen = append(seen, folder)
		}
	}
	for path := range strings.FieldsSeq(string(out)) {
		if folder, ok := strings.CutPrefix(path, "github.com/consolesensei/resource-tracker/"); ok {
			needed = append(needed, folder)
		}
	}
	for _, folder := range needed {
		i := slices.IndexFunc(seen, func(s string) bool { return folder == s || strings.HasPrefix(folder, s+"/") })
		if i < 0 {
			t.Errorf("%s is left out", folder)
			continue
		}
		used[seen[i]] = true
	}
	for _, s := range seen {
		if !used[s] {
			t.Errorf("%s is not needed", s)
		}
	}
	if len(needed) < 20 {
		t.Errorf("only %q", needed)
	}
}
