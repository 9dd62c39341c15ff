package actions

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/consolesensei/resource-tracker/tracker"
)

// parkedScaling is a group of 0 to 0 with the sizes that it had in its tag.
func parkedScaling(sizes string) func(*world) thing {
	return func(w *world) thing {
		g := scaling(0)(w)
		w.resize(g.id, 0, 0)
		try[*autoscaling.CreateOrUpdateTagsOutput](w)(autoscaling.NewFromConfig(w.cfg).CreateOrUpdateTags(w.Context(), &autoscaling.CreateOrUpdateTagsInput{
			Tags: []astypes.Tag{{
				ResourceId: &g.id, ResourceType: aws.String("auto-scaling-group"), Key: aws.String(tagParked), Value: &sizes, PropagateAtLaunch: aws.Bool(false),
			}},
		}))
		return g
	}
}

// grown is a parked group that a person gave more instances than it had.
func grown(w *world) thing {
	g := parkedScaling("desired_capacity=2 max_size=5 min_size=1")(w)
	w.resize(g.id, 3, 3)
	return g
}

func (w *world) resize(group string, desired, most int32) {
	try[*autoscaling.UpdateAutoScalingGroupOutput](w)(autoscaling.NewFromConfig(w.cfg).UpdateAutoScalingGroup(w.Context(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: &group, MinSize: aws.Int32(0), DesiredCapacity: &desired, MaxSize: &most,
	}))
}

// scaledTasks is a service with automatic scaling from 1 to 4.
func scaledTasks(count int32) func(*world) thing {
	return func(w *world) thing {
		s := service(count)(w)
		w.bounds(s.id, 1, 4)
		return withBounds(w, s)
	}
}

// parkedTasks is a service that had 2 tasks, and automatic scaling from 1 to 4.
func parkedTasks(w *world) thing {
	s := service(0)(w)
	w.bounds(s.id, 0, 0)
	cluster, name, _ := strings.Cut(s.id, "/")
	client := ecs.NewFromConfig(w.cfg)
	out := try[*ecs.DescribeServicesOutput](w)(client.DescribeServices(w.Context(), &ecs.DescribeServicesInput{Cluster: &cluster, Services: []string{name}}))
	try[*ecs.TagResourceOutput](w)(client.TagResource(w.Context(), &ecs.TagResourceInput{
		ResourceArn: out.Services[0].ServiceArn,
		Tags:        []ecstypes.Tag{{Key: aws.String(tagParked), Value: aws.String("desired_count=2 max_capacity=4 min_capacity=1")}},
	}))
	return withBounds(w, s)
}

func (w *world) bounds(id string, least, most int32) {
	try[*applicationautoscaling.RegisterScalableTargetOutput](w)(applicationautoscaling.NewFromConfig(w.cfg).RegisterScalableTarget(w.Context(),
		&applicationautoscaling.RegisterScalableTargetInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceEcs, ScalableDimension: scalingtypes.ScalableDimensionECSServiceDesiredCount,
			ResourceId: scalableID(id), MinCapacity: &least, MaxCapacity: &most,
		}))
}

// withBounds is a service seen with the bounds of its automatic scaling.
func withBounds(w *world, s thing) thing {
	return thing{s.id, func(ctx context.Context) (string, error) {
		state, err := s.state(ctx)
		if err != nil {
			return "", err
		}
		out, err := applicationautoscaling.NewFromConfig(w.cfg).DescribeScalableTargets(ctx, &applicationautoscaling.DescribeScalableTargetsInput{
			ServiceNamespace: scalingtypes.ServiceNamespaceEcs, ResourceIds: []string{*scalableID(s.id)},
		})
		if err != nil || len(out.ScalableTargets) != 1 {
			return "", err
		}
		return fmt.Sprintf("%s of %d-%d", state, *out.ScalableTargets[0].MinCapacity, *out.ScalableTargets[0].MaxCapacity), nil
	}}
}

// nodesWire is a node group with sizes and, where it has one, the tag of what is parked.
func nodesWire(status string, least, desired int, tag string) wire {
	tags := "{}"
	if tag != "" {
		tags = fmt.Sprintf(`{%q:%q}`, tagParked, tag)
	}
	return wire{"DescribeNodegroup": fmt.Sprintf(`{"nodegroup":{"nodegroupName":"x","nodegroupArn":"arn:aws:eks:eu-west-1:123456789012:nodegroup/c/x/1","status":%q,"scalingConfig":{"minSize":%d,"desiredSize":%d,"maxSize":6},"tags":%s}}`,
		status, least, desired, tags)}
}

// What is parked, and what was resized while it was, keeps the sizes that it had.
func TestPark_Remembers(t *testing.T) {
	for _, row := range []struct {
		name, tag            string
		least, desired, most int
		want                 string
	}{
		{"running", "", 1, 2, 4, "desired_capacity=2 max_size=4 min_size=1"},
		{"with a policy at 0", "", 0, 0, 4, "desired_capacity=0 max_size=4 min_size=0"},
		{"parked halfway", "desired_capacity=2 max_size=4 min_size=1", 1, 2, 4, "desired_capacity=2 max_size=4 min_size=1"},
		{"parked, made smaller by a person", "desired_capacity=2 max_size=4 min_size=1", 0, 1, 1, "desired_capacity=2 max_size=4 min_size=1"},
		{"parked, made larger by a person", "desired_capacity=2 max_size=4 min_size=1", 0, 9, 9, "desired_capacity=9 max_size=9 min_size=1"},
	} {
		r := tracker.Resource{
			State: stateActive, Tags: map[string]string{}, Metadata: tracker.Metadata{sizeMin: int64(row.least), sizeDesired: int64(row.desired), sizeMax: int64(row.most)},
		}
		if row.tag != "" {
			r.Tags[tagParked] = row.tag
		}
		got, err := parkedGroup.whole(r)
		if err != nil || got.String() != row.want {
			t.Errorf("%s: remembered is %s, want %s: %v", row.name, got, row.want, err)
		}
	}
}

// What is parked is parked, and what is not is not unparked: both are done already.
func TestPark_Again(t *testing.T) {
	for action, answer := range map[string]string{
		"AutoScaling_Group park":   groupXML(sizesXML(0, 0, 0) + tagXML(tagParked, "desired_capacity=2 max_size=4 min_size=1")),
		"AutoScaling_Group unpark": groupXML(sizesXML(1, 2, 4)),
	} {
		a := named(t, action)
		sight, err := a.Look(t.Context(), wireTarget(wire{"DescribeAutoScalingGroups": answer}, newRecorder()), tracker.ActionItem{ResourceID: "x", Type: a.Type, Verb: a.Verb})
		if err != nil || !sight.Done {
			t.Errorf("%s is not done already: %+v, %v", action, sight, err)
		}
	}
}
