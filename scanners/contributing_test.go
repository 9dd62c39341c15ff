package scanners

import (
	"os"
	"strings"
	"testing"
)

// TestContributing holds the scanner that CONTRIBUTING shows to one that is
// compiled: its Go block begins with the name of a file and is what the file says
// below its imports.
func TestContributing(t *testing.T) {
	const document = "../CONTRIBUTING.md"
	b, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "```go\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatalf("%s has no block of Go", document)
	}
	var lines []string
	for line := range strings.Lines(strings.TrimRight(block, " ")) {
		lines = append(lines, strings.TrimPrefix(line, "   "))
	}
	file, sample, _ := strings.Cut(strings.TrimPrefix(strings.Join(lines, ""), "// "), "\n")
	source, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(source), "\n)\n\n")
	if code != sample {
		t.Errorf("%s shows of %s:\n%s\nwhere the file says:\n%s", document, file, sample, code)
	}
}
