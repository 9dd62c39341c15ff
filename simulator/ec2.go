package simulator

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

var ec2Operations = operations{
	"CreateTags":          handle(createTags),
	"DeleteNatGateway":    handle(deleteNatGateway),
	"DeleteTags":          handle(deleteTags),
	"DeleteVolume":        handle(deleteVolume),
	"DescribeAddresses":   handle(describeAddresses),
	"DescribeInstances":   handle(describeInstances),
	"DescribeNatGateways": handle(describeNatGateways),
	"DescribeRegions":     handle(describeRegions),
	"DescribeVolumes":     handle(describeVolumes),
	"RebootInstances":     handle(rebootInstances),
	"ReleaseAddress":      handle(releaseAddress),
	"StartInstances":      handle(startInstances),
	"StopInstances":       handle(stopInstances),
	"TerminateInstances":  handle(terminateInstances),
}

// ec2Kinds are the resources that EC2 knows by an ID, by its prefix.
var ec2Kinds = []struct {
	prefix   string
	kind     kind
	notFound string
}{
	{"i-", instances, "InvalidInstanceID"},
	{"vol-", volumes, "InvalidVolume"},
	{"eipalloc-", addresses, "InvalidAllocationID"},
	{"nat-", natGateways, "NatGateway"},
}

func (e *estate) ec2ID(k kind, n int) string {
	for _, known := range ec2Kinds {
		if known.kind == k {
			return hex17(known.prefix, e.id(k, n))
		}
	}
	return ""
}

// locate finds the resource of an EC2 ID in the called region.
func (r *request) locate(k kind, id string) (n int, err error) {
	for _, known := range ec2Kinds {
		if known.kind != k {
			continue
		}
		bits, ok := parseHex17(known.prefix, id)
		if !ok {
			return 0, r.refuse(400, known.notFound+malformed(k), "Invalid id: %q", id)
		}
		if n, ok := r.estate.find(k, bits); ok && r.estate.regionOf(k, n) == r.Region {
			if _, ok := r.estate.visible(k, n, r.now); ok {
				return n, nil
			}
		}
		return 0, r.refuse(400, known.notFound+missing(k), "The %s ID '%s' does not exist", noun(k), id)
	}
	return 0, r.refuse(400, "InvalidID", "The ID '%s' is not valid", id)
}

func malformed(k kind) string {
	if k == natGateways {
		return "Malformed"
	}
	return ".Malformed"
}

func missing(k kind) string {
	if k == natGateways {
		return "NotFound"
	}
	return ".NotFound"
}

func noun(k kind) string {
	return map[kind]string{instances: "instance", volumes: "volume", addresses: "allocation", natGateways: "NAT gateway"}[k]
}

// locateAll finds the resources of IDs, or fails for the first that is missing.
func (r *request) locateAll(k kind, ids []string) ([]int, error) {
	found := make([]int, len(ids))
	for i, id := range ids {
		n, err := r.locate(k, id)
		if err != nil {
			return nil, err
		}
		found[i] = n
	}
	return found, nil
}

