package scanners

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// bucketConcurrency bounds calls to S3 about single buckets.
	bucketConcurrency = 8
	// regionConcurrency bounds goroutines only: regions share no quota.
	regionConcurrency = 64
)

// s3Bucket is listed once per account, while tags and sizes are asked for in
// each bucket's own region: CloudWatch and the tagging API know them only there.
var s3Bucket = Scanner{
	Type: "S3_Bucket",
	Service: Service{ID: s3.ServiceID, Prefix: "s3", Protocol: BareXML, Actions: map[string]string{
		"DeleteObjects": "DeleteObject",

		"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",

		"ListBuckets":          "ListAllMyBuckets",
		"ListMultipartUploads": "ListBucketMultipartUploads",
		"ListParts":            "ListMultipartUploadParts",
		"ListObjectVersions":   "ListBucketVersions",
	}},
	Global: true,
	ARNs:   []string{"s3:::"},
	Permissions: []string{
		"cloudwatch:GetMetricData",
		"cloudwatch:ListMetrics",
		"s3:GetBucketLocation",
		"s3:ListAllMyBuckets",
		"tag:GetResources",
	},
	Also:     []Service{serviceCloudWatch},
	Tagged:   "s3",
	Metadata: []string{"size_bytes", "size_gb"},
	Details:  []Detail{bucketLifecycle, bucketUploads},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := newS3(t)
		// AWS answers a bucket's region only to a request with a parameter.
		in := &s3.ListBucketsInput{MaxBuckets: aws.Int32(10_000)}
		cursor := func(in *s3.ListBucketsInput, out *s3.ListBucketsOutput) (**string, *string) {
			return &in.ContinuationToken, out.ContinuationToken
		}
		var missed error
		for page, err := range sdk.Pages(ctx, client.ListBuckets, in, cursor) {
			if err != nil {
				return errors.Join(err, missed)
			}
			rs := collect(page.Buckets, func(b types.Bucket) tracker.Resource { return bucket(t, b) })
			missed = errors.Join(missed, locateBuckets(ctx, client, rs))
			rs = slices.DeleteFunc(rs, func(r tracker.Resource) bool { return !t.wants(r.Region) })
			missed = errors.Join(missed, completeBuckets(ctx, t, rs), fillDetails(ctx, t, rs))
			if err := emit(rs...); err != nil {
				return err
			}
		}
		return missed
	},
}

func bucket(t Target, b types.Bucket) tracker.Resource {
	name := aws.ToString(b.Name)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		Region:  aws.ToString(b.BucketRegion),
		ARN:     t.partition().ARN("s3", "", "", name),
		State:   stateActive,
		Created: tracker.At(b.CreationDate),
		Metadata: tracker.Metadata{
			"size_bytes": nil,
			"size_gb":    nil,

			"storage_classes": nil,
			"object_count":    nil,
		},
	}
}

// locateBuckets fills in the regions that ListBuckets did not answer.
func locateBuckets(ctx context.Context, client *s3.Client, rs []tracker.Resource) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(bucketConcurrency)
	for i := range rs {
		r := &rs[i]
		if r.Region != "" {
			continue
		}
		g.Go(func() error {
			out, err := client.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &r.ID})
			if err != nil {
				return fmt.Errorf("region of bucket %s: %w", r.ID, err)
			}
			r.Region = regionOf(out.LocationConstraint)
			return nil
		})
	}
	return g.Wait()
}

// regionOf translates the two location constraints that are no region names.
func regionOf(c types.BucketLocationConstraint) string {
	if c == "" {
		return "us-east-1"
	}
	if c == types.BucketLocationConstraintEu {
		return "eu-west-1"
	}
	return string(c)
}

// completeBuckets adds tags and sizes, region by region. What a region refuses
// stays unknown there.
func completeBuckets(ctx context.Context, t Target, rs []tracker.Resource) error {
	regions := map[string][]*tracker.Resource{}
	for i := range rs {
		r := &rs[i]
		if r.Region == "" {
			r.Tags = map[string]string{} // no region can be asked for them
			continue
		}
		regions[r.Region] = append(regions[r.Region], r)
	}
	completions := []func(context.Context, Target, []*tracker.Resource) error{fillTags, fillSizes}
	missed := make([]error, 0, len(regions)*len(completions))
	var g errgroup.Group
	g.SetLimit(regionConcurrency)
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		for _, complete := range completions {
			missed = append(missed, nil)
			failed := &missed[len(missed)-1]
			g.Go(func() error {
				*failed = complete(ctx, t.in(region), regions[region])
				return nil
			})
		}
	}
	return errors.Join(g.Wait(), errors.Join(missed...))
}
