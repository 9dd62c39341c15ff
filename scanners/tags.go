package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// Tags of functions, log groups, load balancers, buckets and many others do not
// come with their lists. The tagging API gives them in two ways: every tagged
// resource of some types, or the tags of up to a hundred ARNs. The first answers
// for all such scanners of a small region in one call. Where that gives more than
// one page, the second keeps memory to a page: each scanner asks for the ARNs it
// has just listed.

// tagBatch is the most that the tagging API takes or gives at once.
const tagBatch = 100

// taggedTypes returns what the tagging API of a region is asked for: one call
// answers for all types whose tags it knows there.
func taggedTypes(region string) []string {
	var types []string
	for _, s := range Catalog {
		if s.Tagged != "" && (s.TaggedIn == nil || s.taggedIn(region) == region) {
			types = append(types, s.Tagged)
		}
	}
	return sdk.Distinct(types)
}

// taggedIn returns the region whose tagging API is asked for the tags of what was
// listed in another.
func (s Scanner) taggedIn(region string) string {
	if s.TaggedIn == nil {
		return region
	}
	return cmp.Or(s.TaggedIn(tracker.PartitionOf(region)), region)
}

// regionTags is the first answer of a region, by ARN.
type regionTags struct {
	tags  map[string]map[string]string
	whole bool // there are no others
}

// withTags runs Scan and emits what it lists together with the tags that it does
// not know, where the tagging API does, gathering pages of 50 to look up a hundred
// at once. It looks no further after the first look-up that fails for another reason than
// a resource that it asks about, and returns its errors after everything was emitted.
func (s Scanner) withTags(ctx context.Context, t Target, emit Emit) error {
	if s.Tagged == "" {
		return s.Scan(ctx, t, emit)
	}
	var (
		held   []tracker.Resource
		missed failures
		given  bool // up
		at     = t.in(s.taggedIn(t.Config.Region))
	)
	flush := func() error {
		rs := held
		held = nil
		if !given {
			err := fillTags(ctx, at, slices.DeleteFunc(refs(rs), func(r *tracker.Resource) bool { return r.Tags != nil }))
			missed.add(err)
			given = err != nil && !refusesItem(err)
		}
		return emit(rs...)
	}
	err := s.Scan(ctx, t, func(rs ...tracker.Resource) error {
		if !slices.ContainsFunc(rs, func(r tracker.Resource) bool { return r.Tags == nil }) {
			return emit(rs...)
		}
		held = append(held, rs...)
		if len(held) < tagBatch {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush(), missed.err())
}

// fillTags sets the tags of resources that are in t's region. None are nil
// afterwards: those that could not be looked up are what the error is about.
func fillTags(ctx context.Context, t Target, rs []*tracker.Resource) error {
	if len(rs) == 0 {
		return nil
	}
	arns := make([]string, len(rs))
	for i, r := range rs {
		arns[i], r.Tags = r.ARN, map[string]string{}
	}
	found, err := lookUpTags(ctx, t, arns)
	for _, r := range rs {
		maps.Copy(r.Tags, found[r.ARN])
	}
	if err != nil {
		return fmt.Errorf("tags in %s: %w", t.Config.Region, err)
	}
	return nil
}

// lookUpTags returns tags by ARN, of at least those resources that have any. With an
// error, it returns those that could be looked up.
func lookUpTags(ctx context.Context, t Target, arns []string) (map[string]map[string]string, error) {
	client := resourcegroupstaggingapi.NewFromConfig(t.Config)
	region, err := t.Share.tags.of(t.Config.Region).get(ctx, func() (regionTags, error) {
		out, err := client.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
			ResourceTypeFilters: t.tagged(t.Config.Region),
			ResourcesPerPage:    aws.Int32(tagBatch),
		})
		// A type that the region does not know fails the whole request; what
		// exists there can still be asked for by ARN.
		if _, refused := errors.AsType[*types.InvalidParameterException](err); refused {
			return regionTags{}, nil
		}
		if err != nil || aws.ToString(out.PaginationToken) != "" {
			return regionTags{}, err
		}
		all := regionTags{tags: map[string]map[string]string{}, whole: true}
		addTags(all.tags, out.ResourceTagMappingList)
		return all, nil
	})
	if err != nil {
		return nil, err
	}
	if region.whole {
		return region.tags, nil
	}

	// AWS answers a list of ARNs in one page and allows no page size with it.
	found := make(map[string]map[string]string, len(arns))
	cursor := func(in *resourcegroupstaggingapi.GetResourcesInput, out *resourcegroupstaggingapi.GetResourcesOutput) (**string, *string) {
		return &in.PaginationToken, out.PaginationToken
	}
	ask := func(ctx context.Context, batch []string) ([]types.ResourceTagMapping, error) {
		var tagged []types.ResourceTagMapping
		in := &resourcegroupstaggingapi.GetResourcesInput{ResourceARNList: batch}
		for page, err := range sdk.Pages(ctx, client.GetResources, in, cursor) {
			if err != nil {
				return tagged, err
			}
			tagged = append(tagged, page.ResourceTagMappingList...)
		}
		return tagged, nil
	}
	var missed failures
	for batch := range slices.Chunk(arns, tagBatch) {
		tagged, err := halving(ctx, t.refused, batch, ask)
		addTags(found, tagged)
		if missed.add(err); err != nil && !refusesItem(err) {
			break
		}
	}
	return found, missed.err()
}

func addTags(to map[string]map[string]string, from []types.ResourceTagMapping) {
	for _, m := range from {
		// The ARN of a log group is written with and without ":*".
		arn := strings.TrimSuffix(aws.ToString(m.ResourceARN), ":*")
		to[arn] = sdk.Tags(m.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
	}
}
