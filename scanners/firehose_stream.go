package scanners

import (
	"cmp"
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var firehoseStream = Scanner{
	Type:        "Firehose_Stream",
	Service:     Service{ID: firehose.ServiceID, Prefix: "firehose", Protocol: JSON},
	ARNs:        []string{"firehose:deliverystream/"},
	Permissions: []string{"firehose:DescribeDeliveryStream", "firehose:ListDeliveryStreams", "tag:GetResources"},
	Tagged:      "firehose",
	Metadata:    []string{"type", "source_arn", "destinations"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := firehose.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			out, err := client.DescribeDeliveryStream(ctx, &firehose.DescribeDeliveryStreamInput{DeliveryStreamName: &r.ID})
			if err != nil {
				return err
			}
			d := cmp.Or(out.DeliveryStreamDescription, &types.DeliveryStreamDescription{})
			r.State, r.Created, r.Metadata = lower(d.DeliveryStreamStatus), tracker.At(d.CreateTimestamp), deliveryStream(*d)
			return nil
		}, func(emit Emit) error {
			in := &firehose.ListDeliveryStreamsInput{Limit: aws.Int32(10_000)}
			return listPages(ctx, emit, client.ListDeliveryStreams, in, lastStream, func(out *firehose.ListDeliveryStreamsOutput) []tracker.Resource {
				return collect(out.DeliveryStreamNames, func(name string) tracker.Resource { return deliveryStreamNamed(t, name) })
			})
		})
	},
}

// lastStream is the cursor of a list that goes on after a name.
func lastStream(in *firehose.ListDeliveryStreamsInput, out *firehose.ListDeliveryStreamsOutput) (**string, *string) {
	if n := len(out.DeliveryStreamNames); n > 0 && aws.ToBool(out.HasMoreDeliveryStreams) {
		return &in.ExclusiveStartDeliveryStreamName, &out.DeliveryStreamNames[n-1]
	}
	return &in.ExclusiveStartDeliveryStreamName, nil
}

func deliveryStreamNamed(t Target, name string) tracker.Resource {
	return tracker.Resource{
		ID:       name,
		Name:     tracker.Named(name),
		ARN:      t.arn("firehose", "deliverystream/"+name),
		State:    stateUnknown,
		Metadata: unknown(deliveryStream(types.DeliveryStreamDescription{})),
	}
}

func deliveryStream(d types.DeliveryStreamDescription) tracker.Metadata {
	encryption := cmp.Or(d.DeliveryStreamEncryptionConfiguration, &types.DeliveryStreamEncryptionConfiguration{})
	m := tracker.Metadata{
		"type":             sdk.Text(d.DeliveryStreamType),
		"source_arn":       nil,
		"destinations":     nil,
		"destination_arns": nil,
		"role_arns":        nil,
		"encryption":       sdk.Text(encryption.Status),
		"kms_key_id":       sdk.Str(encryption.KeyARN),
		"last_modified":    sdk.Stamp(d.LastUpdateTimestamp),
	}
	if s := d.Source; s != nil {
		if s.KinesisStreamSourceDescription != nil {
			m["source_arn"] = sdk.Str(s.KinesisStreamSourceDescription.KinesisStreamARN)
		}
		if s.MSKSourceDescription != nil {
			m["source_arn"] = sdk.Str(s.MSKSourceDescription.MSKClusterARN)
		}
	}
	kinds, arns, roles := []string{}, []string{}, []string{}
	for _, dest := range d.Destinations {
		kind, arn, role := destination(dest)
		kinds = append(kinds, kind)
		if arn != nil {
			arns = append(arns, *arn)
		}
		if role != nil {
			roles = append(roles, *role)
		}
	}
	slices.Sort(roles)
	m["destinations"], m["destination_arns"], m["role_arns"] = kinds, arns, slices.Compact(roles)
	return m
}

// destination says what a stream delivers to, and as whom. Every destination
// keeps what fails in a bucket, and an S3 one is described in two ways.
func destination(d types.DestinationDescription) (kind string, arn, role *string) {
	bucket := cmp.Or(d.S3DestinationDescription, &types.S3DestinationDescription{})
	switch {
	case d.RedshiftDestinationDescription != nil:
		// AWS says where Redshift is by its address only.
		return "redshift", nil, d.RedshiftDestinationDescription.RoleARN
	case d.AmazonopensearchserviceDestinationDescription != nil:
		o := d.AmazonopensearchserviceDestinationDescription
		return "opensearch", o.DomainARN, o.RoleARN
	case d.ElasticsearchDestinationDescription != nil:
		e := d.ElasticsearchDestinationDescription
		return "elasticsearch", e.DomainARN, e.RoleARN
	case d.AmazonOpenSearchServerlessDestinationDescription != nil:
		return "opensearch-serverless", nil, d.AmazonOpenSearchServerlessDestinationDescription.RoleARN
	case d.HttpEndpointDestinationDescription != nil:
		return "http", nil, d.HttpEndpointDestinationDescription.RoleARN
	case d.SplunkDestinationDescription != nil:
		return "splunk", nil, nil
	case d.SnowflakeDestinationDescription != nil:
		return "snowflake", nil, d.SnowflakeDestinationDescription.RoleARN
	case d.IcebergDestinationDescription != nil:
		return "iceberg", nil, d.IcebergDestinationDescription.RoleARN
	case d.ExtendedS3DestinationDescription != nil:
		return "s3", d.ExtendedS3DestinationDescription.BucketARN, d.ExtendedS3DestinationDescription.RoleARN
	default:
		return "s3", bucket.BucketARN, bucket.RoleARN
	}
}
