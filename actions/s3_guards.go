package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"golang.org/x/sync/errgroup"

	"github.com/consolesensei/resource-tracker/tracker"
)

// What AWS would not delete is looked for before the first object of a bucket is
// deleted: a bucket that cannot be emptied keeps all that it has.

const (
	// heldSample is how many versions are asked whether they are held: the newest of the
	// first page, since a default retention holds the newest for the longest.
	heldSample      = 100
	heldConcurrency = 8
)

// mfaDelete refuses to delete versions that only a person with the device of the
// account's root user can delete (S3 User Guide, configuring MFA delete).
var mfaDelete = guard{
	rule: "mfa_delete", how: "have the root user switch it off",
	permissions: []string{"s3:GetBucketVersioning"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		if !l.item.Params.Flag(paramEmpty) {
			return "", nil, nil
		}
		out, err := s3Client(l.Target).GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &l.ID})
		if err != nil || out.MFADelete != types.MFADeleteStatusEnabled {
			return "", nil, err
		}
		return "its versions can be deleted with the root user's MFA device only", nil, nil
	},
}

// lockedObjects refuses to empty a bucket that holds versions under retention or legal
// hold. AWS tells of them one by one, so that of many only some are asked.
var lockedObjects = guard{
	rule: "object_lock", how: "wait for the retention to end or lift the hold",
	permissions: []string{"s3:GetBucketObjectLockConfiguration", "s3:GetObjectLegalHold", "s3:GetObjectRetention", "s3:ListBucketVersions"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		if !l.item.Params.Flag(paramEmpty) {
			return "", nil, nil
		}
		client := s3Client(l.Target)
		locked, err := objectLock(ctx, client, l.ID)
		if err != nil || !locked {
			return "", nil, err
		}
		listed, err := client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &l.ID, MaxKeys: aws.Int32(emptyBatch)})
		if err != nil {
			return "", nil, err
		}
		versions := slices.SortedFunc(slices.Values(listed.Versions), func(a, b types.ObjectVersion) int {
			return aws.ToTime(b.LastModified).Compare(aws.ToTime(a.LastModified))
		})
		asked := versions[:min(len(versions), heldSample)]
		held, err := heldOf(ctx, client, l.ID, asked)
		if err != nil {
			return "", nil, err
		}
		if len(asked) < len(versions) || aws.ToBool(listed.IsTruncated) {
			l.note("Object Lock is on, and only %d versions were asked whether they are held: another one ends the deletion when it is come to", len(asked))
		}
		if i := slices.IndexFunc(held, func(why string) bool { return why != "" }); i >= 0 {
			return fmt.Sprintf("its objects are locked, such as %s, which is %s", aws.ToString(asked[i].Key), held[i]), nil, nil
		}
		return "", nil, nil
	},
}

// objectLock says whether versions of a bucket may be locked.
func objectLock(ctx context.Context, client *s3.Client, bucket string) (bool, error) {
	out, err := client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &bucket})
	if says(err, "ObjectLockConfigurationNotFoundError") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return cmp.Or(out.ObjectLockConfiguration, &types.ObjectLockConfiguration{}).ObjectLockEnabled == types.ObjectLockEnabledEnabled, nil
}

// heldOf says of each version why it cannot be deleted; "" of one that can. Retention in
// governance mode counts: what would pass over it is never sent.
func heldOf(ctx context.Context, client *s3.Client, bucket string, versions []types.ObjectVersion) ([]string, error) {
	why := make([]string, len(versions))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(heldConcurrency)
	for i, v := range versions {
		g.Go(func() error {
			kept, err := client.GetObjectRetention(ctx, &s3.GetObjectRetentionInput{Bucket: &bucket, Key: v.Key, VersionId: v.VersionId})
			if err != nil && !says(err, "NoSuchObjectLockConfiguration") {
				return fmt.Errorf("retention of %s: %w", aws.ToString(v.Key), err)
			}
			if err == nil && kept.Retention != nil && aws.ToTime(kept.Retention.RetainUntilDate).After(time.Now()) {
				why[i] = "kept until " + kept.Retention.RetainUntilDate.UTC().Format(time.RFC3339)
				return nil
			}
			hold, err := client.GetObjectLegalHold(ctx, &s3.GetObjectLegalHoldInput{Bucket: &bucket, Key: v.Key, VersionId: v.VersionId})
			if err != nil && !says(err, "NoSuchObjectLockConfiguration") {
				return fmt.Errorf("legal hold of %s: %w", aws.ToString(v.Key), err)
			}
			if err == nil && hold.LegalHold != nil && hold.LegalHold.Status == types.ObjectLockLegalHoldStatusOn {
				why[i] = "under legal hold"
			}
			return nil
		})
	}
	return why, g.Wait()
}

// deniedByPolicy refuses what the bucket's own policy denies to everybody, or to the
// whole account. A statement with conditions is told, since whether they hold is not
// known.
var deniedByPolicy = guard{
	rule: "bucket_policy_denies", how: "remove the statement from its policy",
	permissions: []string{"s3:GetBucketPolicy"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		out, err := s3Client(l.Target).GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &l.ID})
		if says(err, "NoSuchBucketPolicy") {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, err
		}
		needed := []string{"s3:DeleteBucket"}
		if l.item.Params.Flag(paramEmpty) {
			needed = append(needed, "s3:DeleteObject", "s3:DeleteObjectVersion")
		}
		denied, maybe, err := deniedIn(aws.ToString(out.Policy), l.Target.AccountID, needed)
		if err != nil {
			return "", nil, fmt.Errorf("its policy: %w", err)
		}
		if denied != "" {
			return "its policy denies " + denied, nil, nil
		}
		if maybe != "" {
			l.note("its policy denies %s under conditions or to some", maybe)
		}
		return "", nil, nil
	},
}
