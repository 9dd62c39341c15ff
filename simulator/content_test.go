package simulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	taggingtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	ec2types "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/iam"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// TestListsAgreeWithTruth reads every list in every region and compares it with
// the resources that the account says it holds.
func TestListsAgreeWithTruth(t *testing.T) {
	for _, o := range []simulator.Options{{Resources: 3000}, {}, {Resources: 3000, Mix: evenly()}} {
		listsAgree(t, simulator.New(o))
	}
}

func listsAgree(t *testing.T, a *simulator.Account) {
	t.Helper()
	for _, row := range []struct {
		typ   tracker.Type
		pages []list
		id    func(tracker.Resource) string
	}{
		{"EC2_Instance", []list{listInstances}, byID},
		{"EBS_Volume", []list{listVolumes}, byID},
		{"NAT_Gateway", []list{listNatGateways}, byID},
		{"EBS_Snapshot", []list{listSnapshots}, byID},
		{"AMI", []list{listImages}, byID},
		{"RDS_Instance", []list{listDBInstances}, byID},
		{"Lambda_Function", []list{listFunctions}, byID},
		{"CloudWatch_LogGroup", []list{listLogGroups}, byID},
		{"Load_Balancer", []list{listLoadBalancers, listClassic}, func(r tracker.Resource) string {
			if strings.Count(r.ARN, "/") == 1 {
				return *r.Name // the classic API knows no ARNs
			}
			return r.ARN
		}},
	} {
		for _, region := range a.Regions() {
			var got, want []string
			for _, page := range row.pages {
				got = append(got, slices.Concat(all(t, page, a.Config(region), 0)...)...)
			}
			for r := range a.Each(row.typ, region) {
				want = append(want, row.id(r))
			}
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s in %s (-truth +listed):\n%s", row.typ, region, diff)
			}
		}
	}
	got := slices.Concat(all(t, listPrincipals, a.Config(home), 0)...)
	for _, typ := range []tracker.Type{"IAM_User", "IAM_Role"} {
		for r := range a.Each(typ, tracker.Global) {
			if !slices.Contains(got, r.ID) {
				t.Errorf("%s %s is not listed", typ, r.ID)
			}
		}
	}
	if want := a.Count("IAM_User", tracker.Any) + a.Count("IAM_Role", tracker.Any); len(got) != want {
		t.Errorf("%d principals, want %d", len(got), want)
	}
}

func byID(r tracker.Resource) string { return r.ID }

// TestAttachmentsAgree: a volume, an address and a gateway say the same about
// their instance as the instance says about them.
func TestAttachmentsAgree(t *testing.T) {
	client := ec2.NewFromConfig(simulator.New(simulator.Options{Resources: 4000}).Config(home))
	instances, err := client.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{MaxResults: aws.Int32(1000)})
	if err != nil {
		t.Fatal(err)
	}
	mapped, publicIP := map[string]string{}, map[string]string{}
	for _, r := range instances.Reservations {
		i := r.Instances[0]
		for _, m := range i.BlockDeviceMappings {
			mapped[*m.Ebs.VolumeId] = *i.InstanceId + " " + *m.DeviceName
		}
		publicIP[*i.InstanceId] = aws.ToString(i.PublicIpAddress)
	}
	volumes, err := client.DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{MaxResults: aws.Int32(1000)})
	if err != nil {
		t.Fatal(err)
	}
	attached := map[string]string{}
	for _, v := range volumes.Volumes {
		if (v.State == ec2types.VolumeStateInUse) != (len(v.Attachments) == 1) {
			t.Errorf("%s is %s with %d attachments", *v.VolumeId, v.State, len(v.Attachments))
		}
		for _, at := range v.Attachments {
			attached[*v.VolumeId] = *at.InstanceId + " " + *at.Device
		}
	}
	if diff := cmp.Diff(mapped, attached); diff != "" {
		t.Errorf("volumes (-instances say +volumes say):\n%s", diff)
	}

	gateways, err := client.DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{})
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, g := range gateways.NatGateways {
		used[aws.ToString(g.NatGatewayAddresses[0].AllocationId)] = true
	}
	addresses, err := client.DescribeAddresses(t.Context(), &ec2.DescribeAddressesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range addresses.Addresses {
		switch {
		case address.InstanceId != nil:
			if publicIP[*address.InstanceId] != *address.PublicIp {
				t.Errorf("%s has %q, not %s", *address.InstanceId, publicIP[*address.InstanceId], *address.PublicIp)
			}
		case (address.AssociationId != nil) != used[*address.AllocationId]:
			t.Errorf("%s: association %v, used by a gateway: %v", *address.AllocationId, aws.ToString(address.AssociationId), used[*address.AllocationId])
		}
	}
}

