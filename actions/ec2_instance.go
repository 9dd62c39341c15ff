package actions

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	ruleTerminationProtection = "termination_protection"
	ruleStopProtection        = "stop_protection"
	ruleScalingGroup          = "auto_scaling_group"
	ruleSpot                  = "spot_instance"
)

// scalingGroupTag is on the instances of an Auto Scaling group.
const scalingGroupTag = "aws:autoscaling:groupName"

var ec2Instance = kind{
	Type:        "EC2_Instance",
	permissions: []string{"ec2:DescribeInstances"},
	watch:       []string{"launch_time", "volumes"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		i, err := describeInstance(ctx, t, id)
		if err != nil || i == nil {
			return gone(), err
		}
		tags := ec2Tags(i.Tags)
		root := i.RootDeviceType
		return tracker.Resource{
			Name:    tracker.Named(tags["Name"], "Unnamed"),
			ARN:     t.arn("ec2", "instance/"+id),
			State:   string(cmp.Or(i.State, &types.InstanceState{Name: stateUnknown}).Name),
			Created: tracker.At(i.LaunchTime), // the last start, as scans have it
			Tags:    tags,
			Metadata: tracker.Metadata{
				"instance_type":       sdk.Text(i.InstanceType),
				"launch_time":         sdk.Stamp(i.LaunchTime),
				"lifecycle":           cmp.Or(string(i.InstanceLifecycle), "on-demand"),
				"platform":            sdk.Str(i.PlatformDetails),
				"usage_operation":     sdk.Str(i.UsageOperation),
				"tenancy":             sdk.Text(cmp.Or(i.Placement, &types.Placement{}).Tenancy),
				"spot_request":        sdk.Str(i.SpotInstanceRequestId),
				"root_device_type":    sdk.Text(root),
				"detailed_monitoring": i.Monitoring != nil && i.Monitoring.State == types.MonitoringStateEnabled,
				"hibernation":         i.HibernationOptions != nil && aws.ToBool(i.HibernationOptions.Configured),
				"auto_scaling_group":  sdk.Text(tags[scalingGroupTag]),
				"public_ip":           sdk.Str(i.PublicIpAddress),
				"volumes":             sdk.List(i.BlockDeviceMappings, instanceVolume),
				"volumes_deleted":     sdk.List(i.BlockDeviceMappings, deletedVolume),
			},
		}, nil
	},
}

// describeInstance returns nil for an instance that does not exist, or that AWS
// only still shows, which it does for about an hour.
func describeInstance(ctx context.Context, t Target, id string) (*types.Instance, error) {
	out, err := ec2.NewFromConfig(t.Config).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{id}})
	if err != nil {
		_, err = missing(err, "InvalidInstanceID.NotFound")
		return nil, err
	}
	for _, r := range out.Reservations {
		for _, i := range r.Instances {
			if i.State == nil || i.State.Name != types.InstanceStateNameTerminated {
				return &i, nil
			}
		}
	}
	return nil, nil
}

func instanceVolume(m types.InstanceBlockDeviceMapping) *string {
	if m.Ebs == nil {
		return nil
	}
	return m.Ebs.VolumeId
}

// deletedVolume is a volume that AWS deletes together with the instance.
func deletedVolume(m types.InstanceBlockDeviceMapping) *string {
	if m.Ebs == nil || !aws.ToBool(m.Ebs.DeleteOnTermination) {
		return nil
	}
	return m.Ebs.VolumeId
}

var ec2InstanceStop = Action{
	kind:       ec2Instance,
	Verb:       "stop",
	Summary:    "Stops the instance; its volumes and addresses stay and cost as before.",
	After:      becomes("stopped"),
	Undo:       "start",
	Reversible: true,
	Deadline:   15 * time.Minute,
	From:       []string{"running"},
	Via:        []string{"stopping"},
	To:         []string{"stopped"},
	guards:     []guard{inScalingGroup, stopProtection, oneTimeSpot, instanceStoreRoot},
	asides:     []aside{whatStopLoses},
	steps: []step{
		lift("lift_stop_protection", ruleStopProtection, types.InstanceAttributeNameDisableApiStop),
		{
			Step: Step{Name: "stop"}, action: "ec2:StopInstances",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &ec2.StopInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).StopInstances(ctx, in))
			},
		},
	},
	inverse: back("start"),
	dryRun:  true,
}

