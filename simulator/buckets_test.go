package simulator_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/consolesensei/resource-tracker/simulator"
)

func TestBucketsAndTheirSizes(t *testing.T) {
	now := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Resources: 2000, Clock: func() time.Time { return now }})
	client := s3.NewFromConfig(a.Config(home))
	bare, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if err != nil || bare.Buckets[0].BucketRegion != nil {
		t.Fatalf("without a parameter there is no region: %v, %v", bare, err)
	}
	out, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{MaxBuckets: aws.Int32(10_000)})
	if err != nil {
		t.Fatal(err)
	}
	sized, legacy := 0, 0
	for _, b := range out.Buckets {
		where, err := client.GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: b.Name})
		if err != nil {
			t.Fatal(err)
		}
		switch constraint := string(where.LocationConstraint); {
		case constraint == "EU" && *b.BucketRegion == "eu-west-1":
			legacy++
		case constraint == "" && *b.BucketRegion == home:
		case constraint != *b.BucketRegion:
			t.Errorf("%s is in %q and %q", *b.Name, constraint, *b.BucketRegion)
		}
		values := bytesOf(t, a.Config(*b.BucketRegion), *b.Name, now)
		if len(values) == 4 && values[0] > 0 {
			sized++
		} else if len(values) != 0 {
			t.Errorf("%s: %v", *b.Name, values)
		}
		if *b.BucketRegion != home && len(bytesOf(t, a.Config(home), *b.Name, now)) > 0 {
			t.Errorf("%s has a size in another region", *b.Name)
		}
	}
	if sized < len(out.Buckets)/2 || sized == len(out.Buckets) || legacy == 0 {
		t.Errorf("of %d buckets %d have a size, %d a legacy location", len(out.Buckets), sized, legacy)
	}
}

// bytesOf returns the standard storage of a bucket on the last four days.
func bytesOf(t *testing.T, cfg aws.Config, bucket string, now time.Time) []float64 {
	t.Helper()
	out, err := cloudwatch.NewFromConfig(cfg).GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{
		StartTime: aws.Time(now.AddDate(0, 0, -4)), EndTime: &now,
		MetricDataQueries: []cwtypes.MetricDataQuery{{
			Id: aws.String("m0"),
			MetricStat: &cwtypes.MetricStat{Period: aws.Int32(86400), Stat: aws.String("Average"), Metric: &cwtypes.Metric{
				Namespace: aws.String("AWS/S3"), MetricName: aws.String("BucketSizeBytes"),
				Dimensions: []cwtypes.Dimension{
					{Name: aws.String("BucketName"), Value: &bucket},
					{Name: aws.String("StorageType"), Value: aws.String("StandardStorage")},
				},
			}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.MetricDataResults[0].Values
}