// rehearse ends a dry run, as EC2 does: by an error, when all is well.
func (r *request) rehearse(dryRun *bool) error {
	if dryRun == nil || !*dryRun {
		return nil
	}
	return r.refuse(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
}

var ec2Paging = paging{least: 5, most: 1000, standard: 1000}

// ec2Page pages through the resources of a kind in the called region, or
// through those of the IDs.
func ec2Page[T any](r *request, k kind, ids []string, maxResults *int32, token *string, filters []types.Filter,
	make func(n int) (T, bool), field func(*T, string) ([]string, bool),
) (items []T, next *string, err error) {
	if len(ids) > 0 && maxResults != nil {
		return nil, nil, r.refuse(400, "InvalidParameterCombination", "The parameter %sIdsSet cannot be used with the parameter maxResults", noun(k))
	}
	size, ok := ec2Paging.size(maxResults)
	if !ok {
		return nil, nil, r.refuse(400, "InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.", *maxResults)
	}
	lo, hi := r.estate.span(k, r.Region)
	from, ok := r.position(token, lo)
	if !ok {
		return nil, nil, r.refuse(400, "InvalidNextToken", "The specified NextToken is not valid.")
	}
	one := make
	if len(filters) > 0 {
		unknown := ""
		one = func(n int) (T, bool) {
			v, ok := make(n)
			return v, ok && matches(filters, &v, field, &unknown)
		}
		defer func() {
			if unknown != "" {
				items, next, err = nil, nil, r.refuse(400, "InvalidParameterValue", "The filter '%s' is invalid", unknown)
			}
		}()
	}
	if len(ids) > 0 {
		found, err := r.locateAll(k, ids)
		if err != nil {
			return nil, nil, err
		}
		items, _ := page(0, len(found), len(found), func(i int) (T, bool) { return one(found[i]) })
		return items, nil, nil
	}
	items, after := page(from, hi, size, one)
	return items, r.token(after, hi), nil
}

// matches reports whether all filters hold for v. A filter that field does not
// know is named in unknown.
func matches[T any](filters []types.Filter, v *T, field func(*T, string) ([]string, bool), unknown *string) bool {
	for _, f := range filters {
		if f.Name == nil {
			continue
		}
		has, known := field(v, *f.Name)
		if !known {
			*unknown = *f.Name
			return false
		}
		if !slices.ContainsFunc(has, func(h string) bool {
			return slices.ContainsFunc(f.Values, func(pattern string) bool { return like(pattern, h) })
		}) {
			return false
		}
	}
	return true
}

// like reports whether s matches a filter's value, in which * and ? are wild.
func like(pattern, s string) bool {
	if !strings.ContainsAny(pattern, "*?") {
		return pattern == s
	}
	escape := strings.NewReplacer(`[`, `\[`, `\`, `\\`, `/`, "\x00")
	ok, err := path.Match(escape.Replace(pattern), strings.ReplaceAll(s, "/", "\x00"))
	return err == nil && ok
}

// tagField answers the filters on tags, which all resources have.
func tagField(tags []types.Tag, name string) ([]string, bool) {
	if name == "tag-key" {
		var keys []string
		for _, t := range tags {
			keys = append(keys, *t.Key)
		}
		return keys, true
	}
	key, ok := strings.CutPrefix(name, "tag:")
	if !ok {
		return nil, false
	}
	for _, t := range tags {
		if *t.Key == key {
			return []string{*t.Value}, true
		}
	}
	return nil, true
}

// text is a filter's view of an optional field.
func text(s *string) []string {
	if s == nil {
		return nil
	}
	return []string{*s}
}

func ec2Tag(key, value *string) types.Tag { return types.Tag{Key: key, Value: value} }

func (e *estate) ec2Tags(k kind, n int) []types.Tag { return tagsAs(e, k, n, ec2Tag) }

func describeRegions(r *request, in *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	for _, name := range in.RegionNames {
		if !regionExists(name) && !slices.Contains(r.estate.regions, name) {
			return nil, r.refuse(400, "InvalidParameterValue", "Invalid region provided: [%s]", name)
		}
	}
	names := slices.Clone(r.estate.regions)
	if in.AllRegions != nil && *in.AllRegions || len(in.RegionNames) > 0 {
		names = append(names, slices.DeleteFunc(slices.Concat(defaultRegions, optInRegions), func(name string) bool {
			return slices.Contains(r.estate.regions, name)
		})...)
	}
	slices.Sort(names)
	out := &ec2.DescribeRegionsOutput{}
	unknown := ""
	for _, name := range names {
		region := types.Region{
			RegionName:  &name,
			Endpoint:    new("ec2." + name + ".amazonaws.com"),
			OptInStatus: new(r.estate.optIn(name)),
		}
		if len(in.RegionNames) > 0 && !slices.Contains(in.RegionNames, name) || !matches(in.Filters, &region, regionField, &unknown) {
			continue
		}
		out.Regions = append(out.Regions, region)
	}
	if unknown != "" {
		return nil, r.refuse(400, "InvalidParameterValue", "The filter '%s' is invalid", unknown)
	}
	return out, nil
}

func (e *estate) optIn(region string) string {
	switch {
	case !slices.Contains(e.regions, region):
		return "not-opted-in"
	case slices.Contains(optInRegions, region):
		return "opted-in"
	}
	return "opt-in-not-required"
}

func regionField(v *types.Region, name string) ([]string, bool) {
	switch name {
	case "region-name":
		return text(v.RegionName), true
	case "opt-in-status":
		return text(v.OptInStatus), true
	case "endpoint":
		return text(v.Endpoint), true
	}
	return nil, false
}

func createTags(r *request, in *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) {
	var list []tag
	for _, t := range in.Tags {
		value := ""
		if t.Value != nil {
			value = *t.Value
		}
		if t.Key == nil || strings.HasPrefix(*t.Key, "aws:") {
			return nil, r.refuse(400, "InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use")
		}
		list = append(list, tag{*t.Key, value})
	}
	if err := r.retag(in.Resources, in.DryRun, setTags(list)); err != nil {
		return nil, err
	}
	return &ec2.CreateTagsOutput{}, nil
}

func deleteTags(r *request, in *ec2.DeleteTagsInput) (*ec2.DeleteTagsOutput, error) {
	if len(in.Tags) == 0 { // AWS removes all tags then
		return nil, r.notSimulated("DeleteTags without tags")
	}
	var keys []string
	for _, t := range in.Tags {
		if t.Key != nil {
			keys = append(keys, *t.Key)
		}
	}
	if err := r.retag(in.Resources, in.DryRun, unsetTags(keys)); err != nil {
		return nil, err
	}
	return &ec2.DeleteTagsOutput{}, nil
}

// retag applies a change of tags to resources of any EC2 kind.
func (r *request) retag(ids []string, dryRun *bool, apply func(*change)) error {
	refs := make([]ref, len(ids))
	for i, id := range ids {
		k, ok := ec2KindOf(id)
		if !ok {
			return r.refuse(400, "InvalidID", "The ID '%s' is not valid", id)
		}
		n, err := r.locate(k, id)
		if err != nil {
			return err
		}
		refs[i] = ref{k, n}
	}
	if err := r.rehearse(dryRun); err != nil {
		return err
	}
	for i, found := range refs {
		r.estate.change(found.kind, found.n, ids[i], apply)
	}
	return nil
}

func ec2KindOf(id string) (kind, bool) {
	for _, known := range ec2Kinds {
		if strings.HasPrefix(id, known.prefix) {
			return known.kind, true
		}
	}
	return 0, false
}

// arn returns the ARN of an EC2 resource, or of another regional one.
func (e *estate) arn(service, region, resource string) string {
	return "arn:aws:" + service + ":" + region + ":" + e.account + ":" + resource
}

// gmt is how EC2 words a time in a reason.
func gmt(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 GMT") }
