package simulator_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/cloudwatchlogs"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	ec2types "github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/simulator"
)

func TestSnapshotAndRestore(t *testing.T) {
	l := newLab(t)
	id := l.find("EBS_Volume", "available", nil)
	tags := func(kind ec2types.ResourceType) []ec2types.TagSpecification {
		return []ec2types.TagSpecification{{ResourceType: kind, Tags: []ec2types.Tag{{Key: aws.String("token"), Value: aws.String("t1")}}}}
	}
	byTag := []ec2types.Filter{{Name: aws.String("tag:token"), Values: []string{"t1"}}}

	taken, err := l.ec2().CreateSnapshot(t.Context(), &ec2.CreateSnapshotInput{VolumeId: &id, TagSpecifications: tags(ec2types.ResourceTypeSnapshot)})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []*ec2.DescribeSnapshotsInput{{SnapshotIds: []string{*taken.SnapshotId}}, {Filters: byTag}} {
		out, err := l.ec2().DescribeSnapshots(t.Context(), in)
		if err != nil || len(out.Snapshots) != 1 || *out.Snapshots[0].VolumeId != id {
			t.Fatalf("the snapshot is shown as %+v: %v", out, err)
		}
	}
	if _, err := l.ec2().DeleteVolume(t.Context(), &ec2.DeleteVolumeInput{VolumeId: &id}); err != nil {
		t.Fatal(err)
	}
	l.now = l.now.Add(10 * time.Second)

	var ids []string
	for range 2 {
		out, err := l.ec2().CreateVolume(t.Context(), &ec2.CreateVolumeInput{
			SnapshotId: taken.SnapshotId, AvailabilityZone: aws.String(home + "a"), VolumeType: ec2types.VolumeTypeGp3,
			ClientToken: aws.String("once"), TagSpecifications: tags(ec2types.ResourceTypeVolume),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, *out.VolumeId)
	}
	if ids[0] != ids[1] || l.Mutations(ids[0]) != 1 {
		t.Errorf("one token made %v", ids)
	}
	out, err := l.ec2().DescribeVolumes(t.Context(), &ec2.DescribeVolumesInput{Filters: byTag})
	if err != nil || len(out.Volumes) != 1 || *out.Volumes[0].VolumeId != ids[0] || *out.Volumes[0].Size != *taken.VolumeSize {
		t.Errorf("the restored volume is shown as %+v: %v", out, err)
	}
}

func TestLogGroupChanges(t *testing.T) {
	l := newLab(t)
	id := l.find("CloudWatch_LogGroup", "active", nil)
	client := cloudwatchlogs.NewFromConfig(patient(l.Config(home)))
	days := func() int32 {
		out, err := client.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &id})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range out.LogGroups {
			if *g.LogGroupName == id {
				return aws.ToInt32(g.RetentionInDays)
			}
		}
		return -1
	}
	if _, err := client.PutRetentionPolicy(t.Context(), &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &id, RetentionInDays: aws.Int32(3)}); err != nil || days() != 3 {
		t.Errorf("events are kept for %d days: %v", days(), err)
	}
	if _, err := client.DeleteRetentionPolicy(t.Context(), &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: &id}); err != nil || days() != 0 {
		t.Errorf("events are kept for %d days: %v", days(), err)
	}
	if _, err := client.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: &id}); err != nil || days() != -1 {
		t.Errorf("after it was deleted, events are kept for %d days: %v", days(), err)
	}
}

// TestLostAnswer loses the answer of a call that was carried out.
func TestLostAnswer(t *testing.T) {
	l := newLab(t)
	id := l.find("EC2_Instance", "running", nil)
	l.Inject(simulator.Fault{Operation: "StopInstances", Kind: simulator.Lost, Count: 1})
	client := ec2.NewFromConfig(l.Config(home), func(o *ec2.Options) { o.Retryer = aws.NopRetryer{} })
	if _, err := client.StopInstances(t.Context(), &ec2.StopInstancesInput{InstanceIds: []string{id}}); err == nil || code(err) != "" {
		t.Errorf("the call answered: %v", err)
	}
	l.now = l.now.Add(10 * time.Second)
	l.want("the instance", l.describe(id), "stopped")
	if n := l.Mutations(id); n != 1 {
		t.Errorf("%d mutations, want 1", n)
	}
}
