package sdk

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
)

// said answers every request with HTTP 200, and a Location where it has a body to leave out.
type said struct{ body, location string }

func (s said) Do(req *http.Request) (*http.Response, error) {
	header := http.Header{}
	if s.location != "" {
		header.Set("Location", s.location)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: header, Request: req, Body: io.NopCloser(strings.NewReader(s.body))}, nil
}

func (s said) config() aws.Config {
	return aws.Config{
		Region: "us-east-1", HTTPClient: s, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		Retryer:    func() aws.Retryer { return aws.NopRetryer{} },
		APIOptions: []func(*middleware.Stack) error{Whole},
	}
}

// TestWholeLetsThrough: an operation that has no output, one whose output stands in the
// headers and one whose body is a stream may be answered with any body.
func TestWholeLetsThrough(t *testing.T) {
	id := aws.String("x")
	for name, call := range map[string]func() error{
		"no output": func() error {
			_, err := s3.NewFromConfig(said{}.config()).PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{
				Bucket: id, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{}},
			})
			return err
		},
		"no output in EC2": func() error {
			_, err := ec2.NewFromConfig(said{}.config()).DeleteVolume(t.Context(), &ec2.DeleteVolumeInput{VolumeId: id})
			return err
		},
		"headers": func() error {
			_, err := s3.NewFromConfig(said{location: "/x"}.config()).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: id})
			return err
		},
		"stream": func() error {
			_, err := s3.NewFromConfig(said{body: "words"}.config()).GetObject(t.Context(), &s3.GetObjectInput{Bucket: id, Key: id})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWholeReadsOn: a body is read whole after its beginning was looked at.
func TestWholeReadsOn(t *testing.T) {
	items := strings.Repeat("<item><volumeId>vol</volumeId></item>", 1000)
	answer := said{body: "<DescribeVolumesResponse><volumeSet>" + items + "</volumeSet></DescribeVolumesResponse>"}
	out, err := ec2.NewFromConfig(answer.config()).DescribeVolumes(t.Context(), nil)
	if err != nil || len(out.Volumes) != 1000 {
		t.Errorf("%v, %v", out, err)
	}
	answer.body = strings.Replace(answer.body, "DescribeVolumesResponse", "DescribeInstancesResponse", 2)
	_, err = ec2.NewFromConfig(answer.config()).DescribeVolumes(t.Context(), nil)
	if no, ok := errors.AsType[*AnswerError](err); !ok || no.Error() != `what answers DescribeVolumes is no answer of AWS: its root is "DescribeInstancesResponse" and not "DescribeVolumesResponse"` {
		t.Errorf("another operation's answer: %v", err)
	}
}
