// Package metrics reads metrics of CloudWatch, as many in a call as CloudWatch
// takes.
package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// maxQueries and maxPoints are the queries that GetMetricData takes in a
	// call and the points that it answers (CloudWatch quotas).
	maxQueries = 500
	maxPoints  = 100_800
	// concurrency bounds the calls that wait for a region's 50 a second.
	concurrency = 4
)

// Permissions are the IAM actions that Fetch calls.
func Permissions() []string { return []string{"cloudwatch:GetMetricData"} }

// Calls returns how many calls Fetch makes for some queries, further pages of
// answers aside. AWS charges GetMetricData by metric.
func Calls(queries []tracker.MetricQuery) int { return len(batches(queries)) }

// Fetch reads metrics of cfg's region until now. Every query has an answer. The
// answer to a metric that could not be read says why, and the error joins the
// reasons.
func Fetch(ctx context.Context, cfg aws.Config, now time.Time, queries []tracker.MetricQuery) (tracker.MetricValues, error) {
	client := cloudwatch.NewFromConfig(cfg)
	values := make(tracker.MetricValues, len(queries))
	var (
		mu   sync.Mutex
		errs []error
		g    errgroup.Group
	)
	g.SetLimit(concurrency)
	for _, b := range batches(queries) {
		g.Go(func() error {
			read, err := b.read(ctx, client, now)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, err)
			}
			maps.Copy(values, read)
			return nil
		})
	}
	_ = g.Wait() // the goroutines return nil
	if len(errs) > 0 {
		return values, fmt.Errorf("metrics in %s: %w", cfg.Region, errors.Join(errs...))
	}
	return values, nil
}

// batch holds the queries of one call: metrics of as many days.
type batch struct {
	days    int
	queries []tracker.MetricQuery
}

// batches divides queries, each once, into as few calls as possible.
func batches(queries []tracker.MetricQuery) []batch {
	byDays := map[int][]tracker.MetricQuery{}
	seen := make(map[string]bool, len(queries))
	for _, q := range queries {
		if id := q.ID(); !seen[id] {
			seen[id] = true
			byDays[q.Days] = append(byDays[q.Days], q)
		}
	}
	var all []batch
	for _, days := range slices.Sorted(maps.Keys(byDays)) {
		b, points := batch{days: days}, 0
		for _, q := range byDays[days] {
			n := int(time.Duration(days) * 24 * time.Hour / q.Period)
			if len(b.queries) == maxQueries || len(b.queries) > 0 && points+n > maxPoints {
				all = append(all, b)
				b, points = batch{days: days}, 0
			}
			b.queries = append(b.queries, q)
			points += n
		}
		all = append(all, b)
	}
	return all
}

// read asks for one batch, page by page.
func (b batch) read(ctx context.Context, client *cloudwatch.Client, now time.Time) (tracker.MetricValues, error) {
	// Whole days end at midnight: the current day has too little of everything
	// yet.
	end := now.UTC().Truncate(24 * time.Hour)
	in := &cloudwatch.GetMetricDataInput{
		MetricDataQueries: make([]types.MetricDataQuery, len(b.queries)),
		StartTime:         aws.Time(end.AddDate(0, 0, -b.days)),
		EndTime:           &end,
		ScanBy:            types.ScanByTimestampDescending,
	}
	for i, q := range b.queries {
		in.MetricDataQueries[i] = query(i, q)
	}
	series := make([]tracker.MetricSeries, len(b.queries))
	err := b.pages(ctx, client, in, series)
	values := make(tracker.MetricValues, len(series))
	for i, q := range b.queries {
		if err != nil { // a part of a series would look like the whole
			series[i] = tracker.MetricSeries{Failure: reason(err)}
		}
		values[q.ID()] = series[i]
	}
	return values, err
}

func (b batch) pages(ctx context.Context, client *cloudwatch.Client, in *cloudwatch.GetMetricDataInput, series []tracker.MetricSeries) error {
	for {
		out, err := client.GetMetricData(ctx, in)
		if err != nil {
			return err
		}
		for _, r := range out.MetricDataResults {
			i, err := strconv.Atoi(strings.TrimPrefix(aws.ToString(r.Id), "m"))
			if err != nil || i < 0 || i >= len(series) {
				return fmt.Errorf("cloudwatch.GetMetricData answers a query %q that was not asked", aws.ToString(r.Id))
			}
			series[i].Values = append(series[i].Values, r.Values...)
			if r.StatusCode == types.StatusCodeInternalError || r.StatusCode == types.StatusCodeForbidden {
				series[i] = tracker.MetricSeries{Failure: failure(r)}
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return nil
		}
		in.NextToken = out.NextToken
	}
}

// reason returns the words of an error for people. It leaves out the request ID,
// which belongs to one call alone.
func reason(err error) string {
	if f, ok := errors.AsType[*tracker.Failure](err); ok {
		return f.Error()
	}
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return "cloudwatch:GetMetricData: " + e.ErrorCode() + ": " + e.ErrorMessage()
	}
	return err.Error()
}

// failure says why one metric of a call could not be read.
func failure(r types.MetricDataResult) string {
	var reasons []string
	for _, m := range r.Messages {
		reasons = append(reasons, aws.ToString(m.Value))
	}
	return "cloudwatch.GetMetricData answers " + cmp.Or(strings.Join(reasons, "; "), string(r.StatusCode))
}

func query(i int, q tracker.MetricQuery) types.MetricDataQuery {
	dimensions := make([]types.Dimension, len(q.Dimensions))
	for i, d := range q.Dimensions {
		dimensions[i] = types.Dimension{Name: &d.Name, Value: &d.Value}
	}
	return types.MetricDataQuery{
		Id: aws.String("m" + strconv.Itoa(i)),
		MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: &q.Namespace, MetricName: &q.Name, Dimensions: dimensions},
			Period: aws.Int32(int32(q.Period / time.Second)),
			Stat:   &q.Stat,
		},
	}
}
