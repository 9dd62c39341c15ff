package scanners

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// What no scanner covers is still seen: other sweeps all that the tagging API
// knows of a region and emits what no other type of the scan lists.
//
// The tagging API does not return what was never tagged, what services that do
// not support it have, nor IAM users, IAM roles and Auto Scaling groups (its API
// reference, "supported services"). So an account without Other resources may
// still have some. It may return what was deleted lately. Of a resource it says
// the ARN and the tags, and nothing else; one without tags had some before.
// Resources of global services appear in the region where their control plane
// is, which is us-east-1 for most.

// other is the Scanner of resources that have no Scanner of their own.
var other = Scanner{
	Type:        tracker.TypeOther,
	Service:     serviceTagging,
	Permissions: []string{"tag:GetResources"},
	Metadata:    []string{"service", "kind"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		in := &resourcegroupstaggingapi.GetResourcesInput{ResourcesPerPage: aws.Int32(tagBatch)}
		cursor := func(in *resourcegroupstaggingapi.GetResourcesInput, out *resourcegroupstaggingapi.GetResourcesOutput) (**string, *string) {
			return &in.PaginationToken, out.PaginationToken
		}
		client := resourcegroupstaggingapi.NewFromConfig(t.Config)
		return listPages(ctx, emit, client.GetResources, in, cursor, func(page *resourcegroupstaggingapi.GetResourcesOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, m := range page.ResourceTagMappingList {
				if !covered(t.listed, aws.ToString(m.ResourceARN)) {
					rs = append(rs, otherOf(m))
				}
			}
			return rs
		})
	},
}

func otherOf(m types.ResourceTagMapping) tracker.Resource {
	id := aws.ToString(m.ResourceARN)
	tags := sdk.Tags(m.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
	parts, _ := arn.Parse(id) // of what is no ARN nothing is known
	// The resource part is a name, or a kind and a name.
	kind, name := "", strings.TrimPrefix(parts.Resource, "/")
	if i := strings.IndexAny(name, "/:"); i >= 0 {
		kind, name = name[:i], name[i+1:]
	}
	region := parts.Region
	if region == "" && parts.Service != "s3" {
		// Buckets name no region, but are in the one that knows their tags.
		region = tracker.Global
	}
	return tracker.Resource{
		ID:       id,
		Name:     tracker.Named(tags["Name"], name),
		Region:   region,
		ARN:      id,
		State:    stateUnknown,
		Tags:     tags,
		Metadata: tracker.Metadata{"service": sdk.Text(parts.Service), "kind": sdk.Text(kind)},
	}
}

// listed returns the ARN patterns of types; nil is every type of the Catalog.
func listed(types []tracker.Type) []string {
	var patterns []string
	for _, s := range Catalog {
		if types == nil || slices.Contains(types, s.Type) {
			patterns = append(patterns, s.ARNs...)
		}
	}
	return patterns
}

// covered reports whether an ARN is of one of the patterns: whether, without its
// partition or without partition, region and account, it begins with one. What
// belongs to a listed resource by its ARN, such as a stage of an API, is covered
// with it.
func covered(patterns []string, id string) bool {
	parts, err := arn.Parse(id)
	if err != nil {
		return false
	}
	short := parts.Service + ":" + parts.Resource
	long := strings.Join([]string{parts.Service, parts.Region, parts.AccountID, parts.Resource}, ":")
	return slices.ContainsFunc(patterns, func(p string) bool {
		return strings.HasPrefix(short, p) || strings.HasPrefix(long, p)
	})
}
