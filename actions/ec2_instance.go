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
				"instance_type":      sdk.Text(i.InstanceType),
				"launch_time":        sdk.Stamp(i.LaunchTime),
				"lifecycle":          cmp.Or(string(i.InstanceLifecycle), "on-demand"),
				"platform":           sdk.Str(i.PlatformDetails),
				"usage_operation":    sdk.Str(i.UsageOperation),
				"tenancy":            sdk.Text(cmp.Or(i.Placement, &types.Placement{}).Tenancy),
				"spot_request":       sdk.Str(i.SpotInstanceRequestId),
				"root_device_type":   sdk.Text(root),
				"hibernation":        i.HibernationOptions != nil && aws.ToBool(i.HibernationOptions.Configured),
				"auto_scaling_group": sdk.Text(tags[scalingGroupTag]),
				"public_ip":          sdk.Str(i.PublicIpAddress),
				"volumes":            sdk.List(i.BlockDeviceMappings, instanceVolume),
				"volumes_deleted":    sdk.List(i.BlockDeviceMappings, deletedVolume),
			},
		}, nil
	},
}

// describeInstance returns nil for an instance that does not exist, or that AWS
// only still shows, which it does for about an hour.
func describeInstance(ctx context.Context, t Target, id string) (*types.Instance, error) {
	i, there, err := instances.get(ctx, t, id)
	if err != nil || !there || i.State != nil && i.State.Name == types.InstanceStateNameTerminated {
		return nil, err
	}
	return &i, nil
}

var instances = byID(ec2IDs, "instance-id", func(i types.Instance) *string { return i.InstanceId },
	"InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", listInstances)

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
			Step: tracker.Step{Name: "stop"}, action: "ec2:StopInstances",
			rehearse: together(func(ctx context.Context, client *ec2.Client, ids []string) error {
				_, err := client.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: ids, DryRun: aws.Bool(true)})
				return err
			}),
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
	Undo:       "stop",
	Reversible: true,
	Deadline:   15 * time.Minute,
	From:       []string{"stopped"},
	Via:        []string{"pending"},
	To:         []string{"running"},
	Stuck:      []string{"shutting-down"},
	steps: []step{{
		Step: tracker.Step{Name: "start"}, action: "ec2:StartInstances",
		rehearse: together(func(ctx context.Context, client *ec2.Client, ids []string) error {
			_, err := client.StartInstances(ctx, &ec2.StartInstancesInput{InstanceIds: ids, DryRun: aws.Bool(true)})
			return err
		}),
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
	Deadline: 15 * time.Minute,
	From:     []string{"running"},
	steps: []step{{
		Step: tracker.Step{Name: "reboot"}, action: "ec2:RebootInstances",
		rehearse: together(func(ctx context.Context, client *ec2.Client, ids []string) error {
			_, err := client.RebootInstances(ctx, &ec2.RebootInstancesInput{InstanceIds: ids, DryRun: aws.Bool(true)})
			return err
		}),
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
	Deadline: 20 * time.Minute,
	From:     []string{"pending", "running", "stopping", "stopped"},
	Via:      []string{"shutting-down"},
	To:       []string{tracker.Gone},
	guards:   []guard{inScalingGroup, terminationProtection, persistentSpot, protectedVolumes},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		l.depends("EBS volume %s is deleted with it", strs(l.Metadata["volumes_deleted"])...)
		return nil
	}}},
	steps: []step{
		lift("lift_termination_protection", ruleTerminationProtection, types.InstanceAttributeNameDisableApiTermination),
		{
			Step: tracker.Step{Name: "terminate"}, action: "ec2:TerminateInstances",
			rehearse: together(func(ctx context.Context, client *ec2.Client, ids []string) error {
				_, err := client.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: ids, DryRun: aws.Bool(true)})
				return err
			}),
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &ec2.TerminateInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).TerminateInstances(ctx, in))
			},
		},
	},
	dryRun: true,
}

var inScalingGroup = guard{
	rule: ruleScalingGroup, liftable: true, how: "scale or delete the group",
	refuse: func(_ context.Context, l look) (string, []tracker.Ref, error) {
		group := fact(l.Resource, "auto_scaling_group")
		if group == "" {
			return "", nil, nil
		}
		return "Auto Scaling group " + group + " would replace it", refs("AutoScaling_Group", []string{group}), nil
	},
	facts: []string{"state", "volumes"},
}

