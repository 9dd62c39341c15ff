package scanners

import (
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

// taggedTypes is what a region is asked for. Log groups, Firehose streams and
// WorkSpaces go by their service because not everything that speaks this API
// spells "logs:log-group", and the service has little else. Backups and snapshots
// are left out: there are too many for a page.
var taggedTypes = [...]string{
	"elasticloadbalancing:loadbalancer",
	"elasticloadbalancing:targetgroup",
	"lambda:function",
	"logs",
	"s3",
	"backup:backup-vault",
	"dynamodb:table",
	"elasticache:cluster",
	"elasticache:replicationgroup",
	"elasticache:serverlesscache",
	"es:domain",
	"firehose",
	"glue:job",
	"kinesis:stream",
	"memorydb:cluster",
	"sagemaker:endpoint",
	"sagemaker:notebook-instance",
	"workspaces",
	"acm",
	"cloudwatch:alarm",
	"ecr:repository",
	"events",
	"kms:key",
	"sns",
	"sqs",
	"ssm:parameter",
	"states:stateMachine",
}

// globalTaggedTypes is what the home region of global resources is asked for too.
var globalTaggedTypes = [...]string{"cloudfront", "iam:policy", "route53:hostedzone"}

// regionTags is the first answer of a region, by ARN.
type regionTags struct {
	tags  map[string]map[string]string
	whole bool // there are no others
}

// withTags runs list and emits what it lists together with tags, gathering pages
// of 50 to look up a hundred at once. It looks no further after the first
// look-up that fails, and returns that error after everything was emitted.
func withTags(ctx context.Context, t Target, emit Emit, list func(Emit) error) error {
	var (
		held   []tracker.Resource
		tagErr error
	)
	flush := func() error {
		rs := held
		held = nil
		if tagErr == nil {
			tagErr = fillTags(ctx, t, refs(rs))
		}
		return emit(rs...)
	}
	err := list(func(rs ...tracker.Resource) error {
		held = append(held, rs...)
		if len(held) < tagBatch {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush(), tagErr)
}

// fillTags sets the tags of resources that are in t's region.
func fillTags(ctx context.Context, t Target, rs []*tracker.Resource) error {
	if len(rs) == 0 {
		return nil
	}
	arns := make([]string, len(rs))
	for i, r := range rs {
		arns[i] = r.ARN
	}
	found, err := lookUpTags(ctx, t, arns)
	if err != nil {
		return fmt.Errorf("tags in %s: %w", t.Config.Region, err)
	}
	for _, r := range rs {
		r.Tags = maps.Clone(found[r.ARN])
	}
	return nil
}

// lookUpTags returns tags by ARN, of at least those resources that have any.
func lookUpTags(ctx context.Context, t Target, arns []string) (map[string]map[string]string, error) {
	client := resourcegroupstaggingapi.NewFromConfig(t.Config)
	region, err := t.Share.tags.of(t.Config.Region).get(ctx, func() (regionTags, error) {
		filters := taggedTypes[:]
		if t.Config.Region == t.home().Config.Region {
			filters = slices.Concat(filters, globalTaggedTypes[:])
		}
		out, err := client.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
			ResourceTypeFilters: filters,
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
	for batch := range slices.Chunk(arns, tagBatch) {
		in := &resourcegroupstaggingapi.GetResourcesInput{ResourceARNList: batch}
		for page, err := range sdk.Pages(ctx, client.GetResources, in, cursor) {
			if err != nil {
				return nil, err
			}
			addTags(found, page.ResourceTagMappingList)
		}
	}
	return found, nil
}

func addTags(to map[string]map[string]string, from []types.ResourceTagMapping) {
	for _, m := range from {
		// The ARN of a log group is written with and without ":*".
		arn := strings.TrimSuffix(aws.ToString(m.ResourceARN), ":*")
		to[arn] = sdk.Tags(m.Tags, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
	}
}
