package simulator

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
)

var ec2Operations = operations{
	"CreateSnapshot":           handle(createSnapshot),
	"CreateTags":               handle(createTags),
	"CreateVolume":             handle(createVolume),
	"DeleteNatGateway":         handle(deleteNatGateway),
	"DeleteSnapshot":           handle(deleteSnapshot),
	"DeleteTags":               handle(deleteTags),
	"DeleteVolume":             handle(deleteVolume),
	"DeregisterImage":          handle(deregisterImage),
	"DescribeAddresses":        handle(describeAddresses),
	"DescribeImages":           handle(describeImages),
	"DescribeInstances":        handle(describeInstances),
	"DescribeNatGateways":      handle(describeNatGateways),
	"DescribeRegions":          handle(describeRegions),
	"DescribeSnapshots":        handle(describeSnapshots),
	"DescribeSpotPriceHistory": handle(describeSpotPriceHistory),
	"DescribeVolumes":          handle(describeVolumes),
	"ModifyVolume":             handle(modifyVolume),
	"RebootInstances":          handle(rebootInstances),
	"ReleaseAddress":           handle(releaseAddress),
	"StartInstances":           handle(startInstances),
	"StopInstances":            handle(stopInstances),
	"TerminateInstances":       handle(terminateInstances),
}

// ec2Kind is a kind of resource that EC2 knows by an ID, with EC2's words for
// it.
type ec2Kind struct {
	kind      kind
	prefix    string // of the IDs
	noun      string
	malformed string // the code for a malformed ID
	notFound  string
}

var ec2Kinds = []ec2Kind{
	{instances, "i-", "instance", "InvalidInstanceID.Malformed", "InvalidInstanceID.NotFound"},
	{volumes, "vol-", "volume", "InvalidVolumeID.Malformed", "InvalidVolume.NotFound"},
	{addresses, "eipalloc-", "allocation", "InvalidAllocationID.Malformed", "InvalidAllocationID.NotFound"},
	{natGateways, "nat-", "NAT gateway", "NatGatewayMalformed", "NatGatewayNotFound"},
	{snapshots, "snap-", "snapshot", "InvalidSnapshotID.Malformed", "InvalidSnapshot.NotFound"},
	{images, "ami-", "image", "InvalidAMIID.Malformed", "InvalidAMIID.NotFound"},
}

func ec2KindOf(id string) (ec2Kind, bool) {
	i := slices.IndexFunc(ec2Kinds, func(known ec2Kind) bool { return strings.HasPrefix(id, known.prefix) })
	if i < 0 {
		return ec2Kind{}, false
	}
	return ec2Kinds[i], true
}

// words returns EC2's words for a kind that it knows.
func (k kind) words() ec2Kind {
	return ec2Kinds[slices.IndexFunc(ec2Kinds, func(known ec2Kind) bool { return known.kind == k })]
}

func (e *estate) ec2ID(k kind, n int) string { return hex17(k.words().prefix, e.id(k, n)) }

// locate finds the resource of an EC2 ID in the called region.
func (r *request) locate(k kind, id string) (n int, err error) {
	words := k.words()
	bits, ok := parseHex17(words.prefix, id)
	if !ok {
		return 0, r.refuse(400, words.malformed, "Invalid id: %q", id)
	}
	if n, ok := r.estate.find(k, bits); ok && r.estate.regionOf(k, n) == r.Region {
		if _, ok := r.estate.visible(k, n, r.now); ok {
			return n, nil
		}
	}
	return 0, r.refuse(400, words.notFound, "The %s ID '%s' does not exist", words.noun, id)
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

// rehearse ends a dry run as EC2 does: by an error, even when all is well.
func (r *request) rehearse(dryRun *bool) error {
	if dryRun == nil || !*dryRun {
		return nil
	}
	return r.refuse(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
}

// maxIDs and maxValues are how many IDs, and values of a filter, a call may have.
const maxIDs, maxValues = 1000, 200

var ec2Paging = paging{least: 5, most: 1000, standard: 1000}

// selection is the part of a Describe call that selects resources.
type selection struct {
	kind       kind
	ids        []string
	filters    []types.Filter
	maxResults *int32
	token      *string
}

// ec2Page returns the selected resources of the called region: those of the IDs,
// or a page of all.
func ec2Page[T any](r *request, s selection, item func(n int) (T, bool), field func(*T, string) ([]string, bool)) (items []T, next *string, err error) {
	size, ok := ec2Paging.size(s.maxResults)
	lo, hi := r.estate.span(s.kind, r.Region)
	from, known := r.position(s.token, lo)
	switch {
	case len(s.ids) > maxIDs:
		return nil, nil, r.refuse(400, "InvalidParameterValue", "The maximum number of IDs in a request is %d", maxIDs)
	case slices.ContainsFunc(s.filters, func(f types.Filter) bool { return len(f.Values) > maxValues }):
		return nil, nil, r.refuse(400, "FilterLimitExceeded", "The maximum number of filter values specified on a single call is %d", maxValues)
	case len(s.ids) > 0 && s.maxResults != nil:
		return nil, nil, r.refuse(400, "InvalidParameterCombination", "The parameter %sIdsSet cannot be used with the parameter maxResults", s.kind.words().noun)
	case !ok:
		return nil, nil, r.refuse(400, "InvalidParameterValue", "Value ( %d ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.", *s.maxResults)
	case !known:
		return nil, nil, r.refuse(400, "InvalidNextToken", "The specified NextToken is not valid.")
	}

	unknown, chosen := "", item
	if len(s.filters) > 0 {
		chosen = func(n int) (T, bool) {
			v, ok := item(n)
			return v, ok && matches(s.filters, &v, field, &unknown)
		}
	}
	if len(s.ids) > 0 {
		found, err := r.locateAll(s.kind, s.ids)
		if err != nil {
			return nil, nil, err
		}
		items, _ = page(0, len(found), len(found), func(i int) (T, bool) { return chosen(found[i]) })
	} else {
		items, from = page(from, hi, size, chosen)
		next = r.token(from, hi)
	}
	if unknown != "" {
		return nil, nil, r.unknownFilter(unknown)
	}
	return items, next, nil
}

func (r *request) unknownFilter(name string) error {
	return r.refuse(400, "InvalidParameterValue", "The filter '%s' is invalid", name)
}

// matches reports whether all filters hold for v. It puts the name of a filter
// that field does not know into unknown.
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
		return nil, r.unknownFilter(unknown)
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
		known, ok := ec2KindOf(id)
		if !ok {
			return r.refuse(400, "InvalidID", "The ID '%s' is not valid", id)
		}
		n, err := r.locate(known.kind, id)
		if err != nil {
			return err
		}
		refs[i] = ref{known.kind, n}
	}
	if err := r.rehearse(dryRun); err != nil {
		return err
	}
	for i, found := range refs {
		r.estate.change(found.kind, found.n, ids[i], apply)
	}
	return nil
}

// arn returns the ARN of an EC2 resource, or of another regional one.
func (e *estate) arn(service, region, resource string) string {
	return "arn:aws:" + service + ":" + region + ":" + e.account + ":" + resource
}

// gmt is how EC2 words a time in a reason.
func gmt(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 GMT") }
