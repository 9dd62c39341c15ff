package scanners

import (
	"context"
	"testing"

	"github.com/consolesensei/resource-tracker/tracker"
)

// TestRegionOfTheCell: what a scanner says of a region holds where the cell can hold resources of several, and nowhere else.
func TestRegionOfTheCell(t *testing.T) {
	const own = "eu-west-1" // that of target
	for name, tt := range map[string]struct {
		s    Scanner
		want string
	}{
		"regional": {Scanner{Type: "EC2_Instance", Untagged: "a test"}, own},
		"global":   {Scanner{Type: "S3_Bucket", Global: true, Untagged: "a test"}, "us-west-2"},
		"other":    {Scanner{Type: tracker.TypeOther, Untagged: "a test"}, "us-west-2"},
	} {
		tt.s.Scan = func(_ context.Context, _ Target, emit Emit) error {
			return emit(tracker.Resource{ID: "1", Region: "us-west-2"})
		}
		got := ""
		err := tt.s.Run(t.Context(), target(nil), func(rs ...tracker.Resource) error {
			got = rs[0].Region
			return nil
		})
		if err != nil || got != tt.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
