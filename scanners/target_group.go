package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// targetGroup leaves out the targets: only DescribeTargetHealth knows them, one
// group a call, out of a quota that all calls of load balancing share.
var targetGroup = Scanner{
	Type:        "Target_Group",
	Service:     serviceELB,
	ARNs:        []string{"elasticloadbalancing:targetgroup/"},
	Permissions: []string{"elasticloadbalancing:DescribeTargetGroups", "tag:GetResources"},
	Tagged:      "elasticloadbalancing:targetgroup",
	Metadata:    []string{"load_balancer_arns", "target_type", "port", "vpc_id"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &elasticloadbalancingv2.DescribeTargetGroupsInput{PageSize: aws.Int32(elbPageSize)}
		cursor := func(in *elasticloadbalancingv2.DescribeTargetGroupsInput, out *elasticloadbalancingv2.DescribeTargetGroupsOutput) (**string, *string) {
			return &in.Marker, out.NextMarker
		}
		client := elasticloadbalancingv2.NewFromConfig(t.Config)
		return listPages(ctx, emit, client.DescribeTargetGroups, in, cursor, func(page *elasticloadbalancingv2.DescribeTargetGroupsOutput) []tracker.Resource {
			return collect(page.TargetGroups, targetGroupOf)
		})
	},
}

func targetGroupOf(g types.TargetGroup) tracker.Resource {
	arn := aws.ToString(g.TargetGroupArn)
	return tracker.Resource{
		ID:    arn,
		Name:  tracker.Named(aws.ToString(g.TargetGroupName)),
		ARN:   arn,
		State: stateActive,
		Metadata: tracker.Metadata{
			"target_type":           sdk.Text(g.TargetType),
			"protocol":              sdk.Text(g.Protocol),
			"protocol_version":      sdk.Str(g.ProtocolVersion),
			"port":                  sdk.Num(g.Port),
			"vpc_id":                sdk.Str(g.VpcId),
			"ip_address_type":       sdk.Text(g.IpAddressType),
			"load_balancer_arns":    sdk.Names(g.LoadBalancerArns),
			"health_check_enabled":  sdk.Opt(g.HealthCheckEnabled),
			"health_check_protocol": sdk.Text(g.HealthCheckProtocol),
			"health_check_port":     sdk.Str(g.HealthCheckPort),
			"health_check_path":     sdk.Str(g.HealthCheckPath),
		},
	}
}
