package pricing_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/consolesensei/resource-tracker/pricing"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// answer is AWS as one answer to everything.
type answer string

func (a answer) Do(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(a))), Request: req}, nil
}

// TestChain: thirty daily snapshots of one volume of 1,000 GB that holds 500 cost
// $25 and what changed, not $750; those of another volume are another chain.
func TestChain(t *testing.T) {
	var items strings.Builder
	snapshot := func(id, volume string, daysAgo int) {
		fmt.Fprintf(&items, "<item><snapshotId>snap-%s</snapshotId><volumeId>%s</volumeId><status>completed</status><startTime>%s</startTime><volumeSize>1000</volumeSize><fullSnapshotSizeInBytes>%d</fullSnapshotSizeInBytes></item>",
			id, volume, time.Now().AddDate(0, 0, -daysAgo).UTC().Format(time.RFC3339), int64(500*gib))
	}
	for i := range 30 {
		snapshot(fmt.Sprint(i), "vol-1", i)
	}
	snapshot("other", "vol-2", 3)
	s, _ := scanners.Find("EBS_Snapshot")
	sum, oldest := tracker.NewSummary(), ""
	err := s.Run(t.Context(), scanners.Target{AccountID: "111122223333", Config: aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient: answer("<DescribeSnapshotsResponse><snapshotSet>" + items.String() + "</snapshotSet></DescribeSnapshotsResponse>"),
	}}, func(rs ...tracker.Resource) error {
		for _, r := range rs {
			pricing.Embedded().Price(&r)
			sum.Add(r)
			if r.MonthlyCost != nil && r.Metadata.Text("volume_id") == "vol-1" {
				oldest += r.ID
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if total := sum.Cost.MonthlyTotal.Float(); math.Abs(total-50) > 0.001 || sum.Cost.Unknown != 29 || oldest != "snap-29" {
		t.Errorf("%d snapshots cost $%v, %d of them unknown, the chain is at %s", sum.TotalResources, total, sum.Cost.Unknown, oldest)
	}
}
