package actions

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Load balancers are of two APIs that know nothing of each other: application,
// network and gateway ones, and classic ones.

var loadBalancer = kind{
	Type:        "Load_Balancer",
	permissions: []string{"elasticloadbalancing:DescribeLoadBalancers", "elasticloadbalancing:DescribeTags"},
	rests:       []string{stateActive, "active_impaired", "failed"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		if name, ok := classicName(id); ok {
			return seeClassic(ctx, t, name, id)
		}
		l, there, err := balancers.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		r := tracker.Resource{
			Name:     tracker.Named(aws.ToString(l.LoadBalancerName)),
			ARN:      id,
			State:    cmp.Or(string(cmp.Or(l.State, &types.LoadBalancerState{}).Code), stateUnknown),
			Created:  tracker.At(l.CreatedTime),
			Metadata: tracker.Metadata{"type": sdk.Text(l.Type), "dns_name": sdk.Str(l.DNSName), factReason: sdk.Str(cmp.Or(l.State, &types.LoadBalancerState{}).Reason)},
		}
		r.Tags, _, err = balancingTags.get(ctx, t, id)
		return r, err
	},
}

// balancingARNs is the most ARNs that a call of Elastic Load Balancing takes
// (Elastic Load Balancing API Reference 2015-12-01, DescribeLoadBalancers and
// DescribeTags).
const balancingARNs = 20

var balancers = &bulk[types.LoadBalancer]{
	most: balancingARNs, missing: []string{"LoadBalancerNotFound"}, invalid: []string{"ValidationError"},
	ask: func(ctx context.Context, t Target, arns []string) (map[string]types.LoadBalancer, error) {
		in := &elasticloadbalancingv2.DescribeLoadBalancersInput{LoadBalancerArns: arns}
		out, err := elasticloadbalancingv2.NewFromConfig(t.Config).DescribeLoadBalancers(ctx, in)
		if err != nil {
			return nil, err
		}
		return keyed(out.LoadBalancers, func(l types.LoadBalancer) []string { return []string{aws.ToString(l.LoadBalancerArn)} }), nil
	},
}

// classicName returns the name of a classic load balancer: its ARN has nothing
// else, where that of another begins with its kind.
func classicName(arn string) (string, bool) {
	_, name, _ := strings.Cut(arn, ":loadbalancer/")
	return name, name != "" && !strings.Contains(name, "/")
}

// balancingTags are those of load balancers and of target groups. Tags of what has
// just been deleted are an error, and the next look shows that it is gone.
var balancingTags = &bulk[map[string]string]{
	most: balancingARNs, invalid: []string{"LoadBalancerNotFound", "TargetGroupNotFound", "ValidationError"},
	ask: func(ctx context.Context, t Target, arns []string) (map[string]map[string]string, error) {
		out, err := elasticloadbalancingv2.NewFromConfig(t.Config).DescribeTags(ctx, &elasticloadbalancingv2.DescribeTagsInput{ResourceArns: arns})
		if err != nil {
			return nil, err
		}
		all := map[string]map[string]string{}
		for _, d := range out.TagDescriptions {
			all[aws.ToString(d.ResourceArn)] = sdk.Tags(d.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
		}
		return all, nil
	},
}

func seeClassic(ctx context.Context, t Target, name, arn string) (tracker.Resource, error) {
	l, there, err := classicBalancers.get(ctx, t, name)
	if err != nil || !there {
		return gone(), err
	}
	r := tracker.Resource{
		Name: tracker.Named(name), ARN: arn, State: stateActive, Created: tracker.At(l.CreatedTime),
		Metadata: tracker.Metadata{"type": "classic", "dns_name": sdk.Str(l.DNSName)},
	}
	r.Tags, _, err = classicTags.get(ctx, t, name)
	return r, err
}

// classicBalancers are described as many in a call as their tags are: 20 (Elastic
// Load Balancing API Reference 2012-06-01, DescribeTags).
var classicBalancers = &bulk[classictypes.LoadBalancerDescription]{
	most: 20, missing: []string{"LoadBalancerNotFound"}, invalid: []string{"ValidationError"},
	ask: func(ctx context.Context, t Target, names []string) (map[string]classictypes.LoadBalancerDescription, error) {
		in := &elasticloadbalancing.DescribeLoadBalancersInput{LoadBalancerNames: names}
		out, err := elasticloadbalancing.NewFromConfig(t.Config).DescribeLoadBalancers(ctx, in)
		if err != nil {
			return nil, err
		}
		return keyed(out.LoadBalancerDescriptions, func(l classictypes.LoadBalancerDescription) []string {
			return []string{aws.ToString(l.LoadBalancerName)}
		}), nil
	},
}

var classicTags = &bulk[map[string]string]{
	most: 20, invalid: []string{"LoadBalancerNotFound", "ValidationError"},
	ask: func(ctx context.Context, t Target, names []string) (map[string]map[string]string, error) {
		out, err := elasticloadbalancing.NewFromConfig(t.Config).DescribeTags(ctx, &elasticloadbalancing.DescribeTagsInput{LoadBalancerNames: names})
		if err != nil {
			return nil, err
		}
		all := map[string]map[string]string{}
		for _, d := range out.TagDescriptions {
			all[aws.ToString(d.LoadBalancerName)] = sdk.Tags(d.Tags, func(t classictypes.Tag) (k, v *string) { return t.Key, t.Value })
		}
		return all, nil
	},
}

const balancerProtection = "deletion_protection.enabled"

var loadBalancerDelete = Action{
	kind:     loadBalancer,
	Verb:     "delete",
	Summary:  "Deletes the load balancer with its listeners; its target groups stay.",
	Destroys: true,
	After:    vanishes,
	Deadline: 20 * time.Minute,
	From:     []string{stateActive, "provisioning", "active_impaired", "failed"},
	To:       []string{tracker.Gone},
	guards:   []guard{protectedBalancer, healthyTargets},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "elasticloadbalancing:ModifyLoadBalancerAttributes", others: []string{"elasticloadbalancing:DescribeLoadBalancerAttributes"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(elasticloadbalancingv2.NewFromConfig(c.Config).ModifyLoadBalancerAttributes(ctx, &elasticloadbalancingv2.ModifyLoadBalancerAttributesInput{
					LoadBalancerArn: c.id(),
					Attributes:      []types.LoadBalancerAttribute{{Key: aws.String(balancerProtection), Value: aws.String("false")}},
				}))
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				on, err := balancerProtected(ctx, c.Target, c.Item.ResourceID)
				return progressOf(!on), err
			},
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "elasticloadbalancing:DeleteLoadBalancer",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				if name, ok := classicName(c.Item.ResourceID); ok {
					return none(elasticloadbalancing.NewFromConfig(c.Config).DeleteLoadBalancer(ctx, &elasticloadbalancing.DeleteLoadBalancerInput{LoadBalancerName: &name}))
				}
				return none(elasticloadbalancingv2.NewFromConfig(c.Config).DeleteLoadBalancer(ctx, &elasticloadbalancingv2.DeleteLoadBalancerInput{LoadBalancerArn: c.id()}))
			},
		},
	},
}

