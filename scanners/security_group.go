package scanners

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var securityGroup = Scanner{
	Type:        "Security_Group",
	Service:     serviceEC2,
	ARNs:        []string{"ec2:security-group/"},
	Permissions: []string{"ec2:DescribeSecurityGroups"},
	Metadata:    []string{"vpc_id", "open_to_all", "referring_to"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &ec2.DescribeSecurityGroupsInput{MaxResults: aws.Int32(ec2PageSize)}
		cursor := func(in *ec2.DescribeSecurityGroupsInput, out *ec2.DescribeSecurityGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, ec2.NewFromConfig(t.Config).DescribeSecurityGroups, in, cursor, func(page *ec2.DescribeSecurityGroupsOutput) []tracker.Resource {
			own := owned(t, page.SecurityGroups, func(g types.SecurityGroup) *string { return g.OwnerId })
			return collect(own, func(g types.SecurityGroup) tracker.Resource { return securityGroupOf(t, g) })
		})
	},
}

func securityGroupOf(t Target, g types.SecurityGroup) tracker.Resource {
	id, name := aws.ToString(g.GroupId), aws.ToString(g.GroupName)
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(name),
		ARN:   cmp.Or(aws.ToString(g.SecurityGroupArn), t.arn("ec2", "security-group/"+id)),
		State: stateActive,
		Tags:  ec2Tags(g.Tags),
		Metadata: tracker.Metadata{
			"vpc_id":       sdk.Str(g.VpcId),
			"description":  sdk.Str(g.Description),
			"is_default":   name == "default", // it goes with its VPC and not before
			"rules_in":     int64(len(g.IpPermissions)),
			"rules_out":    int64(len(g.IpPermissionsEgress)),
			"open_to_all":  openToAll(g.IpPermissions),
			"referring_to": groupsIn(g.IpPermissions, g.IpPermissionsEgress),
		},
	}
}

// openToAll returns what any address may reach, such as "tcp 22" or "all".
func openToAll(rules []types.IpPermission) []string {
	open := []string{}
	for _, r := range rules {
		all := slices.ContainsFunc(r.IpRanges, func(i types.IpRange) bool { return aws.ToString(i.CidrIp) == "0.0.0.0/0" }) ||
			slices.ContainsFunc(r.Ipv6Ranges, func(i types.Ipv6Range) bool { return aws.ToString(i.CidrIpv6) == "::/0" })
		if all {
			open = append(open, portsOf(r))
		}
	}
	return open
}

func portsOf(r types.IpPermission) string {
	protocol := aws.ToString(r.IpProtocol)
	switch {
	case protocol == "-1":
		return "all"
	case r.FromPort == nil || *r.FromPort == -1:
		return protocol
	case aws.ToInt32(r.ToPort) == *r.FromPort:
		return fmt.Sprintf("%s %d", protocol, *r.FromPort)
	default:
		return fmt.Sprintf("%s %d-%d", protocol, *r.FromPort, aws.ToInt32(r.ToPort))
	}
}

// groupsIn returns the groups that rules let in or out; none of those can be
// deleted before the rule.
func groupsIn(rules ...[]types.IpPermission) []string {
	groups := []string{}
	for _, r := range slices.Concat(rules...) {
		groups = append(groups, sdk.List(r.UserIdGroupPairs, func(p types.UserIdGroupPair) *string { return p.GroupId })...)
	}
	return sdk.Distinct(groups)
}