var ec2InstanceStart = Action{
	kind:       ec2Instance,
	Verb:       "start",
	Summary:    "Starts a stopped instance.",
	After:      becomes("running"),
	Undo:       "stop",
	Reversible: true,
	Deadline:   15 * time.Minute,
	From:       []string{"stopped"},
	Via:        []string{"pending"},
	To:         []string{"running"},
	Stuck:      []string{"shutting-down"},
	steps: []step{{
		Step: Step{Name: "start"}, action: "ec2:StartInstances",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.StartInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
			return none(ec2.NewFromConfig(c.Config).StartInstances(ctx, in))
		},
	}},
	inverse: back("stop"),
	dryRun:  true,
}

var ec2InstanceReboot = Action{
	kind:     ec2Instance,
	Verb:     "reboot",
	Summary:  "Reboots a running instance. AWS shows no trace of a reboot: accepted and running counts as done.",
	After:    unchanged,
	Deadline: 15 * time.Minute,
	From:     []string{"running"},
	steps: []step{{
		Step: Step{Name: "reboot"}, action: "ec2:RebootInstances",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.RebootInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
			_, err := ec2.NewFromConfig(c.Config).RebootInstances(ctx, in)
			return accepted, err
		},
		check: ec2Instance.rebooted("running"),
	}},
	dryRun: true,
}

// accepted is what a call leaves whose effect nothing shows.
var accepted = map[string]string{"accepted": "true"}

// rebooted is the check of a reboot: back in its state after AWS had accepted it.
func (k kind) rebooted(up string) func(context.Context, call) (tracker.StepProgress, error) {
	return func(ctx context.Context, c call) (tracker.StepProgress, error) {
		r, err := k.look(ctx, c.Target, c.Item.ResourceID)
		if err != nil {
			return tracker.StepProgress{}, err
		}
		p := tracker.StepProgress{Stage: tracker.StepUnderWay, State: r.State}
		switch {
		case r.State == tracker.Gone:
			p.Stage, p.Message = tracker.StepFailed, "it does not exist any more"
		case r.State == up && c.Left["accepted"] != "":
			p.Stage = tracker.StepDone
		case r.State == up:
			p.Stage = tracker.StepNotBegun
		}
		return p, nil
	}
}

var ec2InstanceTerminate = Action{
	kind:     ec2Instance,
	Verb:     "terminate",
	Aliases:  []string{"delete"},
	Summary:  "Terminates the instance, and deletes those of its volumes that are set to go with it.",
	Destroys: true,
	After:    vanishes,
	Deadline: 20 * time.Minute,
	From:     []string{"pending", "running", "stopping", "stopped"},
	Via:      []string{"shutting-down"},
	To:       []string{tracker.Gone},
	guards:   []guard{inScalingGroup, terminationProtection, persistentSpot, protectedVolumes},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		l.depends("EBS volume %s is deleted with it", l.Metadata.List("volumes_deleted")...)
		return nil
	}}, volumesTaken},
	steps: []step{
		lift("lift_termination_protection", ruleTerminationProtection, types.InstanceAttributeNameDisableApiTermination),
		{
			Step: Step{Name: "terminate"}, action: "ec2:TerminateInstances",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &ec2.TerminateInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).TerminateInstances(ctx, in))
			},
		},
	},
	dryRun: true,
}

// volumesTaken looks at the volumes that are deleted with an instance.
var volumesTaken = taking(ebsVolume.Type,
	func(l look) []string { return l.Metadata.List("volumes_deleted") },
	func(ctx context.Context, l look, ids []string) ([]tracker.Resource, error) {
		out, err := ec2.NewFromConfig(l.Config).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{
			Filters: []types.Filter{{Name: aws.String("volume-id"), Values: ids}},
		})
		if err != nil {
			return nil, err
		}
		seen := make([]tracker.Resource, len(out.Volumes))
		for i, v := range out.Volumes {
			seen[i] = volumeOf(l.Target, v)
		}
		return seen, nil
	}, ebsVolume.permissions...)

