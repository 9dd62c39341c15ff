package scanners

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// S3 gives no sizes. CloudWatch has them once a day, in the bucket's region, as
// one metric for each storage class. GetMetricData reads 500 metrics a call but
// must be told which: a few buckets are asked for every class there is, in one
// call; for many, ListMetrics first tells which classes each bucket has, a chain
// of pages that is walked once for each page of up to 10,000 buckets.

const (
	metricBatch       = 500 // the most that GetMetricData takes
	metricConcurrency = 4
	bucketSize        = "BucketSizeBytes"
	bucketObjects     = "NumberOfObjects"
	allStorage        = "AllStorageTypes" // the only class of bucketObjects
	gib               = 1 << 30
)

// storageTypes are the values of the dimension StorageType of BucketSizeBytes
// (S3 user guide, "Amazon S3 CloudWatch metrics").
var storageTypes = [...]string{
	"DeepArchiveObjectOverhead", "DeepArchiveS3ObjectOverhead", "DeepArchiveStagingStorage", "DeepArchiveStorage",
	"GlacierIRSizeOverhead", "GlacierInstantRetrievalSizeOverhead", "GlacierInstantRetrievalStorage", "GlacierObjectOverhead",
	"GlacierS3ObjectOverhead", "GlacierStagingStorage", "GlacierStorage",
	"IntAAObjectOverhead", "IntAAS3ObjectOverhead", "IntDAAObjectOverhead", "IntDAAS3ObjectOverhead",
	"IntelligentTieringAAStorage", "IntelligentTieringAIAStorage", "IntelligentTieringDAAStorage",
	"IntelligentTieringFAStorage", "IntelligentTieringIAStorage",
	"OneZoneIASizeOverhead", "OneZoneIAStorage", "ReducedRedundancyStorage",
	"StandardIAObjectOverhead", "StandardIASizeOverhead", "StandardIAStorage", "StandardStorage",
}

// fewBuckets is how many buckets fit into one call with every class.
const fewBuckets = metricBatch / (len(storageTypes) + 1)

// bucketMetric is one metric of one bucket.
type bucketMetric struct{ bucket, name, storage string }

// fillSizes sets the sizes of buckets that are all in t's region. A bucket that
// CloudWatch has no datapoint of stays of unknown size, and so does one of which it
// refuses a metric; all do when a call fails, since a sum that lacks a storage class
// would look like a size.
func fillSizes(ctx context.Context, t Target, buckets []*tracker.Resource) error {
	client := cloudwatch.NewFromConfig(t.Config)
	metrics, err := bucketMetrics(ctx, client, buckets)
	if err != nil {
		return fmt.Errorf("bucket sizes in %s: %w", t.Config.Region, err)
	}
	values, refused, err := newest(ctx, client, metrics)
	if err != nil {
		return fmt.Errorf("bucket sizes in %s: %w", t.Config.Region, err)
	}

	byName := make(map[string]*tracker.Resource, len(buckets))
	for _, b := range buckets {
		byName[b.ID] = b
	}
	sizes := map[string]map[string]int64{}
	for i, m := range metrics {
		switch v := values[i]; {
		case math.IsNaN(v) || refused[m.bucket] != nil:
		case m.name == bucketObjects:
			byName[m.bucket].Metadata["object_count"] = int64(v)
		default:
			if sizes[m.bucket] == nil {
				sizes[m.bucket] = map[string]int64{}
			}
			sizes[m.bucket][m.storage] = int64(v)
		}
	}
	for name, classes := range sizes {
		var total int64
		for _, n := range classes {
			total += n
		}
		meta := byName[name].Metadata
		meta["size_bytes"] = total
		meta["size_gb"] = float64(total) / gib
		meta["storage_classes"] = classes
	}
	var missed failures
	for _, name := range slices.Sorted(maps.Keys(refused)) {
		missed.add(fmt.Errorf("bucket sizes in %s: %w", t.Config.Region, refused[name]))
	}
	return missed.err()
}