var terminationProtection = guard{
	rule: ruleTerminationProtection, liftable: true, enforced: true, how: "switch it off",
	permissions: []string{"ec2:DescribeInstanceAttribute"},
	refuse:      protectedBy(types.InstanceAttributeNameDisableApiTermination, "it is protected against being terminated"),
}

var stopProtection = guard{
	rule: ruleStopProtection, liftable: true, enforced: true, how: "switch it off",
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
		Step: tracker.Step{Name: name, Repeatable: true}, when: lifts(rule),
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
	if fact(l.Resource, "lifecycle") != string(types.InstanceLifecycleTypeSpot) {
		return nil, nil
	}
	id := fact(l.Resource, "spot_request")
	if id == "" {
		return &types.SpotInstanceRequest{Type: types.SpotInstanceTypeOneTime}, nil
	}
	request, there, err := spotRequests.get(ctx, l.Target, id)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fmt.Errorf("AWS does not show spot request %s", id)
	}
	return &request, nil
}

var spotRequests = byID(ec2IDs, "spot-instance-request-id", func(r types.SpotInstanceRequest) *string { return r.SpotInstanceRequestId },
	"InvalidSpotInstanceRequestID.NotFound", "InvalidSpotInstanceRequestID.Malformed",
	func(ctx context.Context, t Target, by choice) ([]types.SpotInstanceRequest, error) {
		in := &ec2.DescribeSpotInstanceRequestsInput{SpotInstanceRequestIds: by.ids, Filters: by.filters}
		cursor := func(in *ec2.DescribeSpotInstanceRequestsInput, out *ec2.DescribeSpotInstanceRequestsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeSpotInstanceRequests, in, cursor,
			func(out *ec2.DescribeSpotInstanceRequestsOutput) []types.SpotInstanceRequest {
				return out.SpotInstanceRequests
			})
	})

var instanceStoreRoot = guard{
	rule: "instance_store", how: "terminate it instead",
	refuse: when(func(l look) string {
		if fact(l.Resource, "root_device_type") == string(types.DeviceTypeInstanceStore) {
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
		ids := strs(l.Metadata["volumes_deleted"])
		if len(l.ProtectTags) == 0 || len(ids) == 0 {
			return "", nil, nil
		}
		for _, id := range ids {
			v, _, err := volumes.get(ctx, l.Target, id)
			if err != nil {
				return "", nil, err
			}
			if key := l.protecting(ec2Tags(v.Tags)); key != "" {
				return fmt.Sprintf("volume %s goes with it, and is protected by tag %s", id, key), nil, nil
			}
		}
		return "", nil, nil
	},
}

// whatStopLoses says what a stop does not keep.
var whatStopLoses = aside{
	permissions: []string{"ec2:DescribeInstanceTypes"},
	tell: func(ctx context.Context, l look) error {
		if on, _ := l.Metadata["hibernation"].(bool); on {
			l.note("it is configured to hibernate; a stop does not keep its memory")
		}
		if fact(l.Resource, "public_ip") != "" {
			l.note("a public address that is no Elastic IP changes when it is started again")
		}
		stored, _, err := instanceStores.get(ctx, l.Target, fact(l.Resource, "instance_type"))
		if stored {
			l.note("data on its instance store volumes is lost")
		}
		return err
	},
}

// instanceStores tells which instance types have volumes of their own: of 100 types
// in a call (EC2 API Reference, DescribeInstanceTypes).
var instanceStores = &bulk[bool]{
	most: 100, invalid: []string{"InvalidInstanceType"}, lasts: true,
	ask: func(ctx context.Context, t Target, names []string) (map[string]bool, error) {
		in := &ec2.DescribeInstanceTypesInput{}
		for _, name := range names {
			in.InstanceTypes = append(in.InstanceTypes, types.InstanceType(name))
		}
		out, err := ec2.NewFromConfig(t.Config).DescribeInstanceTypes(ctx, in)
		if err != nil {
			return nil, err
		}
		stored := map[string]bool{}
		for _, i := range out.InstanceTypes {
			stored[string(i.InstanceType)] = aws.ToBool(i.InstanceStorageSupported)
		}
		return stored, nil
	},
}
