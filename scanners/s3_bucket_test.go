package scanners

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestBucketRegions leaves out the buckets of regions that were not asked for,
// and asks nothing there.
func TestBucketRegions(t *testing.T) {
	dir := filepath.Join("testdata", "s3_bucket")
	tests := []struct {
		name    string
		regions []string
		exclude []string
		called  []string // about tags and sizes
	}{
		{"one", []string{"ap-south-1"}, nil, []string{"ap-south-1"}},
		{"two of three", []string{"us-east-1", "eu-west-1"}, nil, []string{"eu-west-1", "us-east-1"}},
		{"one without buckets", []string{"sa-east-1"}, nil, nil},
		{"all", nil, nil, []string{"ap-south-1", "eu-west-1", "us-east-1"}},
		{"all but one", nil, []string{"eu-west-1"}, []string{"ap-south-1", "us-east-1"}},
		{"one of two", []string{"us-east-1", "eu-west-1"}, []string{"eu-west-1"}, []string{"us-east-1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			recorded := readFixtures(t, dir)
			var called []string
			at := target(answers(func(c call) (int, string) {
				if c.service != "S3" {
					recorded.mu.Lock()
					called = append(called, c.region)
					recorded.mu.Unlock()
				}
				return recorded.answer(c)
			}))
			at.Regions, at.ExcludeRegions = tt.regions, tt.exclude
			var got []string
			err := s3Bucket.Run(t.Context(), at, func(rs ...tracker.Resource) error {
				for _, r := range rs {
					got = append(got, r.ID)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, r := range readGolden(t, dir) {
				if (tt.regions == nil || slices.Contains(tt.regions, r.Region)) && !slices.Contains(tt.exclude, r.Region) {
					want = append(want, r.ID)
				}
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("buckets %v, want %v", got, want)
			}
			if called := sdk.Distinct(called); !slices.Equal(called, tt.called) {
				t.Errorf("calls to %v, want %v", called, tt.called)
			}
			for _, p := range recorded.problems {
				t.Error(p)
			}
		})
	}
}

// TestBucketOfUnknownRegion emits a bucket that may be in a region asked for.
func TestBucketOfUnknownRegion(t *testing.T) {
	recorded := readFixtures(t, filepath.Join("testdata", "s3_bucket"))
	at := target(answers(func(c call) (int, string) {
		if c.op == "GetBucketLocation" {
			return denied(c)
		}
		return recorded.answer(c)
	}))
	at.Regions = []string{"sa-east-1"}
	var got []string
	err := s3Bucket.Run(t.Context(), at, func(rs ...tracker.Resource) error {
		for _, r := range rs {
			got = append(got, r.ID)
		}
		return nil
	})
	slices.Sort(got)
	if err == nil || !slices.Equal(got, []string{"legacy-eu", "legacy-us"}) {
		t.Errorf("buckets %v, error %v", got, err)
	}
}
