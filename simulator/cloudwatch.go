package simulator

import (
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

var cloudwatchOperations = operations{
	"GetMetricData": handle(getMetricData),
	"ListMetrics":   handle(listMetrics),
}

const (
	maxMetricQueries  = 500
	maxDatapoints     = 100_800
	metricsPerPage    = 500
	allStorageTypes   = "AllStorageTypes"
	bucketSizeBytes   = "BucketSizeBytes"
	numberOfObjects   = "NumberOfObjects"
	s3Namespace       = "AWS/S3"
	storageTypeMetric = "StorageType"
	secondsPerDay     = 24 * 60 * 60
)

// getMetricData answers the storage metrics of S3, in the buckets' regions, and
// the usage of resources, one value a day. Metrics that do not exist have no
// values, as in AWS.
func getMetricData(r *request, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
	queries := in.MetricDataQueries
	if len(queries) > maxMetricQueries {
		return nil, r.refuse(400, "ValidationError", "The collection MetricDataQueries must not have a size greater than %d.", maxMetricQueries)
	}
	if !in.StartTime.Before(*in.EndTime) {
		return nil, r.refuse(400, "ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
	}
	limit := maxDatapoints
	if in.MaxDatapoints != nil {
		limit = min(limit, int(*in.MaxDatapoints))
	}
	from, ok := r.position(in.NextToken, 0)
	if !ok || from > len(queries) {
		return nil, r.refuse(400, "InvalidNextToken", "The next token specified is invalid.")
	}
	out := &cloudwatch.GetMetricDataOutput{MetricDataResults: make([]types.MetricDataResult, 0, len(queries)-from)}
	points, next := 0, from
	for ; next < len(queries); next++ {
		q := queries[next]
		if q.MetricStat == nil {
			return nil, r.notSimulated("GetMetricData with expressions")
		}
		if p := q.MetricStat.Period; p != nil && *p != secondsPerDay {
			return nil, r.notSimulated("GetMetricData with other periods than a day")
		}
		result := r.metric(q, *in.StartTime, *in.EndTime, in.ScanBy)
		if points += len(result.Values); points > limit && next > from {
			break
		}
		out.MetricDataResults = append(out.MetricDataResults, result)
	}
	out.NextToken = r.token(next, len(queries))
	return out, nil
}

// metric answers one query.
func (r *request) metric(q types.MetricDataQuery, start, end time.Time, order types.ScanBy) types.MetricDataResult {
	label := q.Label
	if label == nil {
		label = q.MetricStat.Metric.MetricName
	}
	result := types.MetricDataResult{Id: q.Id, Label: label, StatusCode: types.StatusCodeComplete}
	value, ok := r.measured(q.MetricStat)
	if !ok {
		return result
	}
	day := start.UTC().Truncate(24 * time.Hour)
	if day.Before(start) {
		day = day.Add(24 * time.Hour)
	}
	for ; day.Before(end) && day.Before(r.now); day = day.Add(24 * time.Hour) {
		if v, ok := value(day); ok {
			result.Timestamps = append(result.Timestamps, day)
			result.Values = append(result.Values, v)
		}
	}
	if order != types.ScanByTimestampAscending {
		slices.Reverse(result.Timestamps)
		slices.Reverse(result.Values)
	}
	return result
}

// measured returns a metric's values by day. It is not ok when there is no such
// metric.
func (r *request) measured(q *types.MetricStat) (value func(day time.Time) (float64, bool), ok bool) {
	if v, ok := r.storage(q.Metric); ok {
		return func(time.Time) (float64, bool) { return v, true }, true
	}
	return r.usage(q)
}

// storage returns the value of a storage metric of a bucket in the region.
func (r *request) storage(m *types.Metric) (value float64, ok bool) {
	if m == nil || m.Namespace == nil || *m.Namespace != s3Namespace || m.MetricName == nil {
		return 0, false
	}
	bucket, class := dimension(m, "BucketName"), dimension(m, storageTypeMetric)
	n, err := r.bucket(bucket)
	if err != nil || r.estate.regionOf(buckets, n) != r.Region {
		return 0, false
	}
	classes, objects := r.estate.contents(n)
	switch *m.MetricName {
	case numberOfObjects:
		return objects, class == allStorageTypes && objects > 0
	case bucketSizeBytes:
		for _, c := range classes {
			if c.name == class {
				return c.bytes, true
			}
		}
	}
	return 0, false
}

func dimension(m *types.Metric, name string) string {
	for _, d := range m.Dimensions {
		if d.Name != nil && *d.Name == name && d.Value != nil {
			return *d.Value
		}
	}
	return ""
}

// metricsPerBucket is an upper bound: three storage classes and the objects.
const metricsPerBucket = 4

// listMetrics lists the storage metrics of the region's buckets.
func listMetrics(r *request, in *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
	lo, hi := r.estate.span(buckets, r.Region)
	from, ok := r.position(in.NextToken, lo*metricsPerBucket)
	if !ok {
		return nil, r.refuse(400, "InvalidNextToken", "The next token specified is invalid.")
	}
	end := hi * metricsPerBucket
	list, next := page(from, end, metricsPerPage, func(i int) (types.Metric, bool) {
		m, ok := r.bucketMetric(i/metricsPerBucket, i%metricsPerBucket)
		return m, ok && asked(in, m)
	})
	return &cloudwatch.ListMetricsOutput{Metrics: list, NextToken: r.token(next, end)}, nil
}

// bucketMetric returns the i-th metric of a bucket.
func (r *request) bucketMetric(n, i int) (types.Metric, bool) {
	classes, _ := r.estate.contents(n)
	if _, ok := r.estate.visible(buckets, n, r.now); !ok || i > len(classes) || len(classes) == 0 {
		return types.Metric{}, false
	}
	name, class := numberOfObjects, allStorageTypes
	if i < len(classes) {
		name, class = bucketSizeBytes, classes[i].name
	}
	return types.Metric{
		Namespace: new(s3Namespace), MetricName: &name,
		Dimensions: []types.Dimension{
			{Name: new(storageTypeMetric), Value: &class},
			{Name: new("BucketName"), Value: new(r.estate.bucketName(n))},
		},
	}, true
}

// asked reports whether ListMetrics asks for a metric.
func asked(in *cloudwatch.ListMetricsInput, m types.Metric) bool {
	if in.Namespace != nil && *in.Namespace != *m.Namespace || in.MetricName != nil && *in.MetricName != *m.MetricName {
		return false
	}
	for _, d := range in.Dimensions {
		if v := dimension(&m, *d.Name); v == "" || d.Value != nil && *d.Value != v {
			return false
		}
	}
	return true
}
