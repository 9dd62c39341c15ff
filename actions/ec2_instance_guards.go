package actions

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

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
		Step: tracker.Step{Name: name, Repeats: briefly}, when: lifts(rule),
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
		if l.Metadata.Flag("hibernation") {
			l.note("it is configured to hibernate; a stop does not keep its memory")
		}
		if l.Metadata.Text("public_ip") != "" {
			l.note("a public address that is no Elastic IP changes when it is started again")
		}
		stored, _, err := instanceStores.get(ctx, l.Target, l.Metadata.Text("instance_type"))
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
