// Package scanners lists AWS resources: one Scanner value per resource type,
// one file per Scanner.
//
// A Scan that cannot list its resources returns that error at once. A Scan that
// can list them but not look up what belongs to them (tags, sizes, listeners)
// emits them without it and returns the error at its end, so that what could not
// be seen is never taken for empty.
package scanners

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/tracker"
)

// A Scanner lists every resource of one type in one region, or in the account
// when the type is global.
type Scanner struct {
	Type    tracker.Type
	Service Service
	Also    []Service // that Scan calls besides Service
	Global  bool      // listed once per account
	// ARNs begins the ARNs of the type's resources, as "ec2:instance/" and
	// "s3:::" do: service and resource, or service, region, account and resource.
	ARNs        []string
	Permissions []string // IAM actions that a scan calls, sorted
	// Optional are IAM actions without which a scan is as whole, but takes more calls or
	// lacks a price; sorted.
	Optional []string
	// Metadata is what clients count on: every resource has it, if only as unknown.
	Metadata []string

	// Tags come with the list, unless one of these says otherwise.
	//
	// Tagged is the type as the tagging API's filters call it, "lambda:function", or
	// its service where that has little else: Run then asks that API for the tags
	// of what Scan emits without any. TaggedIn is the region of a partition that knows
	// those of a global type; nil: each resource's own. Untagged says why the
	// resources have no tags.
	Tagged   string
	TaggedIn func(tracker.Partition) string
	Untagged string

	// Details are what a scan may ask for besides.
	Details []Detail

	// Scan emits resources a page at a time and stops at emit's first error. Tags that
	// it leaves nil are not known yet.
	Scan func(ctx context.Context, t Target, emit Emit) error
}

// Emit hands over the resources of one page. A Scanner calls it from one
// goroutine at a time and does not touch the resources afterwards.
type Emit func(...tracker.Resource) error

// Target is where a Scanner looks.
type Target struct {
	// Config carries the region and the credentials. For a global type its
	// region is any one of the account's partition.
	Config    aws.Config
	AccountID string
	// Regions, when there are any, are the only ones that a global type emits
	// resources of; those that belong to no region are always emitted.
	Regions []string
	// ExcludeRegions are those that a global type emits no resources of.
	ExcludeRegions []string
	// Types are the types of the scan, and those that it excludes by name: Other
	// lists neither. Nil is every type of the Catalog.
	Types []tracker.Type
	// NoListeners leaves the listeners of load balancers out: AWS has no call for
	// those of several.
	NoListeners bool
	// Details are the names of those that the scan asks for.
	Details []string
	// Share is what the scanners of one account tell each other; nil makes a
	// Scanner ask for everything itself.
	Share *Share

	listed  []string                     // the ARN patterns of Types
	tagged  func(region string) []string // what the tagging API is asked for
	refused *refusals                    // calls of this scan that were refused because of single items
}

// Run runs s on t, filling in what every resource has.
func (s Scanner) Run(ctx context.Context, t Target, emit Emit) error {
	region := t.Config.Region
	if s.Global {
		region = tracker.Global
	}
	if t.Share == nil {
		t.Share = NewShare()
	}
	// Counts take the region from the cell, where the cell says it.
	elsewhere := tracker.Cell{Region: region, Type: s.Type}.Elsewhere()
	t.listed, t.tagged, t.refused = listed(t.Types), taggedTypes, new(refusals)
	err := s.withTags(ctx, t, func(rs ...tracker.Resource) error {
		rs = slices.DeleteFunc(rs, func(r tracker.Resource) bool { return t.foreign(r.ARN) })
		if len(rs) == 0 {
			return nil
		}
		for i := range rs {
			r := &rs[i]
			r.Type, r.AccountID = s.Type, t.AccountID
			if r.Region == "" || !elsewhere {
				r.Region = region
			}
			if r.Tags == nil {
				r.Tags = map[string]string{}
			}
			if r.Metadata == nil {
				r.Metadata = tracker.Metadata{}
			}
		}
		return emit(rs...)
	})
	if err != nil {
		return fmt.Errorf("scan %s in %s: %w", s.Type, region, err)
	}
	return nil
}

// wants reports whether resources of a region are asked for; one whose region
// could not be found out may be.
func (t Target) wants(region string) bool {
	return region == "" || !slices.Contains(t.ExcludeRegions, region) && (len(t.Regions) == 0 || slices.Contains(t.Regions, region))
}

// in returns t in another region of the same account.
func (t Target) in(region string) Target {
	t.Config = t.Config.Copy()
	t.Config.Region = region
	return t
}

// arn returns the ARN of a regional resource of the account.
func (t Target) arn(service, resource string) string {
	return t.partition().ARN(service, t.Config.Region, t.AccountID, resource)
}

// publicARN returns the ARN of an EC2 resource of a kind that can be given to
// all: it names no account (service authorization reference of EC2).
func (t Target) publicARN(resource string) string {
	return t.partition().ARN("ec2", t.Config.Region, "", resource)
}

// partition returns the partition that t is in.
func (t Target) partition() tracker.Partition { return tracker.PartitionOf(t.Config.Region) }
