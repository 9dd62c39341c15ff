package actions

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const paramEmpty = "empty"

var s3Bucket = kind{
	Type:        "S3_Bucket",
	permissions: []string{"s3:GetBucketTagging", "s3:ListAllMyBuckets"},
	see: func(ctx context.Context, t Target, name string) (tracker.Resource, error) {
		b, there, err := buckets.get(ctx, t, name)
		if err != nil || !there {
			return gone(), err
		}
		return bucket(ctx, t, s3Client(t), b)
	},
}

// buckets are listed: only the list tells a bucket's owner and its time of creation,
// without which another one of the same name would look like this one. A page has
// 10,000 at most, which is also how many an account has by default (S3 API Reference,
// ListBuckets).
var buckets = &bulk[types.Bucket]{
	most: 1000,
	ask: func(ctx context.Context, t Target, names []string) (map[string]types.Bucket, error) {
		in := &s3.ListBucketsInput{MaxBuckets: aws.Int32(10_000)}
		if len(names) == 1 {
			in.Prefix = &names[0]
		}
		cursor := func(in *s3.ListBucketsInput, out *s3.ListBucketsOutput) (**string, *string) {
			return &in.ContinuationToken, out.ContinuationToken
		}
		found, err := gathered(ctx, s3Client(t).ListBuckets, in, cursor, func(out *s3.ListBucketsOutput) []types.Bucket { return out.Buckets })
		return keyed(found, func(b types.Bucket) []string { return []string{aws.ToString(b.Name)} }), err
	},
}

func bucket(ctx context.Context, t Target, client *s3.Client, b types.Bucket) (tracker.Resource, error) {
	if region := aws.ToString(b.BucketRegion); region != "" && region != t.Config.Region {
		return tracker.Resource{}, tracker.Invalid("region", "bucket %s is in %s", aws.ToString(b.Name), region)
	}
	r := tracker.Resource{
		Name:    tracker.Named(aws.ToString(b.Name)),
		ARN:     t.partition().ARN("s3", "", "", aws.ToString(b.Name)),
		State:   stateActive,
		Created: tracker.At(b.CreationDate),
	}
	out, err := client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: b.Name})
	if says(err, "NoSuchTagSet") {
		return r, nil
	}
	if says(err, "NoSuchBucket") { // the list shows a bucket for a while after it was deleted
		return gone(), nil
	}
	if err != nil {
		return tracker.Resource{}, err
	}
	r.Tags = sdk.Tags(out.TagSet, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
	return r, nil
}

func s3Client(t Target) *s3.Client {
	return s3.NewFromConfig(t.Config, func(o *s3.Options) {
		// A configured endpoint may have no host name for every bucket.
		o.UsePathStyle = o.BaseEndpoint != nil
	})
}

var s3BucketDelete = Action{
	kind:     s3Bucket,
	Verb:     "delete",
	Summary:  "Deletes an empty bucket; with params.empty, its objects first. Its name becomes free for others to take.",
	Destroys: true,
	After:    vanishes,
	Deadline: 48 * time.Hour, // of emptying
	Params: []tracker.Param{{
		Name: paramEmpty, Kind: tracker.ParamBoolean, Doc: "Delete all its objects, versions, delete markers and unfinished uploads first; they cannot be brought back",
	}},
	From: []string{stateActive},
	To:   []string{tracker.Gone},
	guards: []guard{deniedByPolicy, mfaDelete, lockedObjects, {
		rule: "bucket_not_empty", how: "set params." + paramEmpty + " to delete what is in it",
		permissions: []string{"s3:ListBucketMultipartUploads", "s3:ListBucketVersions"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			empty, err := isEmpty(ctx, l.Target, l.ID)
			if err != nil || empty {
				return "", nil, err
			}
			if l.item.Params.Flag(paramEmpty) {
				l.depends("all objects of %s, in every version, are deleted", l.ID)
				return "", nil, nil
			}
			return "it is not empty", nil, nil
		},
	}},
	steps: []step{
		emptyBucket,
		{
			Step: tracker.Step{Name: "delete"}, action: "s3:DeleteBucket",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(s3Client(c.Target).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: c.id(), ExpectedBucketOwner: &c.AccountID}))
			},
		},
	},
}
