package scripts

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestVersionOfARelease runs what a release asks first.
func TestVersionOfARelease(t *testing.T) {
	source := regexp.MustCompile(`(?m)^\tsource = "(.*)"$`).FindStringSubmatch(read(t, "tracker/version.go"))[1]
	for version, want := range map[string]string{
		source + "-rc.1":  "version=" + source + "-rc.1",
		"1000.0.0":        "the source is version " + source,
		"v" + source:      "is no version",
		source + "; true": "is no version",
	} {
		out, err := exec.CommandContext(t.Context(), "./version.sh", version).CombinedOutput()
		if !strings.Contains(string(out), want) || (err == nil) != strings.HasPrefix(want, "version=") {
			t.Errorf("%s: %s %v, want %q", version, out, err, want)
		}
	}
	notes, err := exec.CommandContext(t.Context(), "./notes.sh", source+"-rc.1").Output()
	if text := string(notes); err != nil || !strings.HasPrefix(text, "### Added\n") || strings.Contains(text, "\n## ") {
		t.Errorf("the notes are %.100s %v", text, err)
	}
}
