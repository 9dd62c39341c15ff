package actions

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	ruleGroupNotEmpty = "group_not_empty"
	sizeMin           = "min_size"
	sizeMax           = "max_size"
	sizeDesired       = "desired_capacity"
)

var autoScalingGroup = kind{
	Type:        "AutoScaling_Group",
	permissions: []string{"autoscaling:DescribeAutoScalingGroups"},
	rests:       []string{stateActive},
	watch:       []string{sizeMin, sizeMax, sizeDesired},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		g, there, err := scalingGroups.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		return tracker.Resource{
			Name: tracker.Named(id),
			ARN:  cmp.Or(aws.ToString(g.AutoScalingGroupARN), t.arn("autoscaling", "autoScalingGroup::autoScalingGroupName/"+id)),
			// Only a group that is being deleted has a status: "Delete in progress".
			State:   cmp.Or(strings.ToLower(aws.ToString(g.Status)), stateActive),
			Created: tracker.At(g.CreatedTime),
			Tags:    sdk.Tags(g.Tags, func(t types.TagDescription) (k, v *string) { return t.Key, t.Value }),
			Metadata: tracker.Metadata{
				sizeMin:        sdk.Num(g.MinSize),
				sizeMax:        sdk.Num(g.MaxSize),
				sizeDesired:    sdk.Num(g.DesiredCapacity),
				"instance_ids": sdk.List(g.Instances, func(i types.Instance) *string { return i.InstanceId }),
				"deletion_protection": g.DeletionProtection == types.DeletionProtectionPreventAllDeletion ||
					g.DeletionProtection == types.DeletionProtectionPreventForceDeletion,
				"propagated_tags": sdk.List(g.Tags, func(t types.TagDescription) *string {
					if !aws.ToBool(t.PropagateAtLaunch) {
						return nil
					}
					return t.Key
				}),
			},
		}, nil
	},
}

// scalingGroups are described 100 in a call, where a page is asked to be as long
// (EC2 Auto Scaling API Reference, DescribeAutoScalingGroups). Names that no group
// has are left out of the answer.
var scalingGroups = &bulk[types.AutoScalingGroup]{
	most: 100, invalid: []string{"ValidationError"},
	ask: func(ctx context.Context, t Target, names []string) (map[string]types.AutoScalingGroup, error) {
		in := &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names, MaxRecords: aws.Int32(100)}
		cursor := func(in *autoscaling.DescribeAutoScalingGroupsInput, out *autoscaling.DescribeAutoScalingGroupsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		found, err := gathered(ctx, autoscaling.NewFromConfig(t.Config).DescribeAutoScalingGroups, in, cursor,
			func(out *autoscaling.DescribeAutoScalingGroupsOutput) []types.AutoScalingGroup {
				return out.AutoScalingGroups
			})
		return keyed(found, func(g types.AutoScalingGroup) []string { return []string{aws.ToString(g.AutoScalingGroupName)} }), err
	},
}

var autoScalingGroupScale = Action{
	kind:       autoScalingGroup,
	Verb:       "scale",
	Summary:    "Sets how many instances the group has; 0 terminates all of them.",
	Unpriced:   "its instances are charged each as what it is, and which of them come or go is not known",
	Undo:       "the sizes that it had; with other instances",
	Reversible: true,
	Deadline:   time.Hour,
	drifts:     true,
	// AWS bounds sizes at 0 and names no most (EC2 Auto Scaling API Reference,
	// UpdateAutoScalingGroup): more than 10,000 is taken for a slip.
	Params: []tracker.Param{
		{Name: sizeDesired, Kind: tracker.ParamInteger, Required: true, Max: 10_000, Doc: "Instances that it should have"},
		{Name: sizeMin, Kind: tracker.ParamInteger, Max: 10_000, Doc: "The least; otherwise as before, or desired_capacity where that is less"},
		{Name: sizeMax, Kind: tracker.ParamInteger, Max: 10_000, Doc: "The most; otherwise as before, or desired_capacity where that is more"},
	},
	From: []string{stateActive},
	progress: func(r tracker.Resource, item tracker.ActionItem) tracker.Stage {
		// What was not asked for follows from what is there, and is right once it fits.
		want, err := sizesOf(r.Metadata).scaled(item)
		instances := r.Metadata.List("instance_ids")
		switch {
		case err != nil:
			return tracker.StepFailed
		case sizesOf(r.Metadata) != want:
			return tracker.StepNotBegun
		case int64(len(instances)) != want.desired:
			return tracker.StepUnderWay
		default:
			return tracker.StepDone
		}
	},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		want, err := sizesOf(l.Metadata).scaled(l.item)
		if has := int64(len(l.Metadata.List("instance_ids"))); err == nil && want.desired < has {
			l.note("the group terminates %d of its %d instances", has-want.desired, has)
		}
		return err
	}}},
	guards: []guard{{
		rule: "sizes", how: "choose min_size, desired_capacity and max_size in this order",
		refuse: func(_ context.Context, l look) (string, []tracker.Ref, error) {
			for _, k := range []string{sizeMin, sizeDesired, sizeMax} {
				if _, unknown := l.count(k); unknown != "" {
					return unknown, nil, nil
				}
			}
			s, err := sizesOf(l.Metadata).scaled(l.item)
			if err == nil && (s.least > s.desired || s.desired > s.most) {
				return fmt.Sprintf("%d to %d instances do not allow %d", s.least, s.most, s.desired), nil, nil
			}
			return "", nil, err
		},
	}},
	steps: []step{{
		Step: tracker.Step{Name: "scale"}, action: "autoscaling:UpdateAutoScalingGroup",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			was := sizesOf(c.Seen.Metadata)
			want, err := was.scaled(c.Item)
			if err != nil {
				return nil, err
			}
			_, err = autoscaling.NewFromConfig(c.Config).UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
				AutoScalingGroupName: c.id(),
				MinSize:              int32p(want.least), DesiredCapacity: int32p(want.desired), MaxSize: int32p(want.most),
			})
			return map[string]string{
				sizeMin: fmt.Sprint(was.least), sizeDesired: fmt.Sprint(was.desired), sizeMax: fmt.Sprint(was.most),
			}, err
		},
	}},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		return backWith(d, "scale", given(d.Seen.Metadata, sizeMin, sizeMax, sizeDesired)), true
	},
}

