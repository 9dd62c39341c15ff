package scanners

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestDetails reads every Detail on recorded answers, testdata/<type>/<detail>: what it
// adds is golden, and its permissions are the calls that it makes besides. What nobody
// asks for is not read: TestCatalog has no recordings of it.
func TestDetails(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Catalog {
		for _, d := range s.Details {
			t.Run(d.Name, func(t *testing.T) {
				if names[d.Name] || d.Doc == "" {
					t.Error("it is there twice, or says nothing of itself")
				}
				names[d.Name] = true
				base := filepath.Join("testdata", strings.ToLower(string(s.Type)))
				listed, detail := readFixtures(t, base), readFixtures(t, filepath.Join(base, d.Name))
				target := listed.target()
				target.Details = []string{d.Name}
				target.Config.HTTPClient = answers(func(c call) (int, string) {
					chains := slices.DeleteFunc(slices.Collect(maps.Keys(detail.files)), func(ch chain) bool { return ch.op != c.op })
					if len(chains) == 0 {
						return listed.answer(c)
					}
					_, action := Action(c.service, c.op)
					best := slices.MaxFunc(chains, func(a, b chain) int { return cmp.Compare(fit(c, a), fit(c, b)) })
					body, err := os.ReadFile(detail.files[best][0]) // for every resource that it fits
					detail.mu.Lock()
					defer detail.mu.Unlock()
					detail.actions[action], detail.asked[best] = true, 1
					if err != nil || bytes.HasPrefix(body, []byte("<Error>")) {
						return http.StatusNotFound, string(body)
					}
					return http.StatusOK, string(body)
				})
				plain := map[string]tracker.Metadata{}
				for _, r := range goldens(t, s.Type) {
					plain[r.Key()] = r.Metadata
				}
				got := []tracker.Resource{}
				err := s.Run(t.Context(), target, func(rs ...tracker.Resource) error {
					for _, r := range rs {
						maps.DeleteFunc(r.Metadata, func(key string, _ any) bool {
							_, known := plain[r.Key()][key]
							return known
						})
						got = append(got, tracker.Resource{ID: r.ID, Type: r.Type, AccountID: r.AccountID, Region: r.Region, Tags: map[string]string{}, Metadata: r.Metadata})
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
				slices.SortFunc(got, func(a, b tracker.Resource) int { return cmp.Compare(a.Key(), b.Key()) })
				golden(t, filepath.Join(base, d.Name, "want.json"), got)
				for _, p := range append(listed.problems, detail.unused()...) {
					t.Error(p)
				}
				if diff := gocmp.Diff(slices.Sorted(maps.Keys(detail.actions)), d.Permissions); diff != "" {
					t.Errorf("actions called and permissions declared (-called +declared):\n%s", diff)
				}
			})
		}
	}
}

// TestRefusedDetail: a bucket that refuses keeps its detail unknown, and the scan says so.
func TestRefusedDetail(t *testing.T) {
	base := readFixtures(t, "testdata/s3_bucket")
	target := base.target()
	target.Details = []string{bucketLifecycle.Name}
	target.Config.HTTPClient = answers(func(c call) (int, string) {
		if c.op == "GetBucketLifecycleConfiguration" {
			return http.StatusForbidden, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
		}
		return base.answer(c)
	})
	listed := 0
	err := s3Bucket.Run(t.Context(), target, func(rs ...tracker.Resource) error {
		listed += len(rs)
		for _, r := range rs {
			if rules, there := r.Metadata["lifecycle_rules"]; !there || rules != nil {
				t.Errorf("%s has the lifecycle rules %v", r.ID, rules)
			}
		}
		return nil
	})
	if listed == 0 || err == nil || !strings.Contains(err.Error(), "bucket_lifecycle of bucket ") || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("%d buckets, %v", listed, err)
	}
}
