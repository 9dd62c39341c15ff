package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var ec2KeyPair = Scanner{
	Type:        "EC2_KeyPair",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:key-pair/"},
	Permissions: []string{"ec2:DescribeKeyPairs"},
	Metadata:    []string{"key_name", "key_type"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// DescribeKeyPairs has no pages.
		out, err := ec2.NewFromConfig(t.Config).DescribeKeyPairs(ctx, &ec2.DescribeKeyPairsInput{})
		if err != nil {
			return err
		}
		return emit(collect(out.KeyPairs, func(k types.KeyPairInfo) tracker.Resource { return keyPair(t, k) })...)
	},
}

func keyPair(t Target, k types.KeyPairInfo) tracker.Resource {
	id := aws.ToString(k.KeyPairId)
	return tracker.Resource{
		ID:      id,
		Name:    tracker.Named(aws.ToString(k.KeyName)),
		ARN:     t.arn("ec2", "key-pair/"+id),
		State:   stateActive,
		Created: tracker.At(k.CreateTime),
		Tags:    ec2Tags(k.Tags),
		Metadata: tracker.Metadata{
			// What instances know the pair by.
			"key_name":    sdk.Str(k.KeyName),
			"key_type":    sdk.Text(k.KeyType),
			"fingerprint": sdk.Str(k.KeyFingerprint),
		},
	}
}
