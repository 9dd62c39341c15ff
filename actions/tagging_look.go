package actions

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	rgtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// ec2TagsOnly looks at an EC2 resource by its tags alone: whether it exists is
// left to AWS.
func ec2TagsOnly(t tracker.Type) kind {
	return kind{
		Type:        t,
		permissions: []string{"ec2:DescribeTags"},
		see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
			tags, _, err := tagsByID.get(ctx, t, id)
			return tracker.Resource{State: stateUnknown, Tags: tags}, err
		},
	}
}

var tagsByID = &bulk[map[string]string]{
	most: ec2Values,
	ask: func(ctx context.Context, t Target, ids []string) (map[string]map[string]string, error) {
		in := &ec2.DescribeTagsInput{Filters: where("resource-id", ids...).filters, MaxResults: aws.Int32(1000)}
		cursor := func(in *ec2.DescribeTagsInput, out *ec2.DescribeTagsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		tags, err := gathered(ctx, ec2.NewFromConfig(t.Config).DescribeTags, in, cursor,
			func(out *ec2.DescribeTagsOutput) []types.TagDescription { return out.Tags })
		all := map[string]map[string]string{}
		for _, t := range tags {
			id := aws.ToString(t.ResourceId)
			if all[id] == nil {
				all[id] = map[string]string{}
			}
			all[id][aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
		return all, err
	},
}

// tagsOnly looks at a resource by its tags alone, under the ARN that pattern makes
// of its ID: service and resource, or all but the partition where that names no
// region and account.
func tagsOnly(t tracker.Type, pattern string) kind {
	return kind{
		Type:        t,
		permissions: []string{"tag:GetResources"},
		see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
			return seeTags(ctx, t, t.patternARN(pattern, id))
		},
	}
}

func (t Target) patternARN(pattern, id string) string {
	service, resource, _ := strings.Cut(pattern, ":")
	switch {
	case pattern == "%s":
		return id
	case strings.HasPrefix(resource, "::"): // no region, no account
		return "arn:" + string(t.partition()) + ":" + service + ":" + fmt.Sprintf(resource, id)
	case strings.HasPrefix(resource, ":/"): // no account
		return "arn:" + string(t.partition()) + ":" + service + ":" + t.Config.Region + ":" + fmt.Sprintf(resource, id)
	default:
		return t.arn(service, fmt.Sprintf(resource, strings.TrimPrefix(id, "/")))
	}
}

// globally makes a kind one whose tags are in the home region.
func globally(k kind) kind {
	see := k.see
	k.global = true
	k.see = func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		return see(ctx, t.home(), id)
	}
	return k
}

func seeTags(ctx context.Context, t Target, arn string) (tracker.Resource, error) {
	tags, _, err := tagsByARN.get(ctx, t, arn)
	return tracker.Resource{ARN: arn, State: stateUnknown, Tags: tags}, err
}

// tagsByARN reads the index of tags, a hundred ARNs in a call, which has no pages
// then (Resource Groups Tagging API Reference, GetResources). What it does not know
// it leaves out.
var tagsByARN = &bulk[map[string]string]{
	most: 100, invalid: []string{"InvalidParameterException"},
	ask: func(ctx context.Context, t Target, arns []string) (map[string]map[string]string, error) {
		in := &resourcegroupstaggingapi.GetResourcesInput{ResourceARNList: arns}
		cursor := func(in *resourcegroupstaggingapi.GetResourcesInput, out *resourcegroupstaggingapi.GetResourcesOutput) (**string, *string) {
			return &in.PaginationToken, out.PaginationToken
		}
		found, err := gathered(ctx, resourcegroupstaggingapi.NewFromConfig(t.Config).GetResources, in, cursor,
			func(out *resourcegroupstaggingapi.GetResourcesOutput) []rgtypes.ResourceTagMapping {
				return out.ResourceTagMappingList
			})
		if err != nil {
			return nil, err
		}
		all := map[string]map[string]string{}
		for _, m := range found {
			all[aws.ToString(m.ResourceARN)] = sdk.Tags(m.Tags, func(t rgtypes.Tag) (k, v *string) { return t.Key, t.Value })
		}
		return all, nil
	},
}