// TestTaggingAgreesWithResources compares the tagging API's two ways with the
// tags that resources have.
func TestTaggingAgreesWithResources(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 3000, Mix: evenly()})
	client := resourcegroupstaggingapi.NewFromConfig(a.Config(home))
	want := map[string]map[string]string{}
	for _, typ := range everyType {
		for r := range a.Each(typ, home) {
			if len(r.Tags) > 0 {
				want[r.ARN] = r.Tags
			}
		}
	}

	got := map[string]map[string]string{}
	add := func(out *resourcegroupstaggingapi.GetResourcesOutput, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.ResourceTagMappingList {
			tags := map[string]string{}
			for _, tag := range m.Tags {
				tags[*tag.Key] = *tag.Value
			}
			got[*m.ResourceARN] = tags
		}
		return *out.PaginationToken
	}
	for token := "-"; token != ""; {
		in := &resourcegroupstaggingapi.GetResourcesInput{}
		if token != "-" {
			in.PaginationToken = &token
		}
		token = add(client.GetResources(t.Context(), in))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("all (-truth +listed):\n%s", diff)
	}

	got = map[string]map[string]string{}
	for batch := range slices.Chunk(slices.Sorted(maps.Keys(want)), 100) {
		add(client.GetResources(t.Context(), &resourcegroupstaggingapi.GetResourcesInput{ResourceARNList: batch}))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("by ARN (-truth +listed):\n%s", diff)
	}

	for filter, prefix := range map[string]string{
		"ec2:volume": "arn:aws:ec2:us-east-1:111122223333:volume/", "logs": "arn:aws:logs:", "s3": "arn:aws:s3:::",
		"elasticloadbalancing:loadbalancer": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/",
	} {
		got = map[string]map[string]string{}
		add(client.GetResources(t.Context(), &resourcegroupstaggingapi.GetResourcesInput{
			ResourceTypeFilters: []string{filter},
			TagFilters:          []taggingtypes.TagFilter{{Key: aws.String("Environment"), Values: []string{"prod", "test"}}},
		}))
		if len(got) == 0 {
			t.Errorf("%s: nothing", filter)
		}
		for arn, tags := range got {
			if !strings.HasPrefix(arn, prefix) || tags["Environment"] != "prod" && tags["Environment"] != "test" {
				t.Errorf("%s: %s %v", filter, arn, tags)
			}
		}
	}
}

func TestAwkwardTagsOccur(t *testing.T) {
	a := simulator.New(simulator.Options{})
	seen := map[string]bool{}
	for _, typ := range everyType {
		for r := range a.Each(typ, tracker.Any) {
			seen["none"] = seen["none"] || len(r.Tags) == 0
			for k, v := range r.Tags {
				seen["empty value"] = seen["empty value"] || v == ""
				seen["colon and slash"] = seen["colon and slash"] || strings.Contains(k, ":") && strings.Contains(k, "/")
				seen["unicode"] = seen["unicode"] || strings.ContainsFunc(v, func(r rune) bool { return r > 0xff })
			}
		}
	}
	if diff := cmp.Diff(map[string]bool{"none": true, "empty value": true, "colon and slash": true, "unicode": true}, seen); diff != "" {
		t.Error(diff)
	}
}

