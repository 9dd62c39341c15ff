package tracker_test

import (
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

func TestDigest(t *testing.T) {
	seen := map[string]string{}
	for name, parts := range map[string][]any{
		"plan of nothing": {"plan"}, "scan of nothing": {"scan"}, "two parts": {"plan", "a", "b"}, "one part": {"plan", "ab"}, "a list": {"plan", []string{"a", "b"}},
	} {
		d, err := tracker.Digest(parts[0].(string), parts[1:]...)
		if err != nil || len(d) != 64 {
			t.Errorf("%s: %q, %v", name, d, err)
		}
		if other, taken := seen[d]; taken {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[d] = name
	}
	if _, err := tracker.Digest("plan", func() {}); err == nil {
		t.Error("what has no JSON has a digest")
	}
}
