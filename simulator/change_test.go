package simulator_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	ec2types "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/simulator"
	"github.com/consolesensei/resource-tracker/tracker"
)

// lab is an account whose time stands still until a test moves it.
type lab struct {
	*simulator.Account
	t   *testing.T
	now time.Time
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{t: t, now: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
	l.Account = simulator.New(simulator.Options{
		Resources: 4000, Transition: 10 * time.Second, Clock: func() time.Time { return l.now },
	})
	return l
}

func (l *lab) ec2() *ec2.Client { return ec2.NewFromConfig(patient(l.Config(home))) }

// find returns the first resource at home of a type and state that is also
// suitable.
func (l *lab) find(typ tracker.Type, state string, suitable func(tracker.Resource) bool) string {
	l.t.Helper()
	for r := range l.Each(typ, home) {
		if r.State == state && (suitable == nil || suitable(r)) {
			return r.ID
		}
	}
	l.t.Fatalf("no %s is %s", typ, state)
	return ""
}

// state returns the state that the truth has for a resource, "" when it is gone.
func (l *lab) state(typ tracker.Type, id string) string {
	for r := range l.Each(typ, tracker.Any) {
		if r.ID == id {
			return r.State
		}
	}
	return ""
}

func (l *lab) describe(id string) string {
	l.t.Helper()
	out, err := l.ec2().DescribeInstances(l.t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	if err != nil {
		return code(err)
	}
	return string(out.Reservations[0].Instances[0].State.Name)
}

func (l *lab) want(what, got, want string) {
	l.t.Helper()
	if got != want {
		l.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestInstanceLife(t *testing.T) {
	l := newLab(t)
	id := l.find("EC2_Instance", "running", nil)
	before := l.Total()
	stop := func(dry bool) error {
		_, err := l.ec2().StopInstances(t.Context(), &ec2.StopInstancesInput{InstanceIds: []string{id}, DryRun: &dry})
		return err
	}
	start := func() error {
		_, err := l.ec2().StartInstances(t.Context(), &ec2.StartInstancesInput{InstanceIds: []string{id}})
		return err
	}

	l.want("dry run", code(stop(true)), "DryRunOperation")
	l.want("after the dry run", l.describe(id), "running")
	if n := l.Mutations(id); n != 0 {
		t.Errorf("a dry run counts as %d mutations", n)
	}
	if err := stop(false); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.describe(id), "stopping")
	l.want("start too early", code(start()), "IncorrectInstanceState")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.describe(id), "stopped")
	if err := start(); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.describe(id), "pending")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.describe(id), "running")
	if _, err := l.ec2().RebootInstances(t.Context(), &ec2.RebootInstancesInput{InstanceIds: []string{id}}); err != nil {
		t.Fatal(err)
	}
	if n := l.Mutations(id); n != 3 {
		t.Errorf("%d mutations, want 3", n)
	}

	root := l.rootOf(id)
	if _, err := l.ec2().TerminateInstances(t.Context(), &ec2.TerminateInstancesInput{InstanceIds: []string{id}}); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.describe(id), "shutting-down")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.describe(id), "terminated")
	l.want("in truth", l.state("EC2_Instance", id), "")
	l.want("its root volume", l.state("EBS_Volume", root), "")
	if after := l.Total(); after != before-2 {
		t.Errorf("Total went from %d to %d", before, after)
	}
	l.now = l.now.Add(time.Hour)
	l.want("at last", l.describe(id), "InvalidInstanceID.NotFound")
}

func (l *lab) rootOf(id string) string {
	l.t.Helper()
	out, err := l.ec2().DescribeVolumes(l.t.Context(), &ec2.DescribeVolumesInput{Filters: []ec2types.Filter{
		{Name: aws.String("attachment.instance-id"), Values: []string{id}},
	}})
	if err != nil {
		l.t.Fatal(err)
	}
	for _, v := range out.Volumes {
		if *v.Attachments[0].Device == "/dev/xvda" {
			return *v.VolumeId
		}
	}
	l.t.Fatalf("%s has no root volume", id)
	return ""
}

func TestMissingAndStrangeIDs(t *testing.T) {
	l := newLab(t)
	for id, want := range map[string]string{
		"i-00123456789abcdef": "InvalidInstanceID.NotFound",
		"i-123":               "InvalidInstanceID.Malformed",
		"vol-123":             "InvalidInstanceID.Malformed",
	} {
		l.want(id, l.describe(id), want)
	}
	elsewhere := ec2.NewFromConfig(patient(l.Config("us-west-2")))
	_, err := elsewhere.DescribeInstances(t.Context(), &ec2.DescribeInstancesInput{InstanceIds: []string{l.find("EC2_Instance", "running", nil)}})
	l.want("in another region", code(err), "InvalidInstanceID.NotFound")
}

func TestVolumeLife(t *testing.T) {
	l := newLab(t)
	remove := func(id string) error {
		_, err := l.ec2().DeleteVolume(t.Context(), &ec2.DeleteVolumeInput{VolumeId: &id})
		return err
	}
	l.want("attached", code(remove(l.find("EBS_Volume", "in-use", nil))), "VolumeInUse")
	id := l.find("EBS_Volume", "available", nil)
	if err := remove(id); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.state("EBS_Volume", id), "deleting")
	l.want("again", code(remove(id)), "IncorrectState")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.state("EBS_Volume", id), "")
	l.want("once more", code(remove(id)), "InvalidVolume.NotFound")
	if n := l.Mutations(id); n != 1 {
		t.Errorf("%d mutations", n)
	}
}

