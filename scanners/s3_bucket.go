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

// regionConcurrency bounds goroutines only: regions share no quota.
const regionConcurrency = 64

// s3Bucket is listed once per account, while tags and sizes are asked for in
// each bucket's own region: CloudWatch and the tagging API know them only there.
var s3Bucket = Scanner{
	Type: "S3_Bucket",
	Service: Service{ID: s3.ServiceID, Prefix: "s3", Protocol: BareXML, Actions: map[string]string{
		"DeleteObjects":                   "DeleteObject",
		"GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
		"GetObjectLockConfiguration":      "GetBucketObjectLockConfiguration",
		"ListBuckets":                     "ListAllMyBuckets",
		"ListDirectoryBuckets":            "s3express:ListAllMyDirectoryBuckets",
		"ListMultipartUploads":            "ListBucketMultipartUploads",
		"ListObjectVersions":              "ListBucketVersions",
		"ListParts":                       "ListMultipartUploadParts",
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
			missed = errors.Join(missed, locateBuckets(ctx, client, refs(rs)))
			rs = slices.DeleteFunc(rs, func(r tracker.Resource) bool { return !t.wants(r.Region) })
			missed = errors.Join(missed, completeBuckets(ctx, t, rs, fillTags, fillSizes), completeBuckets(ctx, t, rs, fillDetails))
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

// locateBuckets fills in the regions that ListBuckets did not answer. One that cannot be
// found out stays unknown, and the others do not depend on it.
func locateBuckets(ctx context.Context, client *s3.Client, rs []*tracker.Resource) error {
	var missed failures
	nowhere := slices.DeleteFunc(rs, func(r *tracker.Resource) bool { return r.Region != "" })
	each(ctx, nowhere, &missed, func(ctx context.Context, r *tracker.Resource) ([]struct{}, error) {
		out, err := client.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: &r.ID})
		if err != nil {
			return nil, fmt.Errorf("region of bucket %s: %w", r.ID, err)
		}
		r.Region = regionOf(out.LocationConstraint)
		return nil, nil
	})
	return missed.err()
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

// completeBuckets adds what completions find out, region by region. What a region
// refuses stays unknown there.
func completeBuckets(
	ctx context.Context, t Target, rs []tracker.Resource, completions ...func(context.Context, Target, []*tracker.Resource) error,
) error {
	regions := map[string][]*tracker.Resource{}
	for i := range rs {
		r := &rs[i]
		if r.Region == "" {
			r.Tags = map[string]string{} // no region can be asked for them
			continue
		}
		regions[r.Region] = append(regions[r.Region], r)
	}
	missed := make([]error, 0, len(regions)*len(completions))
	var g errgroup.Group
	g.SetLimit(regionConcurrency)
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		for _, complete := range completions {
			missed = append(missed, nil)
			failed := &missed[len(missed)-1]
			g.Go(func() error {
				if err := complete(ctx, t.in(region), regions[region]); err != nil {
					ids := sdk.List(regions[region], func(r *tracker.Resource) *string { return &r.ID })
					*failed = &tracker.Elsewhere{Region: region, Resources: ids, Err: err}
				}
				return nil
			})
		}
	}
	return errors.Join(g.Wait(), errors.Join(missed...))
}
