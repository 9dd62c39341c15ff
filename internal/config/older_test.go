package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeysOfTheEarlierService(t *testing.T) {
	for _, tt := range []struct {
		keys, compatibility string
		want                []string
		weak                int
		problem             string
	}{
		{keys: "key1,key2,key3", compatibility: "v1", want: []string{"key1", "key2", "key3"}, weak: 3},
		{keys: "key1, key1, " + key, compatibility: "v1", want: []string{"key1", key}, weak: 1},
		{keys: "your-api-key-0123456789", compatibility: "v1", want: []string{"your-api-key-0123456789"}, weak: 1},
		{keys: "two words here of a key", compatibility: "v1", want: []string{"two words here of a key"}},
		{keys: "a\x01b", compatibility: "v1", problem: "key 1 has characters that an HTTP header cannot carry"},
		{keys: "key1", problem: "key 1 is shorter than 16 characters"},
		{keys: "two words here of a key", problem: "key 1 has characters that an HTTP header cannot carry"},
	} {
		got, err := Load(env(map[string]string{"VALID_API_KEYS": tt.keys, "COMPATIBILITY": tt.compatibility}), API)
		if tt.problem != "" {
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("%q: %v, want %s", tt.keys, err, tt.problem)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got.ValidAPIKeys.Reveal()); diff != "" || got.WeakKeys() != tt.weak {
			t.Errorf("%q: %d weak ones, want %d (-want +got):\n%s", tt.keys, got.WeakKeys(), tt.weak, diff)
		}
	}
}
