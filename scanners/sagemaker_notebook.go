package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker"
	"github.com/consolesensei/resource-tracker/internal/aws/sagemaker/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var sageMakerNotebook = Scanner{
	Type:        "SageMaker_Notebook",
	Service:     serviceSageMaker,
	ARNs:        []string{"sagemaker:notebook-instance/"},
	Permissions: []string{"sagemaker:DescribeNotebookInstance", "sagemaker:ListNotebookInstances", "tag:GetResources"},
	Tagged:      "sagemaker:notebook-instance",
	Metadata:    []string{"instance_type", "volume_gb"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := sagemaker.NewFromConfig(t.Config)
		return withDetails(ctx, emit, func(ctx context.Context, r *tracker.Resource) error {
			d, err := client.DescribeNotebookInstance(ctx, &sagemaker.DescribeNotebookInstanceInput{NotebookInstanceName: &r.ID})
			if noSuchName(err) {
				return errDropped
			}
			if err != nil {
				return err
			}
			r.Metadata["volume_gb"] = sdk.Num(d.VolumeSizeInGB)
			r.Metadata["platform"] = sdk.Str(d.PlatformIdentifier)
			r.Metadata["subnet_id"] = sdk.Str(d.SubnetId)
			r.Metadata["security_group_ids"] = sdk.Names(d.SecurityGroups)
			r.Metadata["network_interface_id"] = sdk.Str(d.NetworkInterfaceId)
			r.Metadata["internet_access"] = d.DirectInternetAccess == types.DirectInternetAccessEnabled
			r.Metadata["role_arn"] = sdk.Str(d.RoleArn)
			r.Metadata["kms_key_id"] = sdk.Str(d.KmsKeyId)
			return nil
		}, func(emit Emit) error {
			in := &sagemaker.ListNotebookInstancesInput{MaxResults: aws.Int32(100)}
			cursor := func(in *sagemaker.ListNotebookInstancesInput, out *sagemaker.ListNotebookInstancesOutput) (**string, *string) {
				return &in.NextToken, out.NextToken
			}
			return listPages(ctx, emit, client.ListNotebookInstances, in, cursor, func(out *sagemaker.ListNotebookInstancesOutput) []tracker.Resource {
				return collect(out.NotebookInstances, func(n types.NotebookInstanceSummary) tracker.Resource { return notebook(t, n) })
			})
		})
	},
}

func notebook(t Target, n types.NotebookInstanceSummary) tracker.Resource {
	name := aws.ToString(n.NotebookInstanceName)
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(n.NotebookInstanceArn), t.arn("sagemaker", "notebook-instance/"+name)),
		State:   lower(n.NotebookInstanceStatus),
		Created: tracker.At(n.CreationTime),
		Metadata: tracker.Metadata{
			"instance_type":    sdk.Text(n.InstanceType),
			"last_modified":    sdk.Stamp(n.LastModifiedTime),
			"lifecycle_config": sdk.Str(n.NotebookInstanceLifecycleConfigName),

			"volume_gb":            nil,
			"platform":             nil,
			"subnet_id":            nil,
			"security_group_ids":   nil,
			"network_interface_id": nil,
			"internet_access":      nil,
			"role_arn":             nil,
			"kms_key_id":           nil,
		},
	}
}
