package simulator

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
)

var taggingOperations = operations{
	"GetResources": handle(getResources),
}

// taggable are the kinds that the tagging API knows, by the names that its
// filters have for them. Users and roles are not among them.
var taggable = []struct {
	kind kind
	name string
}{
	{tables, "dynamodb:table"},
	{addresses, "ec2:elastic-ip"},
	{instances, "ec2:instance"},
	{natGateways, "ec2:natgateway"},
	{snapshots, "ec2:snapshot"},
	{images, "ec2:image"},
	{volumes, "ec2:volume"},
	{loadBalancers, "elasticloadbalancing:loadbalancer"},
	{functions, "lambda:function"},
	{logGroups, "logs:log-group"},
	{databases, "rds:db"},
	{buckets, "s3:bucket"},
	{topics, "sns:topic"},
}

var taggingPaging = paging{least: 1, most: 100, standard: 100}

// getResources pages through the tagged resources of the region. The API does
// not list resources that never had a tag.
func getResources(r *request, in *resourcegroupstaggingapi.GetResourcesInput) (*resourcegroupstaggingapi.GetResourcesOutput, error) {
	if len(in.ResourceARNList) > 0 {
		return r.resourcesByARN(in)
	}
	size, ok := taggingPaging.size(in.ResourcesPerPage)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterException", "The parameter ResourcesPerPage must be between 1 and 100.")
	}
	wanted, total := r.wanted(in.ResourceTypeFilters)
	from, ok := r.position(in.PaginationToken, 0)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterException", "The PaginationToken is invalid.")
	}
	list, next := page(from, total, size, func(at int) (types.ResourceTagMapping, bool) {
		k, n := wanted.at(at)
		m := r.tagged(k, n)
		return m, len(m.Tags) > 0 && tagged(m.Tags, in.TagFilters)
	})
	token := r.token(next, total)
	if token == nil {
		token = new("") // which is how the API says that there is no more
	}
	return &resourcegroupstaggingapi.GetResourcesOutput{ResourceTagMappingList: list, PaginationToken: token}, nil
}

// stretch is a run of one kind's ordinals.
type stretch struct {
	kind   kind
	lo, hi int
}

// stretches number the resources of several kinds from 0.
type stretches []stretch

func (s stretches) at(i int) (kind, int) {
	for _, run := range s {
		if i < run.hi-run.lo {
			return run.kind, run.lo + i
		}
		i -= run.hi - run.lo
	}
	return 0, 0
}

// wanted returns the region's resources of the types in the filters, which are
// "service" or "service:type". No filters stand for all.
func (r *request) wanted(filters []string) (list stretches, total int) {
	for _, t := range taggable {
		if len(filters) > 0 && !slices.ContainsFunc(filters, func(f string) bool { return f == t.name || strings.HasPrefix(t.name, f+":") }) {
			continue
		}
		lo, hi := r.estate.span(t.kind, r.Region)
		list = append(list, stretch{t.kind, lo, hi})
		total += hi - lo
	}
	return list, total
}

// tagged returns a resource of the region with its tags, none if it is gone.
func (r *request) tagged(k kind, n int) types.ResourceTagMapping {
	if _, ok := r.estate.alive(k, n, r.now); !ok {
		return types.ResourceTagMapping{}
	}
	tags := tagsAs(r.estate, k, n, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} })
	if len(tags) == 0 {
		return types.ResourceTagMapping{}
	}
	return types.ResourceTagMapping{ResourceARN: new(r.estate.arnOf(k, n)), Tags: tags}
}

// tagged reports whether a resource has every key in the filters, with one of
// the filter's values where it has some.
func tagged(tags []types.Tag, filters []types.TagFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(tags, func(t types.Tag) bool {
			return f.Key != nil && *t.Key == *f.Key && (len(f.Values) == 0 || slices.Contains(f.Values, *t.Value))
		}) {
			return false
		}
	}
	return true
}

func (r *request) resourcesByARN(in *resourcegroupstaggingapi.GetResourcesInput) (*resourcegroupstaggingapi.GetResourcesOutput, error) {
	if in.ResourcesPerPage != nil || in.PaginationToken != nil && *in.PaginationToken != "" ||
		len(in.ResourceTypeFilters)+len(in.TagFilters) > 0 {
		return nil, r.refuse(400, "InvalidParameterException", "ResourceARNList cannot be used with other filters or pagination.")
	}
	if len(in.ResourceARNList) > 100 {
		return nil, r.refuse(400, "InvalidParameterException", "The ResourceARNList has more than 100 ARNs.")
	}
	out := &resourcegroupstaggingapi.GetResourcesOutput{PaginationToken: new("")}
	for _, arn := range in.ResourceARNList {
		k, n, ok := r.estate.findARN(arn)
		if !ok || r.estate.regionOf(k, n) != r.Region {
			continue
		}
		if m := r.tagged(k, n); m.ResourceARN != nil {
			out.ResourceTagMappingList = append(out.ResourceTagMappingList, m)
		}
	}
	return out, nil
}
