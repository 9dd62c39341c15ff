package scanners

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestKeeps: what keeps a resource from being waste is a fact that its Scanner has, and
// that a recorded answer shows.
func TestKeeps(t *testing.T) {
	for _, k := range tracker.Keeps {
		for _, typ := range k.Types {
			if _, ok := Find(typ); !ok {
				t.Errorf("%s keeps %s, which no scanner lists", k.Rule, typ)
			}
			if k.Key == "" {
				continue // a tag is a tag
			}
			shown := false
			for _, r := range goldens(t, typ) {
				v, known := r.Metadata[k.Key]
				if !known {
					t.Errorf("%s has no %s", r.Key(), k.Key)
				}
				list, _ := v.([]any)
				shown = shown || len(list) > 0 || r.Metadata.Text(k.Key) != ""
			}
			if !shown {
				t.Errorf("no recorded answer shows the %s of a %s", k.Key, typ)
			}
		}
	}
}

// goldens are the resources that the recorded answers of a type are made into.
func goldens(t *testing.T, typ tracker.Type) (rs []tracker.Resource) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", strings.ToLower(string(typ)), "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &rs); err != nil {
		t.Fatal(err)
	}
	return rs
}
