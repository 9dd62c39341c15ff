package actions

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	// emptyBatch is the most keys that DeleteObjects takes.
	emptyBatch = 1000
	// abortConcurrency bounds calls that each abort one upload.
	abortConcurrency = 8

	leftDeleted = "objects_deleted"
	leftBatch   = "last_batch" // the first and the last of what was deleted last
)

// emptyBucket is the step that deletes what is in a bucket, a batch a call.
var emptyBucket = step{
	Step: tracker.Step{Name: "empty", Repeats: emptying}, when: func(item tracker.ActionItem) bool { return item.Params.Flag(paramEmpty) },
	action:  "s3:DeleteObject",
	others:  []string{"s3:AbortMultipartUpload", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"},
	implied: []string{"s3:DeleteObjectVersion"},
	below:   "/*",
	sendSome: func(ctx context.Context, c call) (changes, error) {
		return emptySome(ctx, s3Client(c.Target), c.Item.ResourceID, c.Left)
	},
	check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
		empty, err := isEmpty(ctx, c.Target, c.Item.ResourceID)
		if says(err, "NoSuchBucket") {
			return tracker.StepProgress{Stage: tracker.StepDone, State: tracker.Gone}, nil
		}
		p := progressOf(empty)
		if p.State = stateActive; !empty {
			p.Message = "and not empty"
		}
		return p, err
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

// emptySome deletes up to a batch of what is in a bucket. Sent again it deletes the
// next batch; versions have IDs of their own, so what is written meanwhile under the
// same key is not taken for what was listed. A batch that was deleted before has brought
// nothing on, whatever AWS answered.
func emptySome(ctx context.Context, client *s3.Client, name string, left map[string]string) (changes, error) {
	listed, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &name, MaxKeys: aws.Int32(emptyBatch)})
	if err != nil {
		return changes{}, err
	}
	var objects []types.ObjectIdentifier
	for _, v := range listed.Versions {
		objects = append(objects, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
	}
	for _, m := range listed.DeleteMarkers {
		objects = append(objects, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
	}
	if len(objects) == 0 {
		return abortSome(ctx, client, name, left)
	}
	out, err := client.DeleteObjects(ctx, &s3.DeleteObjectsInput{
		Bucket: &name, Delete: &types.Delete{Objects: objects, Quiet: aws.Bool(true)},
	})
	if err != nil {
		return changes{}, err
	}
	first, last := objects[0], objects[len(objects)-1]
	some := emptied(left, len(objects)-len(out.Errors), first.Key, first.VersionId, last.Key, last.VersionId)
	some.of = fmt.Sprintf("of %d objects", len(objects))
	for _, e := range out.Errors {
		some.troubles = append(some.troubles, trouble{aws.ToString(e.Key), aws.ToString(e.Code), aws.ToString(e.Message)})
	}
	return some, nil
}

// emptied notes that n things of a batch are deleted, which has these ends.
func emptied(left map[string]string, n int, ends ...*string) changes {
	batch := strings.Join(aws.ToStringSlice(ends), " ")
	before, _ := strconv.Atoi(left[leftDeleted])
	if left[leftBatch] == batch {
		n = 0
	}
	return changes{left: map[string]string{leftDeleted: strconv.Itoa(before + n), leftBatch: batch}, changed: n}
}

func abortSome(ctx context.Context, client *s3.Client, name string, left map[string]string) (changes, error) {
	listed, err := client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &name, MaxUploads: aws.Int32(emptyBatch)})
	if err != nil || len(listed.Uploads) == 0 {
		return changes{}, err
	}
	var aborted atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(abortConcurrency)
	for _, u := range listed.Uploads {
		g.Go(func() error {
			_, err := client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &name, Key: u.Key, UploadId: u.UploadId})
			if err != nil && !says(err, "NoSuchUpload") {
				return fmt.Errorf("abort the upload of %s: %w", aws.ToString(u.Key), err)
			}
			aborted.Add(1)
			return nil
		})
	}
	err = g.Wait()
	first, last := listed.Uploads[0], listed.Uploads[len(listed.Uploads)-1]
	return emptied(left, int(aborted.Load()), first.Key, first.UploadId, last.Key, last.UploadId), err
}
