package simulator

import (
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

var s3Operations = operations{
	"DeleteBucket":      handle(deleteBucket),
	"GetBucketLocation": handle(getBucketLocation),
	"ListBuckets":       handle(listBuckets),
}

// bucketName returns a bucket's name, which is unique among all accounts.
func (e *estate) bucketName(n int) string {
	return e.name(buckets, n) + "-" + e.account[len(e.account)-6:] + hexID("", e.seed, 4)
}

// bucketNamed is the inverse of bucketName.
func (e *estate) bucketNamed(name string) (n int, ok bool) {
	cut := strings.LastIndexByte(name, '-')
	if cut < 0 {
		return 0, false
	}
	n, ok = e.named(buckets, name[:cut])
	return n, ok && e.bucketName(n) == name
}

// storageClass holds the contents of a bucket in one class, as CloudWatch names
// it.
type storageClass struct {
	name  string
	bytes float64
}

// contents returns the contents of a bucket. One bucket in six is empty.
func (e *estate) contents(n int) (classes []storageClass, objects float64) {
	if n%6 == 5 {
		return nil, 0
	}
	d := e.dice(buckets, n, forDetail)
	const gigabyte = 1 << 30
	size := float64(1+d.below(1000)) * gigabyte / 8
	classes = []storageClass{{"StandardStorage", size}}
	if d.below(3) == 0 {
		classes = append(classes, storageClass{"StandardIAStorage", size * float64(1+d.below(4))})
	}
	if d.below(6) == 0 {
		classes = append(classes, storageClass{"GlacierStorage", size * float64(1+d.below(20))})
	}
	return classes, float64(1 + d.below(1_000_000))
}

var s3Paging = paging{least: 1, most: 10_000, standard: 10_000}

func listBuckets(r *request, in *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	e := r.estate
	size, ok := s3Paging.size(in.MaxBuckets)
	if !ok {
		return nil, r.refuse(400, "InvalidArgument", "Argument max-buckets must be an integer between 1 and 10000")
	}
	lo, hi := 0, e.count(buckets)
	if in.BucketRegion != nil {
		lo, hi = e.span(buckets, *in.BucketRegion)
	}
	from, ok := r.position(in.ContinuationToken, lo)
	if !ok {
		return nil, r.refuse(400, "InvalidArgument", "The continuation token provided is incorrect")
	}
	// S3 tells the regions only to those who use a parameter.
	regions := in.MaxBuckets != nil || in.BucketRegion != nil || in.ContinuationToken != nil || in.Prefix != nil
	list, next := page(from, hi, size, func(n int) (types.Bucket, bool) {
		if _, ok := e.visible(buckets, n, r.now); !ok {
			return types.Bucket{}, false
		}
		name := e.bucketName(n)
		if in.Prefix != nil && !strings.HasPrefix(name, *in.Prefix) {
			return types.Bucket{}, false
		}
		b := types.Bucket{Name: &name, CreationDate: new(e.created(buckets, n))}
		if regions {
			b.BucketRegion = new(e.regionOf(buckets, n))
			b.BucketArn = new("arn:aws:s3:::" + name)
		}
		return b, true
	})
	return &s3.ListBucketsOutput{
		Buckets: list, ContinuationToken: r.token(next, hi), Prefix: in.Prefix,
		Owner: &types.Owner{ID: new(hexID("", mix(e.seed), 16)), DisplayName: new("simulator")},
	}, nil
}

// bucket finds a bucket of the account by its name.
func (r *request) bucket(name string) (n int, err error) {
	n, ok := r.estate.bucketNamed(name)
	if ok {
		_, ok = r.estate.visible(buckets, n, r.now)
	}
	if !ok {
		return 0, r.refuse(404, "NoSuchBucket", "The specified bucket does not exist")
	}
	return n, nil
}

func getBucketLocation(r *request, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	n, err := r.bucket(*in.Bucket)
	if err != nil {
		return nil, err
	}
	region := r.estate.regionOf(buckets, n)
	switch {
	case region == "us-east-1":
		region = ""
	case region == "eu-west-1" && n%5 == 0:
		region = "EU" // buckets from before the region had a name
	}
	return &s3.GetBucketLocationOutput{LocationConstraint: types.BucketLocationConstraint(region)}, nil
}

func deleteBucket(r *request, in *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	n, err := r.bucket(*in.Bucket)
	if err != nil {
		return nil, err
	}
	if region := r.estate.regionOf(buckets, n); region != r.Region {
		return nil, &answer{
			status: http.StatusMovedPermanently,
			header: http.Header{"X-Amz-Bucket-Region": {region}},
			err: &smithy.GenericAPIError{
				Code:    "PermanentRedirect",
				Message: "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
			},
		}
	}
	if _, objects := r.estate.contents(n); objects > 0 {
		return nil, r.refuse(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
	}
	r.estate.change(buckets, n, *in.Bucket, vanish(r.now))
	return &s3.DeleteBucketOutput{}, nil
}
