// Package objects keeps files in S3, under a prefix of a bucket.
package objects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Permissions are the IAM actions that writing calls, and those that reading does, sorted.
var (
	WritePermissions = []string{"s3:AbortMultipartUpload", "s3:ListBucket", "s3:PutObject"}
	ReadPermissions  = []string{"s3:GetObject", "s3:ListBucket"}
)

// Bucket is a prefix of a bucket. Its methods are safe for concurrent use.
type Bucket struct {
	client       *s3.Client
	name, prefix string
	part         int
}

// partBytes is how much of a file is in memory while it is written. S3 takes 10,000 parts: a file has 80 GB at most.
const partBytes = 8 << 20

// Open opens what an s3:// URL names, in whichever region the bucket is.
func Open(ctx context.Context, cfg aws.Config, url string) (*Bucket, error) {
	rest, ok := strings.CutPrefix(url, "s3://")
	name, prefix, _ := strings.Cut(rest, "/")
	if !ok || name == "" {
		return nil, fmt.Errorf("%s is no s3:// URL of a bucket", url)
	}
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	region, err := regionOf(ctx, cfg, name)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	cfg.Region = region
	return &Bucket{client: client(cfg), name: name, prefix: prefix, part: partBytes}, nil
}

func client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) {
		// A configured endpoint may have no host name for every bucket.
		o.UsePathStyle = o.BaseEndpoint != nil
	})
}

// regionOf asks any region of S3 where a bucket is. S3 says so in a header, whether it answers the call or refuses it.
func regionOf(ctx context.Context, cfg aws.Config, bucket string) (string, error) {
	const header = "X-Amz-Bucket-Region"
	out, err := client(cfg).HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if err == nil {
		if r := aws.ToString(out.BucketRegion); r != "" {
			return r, nil
		}
		return cfg.Region, nil
	}
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok && answer.Response != nil {
		if r := answer.Response.Header.Get(header); r != "" && answer.HTTPStatusCode() != 404 {
			return r, nil // what is denied, the calls that follow say better
		}
	}
	return "", err
}

// Write makes an object of what f writes: whole, or not at all. An object of that name is replaced.
func (b *Bucket) Write(ctx context.Context, name string, f func(io.Writer) error) error {
	u := &upload{ctx: ctx, b: b, key: aws.String(b.prefix + name)}
	err := f(u)
	if err == nil {
		err = u.finish()
	}
	if err != nil && u.id != nil {
		// Parts of an upload that has not ended cost, and nobody sees them. The context may be over.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		_, undo := b.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &b.name, Key: u.key, UploadId: u.id})
		err = errors.Join(err, undo)
	}
	return err
}

// upload is an object on its way. One that is small is one call.
type upload struct {
	ctx   context.Context //nolint:containedctx // an upload lives as long as a call
	b     *Bucket
	key   *string
	buf   bytes.Buffer
	id    *string
	parts []types.CompletedPart
}

// Write implements io.Writer.
func (u *upload) Write(p []byte) (int, error) {
	n, _ := u.buf.Write(p)
	for u.buf.Len() >= u.b.part {
		if err := u.send(u.buf.Next(u.b.part)); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func (u *upload) send(part []byte) error {
	if u.id == nil {
		out, err := u.b.client.CreateMultipartUpload(u.ctx, &s3.CreateMultipartUploadInput{Bucket: &u.b.name, Key: u.key})
		if err != nil {
			return err
		}
		u.id = out.UploadId
	}
	number := int32(len(u.parts) + 1)
	out, err := u.b.client.UploadPart(u.ctx, &s3.UploadPartInput{Bucket: &u.b.name, Key: u.key, UploadId: u.id, PartNumber: &number, Body: bytes.NewReader(part)})
	if err == nil {
		u.parts = append(u.parts, types.CompletedPart{ETag: out.ETag, PartNumber: &number})
	}
	return err
}

func (u *upload) finish() error {
	if u.id == nil {
		_, err := u.b.client.PutObject(u.ctx, &s3.PutObjectInput{Bucket: &u.b.name, Key: u.key, Body: bytes.NewReader(u.buf.Bytes())})
		return err
	}
	if u.buf.Len() > 0 {
		if err := u.send(u.buf.Bytes()); err != nil {
			return err
		}
	}
	_, err := u.b.client.CompleteMultipartUpload(u.ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.b.name, Key: u.key, UploadId: u.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
	})
	return err
}

// List calls f with every object under the prefix, in the order of names. Its mark is its ETag.
func (b *Bucket) List(ctx context.Context, f func(name string, size int64, mark string) error) error {
	for in := (&s3.ListObjectsV2Input{Bucket: &b.name, Prefix: &b.prefix}); ; {
		out, err := b.client.ListObjectsV2(ctx, in)
		if err != nil {
			return err
		}
		for _, o := range out.Contents {
			if err := f(strings.TrimPrefix(aws.ToString(o.Key), b.prefix), aws.ToInt64(o.Size), aws.ToString(o.ETag)); err != nil {
				return err
			}
		}
		if !aws.ToBool(out.IsTruncated) {
			return nil
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

// Open opens an object to be read, as it was listed.
func (b *Bucket) Open(ctx context.Context, name string, size int64, mark string) (interface {
	io.ReaderAt
	io.Closer
}, error,
) {
	return &object{ctx: ctx, b: b, key: aws.String(b.prefix + name), size: size, mark: mark}, nil
}

// object reads ranges of an object. One that was replaced since it was listed cannot be read: S3 answers 412.
type object struct {
	ctx  context.Context //nolint:containedctx // io.ReaderAt passes none
	b    *Bucket
	key  *string
	size int64
	mark string
}

// ReadAt implements io.ReaderAt.
func (o *object) ReadAt(p []byte, at int64) (int, error) {
	if at >= o.size || len(p) == 0 {
		return 0, io.EOF
	}
	want := p[:min(int64(len(p)), o.size-at)]
	out, err := o.b.client.GetObject(o.ctx, &s3.GetObjectInput{
		Bucket: &o.b.name, Key: o.key, IfMatch: &o.mark, Range: aws.String(fmt.Sprintf("bytes=%d-%d", at, at+int64(len(want))-1)),
	})
	if err != nil {
		return 0, err
	}
	n, err := io.ReadFull(out.Body, want)
	if err = errors.Join(err, out.Body.Close()); err == nil && len(want) < len(p) {
		err = io.EOF
	}
	return n, err
}

// Close implements io.Closer.
func (*object) Close() error { return nil }