// TestMetricDataPages: an answer goes on where the datapoints of the page before
// ran out.
func TestMetricDataPages(t *testing.T) {
	now := time.Date(2026, 6, 10, 15, 0, 0, 0, time.UTC)
	a := simulator.New(simulator.Options{Resources: 2000, Clock: func() time.Time { return now }})
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(now.AddDate(0, 0, -4)), EndTime: &now, MaxDatapoints: aws.Int32(20)}
	for r := range a.Each("S3_Bucket", home) {
		in.MetricDataQueries = append(in.MetricDataQueries, cwtypes.MetricDataQuery{
			Id: aws.String("m"), MetricStat: &cwtypes.MetricStat{Period: aws.Int32(86400), Stat: aws.String("Average"), Metric: &cwtypes.Metric{
				Namespace: aws.String("AWS/S3"), MetricName: aws.String("NumberOfObjects"),
				Dimensions: []cwtypes.Dimension{
					{Name: aws.String("BucketName"), Value: &r.ID}, {Name: aws.String("StorageType"), Value: aws.String("AllStorageTypes")},
				},
			}},
		})
	}
	results, pages := 0, 0
	for client := cloudwatch.NewFromConfig(a.Config(home)); ; {
		out, err := client.GetMetricData(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		results += len(out.MetricDataResults)
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	if pages < 3 || results != len(in.MetricDataQueries) {
		t.Errorf("%d results on %d pages of %d queries", results, pages, len(in.MetricDataQueries))
	}
}

func TestLoadBalancersOfAllKinds(t *testing.T) {
	a := simulator.New(simulator.Options{Resources: 4000})
	client := elbv2.NewFromConfig(a.Config(home))
	out, err := client.DescribeLoadBalancers(t.Context(), &elbv2.DescribeLoadBalancersInput{})
	if err != nil {
		t.Fatal(err)
	}
	listeners, idle := map[string]int{}, 0
	for _, l := range out.LoadBalancers {
		of, err := client.DescribeListeners(t.Context(), &elbv2.DescribeListenersInput{LoadBalancerArn: l.LoadBalancerArn})
		if err != nil {
			t.Fatal(err)
		}
		groups, err := client.DescribeTargetGroups(t.Context(), &elbv2.DescribeTargetGroupsInput{LoadBalancerArn: l.LoadBalancerArn})
		if err != nil {
			t.Fatal(err)
		}
		listeners[string(l.Type)] += len(of.Listeners)
		if len(groups.TargetGroups) == 0 {
			idle++
		}
		for _, g := range groups.TargetGroups {
			if g.LoadBalancerArns[0] != *l.LoadBalancerArn {
				t.Errorf("%s belongs to %v", *g.TargetGroupArn, g.LoadBalancerArns)
			}
		}
	}
	if listeners["application"] == 0 || listeners["network"] == 0 || listeners["gateway"] == 0 || idle == 0 {
		t.Errorf("listeners %v, %d without target groups", listeners, idle)
	}
	if classic := all(t, listClassic, a.Config(home), 0); len(classic[0]) == 0 {
		t.Error("no classic load balancers")
	}
	tags, err := client.DescribeTags(t.Context(), &elbv2.DescribeTagsInput{ResourceArns: []string{*out.LoadBalancers[0].LoadBalancerArn}})
	if err != nil || len(tags.TagDescriptions) != 1 {
		t.Errorf("tags: %v, %v", tags, err)
	}
}

func TestGetUser(t *testing.T) {
	a := simulator.New(simulator.Options{})
	client := iam.NewFromConfig(patient(a.Config(home)))
	for r := range a.Each("IAM_User", tracker.Any) {
		out, err := client.GetUser(t.Context(), &iam.GetUserInput{UserName: r.Name})
		if err != nil || *out.User.UserId != r.ID || *out.User.Arn != r.ARN || len(out.User.Tags) != len(r.Tags) {
			t.Errorf("%s: %+v, %v", r.ID, out, err)
		}
	}
	_, err := client.GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("nobody")})
	if code(err) != "NoSuchEntity" {
		t.Error(err)
	}
}

func TestFilters(t *testing.T) {
	client := ec2.NewFromConfig(patient(simulator.New(simulator.Options{Resources: 4000}).Config(home)))
	filter := func(name string, values ...string) ([]ec2types.Reservation, error) {
		out, err := client.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{Filters: []ec2types.Filter{{Name: &name, Values: values}}})
		if err != nil {
			return nil, err
		}
		return out.Reservations, nil
	}
	stopped, err := filter("instance-state-name", "stopped")
	if err != nil || len(stopped) == 0 {
		t.Fatal(len(stopped), err)
	}
	for _, r := range stopped {
		if r.Instances[0].State.Name != ec2types.InstanceStateNameStopped || r.Instances[0].StateTransitionReason == nil {
			t.Errorf("%+v", r.Instances[0].State)
		}
	}
	if wild, err := filter("tag:Name", "*-prod-*"); err != nil || len(wild) == 0 {
		t.Errorf("wildcard: %d, %v", len(wild), err)
	}
	if _, err := filter("no-such-filter", "x"); code(err) != "InvalidParameterValue" {
		t.Errorf("unknown filter: %v", err)
	}
}
