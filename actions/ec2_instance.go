package actions

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
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
	rests:       []string{"running", "stopped", "terminated"},
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
				factReason:            instanceReason(i),
				"volumes":             sdk.List(i.BlockDeviceMappings, instanceVolume),
				"volumes_deleted":     sdk.List(i.BlockDeviceMappings, deletedVolume),
			},
		}, nil
	},
}

// instanceReason is why an instance is in its state: "Client.UserInitiatedShutdown" for
// one that somebody stopped, "Client.InternalError" for one that may not use the key of
// its volumes.
func instanceReason(i *types.Instance) any {
	state := cmp.Or(i.StateReason, &types.StateReason{})
	return cmp.Or(reason(state.Code, state.Message), sdk.Str(i.StateTransitionReason))
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
	Opposite: "start",
	dryRun:   true,
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
		Step: tracker.Step{Name: "start"}, action: "ec2:StartInstances", keys: ebsKeys,
		rehearse: together(func(ctx context.Context, client *ec2.Client, ids []string) error {
			_, err := client.StartInstances(ctx, &ec2.StartInstancesInput{InstanceIds: ids, DryRun: aws.Bool(true)})
			return err
		}),
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := &ec2.StartInstancesInput{InstanceIds: []string{c.Item.ResourceID}, DryRun: c.dry}
			return none(ec2.NewFromConfig(c.Config).StartInstances(ctx, in))
		},
	}},
	Opposite: "stop",
	dryRun:   true,
}

var ec2InstanceReboot = Action{
	kind:     ec2Instance,
	Verb:     "reboot",
	Summary:  "Reboots a running instance. AWS shows no trace of a reboot: accepted and running counts as done.",
	After:    unchanged,
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
			return p, nil
		case r.State == up && c.Left["accepted"] != "":
			p.Stage = tracker.StepDone
		case r.State == up:
			p.Stage = tracker.StepNotBegun
			return p, nil // AWS shows no more of a reboot whose answer was lost
		}
		return k.ended(p, r, c.Doing), nil
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

// volumesTaken looks at the volumes that are deleted with an instance.
var volumesTaken = taking(ebsVolume.Type,
	func(l look) []string { return l.Metadata.List("volumes_deleted") },
	func(ctx context.Context, l look, ids []string) ([]tracker.Resource, error) {
		var seen []tracker.Resource
		for _, id := range ids {
			v, there, err := volumes.get(ctx, l.Target, id)
			if err != nil {
				return nil, err
			}
			if there {
				seen = append(seen, volumeOf(l.Target, v))
			}
		}
		return seen, nil
	}, ebsVolume.permissions...)
