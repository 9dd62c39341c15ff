package actions

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// emptyBatch is the most keys that DeleteObjects takes.
	emptyBatch = 1000
	// abortConcurrency bounds calls that each abort one upload.
	abortConcurrency = 8
	paramEmpty       = "empty"
)

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
	guards: []guard{{
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
		{
			Step: tracker.Step{Name: "empty", Repeatable: true}, when: func(item tracker.ActionItem) bool { return item.Params.Flag(paramEmpty) },
			action:  "s3:DeleteObject",
			others:  []string{"s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"},
			implied: []string{"s3:DeleteObjectVersion"},
			below:   "/*",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				n, err := emptySome(ctx, s3Client(c.Target), c.Item.ResourceID)
				before, _ := strconv.Atoi(c.Left["objects_deleted"])
				return map[string]string{"objects_deleted": strconv.Itoa(before + n)}, err
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				empty, err := isEmpty(ctx, c.Target, c.Item.ResourceID)
				if says(err, "NoSuchBucket") {
					return tracker.StepProgress{Stage: tracker.StepDone, State: tracker.Gone}, nil
				}
				p := progressOf(empty)
				p.State = stateActive
				return p, err
			},
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "s3:DeleteBucket",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(s3Client(c.Target).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: c.id(), ExpectedBucketOwner: &c.AccountID}))
			},
		},
	},
}

// isEmpty looks for one version, delete marker or unfinished upload: with any of
// them AWS does not delete the bucket.
func isEmpty(ctx context.Context, t Target, name string) (bool, error) {
	client := s3Client(t)
	versions, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &name, MaxKeys: aws.Int32(1)})
	if err != nil {
		return false, err
	}
	if len(versions.Versions)+len(versions.DeleteMarkers) > 0 {
		return false, nil
	}
	uploads, err := client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &name, MaxUploads: aws.Int32(1)})
	if err != nil {
		return false, err
	}
	return len(uploads.Uploads) == 0, nil
}

// emptySome deletes up to a batch of what is in a bucket and returns how much it
// was. Sent again it deletes the next batch; versions have IDs of their own, so
// what is written meanwhile under the same key is not taken for what was listed.
func emptySome(ctx context.Context, client *s3.Client, name string) (int, error) {
	listed, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &name, MaxKeys: aws.Int32(emptyBatch)})
	if err != nil {
		return 0, err
	}
	var objects []types.ObjectIdentifier
	for _, v := range listed.Versions {
		objects = append(objects, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	for _, m := range listed.DeleteMarkers {
		objects = append(objects, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
	}
	if len(objects) == 0 {
		return abortSome(ctx, client, name)
	}
	out, err := client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &name, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return 0, err
	}
	if n := len(out.Errors); n > 0 {
		e := out.Errors[0]
		return len(objects) - n, fmt.Errorf("%d of %d objects were not deleted, such as %s: %s: %s",
			n, len(objects), aws.ToString(e.Key), aws.ToString(e.Code), aws.ToString(e.Message))
	}
	return len(objects), nil
}

func abortSome(ctx context.Context, client *s3.Client, name string) (int, error) {
	listed, err := client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &name, MaxUploads: aws.Int32(emptyBatch)})
	if err != nil {
		return 0, err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(abortConcurrency)
	for _, u := range listed.Uploads {
		g.Go(func() error {
			_, err := client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &name, Key: u.Key, UploadId: u.UploadId})
			if says(err, "NoSuchUpload") {
				return nil
			}
			return err
		})
	}
	return len(listed.Uploads), g.Wait()
}
