package simulator_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/internal/aws/lambda"
	"github.com/consolesensei/resource-tracker/internal/aws/organizations"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
)

// list reads one page: the IDs of its items and the next token. Size 0 leaves
// the size to the service.
type list func(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error)

// lists are all operations that page, and what they allow.
var lists = map[string]struct {
	page        list
	least, most int32 // page sizes; 0: none can be asked for
	standard    int   // page size when none is asked for
}{
	"ec2:DescribeInstances":                                {listInstances, 5, 1000, 1000},
	"ec2:DescribeVolumes":                                  {listVolumes, 5, 1000, 1000},
	"ec2:DescribeSnapshots":                                {listSnapshots, 5, 1000, 1000},
	"ec2:DescribeImages":                                   {listImages, 5, 1000, 1000},
	"ec2:DescribeNatGateways":                              {listNatGateways, 5, 1000, 1000},
	"s3:ListBuckets":                                       {listBuckets, 1, 10_000, 10_000},
	"rds:DescribeDBInstances":                              {listDBInstances, 20, 100, 100},
	"lambda:ListFunctions":                                 {listFunctions, 1, 50, 50},
	"elasticloadbalancing:DescribeLoadBalancers":           {listLoadBalancers, 1, 400, 400},
	"elasticloadbalancing:DescribeTargetGroups":            {listTargetGroups, 1, 400, 400},
	"elasticloadbalancing:DescribeLoadBalancers (classic)": {listClassic, 1, 400, 400},
	"logs:DescribeLogGroups":                               {listLogGroups, 1, 50, 50},
	"iam:GetAccountAuthorizationDetails":                   {listPrincipals, 1, 1000, 100},
	"iam:ListUsers":                                        {listUsers, 1, 1000, 100},
	"iam:ListRoles":                                        {listRoles, 1, 1000, 100},
	"tag:GetResources":                                     {listTagged, 1, 100, 100},
	"cloudwatch:ListMetrics":                               {listMetrics, 0, 0, 500},
	"organizations:ListAccounts":                           {listAccounts, 1, 20, 20},
}

// all reads every page and returns the IDs page by page.
func all(t testing.TB, page list, cfg aws.Config, size int32) (pages [][]string) {
	t.Helper()
	token := ""
	for {
		ids, next, err := page(t.Context(), cfg, size, token)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, ids)
		if next == "" {
			return pages
		}
		token = next
	}
}

