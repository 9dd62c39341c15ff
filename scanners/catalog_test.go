package scanners

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestCatalog holds every Scanner to the same promises, on recorded answers.
func TestCatalog(t *testing.T) {
	byType := func(a, b Scanner) int { return cmp.Compare(a.Type, b.Type) }
	if !slices.IsSortedFunc(Catalog, byType) {
		t.Error("Catalog is not sorted by type")
	}
	for _, s := range Catalog {
		t.Run(string(s.Type), func(t *testing.T) {
			dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
			recorded := readFixtures(t, dir)
			got := []tracker.Resource{}
			err := s.Run(t.Context(), recorded.target(), func(rs ...tracker.Resource) error {
				got = append(got, rs...)
				return nil
			})
			for _, p := range recorded.problems {
				t.Error(p)
			}
			if err != nil {
				t.Fatal(err)
			}
			// What is asked concurrently comes in any order.
			slices.SortFunc(got, func(a, b tracker.Resource) int { return cmp.Compare(a.Key(), b.Key()) })
			golden(t, filepath.Join(dir, "want.json"), got)
			wellFormed(t, s, got)
			tagsAsDeclared(t, s, got)
			for _, r := range got {
				// What Other lists is what nothing else does.
				patterns, want := s.ARNs, true
				if s.Type == other.Type {
					patterns, want = listed(nil), false
				}
				if covered(patterns, r.ARN) != want {
					t.Errorf("%s is covered by %q: %v, want %v", r.ARN, patterns, !want, want)
				}
			}

			for _, p := range recorded.unused() {
				t.Errorf("%s was not asked for", p)
			}
			for _, op := range recorded.unpaged() {
				t.Errorf("%s was not asked for a second page", op)
			}
			called := maps.Clone(recorded.actions)
			for _, action := range s.Optional {
				called[action] = true // other tests show that it is called
			}
			if diff := gocmp.Diff(slices.Sorted(maps.Keys(called)), s.actions()); diff != "" {
				t.Errorf("actions called and permissions declared (-called +declared):\n%s", diff)
			}
			var services []string
			for _, service := range s.services() {
				services = append(services, service.ID)
			}
			slices.Sort(services)
			if diff := gocmp.Diff(slices.Sorted(maps.Keys(recorded.services)), services); diff != "" {
				t.Errorf("services called and declared (-called +declared):\n%s", diff)
			}
		})
	}
}

// wellFormed holds resources to what is promised of all of them.
func wellFormed(t *testing.T, s Scanner, rs []tracker.Resource) {
	t.Helper()
	if len(s.Metadata) == 0 {
		t.Error("no metadata that clients count on")
	}
	keys, arns := map[string]bool{}, map[string]bool{}
	for _, r := range rs {
		if r.ID == "" || r.AccountID == "" || r.Region == "" || r.State == "" || r.Tags == nil {
			t.Errorf("%s lacks a field that is never empty: %+v", r.Key(), r)
		}
		if !strings.HasPrefix(r.ARN, "arn:aws:") {
			t.Errorf("%s has ARN %q", r.Key(), r.ARN)
		}
		if keys[r.Key()] || arns[r.ARN] {
			t.Errorf("%s, %s is there twice", r.Key(), r.ARN)
		}
		keys[r.Key()], arns[r.ARN] = true, true
		if r.Created != nil && r.Created.Location() != time.UTC {
			t.Errorf("%s was created at %v, not in UTC", r.Key(), r.Created)
		}
		for _, k := range s.Metadata {
			if _, ok := r.Metadata[k]; !ok {
				t.Errorf("%s lacks metadata %s", r.Key(), k)
			}
		}
		for k, v := range r.Metadata {
			if !plain(v) {
				t.Errorf("%s has metadata %s of type %T", r.Key(), k, v)
			}
		}
	}
}

// tagsAsDeclared holds a Scanner to where it says that tags come from.
func tagsAsDeclared(t *testing.T, s Scanner, rs []tracker.Resource) {
	t.Helper()
	tagged := slices.ContainsFunc(rs, func(r tracker.Resource) bool { return len(r.Tags) > 0 })
	switch {
	case s.Tagged != "" && s.Untagged != "" || s.TaggedIn != nil && s.Tagged == "":
		t.Error("Tagged, TaggedIn and Untagged contradict each other")
	case s.Untagged != "" && tagged:
		t.Error("there are tags, though Untagged says why there are none")
	case s.Untagged == "" && !tagged:
		t.Error("no resource has tags: they are recorded with the list, asked of the tagging API (Tagged), or there are none (Untagged says why)")
	}
}

// plain reports whether v is of a type that metadata is made of.
func plain(v any) bool {
	switch v := v.(type) {
	case nil, string, bool, int64, float64, map[string]int64:
		return true
	case []string:
		return v != nil
	case map[string]any:
		for _, item := range v {
			if !plain(item) {
				return false
			}
		}
		return true
	case []map[string]any:
		for _, item := range v {
			if !plain(item) {
				return false
			}
		}
		return v != nil
	default:
		return false
	}
}

func golden(t *testing.T, path string, got any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestFind(t *testing.T) {
	for _, info := range Types() {
		s, ok := Find(info.Type)
		if !ok || s.Type != info.Type {
			t.Errorf("Find(%q) = %q, %v", info.Type, s.Type, ok)
		}
		if info.Service == "" || len(info.Permissions) == 0 || info.Verbs == nil {
			t.Errorf("incomplete: %+v", info)
		}
		if want := map[bool]string{true: "global", false: "regional"}[s.Global]; info.Scope != want {
			t.Errorf("scope of %s is %s", info.Type, info.Scope)
		}
	}
	if _, ok := Find("EC2_instance"); ok {
		t.Error("Find ignores case")
	}
}

func TestARN(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1":      "arn:aws:ec2:eu-west-1:111122223333:volume/v",
		"cn-north-1":     "arn:aws-cn:ec2:cn-north-1:111122223333:volume/v",
		"us-gov-west-1":  "arn:aws-us-gov:ec2:us-gov-west-1:111122223333:volume/v",
		"us-isob-east-1": "arn:aws-iso-b:ec2:us-isob-east-1:111122223333:volume/v",
		"us-iso-east-1":  "arn:aws-iso:ec2:us-iso-east-1:111122223333:volume/v",
	} {
		if got := target(nil).in(region).arn("ec2", "volume/v"); got != want {
			t.Errorf("ARN in %s is %s", region, got)
		}
	}
}