// sizes are those of a group.
type sizes struct{ least, desired, most int64 }

func sizesOf(m tracker.Metadata) sizes {
	var s sizes
	s.least, _ = tracker.Integer(m[sizeMin])
	s.desired, _ = tracker.Integer(m[sizeDesired])
	s.most, _ = tracker.Integer(m[sizeMax])
	return s
}

// scaled returns the sizes that an item makes of s.
func (s sizes) scaled(item tracker.ActionItem) (want sizes, err error) {
	if want.desired, err = whole(item, sizeDesired); err != nil {
		return s, err
	}
	var errs [2]error
	want.least, errs[0] = wholeOr(item, sizeMin, min(s.least, want.desired))
	want.most, errs[1] = wholeOr(item, sizeMax, max(s.most, want.desired))
	return want, errors.Join(errs[:]...)
}

var autoScalingGroupDelete = Action{
	kind:     autoScalingGroup,
	Verb:     "delete",
	Summary:  "Deletes an empty group; with the rule " + ruleGroupNotEmpty + " lifted, its instances too.",
	Destroys: true,
	After:    vanishes,
	Deadline: time.Hour,
	From:     []string{stateActive},
	Via:      []string{"delete in progress"},
	To:       []string{tracker.Gone},
	guards: []guard{
		flagged(ruleDeletionProtection, "deletion_protection", "its deletion protection is on"),
		{
			rule: ruleGroupNotEmpty, liftable: true, how: "scale it to zero first",
			refuse: when(func(l look) string {
				desired, unknown := l.count(sizeDesired)
				if unknown != "" {
					return unknown
				}
				if n := len(l.Metadata.List("instance_ids")); n > 0 || desired > 0 {
					return fmt.Sprintf("it has %d instances of %d", n, desired)
				}
				return ""
			}),
		},
	},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		instances := l.Metadata.List("instance_ids")
		l.depends("instance %s is terminated with it", instances...)
		for _, id := range instances { // not looked at: what they cost is not known
			l.sight.Taken = append(l.sight.Taken, tracker.Resource{ID: id, Type: "EC2_Instance"})
		}
		return nil
	}}},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "autoscaling:UpdateAutoScalingGroup", others: autoScalingGroup.permissions,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(autoscaling.NewFromConfig(c.Config).UpdateAutoScalingGroup(ctx, &autoscaling.UpdateAutoScalingGroupInput{
					AutoScalingGroupName: c.id(), DeletionProtection: types.DeletionProtectionNone,
				}))
			},
			check: autoScalingGroup.off("deletion_protection"),
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "autoscaling:DeleteAutoScalingGroup",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(autoscaling.NewFromConfig(c.Config).DeleteAutoScalingGroup(ctx, &autoscaling.DeleteAutoScalingGroupInput{
					AutoScalingGroupName: c.id(), ForceDelete: aws.Bool(lifts(ruleGroupNotEmpty)(c.Item)),
				}))
			},
		},
	},
}