// bucketMetrics returns the metrics to read: the object count and every storage
// class that each bucket has, or may have.
func bucketMetrics(ctx context.Context, client *cloudwatch.Client, buckets []*tracker.Resource) ([]bucketMetric, error) {
	metrics := make([]bucketMetric, 0, len(buckets)*2)
	wanted := make(map[string]bool, len(buckets))
	for _, b := range buckets {
		wanted[b.ID] = true
		metrics = append(metrics, bucketMetric{b.ID, bucketObjects, allStorage})
	}
	if len(buckets) <= fewBuckets {
		for _, b := range buckets {
			for _, s := range storageTypes {
				metrics = append(metrics, bucketMetric{b.ID, bucketSize, s})
			}
		}
		return metrics, nil
	}

	in := &cloudwatch.ListMetricsInput{Namespace: aws.String("AWS/S3"), MetricName: aws.String(bucketSize)}
	cursor := func(in *cloudwatch.ListMetricsInput, out *cloudwatch.ListMetricsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	for page, err := range sdk.Pages(ctx, client.ListMetrics, in, cursor) {
		if err != nil {
			return nil, err
		}
		for _, m := range page.Metrics {
			d := sdk.Tags(m.Dimensions, func(d types.Dimension) (k, v *string) { return d.Name, d.Value })
			if wanted[d["BucketName"]] {
				metrics = append(metrics, bucketMetric{d["BucketName"], bucketSize, d["StorageType"]})
			}
		}
	}
	return metrics, nil
}

// newest returns the latest value of each metric, NaN where there is none, and why a
// metric was refused, by bucket.
func newest(ctx context.Context, client *cloudwatch.Client, metrics []bucketMetric) (values []float64, refused map[string]error, err error) {
	values, errs := make([]float64, len(metrics)), make([]error, len(metrics))
	for i := range values {
		values[i] = math.NaN()
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(metricConcurrency)
	for first := 0; first < len(metrics); first += metricBatch {
		last := min(first+metricBatch, len(metrics))
		g.Go(func() error {
			return readMetrics(ctx, client, metrics[first:last], values[first:last], errs[first:last])
		})
	}
	err = g.Wait()
	refused = map[string]error{}
	for i, err := range errs {
		if err != nil {
			refused[metrics[i].bucket] = err
		}
	}
	return values, refused, err
}

// readMetrics reads up to metricBatch metrics into values, or why one is refused into errs.
func readMetrics(ctx context.Context, client *cloudwatch.Client, metrics []bucketMetric, values []float64, errs []error) error {
	queries := make([]types.MetricDataQuery, len(metrics))
	for i, m := range metrics {
		queries[i] = types.MetricDataQuery{
			Id: aws.String("m" + strconv.Itoa(i)),
			MetricStat: &types.MetricStat{
				Metric: &types.Metric{
					Namespace:  aws.String("AWS/S3"),
					MetricName: &m.name,
					Dimensions: []types.Dimension{
						{Name: aws.String("BucketName"), Value: &m.bucket},
						{Name: aws.String("StorageType"), Value: &m.storage},
					},
				},
				Period: aws.Int32(24 * 60 * 60),
				Stat:   aws.String("Average"),
			},
		}
	}
	// A day's value comes up to two days late.
	tomorrow := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	in := &cloudwatch.GetMetricDataInput{
		MetricDataQueries: queries,
		StartTime:         aws.Time(tomorrow.AddDate(0, 0, -4)),
		EndTime:           aws.Time(tomorrow),
		ScanBy:            types.ScanByTimestampDescending,
	}
	cursor := func(in *cloudwatch.GetMetricDataInput, out *cloudwatch.GetMetricDataOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	for page, err := range sdk.Pages(ctx, client.GetMetricData, in, cursor) {
		if err != nil {
			return err
		}
		for _, r := range page.MetricDataResults {
			i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "m"))
			if err != nil || i < 0 || i >= len(metrics) {
				return fmt.Errorf("cloudwatch.GetMetricData answers a query %q that was not asked", aws.ToString(r.Id))
			}
			if r.StatusCode == types.StatusCodeInternalError || r.StatusCode == types.StatusCodeForbidden {
				errs[i] = fmt.Errorf("cloudwatch.GetMetricData answers %s for %s of bucket %s", r.StatusCode, metrics[i].name, metrics[i].bucket)
				continue
			}
			if len(r.Values) > 0 && math.IsNaN(values[i]) {
				values[i] = r.Values[0]
			}
		}
	}
	return nil
}