func opt[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func listInstances(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := ec2.NewFromConfig(cfg).DescribeInstances(ctx, &ec2.DescribeInstancesInput{MaxResults: opt(size), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			ids = append(ids, *i.InstanceId)
		}
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listVolumes(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := ec2.NewFromConfig(cfg).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{MaxResults: opt(size), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, v := range out.Volumes {
		ids = append(ids, *v.VolumeId)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listSnapshots(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := ec2.NewFromConfig(cfg).DescribeSnapshots(ctx, &ec2.DescribeSnapshotsInput{
		OwnerIds: []string{"self"}, MaxResults: opt(size), NextToken: opt(token),
	})
	if err != nil {
		return nil, "", err
	}
	for _, s := range out.Snapshots {
		ids = append(ids, *s.SnapshotId)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listImages(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := ec2.NewFromConfig(cfg).DescribeImages(ctx, &ec2.DescribeImagesInput{
		Owners: []string{"self"}, MaxResults: opt(size), NextToken: opt(token),
	})
	if err != nil {
		return nil, "", err
	}
	for _, i := range out.Images {
		ids = append(ids, *i.ImageId)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listNatGateways(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := ec2.NewFromConfig(cfg).DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{MaxResults: opt(size), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, v := range out.NatGateways {
		ids = append(ids, *v.NatGatewayId)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listBuckets(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := s3.NewFromConfig(cfg).ListBuckets(ctx, &s3.ListBucketsInput{MaxBuckets: opt(size), ContinuationToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, b := range out.Buckets {
		ids = append(ids, *b.Name)
	}
	return ids, aws.ToString(out.ContinuationToken), nil
}

func listDBInstances(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := rds.NewFromConfig(cfg).DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{MaxRecords: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, d := range out.DBInstances {
		ids = append(ids, *d.DBInstanceIdentifier)
	}
	return ids, aws.ToString(out.Marker), nil
}

func listFunctions(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := lambda.NewFromConfig(cfg).ListFunctions(ctx, &lambda.ListFunctionsInput{MaxItems: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, f := range out.Functions {
		ids = append(ids, *f.FunctionArn)
	}
	return ids, aws.ToString(out.NextMarker), nil
}

func listLoadBalancers(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := elbv2.NewFromConfig(cfg).DescribeLoadBalancers(ctx, &elbv2.DescribeLoadBalancersInput{PageSize: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, l := range out.LoadBalancers {
		ids = append(ids, *l.LoadBalancerArn)
	}
	return ids, aws.ToString(out.NextMarker), nil
}

func listTargetGroups(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := elbv2.NewFromConfig(cfg).DescribeTargetGroups(ctx, &elbv2.DescribeTargetGroupsInput{PageSize: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, g := range out.TargetGroups {
		ids = append(ids, *g.TargetGroupArn)
	}
	return ids, aws.ToString(out.NextMarker), nil
}

func listClassic(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := elasticloadbalancing.NewFromConfig(cfg).DescribeLoadBalancers(ctx, &elasticloadbalancing.DescribeLoadBalancersInput{
		PageSize: opt(size), Marker: opt(token),
	})
	if err != nil {
		return nil, "", err
	}
	for _, l := range out.LoadBalancerDescriptions {
		ids = append(ids, *l.LoadBalancerName)
	}
	return ids, aws.ToString(out.NextMarker), nil
}

func listLogGroups(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{Limit: opt(size), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, g := range out.LogGroups {
		ids = append(ids, *g.LogGroupName)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listPrincipals(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := iam.NewFromConfig(cfg).GetAccountAuthorizationDetails(ctx, &iam.GetAccountAuthorizationDetailsInput{MaxItems: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, u := range out.UserDetailList {
		ids = append(ids, *u.UserId)
	}
	for _, r := range out.RoleDetailList {
		ids = append(ids, *r.RoleId)
	}
	return ids, aws.ToString(out.Marker), nil
}

func listUsers(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := iam.NewFromConfig(cfg).ListUsers(ctx, &iam.ListUsersInput{MaxItems: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, u := range out.Users {
		ids = append(ids, *u.UserId)
	}
	return ids, aws.ToString(out.Marker), nil
}

func listRoles(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := iam.NewFromConfig(cfg).ListRoles(ctx, &iam.ListRolesInput{MaxItems: opt(size), Marker: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, r := range out.Roles {
		ids = append(ids, *r.RoleId)
	}
	return ids, aws.ToString(out.Marker), nil
}

func listTagged(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := resourcegroupstaggingapi.NewFromConfig(cfg).GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
		ResourcesPerPage: opt(size), PaginationToken: opt(token),
	})
	if err != nil {
		return nil, "", err
	}
	for _, m := range out.ResourceTagMappingList {
		ids = append(ids, *m.ResourceARN)
	}
	return ids, aws.ToString(out.PaginationToken), nil
}

func listMetrics(ctx context.Context, cfg aws.Config, _ int32, token string) (ids []string, next string, err error) {
	out, err := cloudwatch.NewFromConfig(cfg).ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: aws.String("AWS/S3"), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, m := range out.Metrics {
		id := *m.MetricName
		for _, d := range m.Dimensions {
			id += "/" + *d.Value
		}
		ids = append(ids, id)
	}
	return ids, aws.ToString(out.NextToken), nil
}

func listAccounts(ctx context.Context, cfg aws.Config, size int32, token string) (ids []string, next string, err error) {
	out, err := organizations.NewFromConfig(cfg).ListAccounts(ctx, &organizations.ListAccountsInput{MaxResults: opt(size), NextToken: opt(token)})
	if err != nil {
		return nil, "", err
	}
	for _, a := range out.Accounts {
		ids = append(ids, *a.Id)
	}
	return ids, aws.ToString(out.NextToken), nil
}
