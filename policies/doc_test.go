package policies_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/policies"
)

// TestDocument: the file in the document is one, and the document names every key of the schema.
func TestDocument(t *testing.T) {
	b, err := os.ReadFile("../docs/policies.md")
	if err != nil {
		t.Fatal(err)
	}
	document := string(b)
	_, file, _ := strings.Cut(document, "```yaml\n")
	file, _, _ = strings.Cut(file, "```")
	if _, err := policies.Read("docs/policies.md", []byte(file)); err != nil {
		t.Error(err)
	}
	for _, key := range regexp.MustCompile(`"([a-z_]+)": \{"(?:type|\$ref|enum|const)"`).FindAllStringSubmatch(string(policies.Schema), -1) {
		if !strings.Contains(document, key[1]) {
			t.Errorf("%s is not in the document", key[1])
		}
	}
	for _, name := range []policies.State{policies.StateClean, policies.StateMatched, policies.StatePlanned, policies.StateApplied, policies.StateWaiting, policies.StateIncomplete, policies.StateRefused, policies.StateFailed, policies.StateDenied} {
		if !strings.Contains(document, "`"+string(name)+"`") {
			t.Errorf("state %s is not in the document", name)
		}
	}
}
