package filter_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/filter"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestFiltersAsDocumented runs every example of docs/filters.md, in both forms,
// over the resources that it lists.
func TestFiltersAsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/filters.md")
	if err != nil {
		t.Fatal(err)
	}
	_, examples, _ := strings.Cut(string(text), "\n## Examples\n")
	_, block, _ := strings.Cut(examples, "```json\n")
	block, examples, _ = strings.Cut(block, "```\n")
	var resources []tracker.Resource
	for line := range strings.Lines(block) {
		var r tracker.Resource
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err, line)
		}
		resources = append(resources, r)
	}
	rows := regexp.MustCompile("(?m)^\\| `(.+)` \\| `(.+)` \\| (.+) \\|$").FindAllStringSubmatch(examples, -1)
	if len(resources) != 5 || len(rows) != strings.Count(examples, "\n|")-2 || len(rows) < 20 {
		t.Fatalf("%d resources, %d examples", len(resources), len(rows))
	}
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for _, row := range rows {
		for _, form := range row[1:3] {
			f, err := filter.Parse(form)
			if err != nil {
				t.Errorf("%s: %v", form, err)
				continue
			}
			var ids []string
			for _, r := range resources {
				if f.At(at).Match(&r) {
					ids = append(ids, r.ID)
				}
			}
			if diff := cmp.Diff(row[3], strings.Join(ids, ", ")); diff != "" {
				t.Errorf("%s: %s", form, diff)
			}
		}
	}
}
