package scanners

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// taggingAPI is the tagging API of an account: a region's answers hold what the
// request's filters select, as AWS's do, and nothing else.
type taggingAPI struct {
	t         *testing.T
	resources []tracker.Resource
	filters   []string // of the last request
}

func (a *taggingAPI) answer(c call) (int, string) {
	_, body, _ := strings.Cut(c.text, "\n")
	var in struct{ ResourceTypeFilters, ResourceARNList []string }
	if err := json.Unmarshal([]byte(body), &in); err != nil {
		a.t.Error(err)
	}
	a.filters = in.ResourceTypeFilters
	type tag struct{ Key, Value string }
	type mapping struct {
		ResourceARN string
		Tags        []tag
	}
	var out struct{ ResourceTagMappingList []mapping }
	for _, r := range a.resources {
		wanted := slices.ContainsFunc(in.ResourceTypeFilters, func(f string) bool { return selects(f, r.ARN) })
		if !wanted && !slices.Contains(in.ResourceARNList, r.ARN) || c.region != knows(r, c.region) {
			continue
		}
		m := mapping{ResourceARN: r.ARN}
		for k, v := range r.Tags {
			m.Tags = append(m.Tags, tag{k, v})
		}
		out.ResourceTagMappingList = append(out.ResourceTagMappingList, m)
	}
	b, err := json.Marshal(out)
	if err != nil {
		a.t.Error(err)
	}
	return http.StatusOK, string(b)
}

// selects reports whether a filter is of an ARN's type. A type is called as its
// ARNs are: by the service, or by that and what the resource part begins with
// (API reference of GetResources, "ResourceTypeFilters").
func selects(filter, id string) bool {
	parts, err := arn.Parse(id)
	if err != nil {
		return false
	}
	kind := strings.TrimPrefix(parts.Resource, "/")
	if i := strings.IndexAny(kind, "/:"); i >= 0 {
		kind = kind[:i]
	}
	return filter == parts.Service || filter == parts.Service+":"+kind
}

// knows returns the region of the partition of another one whose tagging API has
// the tags of r.
func knows(r tracker.Resource, region string) string {
	partition := tracker.PartitionOf(region)
	id, err := arn.Parse(r.ARN)
	switch {
	case err == nil && id.Region != "":
		return id.Region
	case r.Region != tracker.Global:
		return r.Region
	case id.Service == "cloudfront" || id.Service == "route53":
		return partition.Names()
	default:
		return partition.Home()
	}
}

// TestTagsOfEveryType has tags answered by an API that honours the filters that it
// is sent: a type that is not asked for loses its tags.
func TestTagsOfEveryType(t *testing.T) {
	for _, s := range Catalog {
		if s.Tagged == "" {
			continue
		}
		regions := []string{"as recorded"}
		if s.TaggedIn != nil {
			regions = append(regions, "cn-north-1", "us-gov-west-1")
		}
		for _, region := range regions {
			t.Run(string(s.Type)+"/"+region, func(t *testing.T) {
				dir := filepath.Join("testdata", strings.ToLower(string(s.Type)))
				recorded, api := readFixtures(t, dir), taggingAPI{t: t}
				at := recorded.target()
				if region != "as recorded" {
					at = at.in(region)
				}
				want, got := map[string]map[string]string{}, map[string]map[string]string{}
				for _, r := range readGolden(t, dir) {
					want[r.ID] = r.Tags
					api.resources = append(api.resources, r)
					// Some scanners are told an ARN, which the recording has, and some make it.
					if here := "arn:" + string(at.partition()) + ":"; here != "arn:aws:" {
						r.ARN = strings.Replace(r.ARN, "arn:aws:", here, 1)
						api.resources = append(api.resources, r)
					}
				}
				at.Config.HTTPClient = answers(func(c call) (int, string) {
					if c.op == "GetResources" {
						return api.answer(c)
					}
					return recorded.answer(c)
				})
				err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
					for _, r := range rs {
						got[r.ID] = r.Tags
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("asked for %q (-tagged +found):\n%s", api.filters, diff)
				}
			})
		}
	}
}