var inScalingGroup = guard{
	rule: ruleScalingGroup, liftable: true, how: "scale or delete the group",
	refuse: func(_ context.Context, l look) (string, []tracker.Ref, error) {
		group := l.Metadata.Text("auto_scaling_group")
		if group == "" {
			return "", nil, nil
		}
		return "Auto Scaling group " + group + " would replace it", refs("AutoScaling_Group", []string{group}), nil
	},
	facts: []string{"state", "volumes"},
}

var terminationProtection = guard{
	rule: ruleTerminationProtection, liftable: true, how: "switch it off",
	permissions: []string{"ec2:DescribeInstanceAttribute"},
	refuse:      protectedBy(types.InstanceAttributeNameDisableApiTermination, "it is protected against being terminated"),
}

var stopProtection = guard{
	rule: ruleStopProtection, liftable: true, how: "switch it off",
	permissions: []string{"ec2:DescribeInstanceAttribute"},
	refuse:      protectedBy(types.InstanceAttributeNameDisableApiStop, "it is protected against being stopped"),
}

func protectedBy(attribute types.InstanceAttributeName, why string) func(context.Context, look) (string, []tracker.Ref, error) {
	return func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		on, err := instanceAttribute(ctx, l.Target, l.ID, attribute)
		if err != nil || !on {
			return "", nil, err
		}
		return why, nil, nil
	}
}

func instanceAttribute(ctx context.Context, t Target, id string, name types.InstanceAttributeName) (bool, error) {
	out, err := ec2.NewFromConfig(t.Config).DescribeInstanceAttribute(ctx, &ec2.DescribeInstanceAttributeInput{InstanceId: &id, Attribute: name})
	if err != nil {
		return false, err
	}
	value := cmp.Or(out.DisableApiTermination, &types.AttributeBooleanValue{})
	if name == types.InstanceAttributeNameDisableApiStop {
		value = cmp.Or(out.DisableApiStop, &types.AttributeBooleanValue{})
	}
	return aws.ToBool(value.Value), nil
}

// lift is the step that switches off a protection of an instance, for items that
// name its rule.
func lift(name, rule string, attribute types.InstanceAttributeName) step {
	return step{
		Step: Step{Name: name, Repeatable: true}, when: lifts(rule),
		action: "ec2:ModifyInstanceAttribute", others: []string{"ec2:DescribeInstanceAttribute"},
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.ModifyInstanceAttributeInput{InstanceId: c.id(), DryRun: c.dry}
			off := &types.AttributeBooleanValue{Value: aws.Bool(false)}
			if attribute == types.InstanceAttributeNameDisableApiStop {
				in.DisableApiStop = off
			} else {
				in.DisableApiTermination = off
			}
			return none(ec2.NewFromConfig(c.Config).ModifyInstanceAttribute(ctx, in))
		},
		check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
			on, err := instanceAttribute(ctx, c.Target, c.Item.ResourceID, attribute)
			return progressOf(!on), err
		},
	}
}

// progressOf is the progress of a step that is either done or not begun.
func progressOf(done bool) tracker.StepProgress {
	if done {
		return tracker.StepProgress{Stage: tracker.StepDone}
	}
	return tracker.StepProgress{Stage: tracker.StepNotBegun}
}

// oneTimeSpot refuses what AWS refuses: only an instance of a persistent request
// can be stopped (EC2 User Guide, stop a Spot Instance).
var oneTimeSpot = guard{
	rule: ruleSpot, how: "terminate it instead",
	permissions: []string{"ec2:DescribeSpotInstanceRequests"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		request, err := spotRequest(ctx, l)
		if err != nil || request == nil {
			return "", nil, err
		}
		if request.Type == types.SpotInstanceTypePersistent {
			l.note("a stopped Spot instance starts only when AWS has capacity at its price")
			return "", nil, nil
		}
		return fmt.Sprintf("a Spot instance of a %s request cannot be stopped", request.Type), nil, nil
	},
}

