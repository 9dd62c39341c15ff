package wire

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/scanners"
	"github.com/consolesensei/resource-tracker/tracker"
)

// answer is an AWS that gives one answer to every call.
type answer []byte

func (a answer) Do(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: req, Body: io.NopCloser(bytes.NewReader(a))}, nil
}

// BenchmarkDecode reads a full page of EC2 twice: as the SDK does, every field,
// and as the scanner does, which also makes resources of it.
func BenchmarkDecode(b *testing.B) {
	ctx := context.Background()
	const full = 1000
	for _, row := range []struct {
		operation string
		of        tracker.Type
		sdk       func(*ec2.Client) error
	}{
		{"DescribeInstances", "EC2_Instance", func(c *ec2.Client) error {
			_, err := c.DescribeInstances(ctx, &ec2.DescribeInstancesInput{})
			return err
		}},
		{"DescribeVolumes", "EBS_Volume", func(c *ec2.Client) error {
			_, err := c.DescribeVolumes(ctx, &ec2.DescribeVolumesInput{})
			return err
		}},
	} {
		page := Page("ec2:"+row.operation, full)
		cfg := aws.Config{Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), HTTPClient: answer(page)}
		scanner, _ := scanners.Find(row.of)
		for _, way := range []struct {
			name string
			read func() error
		}{
			{"sdk", func() error { return row.sdk(ec2.NewFromConfig(cfg)) }},
			{"scanner", func() error {
				found := 0
				err := scanner.Run(ctx, scanners.Target{Config: cfg, AccountID: "111122223333"}, func(rs ...tracker.Resource) error {
					found += len(rs)
					return nil
				})
				if found != full {
					b.Fatalf("%d resources of %d", found, full)
				}
				return err
			}},
		} {
			b.Run(row.operation+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := way.read(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/full, "ns/resource")
				b.ReportMetric(float64(len(page))/full, "B/resource")
			})
		}
	}
}
