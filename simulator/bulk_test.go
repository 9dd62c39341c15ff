package simulator_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/smithy-go"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	ec2types "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	rdstypes "github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestDescribeMany asks for many resources in a call, as AWS lets it: what does not
// exist refuses a call for IDs, and is left out by filters and names.
func TestDescribeMany(t *testing.T) {
	account := simulator.New(simulator.Options{Resources: 20_000})
	cfg := patient(account.Config(home))
	some := func(typ tracker.Type, n int, suitable func(string) bool) []string {
		var ids []string
		for r := range account.Each(typ, home) {
			if len(ids) < n && (suitable == nil || suitable(r.ID)) {
				ids = append(ids, r.ID)
			}
		}
		if len(ids) < n {
			t.Fatalf("%d of type %s, want %d", len(ids), typ, n)
		}
		return ids
	}
	instances := func(ids []string, filters ...ec2types.Filter) (int, error) {
		out, err := ec2.NewFromConfig(cfg).DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: ids, Filters: filters})
		if err != nil {
			return 0, err
		}
		return len(out.Reservations), nil
	}
	byID := func(ids []string) (int, error) {
		return instances(nil, ec2types.Filter{Name: aws.String("instance-id"), Values: ids})
	}
	groups := func(names []string) (int, error) {
		out, err := cloudwatchlogs.NewFromConfig(cfg).DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupIdentifiers: names})
		if err != nil {
			return 0, err
		}
		return len(out.LogGroups), nil
	}
	databases := func(names []string) (int, error) {
		out, err := rds.NewFromConfig(cfg).DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{
			Filters: []rdstypes.Filter{{Name: aws.String("db-instance-id"), Values: names}},
		})
		if err != nil {
			return 0, err
		}
		return len(out.DBInstances), nil
	}
	balancers := func(arns []string) (int, error) {
		out, err := elbv2.NewFromConfig(cfg).DescribeLoadBalancers(t.Context(), &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: arns})
		if err != nil {
			return 0, err
		}
		return len(out.LoadBalancers), nil
	}
	modern := func(arn string) bool { return strings.Count(arn, "/") > 1 }
	i, g, d, b := some("EC2_Instance", 50, nil), some("CloudWatch_LogGroup", 50, nil), some("RDS_Instance", 10, nil), some("Load_Balancer", 10, modern)
	for name, row := range map[string]struct {
		ask  func([]string) (int, error)
		ids  []string
		want int
		code string
	}{
		"instances":                 {func(ids []string) (int, error) { return instances(ids) }, i, 50, ""},
		"one instance is missing":   {func(ids []string) (int, error) { return instances(ids) }, append(slices.Clone(i), "i-00000000000000000"), 0, "InvalidInstanceID.NotFound"},
		"one is no instance":        {func(ids []string) (int, error) { return instances(ids) }, append(slices.Clone(i), "x"), 0, "InvalidInstanceID.Malformed"},
		"too many instances":        {func(ids []string) (int, error) { return instances(ids) }, make([]string, 1001), 0, "InvalidParameterValue"},
		"by filter, one is missing": {byID, append(slices.Clone(i), "i-00000000000000000"), 50, ""},
		"too many values":           {byID, make([]string, 201), 0, "FilterLimitExceeded"},
		"log groups, one missing":   {groups, append(slices.Clone(g[1:]), "no such group"), 49, ""},
		"too many log groups":       {groups, append(slices.Clone(g), "x"), 0, "InvalidParameterException"},
		"databases, one missing":    {databases, append(slices.Clone(d), "no-such"), 10, ""},
		"load balancers":            {balancers, b, 10, ""},
		"one balancer is missing":   {balancers, append(slices.Clone(b), b[0]+"0"), 0, "LoadBalancerNotFound"},
		"too many load balancers":   {balancers, slices.Concat(b, b, b), 0, "ValidationError"},
	} {
		got, err := row.ask(row.ids)
		code := ""
		if e, ok := errors.AsType[smithy.APIError](err); ok {
			code = e.ErrorCode()
		}
		if got != row.want || code != row.code {
			t.Errorf("%s: %d with %q (%v), want %d with %q", name, got, code, err, row.want, row.code)
		}
	}
}

// TestLogTags: both ways to the tags of a log group tell the same.
func TestLogTags(t *testing.T) {
	account := simulator.New(simulator.Options{Resources: 4000})
	client := cloudwatchlogs.NewFromConfig(patient(account.Config(home)))
	for r := range account.Each("CloudWatch_LogGroup", home) {
		out, err := client.ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &r.ARN})
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(out.Tags, r.Tags) {
			t.Errorf("%s has the tags %v, want %v", r.ID, out.Tags, r.Tags)
		}
	}
	if _, err := client.ListTagsForResource(t.Context(), &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:logs:x")}); err == nil {
		t.Error("there are tags of nothing")
	}
}
