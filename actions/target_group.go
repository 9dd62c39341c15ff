package actions

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var targetGroup = kind{
	Type:        "Target_Group",
	permissions: []string{"elasticloadbalancing:DescribeTags", "elasticloadbalancing:DescribeTargetGroups"},
	watch:       []string{"load_balancer_arns"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		g, there, err := targetGroups.get(ctx, t, id)
		if err != nil || !there {
			return gone(), err
		}
		r := tracker.Resource{
			Name: tracker.Named(aws.ToString(g.TargetGroupName)), ARN: id, State: stateActive,
			Metadata: tracker.Metadata{"load_balancer_arns": append([]string{}, g.LoadBalancerArns...), "target_type": sdk.Text(g.TargetType)},
		}
		r.Tags, _, err = balancingTags.get(ctx, t, id)
		return r, err
	},
}

var targetGroups = &bulk[types.TargetGroup]{
	most: balancingARNs, missing: []string{"TargetGroupNotFound"}, invalid: []string{"ValidationError"},
	ask: func(ctx context.Context, t Target, arns []string) (map[string]types.TargetGroup, error) {
		in := &elasticloadbalancingv2.DescribeTargetGroupsInput{TargetGroupArns: arns}
		out, err := elasticloadbalancingv2.NewFromConfig(t.Config).DescribeTargetGroups(ctx, in)
		if err != nil {
			return nil, err
		}
		return keyed(out.TargetGroups, func(g types.TargetGroup) []string { return []string{aws.ToString(g.TargetGroupArn)} }), nil
	},
}

var targetGroupDelete = Action{
	kind:     targetGroup,
	Verb:     "delete",
	Summary:  "Deletes the target group; its targets stay.",
	Destroys: true,
	After:    vanishes,
	Deadline: 10 * time.Minute,
	From:     []string{stateActive},
	To:       []string{tracker.Gone},
	guards: []guard{{
		rule: "target_group_in_use", how: "delete the load balancer or its listeners' use of it",
		facts: []string{"load_balancer_arns"},
		refuse: by("Load_Balancer", "it serves %s", func(_ context.Context, l look) ([]string, error) {
			return l.Metadata.List("load_balancer_arns"), nil
		}),
	}},
	steps: []step{{
		Step: tracker.Step{Name: "delete"}, action: "elasticloadbalancing:DeleteTargetGroup",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(elasticloadbalancingv2.NewFromConfig(c.Config).DeleteTargetGroup(ctx, &elasticloadbalancingv2.DeleteTargetGroupInput{TargetGroupArn: c.id()}))
		},
	}},
}