// balancerProtected is never true of a classic one, which has no such protection.
func balancerProtected(ctx context.Context, t Target, arn string) (bool, error) {
	if _, classic := classicName(arn); classic {
		return false, nil
	}
	out, err := elasticloadbalancingv2.NewFromConfig(t.Config).DescribeLoadBalancerAttributes(ctx, &elasticloadbalancingv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: &arn})
	if err != nil {
		return false, err
	}
	for _, a := range out.Attributes {
		if aws.ToString(a.Key) == balancerProtection {
			return aws.ToString(a.Value) == "true", nil
		}
	}
	return false, nil
}

var protectedBalancer = guard{
	rule: ruleDeletionProtection, liftable: true, enforced: true, how: "switch it off",
	permissions: []string{"elasticloadbalancing:DescribeLoadBalancerAttributes"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		on, err := balancerProtected(ctx, l.Target, l.ID)
		if err != nil || !on {
			return "", nil, err
		}
		return "its deletion protection is on", nil, nil
	},
}

var healthyTargets = guard{
	rule: "healthy_targets", liftable: true, how: "remove the targets",
	permissions: []string{
		"elasticloadbalancing:DescribeInstanceHealth",
		"elasticloadbalancing:DescribeTargetGroups",
		"elasticloadbalancing:DescribeTargetHealth",
	},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		healthy, err := healthyOf(ctx, l)
		if err != nil || len(healthy) == 0 {
			return "", nil, err
		}
		return fmt.Sprintf("it has healthy targets: %s", strings.Join(healthy, ", ")), nil, nil
	},
}

func healthyOf(ctx context.Context, l look) ([]string, error) {
	if name, classic := classicName(l.ID); classic {
		out, err := elasticloadbalancing.NewFromConfig(l.Config).DescribeInstanceHealth(ctx, &elasticloadbalancing.DescribeInstanceHealthInput{LoadBalancerName: &name})
		if err != nil {
			return nil, err
		}
		return sdk.List(out.InstanceStates, func(s classictypes.InstanceState) *string {
				if aws.ToString(s.State) != "InService" {
					return nil
				}
				return s.InstanceId
			}),

			nil
	}
	client := elasticloadbalancingv2.NewFromConfig(l.Config)
	groups, err := client.DescribeTargetGroups(ctx, &elasticloadbalancingv2.DescribeTargetGroupsInput{LoadBalancerArn: &l.ID, PageSize: aws.Int32(400)})
	if says(err, "TargetGroupNotFound") { // it has none
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var healthy []string
	for _, g := range groups.TargetGroups {
		l.depends("target group %s would have no load balancer", aws.ToString(g.TargetGroupName))
		out, err := client.DescribeTargetHealth(ctx, &elasticloadbalancingv2.DescribeTargetHealthInput{TargetGroupArn: g.TargetGroupArn})
		if err != nil {
			return nil, err
		}
		healthy = append(healthy, sdk.List(out.TargetHealthDescriptions, func(d types.TargetHealthDescription) *string {
			if d.TargetHealth == nil || d.TargetHealth.State != types.TargetHealthStateEnumHealthy || d.Target == nil {
				return nil
			}
			return d.Target.Id
		})...)
	}
	return sdk.Distinct(healthy), nil
}
