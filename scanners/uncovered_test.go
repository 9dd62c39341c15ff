package scanners

import (
	"cmp"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestUntaggedAreListed has the tagging API know nothing: every Scanner but Other lists
// all that it listed with it. What was never tagged is not silently absent.
func TestUntaggedAreListed(t *testing.T) {
	for _, s := range Catalog {
		if s.Type == other.Type {
			continue // which lists what has tags and no type, and says so
		}
		t.Run(string(s.Type), func(t *testing.T) {
			dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
			recorded := readFixtures(t, dir)
			at := recorded.target()
			at.Config.HTTPClient = answers(func(c call) (int, string) {
				if service, _ := called(c.service); service.ID == serviceTagging.ID {
					return http.StatusOK, `{"ResourceTagMappingList": []}`
				}
				return recorded.answer(c)
			})
			var want, got []string
			for _, r := range readGolden(t, dir) {
				want = append(want, r.Key())
			}
			err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					got = append(got, r.Key())
				}
				return nil
			})
			slices.Sort(want)
			slices.Sort(got)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%v, want %v, error %v", got, want, err)
			}
		})
	}
}

// TestUncovered holds the kinds that are named as not covered to the Catalog.
func TestUncovered(t *testing.T) {
	if !slices.IsSortedFunc(uncovered, func(a, b tracker.Uncovered) int { return cmp.Compare(a.Kind, b.Kind) }) {
		t.Error("they are not sorted by kind")
	}
	for _, u := range uncovered {
		if _, ok := Find(u.Beside); !ok {
			t.Errorf("%s are beside %s, which is no type", u.Kind, u.Beside)
		}
		covered := slices.ContainsFunc(Catalog, func(s Scanner) bool {
			return slices.ContainsFunc(s.ARNs, func(p string) bool { return strings.HasPrefix(p, u.Service+":") })
		})
		if u.Reason == otherAPI && covered {
			t.Errorf("%s: a scanner lists what %s has", u.Kind, u.Service)
		}
	}
}

// TestDirectoryBuckets lists an untagged directory bucket, which ListBuckets shows none of.
func TestDirectoryBuckets(t *testing.T) {
	recorded := readFixtures(t, filepath.Join("testdata", "s3_directorybucket"))
	asked := ""
	at := recorded.target()
	at.Config.HTTPClient = answers(func(c call) (int, string) {
		asked = c.text
		return recorded.answer(c)
	})
	n := 0
	err := s3DirectoryBucket.Run(t.Context(), at, func(rs ...tracker.Resource) error {
		n += len(rs)
		return nil
	})
	if err != nil || n != 2 || !strings.HasPrefix(asked, "https://s3express-control.eu-west-1.amazonaws.com/?") {
		t.Errorf("%d buckets of %s, error %v", n, asked, err)
	}
}
