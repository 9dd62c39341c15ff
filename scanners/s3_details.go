package scanners

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// The Details of buckets, of which S3 answers for one at a time.
var (
	bucketLifecycle = Detail{
		Name: "bucket_lifecycle", Doc: "The lifecycle rules of each bucket: one call a bucket", Permissions: []string{"s3:GetLifecycleConfiguration"},
	}
	bucketUploads = Detail{
		Name: "bucket_uploads", Doc: "The uploads of each bucket that began a week ago and were never completed: up to eleven calls a bucket",
		Permissions: []string{"s3:ListBucketMultipartUploads", "s3:ListMultipartUploadParts"},
	}
)

const (
	// uploadsMeasured bounds the uploads of a bucket whose parts are listed.
	uploadsMeasured = 10
	// uploadUnderWay is how long an upload may well be under way.
	uploadUnderWay = 7 * 24 * time.Hour
)

// newS3 returns a client for what a Target looks at.
func newS3(t Target) *s3.Client {
	return s3.NewFromConfig(t.Config, func(o *s3.Options) {
		// A configured endpoint may have no host name for every bucket.
		o.UsePathStyle = o.BaseEndpoint != nil
	})
}

// fillDetails reads of each bucket of a region what the scan asks for. A bucket that
// refuses keeps it unknown.
func fillDetails(ctx context.Context, t Target, buckets []*tracker.Resource) error {
	client := newS3(t)
	var missed failures
	for _, d := range []struct {
		detail Detail
		read   func(context.Context, *s3.Client, *tracker.Resource) error
	}{{bucketLifecycle, readLifecycle}, {bucketUploads, readUploads}} {
		if !t.reads(d.detail.Name) {
			continue
		}
		each(ctx, buckets, &missed, func(ctx context.Context, r *tracker.Resource) ([]struct{}, error) {
			if err := d.read(ctx, client, r); err != nil && !says(err, "NoSuchBucket") {
				return nil, fmt.Errorf("%s of bucket %s: %w", d.detail.Name, r.ID, err)
			}
			return nil, nil
		})
	}
	return missed.err()
}

// readLifecycle counts the rules that are switched on, and says whether one of them
// aborts uploads.
func readLifecycle(ctx context.Context, client *s3.Client, r *tracker.Resource) error {
	r.Metadata["lifecycle_rules"], r.Metadata["aborts_uploads"] = nil, nil
	out, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &r.ID})
	if says(err, "NoSuchLifecycleConfiguration") {
		out, err = &s3.GetBucketLifecycleConfigurationOutput{}, nil
	}
	if err != nil {
		return err
	}
	rules, aborts := int64(0), false
	for _, rule := range out.Rules {
		if rule.Status == types.ExpirationStatusEnabled {
			rules++
			aborts = aborts || rule.AbortIncompleteMultipartUpload != nil
		}
	}
	r.Metadata["lifecycle_rules"], r.Metadata["aborts_uploads"] = rules, aborts
	return nil
}

// readUploads adds up the parts of the oldest uploads of a bucket that were never
// completed. Of more than a page of uploads, or than it measures, the sum is a lower
// bound, and incomplete_uploads_measured says so.
func readUploads(ctx context.Context, client *s3.Client, r *tracker.Resource) error {
	for _, key := range []string{"incomplete_uploads", "incomplete_uploads_measured", "incomplete_upload_bytes", "oldest_incomplete_upload"} {
		r.Metadata[key] = nil
	}
	page, err := client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &r.ID, MaxUploads: aws.Int32(1000)})
	if err != nil {
		return err
	}
	old := slices.DeleteFunc(page.Uploads, func(u types.MultipartUpload) bool {
		return u.Initiated == nil || time.Since(*u.Initiated) < uploadUnderWay
	})
	slices.SortFunc(old, func(a, b types.MultipartUpload) int { return a.Initiated.Compare(*b.Initiated) })
	r.Metadata["incomplete_uploads"] = int64(len(old))
	if len(old) > 0 {
		r.Metadata["oldest_incomplete_upload"] = sdk.Stamp(old[0].Initiated)
	}
	var bytes, measured int64
	for _, u := range old[:min(len(old), uploadsMeasured)] {
		parts, err := client.ListParts(ctx, &s3.ListPartsInput{Bucket: &r.ID, Key: u.Key, UploadId: u.UploadId})
		if says(err, "NoSuchUpload") { // it was completed meanwhile
			continue
		}
		if err != nil {
			return err
		}
		for _, p := range parts.Parts {
			bytes += aws.ToInt64(p.Size)
		}
		if !aws.ToBool(parts.IsTruncated) {
			measured++
		}
	}
	if aws.ToBool(page.IsTruncated) {
		if len(old) == 0 { // they come by name, and those that follow may be older
			return nil
		}
		measured = min(measured, int64(len(old))-1)
	}
	r.Metadata["incomplete_upload_bytes"], r.Metadata["incomplete_uploads_measured"] = bytes, measured
	return nil
}

// says reports whether AWS answers with an error of a code.
func says(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}
