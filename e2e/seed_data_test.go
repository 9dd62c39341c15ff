package e2e

import (
	"archive/zip"
	"bytes"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	lambdatypes "github.com/consolesensei/resource-tracker/internal/aws/lambda/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	rdstypes "github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// databases makes more DB instances than a page holds, one of them stopped.
func (s *seeder) databases() error {
	client := rds.NewFromConfig(s.cfg)
	for i := range s.few(103) {
		name := fmt.Sprintf("db-%03d", i)
		tags := map[string]string{}
		if i == 0 {
			tags = awkward
		}
		all, list := tagged("", tags, func(k, v string) rdstypes.Tag { return rdstypes.Tag{Key: &k, Value: &v} })
		out, err := client.CreateDBInstance(s.ctx, &rds.CreateDBInstanceInput{
			DBInstanceIdentifier: &name, DBInstanceClass: aws.String("db.t3.micro"), Engine: aws.String("postgres"),
			AllocatedStorage: aws.Int32(20), MultiAZ: aws.Bool(i == 1), Tags: list,
			MasterUsername: aws.String("root"), MasterUserPassword: aws.String("not-a-secret-1"),
		})
		if err != nil {
			return err
		}
		state := "available"
		if i == 1 {
			state = "stopped"
			if _, err := client.StopDBInstance(s.ctx, &rds.StopDBInstanceInput{DBInstanceIdentifier: &name}); err != nil {
				return err
			}
		}
		s.add(tracker.Resource{
			ID: name, Name: &name, Type: "RDS_Instance", ARN: *out.DBInstance.DBInstanceArn,
			State: state, Created: out.DBInstance.InstanceCreateTime, Tags: all,
			Metadata: tracker.Metadata{"engine": "postgres", "instance_class": "db.t3.micro", "allocated_storage_gb": 20, "multi_az": i == 1},
		})
	}
	return nil
}

// functions makes more functions than ListFunctions answers at once.
func (s *seeder) functions() error {
	client := lambda.NewFromConfig(s.cfg)
	code, err := zipped("index.py", "def handler(event, context): pass\n")
	if err != nil {
		return err
	}
	for i := range s.few(53) {
		name := fmt.Sprintf("function-%03d", i)
		tags := map[string]string{}
		if i == 0 {
			tags = awkward
		}
		out, err := client.CreateFunction(s.ctx, &lambda.CreateFunctionInput{
			FunctionName: &name, Role: aws.String(functionRole), Runtime: lambdatypes.RuntimePython312, Handler: aws.String("index.handler"),
			MemorySize: aws.Int32(256), Timeout: aws.Int32(30), Code: &lambdatypes.FunctionCode{ZipFile: code}, Tags: tags,
		})
		if err != nil {
			return err
		}
		s.add(tracker.Resource{
			ID: *out.FunctionArn, Name: &name, Type: "Lambda_Function", ARN: *out.FunctionArn,
			State: "active", Tags: tags,
			Metadata: tracker.Metadata{
				"runtime": "python3.12", "handler": "index.handler", "memory_mb": 256, "timeout_sec": 30, "code_size_bytes": len(code),
			},
		})
	}
	return nil
}

// logGroups makes more log groups than a page holds, with and without a
// retention.
func (s *seeder) logGroups() error {
	client := cloudwatchlogs.NewFromConfig(s.cfg)
	for i := range s.few(53) {
		name := fmt.Sprintf("/app/%s/group-%03d", s.region, i)
		tags := map[string]string{}
		if i == 0 {
			tags = awkward
		}
		if _, err := client.CreateLogGroup(s.ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &name, Tags: tags}); err != nil {
			return err
		}
		var retention any = "Never expire"
		if i%2 == 0 {
			retention = 14
			in := &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &name, RetentionInDays: aws.Int32(14)}
			if _, err := client.PutRetentionPolicy(s.ctx, in); err != nil {
				return err
			}
		}
		s.add(tracker.Resource{
			ID: name, Name: &name, Type: "CloudWatch_LogGroup", ARN: s.arn("logs", "log-group:"+name),
			State: "active", Tags: tags, Metadata: tracker.Metadata{"stored_bytes": 0, "retention_days": retention},
		})
	}
	return nil
}

// buckets makes one tagged and one bare bucket in the region.
func (s *seeder) buckets() error {
	client := s3.NewFromConfig(s.cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for i, name := range []string{"tagged-" + s.region, "bare-" + s.region} {
		in := &s3.CreateBucketInput{Bucket: &name}
		if s.region != "us-east-1" {
			in.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(s.region)}
		}
		if _, err := client.CreateBucket(s.ctx, in); err != nil {
			return err
		}
		tags := map[string]string{}
		if i == 0 {
			tags = awkward
			_, list := tagged("", tags, func(k, v string) s3types.Tag { return s3types.Tag{Key: &k, Value: &v} })
			if _, err := client.PutBucketTagging(s.ctx, &s3.PutBucketTaggingInput{Bucket: &name, Tagging: &s3types.Tagging{TagSet: list}}); err != nil {
				return err
			}
		}
		s.add(tracker.Resource{
			ID: name, Name: &name, Type: "S3_Bucket", ARN: "arn:aws:s3:::" + name, State: "active", Tags: tags,
			// The sizes come from CloudWatch, which moto cannot answer.
			Metadata: tracker.Metadata{"size_bytes": nil, "size_gb": nil},
		})
	}
	return nil
}

func zipped(name, text string) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err := f.Write([]byte(text)); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
