package api

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/consolesensei/resource-tracker/tracker"
)

// The bounds of AWS's tags: AWS, "Tag naming limits and requirements".
const (
	maxTagKey   = 128
	maxTagValue = 256
)

// ScanSelection says what to scan. Services and exclusions of types are resolved
// when the request is made, so that workers and schedules know types only.
type ScanSelection struct {
	Types           []tracker.Type `json:"types,omitempty" maxItems:"500" maxLength:"128" doc:"Resource types, in addition to those of services. Without types and services, all of GET /api/v1/types"`
	Services        []string       `json:"services,omitempty" maxItems:"200" maxLength:"64" doc:"AWS services, as in GET /api/v1/types: all their types are scanned. The job keeps the types that they had when it was created"`
	ExcludeTypes    []tracker.Type `json:"exclude_types,omitempty" maxItems:"500" maxLength:"128" doc:"Types that are not scanned. Their resources are not listed as Other either"`
	ExcludeServices []string       `json:"exclude_services,omitempty" maxItems:"200" maxLength:"64" doc:"Services whose types are not scanned. Other belongs to the service tag"`
	Regions         []string       `json:"regions,omitempty" maxItems:"100" maxLength:"32" doc:"Regions; without any, every region that the account has enabled. A region that is newer than this service is tried too; the coverage says how it went"`
	ExcludeRegions  []string       `json:"exclude_regions,omitempty" maxItems:"100" maxLength:"32" doc:"Regions that are not scanned, whether the request names them or the account has enabled them. Their buckets are not listed. Resources that belong to no region are listed. Each is a region that is known here, or that the request names"`
	Tags            tagsBody       `json:"tags,omitempty" maxProperties:"50" doc:"Keep only resources that carry all these tags, with exactly these values. The scan makes the same calls and stores fewer resources. Resources of types without tags are not kept"`
	Filter          filterBody     `json:"filter,omitzero" doc:"Keep only resources that a filter selects. The scan makes the same calls and stores fewer resources. Ages are counted from the time when the job is created"`
	NoListeners     bool           `json:"no_listeners,omitempty" doc:"Leave out the listeners of application, network and gateway load balancers; they are null then. Listeners take a call for each load balancer, from a quota of ten a second"`
	Details         []string       `json:"details,omitempty" maxItems:"50" maxLength:"64" doc:"Details that take a call or more for each resource and are read only when they are named, as in GET /api/v1/types: bucket_lifecycle, bucket_uploads. They need permissions of their own"`
	Accounts        []ScanAccount  `json:"accounts,omitempty" maxItems:"500" doc:"Accounts to scan, each through a role; without any, the account of the credentials"`
	Organization    bool           `json:"organization,omitempty" doc:"Scan every active account of the organisation"`
	MaxWorkers      *int           `json:"max_workers,omitempty" minimum:"1" maximum:"20" doc:"How many regions of an account are scanned at once; without it, as many as the workers run"`
	TimeoutSeconds  *int           `json:"timeout_seconds,omitempty" minimum:"1" doc:"How long the scan may take"`
	Findings        *bool          `json:"findings,omitempty" default:"true" doc:"Look for savings before the scan ends"`
	Metrics         bool           `json:"metrics,omitempty" doc:"Read metrics of CloudWatch for the findings, such as the CPU use of instances. AWS charges the account for each metric that is read, $0.01 a thousand at list price. The scan needs cloudwatch:GetMetricData"`
	Billed          *BilledBody    `json:"billed_cost,omitempty" doc:"Ask Cost Explorer what AWS has billed. …/costs answers it beside the estimate"`
}

// faultFunc notes what is wrong with a field of the body.
type faultFunc func(location, message string, args ...any)

// details are those that the scan reads; each is one of a type in the catalogue.
func (b ScanSelection) details(c catalogue, fault faultFunc) []string {
	var names []string
	for _, t := range c {
		for _, d := range t.Details {
			names = append(names, d.Name)
		}
	}
	for i, name := range b.Details {
		if !slices.Contains(names, name) {
			fault(fmt.Sprintf("details[%d]", i), "%s", unknown("detail", name, names))
		}
	}
	return distinct(b.Details)
}