func TestGatewayAndAddressLife(t *testing.T) {
	l := newLab(t)
	out, err := l.ec2().DescribeNatGateways(t.Context(), &ec2.DescribeNatGatewaysInput{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(out.NatGateways, func(g ec2types.NatGateway) bool { return g.ConnectivityType == ec2types.ConnectivityTypePublic })
	gateway := *out.NatGateways[i].NatGatewayId
	address := *out.NatGateways[i].NatGatewayAddresses[0].AllocationId
	release := func() error {
		_, err := l.ec2().ReleaseAddress(t.Context(), &ec2.ReleaseAddressInput{AllocationId: &address})
		return err
	}
	l.want("in use", code(release()), "InvalidIPAddress.InUse")
	if _, err := l.ec2().DeleteNatGateway(t.Context(), &ec2.DeleteNatGatewayInput{NatGatewayId: &gateway}); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.state("NAT_Gateway", gateway), "deleting")
	l.want("its address", l.state("Elastic_IP", address), "associated")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.state("NAT_Gateway", gateway), "")
	l.want("its address", l.state("Elastic_IP", address), "unassociated")
	if err := release(); err != nil {
		t.Fatal(err)
	}
	l.want("released", l.state("Elastic_IP", address), "")
	l.want("again", code(release()), "InvalidAllocationID.NotFound")
}

func TestDatabaseLife(t *testing.T) {
	l := newLab(t)
	client := rds.NewFromConfig(patient(l.Config(home)))
	out, err := client.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{})
	if err != nil {
		t.Fatal(err)
	}
	id := ""
	for _, d := range out.DBInstances {
		if *d.DBInstanceStatus == "available" && *d.Engine == "postgres" && !*d.DeletionProtection {
			id = *d.DBInstanceIdentifier
		}
	}
	stop := func() error {
		_, err := client.StopDBInstance(t.Context(), &rds.StopDBInstanceInput{DBInstanceIdentifier: &id})
		return err
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	l.want("at once", l.state("RDS_Instance", id), "stopping")
	l.want("again", code(stop()), "InvalidDBInstanceState")
	l.now = l.now.Add(10 * time.Second)
	l.want("then", l.state("RDS_Instance", id), "stopped")
	if _, err := client.StartDBInstance(t.Context(), &rds.StartDBInstanceInput{DBInstanceIdentifier: &id}); err != nil {
		t.Fatal(err)
	}
	l.want("started", l.state("RDS_Instance", id), "starting")
	l.now = l.now.Add(10 * time.Second)
	remove := func(skip bool) error {
		_, err := client.DeleteDBInstance(t.Context(), &rds.DeleteDBInstanceInput{DBInstanceIdentifier: &id, SkipFinalSnapshot: &skip})
		return err
	}
	l.want("no snapshot", code(remove(false)), "InvalidParameterCombination")
	if err := remove(true); err != nil {
		t.Fatal(err)
	}
	l.want("deleted", l.state("RDS_Instance", id), "deleting")
	l.now = l.now.Add(10 * time.Second)
	_, err = client.DescribeDBInstances(t.Context(), &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &id})
	l.want("at last", code(err), "DBInstanceNotFound")
	if n := l.Mutations(id); n != 3 {
		t.Errorf("%d mutations", n)
	}
}

func TestBucketLife(t *testing.T) {
	l := newLab(t)
	client := s3.NewFromConfig(patient(l.Config(home)))
	remove := func(c *s3.Client, name string) string {
		_, err := c.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: &name})
		return code(err)
	}
	var full, empty string
	for r := range l.Each("S3_Bucket", home) {
		switch got := remove(client, r.ID); got {
		case "BucketNotEmpty":
			full = r.ID
		case "":
			empty = r.ID
		default:
			t.Fatal(got)
		}
		if full != "" && empty != "" {
			break
		}
	}
	l.want("gone", l.state("S3_Bucket", empty), "")
	l.want("again", remove(client, empty), "NoSuchBucket")
	l.want("kept", l.state("S3_Bucket", full), "active")
	west := s3.NewFromConfig(patient(l.Config("us-west-2")))
	l.want("in another region", remove(west, full), "PermanentRedirect")
	if l.Mutations(empty) != 1 || l.Mutations(full) != 0 {
		t.Errorf("mutations: %d, %d", l.Mutations(empty), l.Mutations(full))
	}
}

func TestTagsChange(t *testing.T) {
	l := newLab(t)
	id := l.find("EBS_Volume", "available", func(r tracker.Resource) bool { return r.Tags["Team"] != "" })
	tags := func() map[string]string {
		for r := range l.Each("EBS_Volume", home) {
			if r.ID == id {
				return r.Tags
			}
		}
		return nil
	}
	before := len(tags())
	if _, err := l.ec2().CreateTags(t.Context(), &ec2.CreateTagsInput{
		Resources: []string{id}, Tags: []ec2types.Tag{{Key: aws.String("keep"), Value: aws.String("yes")}, {Key: aws.String("Team"), Value: aws.String("new")}},
	}); err != nil {
		t.Fatal(err)
	}
	if got := tags(); got["keep"] != "yes" || got["Team"] != "new" || len(got) != before+1 {
		t.Errorf("after CreateTags: %v", got)
	}
	if _, err := l.ec2().DeleteTags(t.Context(), &ec2.DeleteTagsInput{
		Resources: []string{id}, Tags: []ec2types.Tag{{Key: aws.String("keep")}, {Key: aws.String("Environment")}},
	}); err != nil {
		t.Fatal(err)
	}
	if got := tags(); len(got) != before-1 || got["keep"] != "" || got["Environment"] != "" {
		t.Errorf("after DeleteTags: %v", got)
	}
	if n := l.Mutations(id); n != 2 {
		t.Errorf("%d mutations", n)
	}
}
