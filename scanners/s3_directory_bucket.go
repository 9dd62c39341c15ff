package scanners

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// s3DirectoryBucket is what S3 Express One Zone stores in. Every region lists its own,
// and ListBuckets shows none.
var s3DirectoryBucket = Scanner{
	Type:        "S3_DirectoryBucket",
	Service:     s3Bucket.Service,
	ARNs:        []string{"s3express:bucket/"},
	Permissions: []string{"s3express:ListAllMyDirectoryBuckets"},
	Metadata:    []string{"zone_id"},
	Untagged:    "only S3 Control tells their tags, one bucket a call",
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &s3.ListDirectoryBucketsInput{MaxDirectoryBuckets: aws.Int32(1000)}
		cursor := func(in *s3.ListDirectoryBucketsInput, out *s3.ListDirectoryBucketsOutput) (**string, *string) {
			return &in.ContinuationToken, out.ContinuationToken
		}
		client := s3.NewFromConfig(t.Config, func(o *s3.Options) {
			// Behind a configured endpoint the SDK would ask for a session of the bucket, and
			// a list has none.
			o.DisableS3ExpressSessionAuth = aws.Bool(true)
		})
		return listPages(ctx, emit, client.ListDirectoryBuckets, in, cursor, func(out *s3.ListDirectoryBucketsOutput) []tracker.Resource {
			// A stand-in that does not know the call answers with all other buckets.
			others := func(b types.Bucket) bool { return !strings.HasSuffix(aws.ToString(b.Name), directorySuffix) }
			return collect(slices.DeleteFunc(out.Buckets, others), func(b types.Bucket) tracker.Resource { return directoryBucket(t, b) })
		})
	},
}

// directorySuffix ends the name of every directory bucket, after its zone: "base--use1-az4--x-s3"
// (S3 user guide, "Directory bucket naming rules").
const directorySuffix = "--x-s3"

func directoryBucket(t Target, b types.Bucket) tracker.Resource {
	name := aws.ToString(b.Name)
	zone := strings.TrimSuffix(name, directorySuffix)
	zone = zone[strings.LastIndex(zone, "--")+len("--"):]
	return tracker.Resource{
		ID:       name,
		Name:     tracker.Named(name),
		ARN:      cmp.Or(aws.ToString(b.BucketArn), t.arn("s3express", "bucket/"+name)),
		State:    stateActive,
		Created:  tracker.At(b.CreationDate),
		Metadata: tracker.Metadata{"zone_id": sdk.Text(zone)},
	}
}