// types are the types to scan, none for all, and those that are left out.
func (b ScanSelection) types(c catalogue, fault faultFunc) (chosen, excluded []tracker.Type) {
	known := true
	named := func(at string, types []tracker.Type, services []string) (all []tracker.Type) {
		for i, t := range types {
			if msg := c.refuse(t); msg != "" {
				fault(fmt.Sprintf("%stypes[%d]", at, i), "%s", msg)
				known = false
			}
		}
		for i, s := range services {
			if msg := c.refuseService(s); msg != "" {
				fault(fmt.Sprintf("%sservices[%d]", at, i), "%s", msg)
				known = false
			}
		}
		return distinct(append(c.of(services), types...))
	}
	chosen = named("", b.Types, b.Services)
	excluded = named("exclude_", b.ExcludeTypes, b.ExcludeServices)
	if !known || len(excluded) == 0 {
		return chosen, nil
	}
	if len(chosen) == 0 {
		for _, i := range c {
			chosen = append(chosen, i.Type)
		}
	}
	chosen = without(chosen, excluded)
	if len(chosen) == 0 {
		at := "exclude_types"
		if len(b.ExcludeTypes) == 0 {
			at = "exclude_services"
		}
		fault(at, "nothing is left to scan: every type is excluded")
	}
	return chosen, excluded
}

// regions are those of a list that are not excluded. A list that had some has
// some left, because none would be all.
func (b ScanSelection) regions(at string, list []string, fault faultFunc) []string {
	checkRegions(at, list, possibleRegion, fault)
	left := without(distinct(list), b.ExcludeRegions)
	if len(left) == 0 && len(list) > 0 {
		fault(at, "nothing is left to scan: every region is excluded")
	}
	return left
}

// excludedRegions are the regions to leave out. One that is misspelt would exclude
// nothing and not show, so each is known or named in the request besides.
func (b ScanSelection) excludedRegions(fault faultFunc) []string {
	named := slices.Clone(b.Regions)
	for _, a := range b.Accounts {
		named = append(named, a.Regions...)
	}
	checkRegions("exclude_regions", b.ExcludeRegions, func(r string) bool {
		return slices.Contains(tracker.Regions(), r) || slices.Contains(named, r)
	}, fault)
	return distinct(b.ExcludeRegions)
}

func checkRegions(at string, list []string, allowed func(string) bool, fault faultFunc) {
	for i, r := range list {
		if msg := refuseRegion(r, allowed); msg != "" {
			fault(fmt.Sprintf("%s[%d]", at, i), "%s", msg)
		}
	}
}

// checkTags checks what JSON schema cannot say of a map's keys.
func (b ScanSelection) checkTags(fault faultFunc) {
	for _, msg := range b.Tags.faults() {
		fault("tags", "%s", msg)
	}
}

// tagsBody are tags in a body.
type tagsBody map[string]string

// Schema implements huma.SchemaProvider. The bounds of keys are in faults: huma's
// schemas cannot say them.
func (tagsBody) Schema(huma.Registry) *huma.Schema {
	longest := maxTagValue
	value := &huma.Schema{Type: huma.TypeString, MaxLength: &longest}
	value.PrecomputeMessages()
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: value}
}

// faults are what is wrong with the tags, in the order of their keys.
func (b tagsBody) faults() []string {
	var all []string
	for _, k := range slices.Sorted(maps.Keys(b)) {
		switch {
		case k == "":
			all = append(all, "a tag needs a key")
		case utf8.RuneCountInString(k) > maxTagKey:
			all = append(all, fmt.Sprintf("a tag's key has at most %d characters", maxTagKey))
		case utf8.RuneCountInString(b[k]) > maxTagValue:
			all = append(all, fmt.Sprintf("a tag's value has at most %d characters", maxTagValue))
		}
	}
	return all
}

// without returns list without what is excluded.
func without[T comparable](list, excluded []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(t T) bool { return slices.Contains(excluded, t) })
}