// persistentSpot refuses to terminate what its request would launch again.
var persistentSpot = guard{
	rule: ruleSpot, liftable: true, how: "cancel its Spot request first",
	permissions: []string{"ec2:DescribeSpotInstanceRequests"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		request, err := spotRequest(ctx, l)
		if err != nil || request == nil || request.Type != types.SpotInstanceTypePersistent || request.State == types.SpotInstanceStateCancelled {
			return "", nil, err
		}
		return fmt.Sprintf("its persistent Spot request %s would launch another", aws.ToString(request.SpotInstanceRequestId)), nil, nil
	},
}

// spotRequest returns the request of a Spot instance; nil for one on demand.
func spotRequest(ctx context.Context, l look) (*types.SpotInstanceRequest, error) {
	if l.Metadata.Text("lifecycle") != string(types.InstanceLifecycleTypeSpot) {
		return nil, nil
	}
	id := l.Metadata.Text("spot_request")
	if id == "" {
		return &types.SpotInstanceRequest{Type: types.SpotInstanceTypeOneTime}, nil
	}
	out, err := ec2.NewFromConfig(l.Config).DescribeSpotInstanceRequests(ctx, &ec2.DescribeSpotInstanceRequestsInput{SpotInstanceRequestIds: []string{id}})
	if err != nil {
		return nil, err
	}
	if len(out.SpotInstanceRequests) == 0 {
		return nil, fmt.Errorf("AWS does not show spot request %s", id)
	}
	return &out.SpotInstanceRequests[0], nil
}

var instanceStoreRoot = guard{
	rule: "instance_store", how: "terminate it instead",
	refuse: when(func(l look) string {
		if l.Metadata.Text("root_device_type") == string(types.DeviceTypeInstanceStore) {
			return "its root device is an instance store, which cannot be stopped"
		}
		return ""
	}),
}

// protectedVolumes refuses to terminate what would take protected volumes along.
var protectedVolumes = guard{
	rule: "protected_volume", liftable: true, how: "remove the volume's tag or keep the volume",
	permissions: []string{"ec2:DescribeVolumes"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		ids := l.Metadata.List("volumes_deleted")
		if len(l.ProtectTags) == 0 || len(ids) == 0 {
			return "", nil, nil
		}
		out, err := ec2.NewFromConfig(l.Config).DescribeVolumes(ctx, &ec2.DescribeVolumesInput{VolumeIds: ids})
		if err != nil {
			return "", nil, err
		}
		for _, v := range out.Volumes {
			if key := l.protecting(ec2Tags(v.Tags)); key != "" {
				return fmt.Sprintf("volume %s goes with it, and is protected by tag %s", aws.ToString(v.VolumeId), key), nil, nil
			}
		}
		return "", nil, nil
	},
}

// whatStopLoses says what a stop does not keep.
var whatStopLoses = aside{
	permissions: []string{"ec2:DescribeInstanceTypes"},
	tell: func(ctx context.Context, l look) error {
		if l.Metadata.Flag("hibernation") {
			l.note("it is configured to hibernate; a stop does not keep its memory")
		}
		if l.Metadata.Text("public_ip") != "" {
			l.note("a public address that is no Elastic IP changes when it is started again")
		}
		out, err := ec2.NewFromConfig(l.Config).DescribeInstanceTypes(ctx, &ec2.DescribeInstanceTypesInput{
			InstanceTypes: []types.InstanceType{types.InstanceType(l.Metadata.Text("instance_type"))},
		})
		if err != nil {
			return err
		}
		for _, i := range out.InstanceTypes {
			if aws.ToBool(i.InstanceStorageSupported) {
				l.note("data on its instance store volumes is lost")
			}
		}
		return nil
	},
}

func ec2Tags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}
