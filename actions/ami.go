package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	ruleDeregistrationProtection = "deregistration_protection"
	paramKeepSnapshots           = "keep_snapshots"
)

var ami = kind{
	Type:        "AMI",
	permissions: []string{"ec2:DescribeImages"},
	watch:       []string{"snapshot_ids"},
	rests:       []string{"available", "deregistered", "disabled", "error", "failed", "invalid"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		i, there, err := imagesByID.get(ctx, t, id)
		if says(err, "InvalidAMIID.Unavailable") {
			return gone(), nil
		}
		if err != nil || !there || i.State == types.ImageStateDeregistered {
			return gone(), err
		}
		tags := ec2Tags(i.Tags)
		protection, why := aws.ToString(i.DeregistrationProtection), cmp.Or(i.StateReason, &types.StateReason{})
		return tracker.Resource{
			Name:    tracker.Named(aws.ToString(i.Name), tags["Name"]),
			ARN:     t.publicARN("image/" + id),
			State:   cmp.Or(string(i.State), stateUnknown),
			Created: sdk.Moment(i.CreationDate),
			Tags:    tags,
			Metadata: tracker.Metadata{
				"snapshot_ids":              snapshotsOf(i),
				"public":                    sdk.Opt(i.Public),
				factReason:                  reason(why.Code, why.Message),
				"deregistration_protection": protection != "" && protection != "disabled",
				"source_region":             sdk.Str(i.SourceImageRegion),
				"owner_id":                  sdk.Str(i.OwnerId),
			},
		}, nil
	},
}

var imagesByID = byID(ec2IDs, "image-id", func(i types.Image) *string { return i.ImageId }, "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", listImages)

// snapshotsOf returns the snapshots that an image is made of.
func snapshotsOf(i types.Image) []string {
	return sdk.List(i.BlockDeviceMappings, func(m types.BlockDeviceMapping) *string {
		if m.Ebs == nil {
			return nil
		}
		return m.Ebs.SnapshotId
	})
}

var amiDelete = Action{
	kind:     ami,
	Verb:     "delete",
	Aliases:  []string{"deregister"},
	Summary:  "Deregisters the image, then deletes those of its snapshots that no other image needs.",
	Destroys: true,
	After:    vanishes,
	Deadline: 30 * time.Minute,
	Params:   []tracker.Param{{Name: paramKeepSnapshots, Kind: tracker.ParamBoolean, Doc: "Leave its snapshots"}},
	From:     []string{"available", "disabled", "pending", "failed", "error", "invalid", "transient"},
	To:       []string{tracker.Gone},
	guards: []guard{
		flagged(ruleDeregistrationProtection, "deregistration_protection", "it is protected against being deregistered"),
		{
			rule: "image_in_use", liftable: true, how: "give the launch template another image",
			permissions: []string{"ec2:DescribeLaunchTemplateVersions"},
			refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
				templates, there, err := templatesByImage.get(ctx, l.Target, l.ID)
				if err != nil || !there {
					return "", nil, err
				}
				return "launch template " + strings.Join(templates, ", ") + " launches it", nil, nil
			},
		},
	},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		if !l.item.Params.Flag(paramKeepSnapshots) {
			l.depends("snapshot %s is deleted unless another image needs it", l.Metadata.List("snapshot_ids")...)
		}
		return nil
	}}, snapshotsTaken},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deregistration_protection", Repeats: briefly}, when: lifts(ruleDeregistrationProtection),
			action: "ec2:DisableImageDeregistrationProtection", others: []string{"ec2:DescribeImages"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &ec2.DisableImageDeregistrationProtectionInput{ImageId: c.id(), DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).DisableImageDeregistrationProtection(ctx, in))
			},
			check: ami.off("deregistration_protection"),
		},
		{
			Step: tracker.Step{Name: "deregister"}, action: "ec2:DeregisterImage",
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &ec2.DeregisterImageInput{ImageId: c.id(), DryRun: c.dry}
				return none(ec2.NewFromConfig(c.Config).DeregisterImage(ctx, in))
			},
		},
		{
			// A snapshot that was deleted cannot be deleted once more.
			Step: tracker.Step{Name: "delete_snapshots", Repeats: briefly}, when: unless(paramKeepSnapshots),
			action: "ec2:DeleteSnapshot", others: []string{"ec2:DescribeImages", "ec2:DescribeSnapshots"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				loose, err := looseSnapshots(ctx, c.Target, c.Seen)
				if err != nil {
					return nil, err
				}
				var deleted []string
				for _, s := range loose {
					id := aws.ToString(s.SnapshotId)
					in := &ec2.DeleteSnapshotInput{SnapshotId: &id, DryRun: c.dry}
					_, err := ec2.NewFromConfig(c.Config).DeleteSnapshot(ctx, in)
					if err != nil && !says(err, "InvalidSnapshot.NotFound") {
						return nil, fmt.Errorf("delete snapshot %s: %w", id, err)
					}
					deleted = append(deleted, id)
				}
				return map[string]string{"snapshots_deleted": strings.Join(deleted, ",")}, nil
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				loose, err := looseSnapshots(ctx, c.Target, c.Seen)
				p := progressOf(len(loose) == 0)
				p.State = tracker.Gone
				return p, err
			},
		},
	},
	dryRun: true,
}

// templatesByImage names the launch templates that would launch an image.
var templatesByImage = &bulk[[]string]{
	most: ec2Values,
	ask: func(ctx context.Context, t Target, images []string) (map[string][]string, error) {
		in := &ec2.DescribeLaunchTemplateVersionsInput{Versions: []string{"$Default", "$Latest"}, Filters: where("image-id", images...).filters}
		cursor := func(in *ec2.DescribeLaunchTemplateVersionsInput, out *ec2.DescribeLaunchTemplateVersionsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		versions, err := gathered(ctx, ec2.NewFromConfig(t.Config).DescribeLaunchTemplateVersions, in, cursor,
			func(out *ec2.DescribeLaunchTemplateVersionsOutput) []types.LaunchTemplateVersion {
				return out.LaunchTemplateVersions
			})
		templates := map[string][]string{}
		for _, v := range versions {
			image := aws.ToString(cmp.Or(v.LaunchTemplateData, &types.ResponseLaunchTemplateData{}).ImageId)
			templates[image] = sdk.Distinct(append(templates[image], aws.ToString(v.LaunchTemplateId)))
		}
		return templates, err
	},
}

// snapshotsTaken looks at the snapshots that are deleted with an image.
var snapshotsTaken = taking(ebsSnapshot.Type,
	func(l look) []string {
		if l.item.Params.Flag(paramKeepSnapshots) {
			return nil
		}
		return l.Metadata.List("snapshot_ids")
	},
	func(ctx context.Context, l look, _ []string) ([]tracker.Resource, error) {
		loose, err := looseSnapshots(ctx, l.Target, l.Resource)
		var seen []tracker.Resource
		for _, s := range loose {
			seen = append(seen, snapshotOf(l.Target, s))
		}
		return seen, err
	}, "ec2:DescribeImages", "ec2:DescribeSnapshots")

// looseSnapshots returns those of the image's snapshots that are there and that
// no other image needs.
func looseSnapshots(ctx context.Context, t Target, image tracker.Resource) ([]types.Snapshot, error) {
	var loose []types.Snapshot
	for _, id := range image.Metadata.List("snapshot_ids") {
		s, err := describeSnapshot(ctx, t, id)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		images, err := imagesOf(ctx, t, id)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(images, func(other string) bool { return other != image.ID }) {
			loose = append(loose, *s)
		}
	}
	return loose, nil
}
