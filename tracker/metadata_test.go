package tracker_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// Facts read the same as scanners make them and as they come back from JSON.
func TestMetadata(t *testing.T) {
	made := tracker.Metadata{
		"text": "gp3", "flag": true, "n": int64(3), "half": .5, "names": []string{"a", "b"}, "none": []string{},
		"objects": []map[string]any{{"id": "x"}}, "nil": nil,
	}
	b, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var read tracker.Metadata
	if err := json.Unmarshal(b, &read); err != nil {
		t.Fatal(err)
	}
	for name, m := range map[string]tracker.Metadata{"made": made, "read": read} {
		t.Run(name, func(t *testing.T) {
			if got := m.Text("text") + m.Text("n") + m.Text("nil") + m.Text("absent"); got != "gp3" {
				t.Errorf("texts are %q", got)
			}
			if !m.Flag("flag") || m.Flag("text") || m.Flag("nil") || m.Flag("absent") {
				t.Error("flags are wrong")
			}
			for key, want := range map[string]float64{"n": 3, "half": .5} {
				if n, ok := m.Number(key); !ok || n != want {
					t.Errorf("%s is %v, %v", key, n, ok)
				}
			}
			for _, key := range []string{"text", "nil", "absent"} {
				if n, ok := m.Number(key); ok {
					t.Errorf("%s is %v", key, n)
				}
				if m.List(key) != nil || m.Objects(key) != nil {
					t.Errorf("%s is a list", key)
				}
				if _, ok := m.Len(key); ok {
					t.Errorf("%s has a length", key)
				}
			}
			if diff := cmp.Diff([]string{"a", "b"}, m.List("names")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]map[string]any{{"id": "x"}}, m.Objects("objects")); diff != "" {
				t.Error(diff)
			}
			for key, want := range map[string]int{"names": 2, "none": 0, "objects": 1} {
				if n, ok := m.Len(key); !ok || n != want {
					t.Errorf("%s has %d, %v", key, n, ok)
				}
			}
		})
	}
}
