package actions

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

var cooldown = note("AWS may refuse to modify a volume that was modified in the last hours")

func isOfType(t types.VolumeType) func(tracker.Resource, tracker.ActionItem) tracker.Stage {
	return func(r tracker.Resource, _ tracker.ActionItem) tracker.Stage {
		if r.Metadata.Text("volume_type") == string(t) {
			return tracker.StepDone
		}
		return tracker.StepNotBegun
	}
}

func notOfType(t types.VolumeType) guard {
	return guard{
		rule: "volume_type",
		refuse: when(func(l look) string {
			if got := l.Metadata.Text("volume_type"); got != string(t) {
				return fmt.Sprintf("it is of type %s, not %s", got, t)
			}
			return ""
		}),
	}
}

// sizeKnown refuses to choose the speed of a volume by a size that AWS does not tell.
var sizeKnown = guard{
	rule: "volume_size",
	refuse: when(func(l look) string {
		_, unknown := l.count("size_gb")
		return unknown
	}),
}

var modifying = guard{
	rule: "modification_under_way", how: "wait until it has ended",
	permissions: []string{"ec2:DescribeVolumesModifications"},
	refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
		m, err := lastModification(ctx, l.Target, l.ID)
		if err != nil || !underWay(m.ModificationState) {
			return "", nil, err
		}
		return fmt.Sprintf("a modification of it is %s", m.ModificationState), nil, nil
	},
}

func underWay(s types.VolumeModificationState) bool {
	return s == types.VolumeModificationStateModifying || s == types.VolumeModificationStateOptimizing
}

// lastModification is empty for a volume that was never modified.
func lastModification(ctx context.Context, t Target, id string) (types.VolumeModification, error) {
	m, _, err := modifications.get(ctx, t, id)
	return m, err
}

var modifications = byFilter("volume-id", func(m types.VolumeModification) []string { return []string{aws.ToString(m.VolumeId)} },
	func(ctx context.Context, t Target, by choice) ([]types.VolumeModification, error) {
		in := &ec2.DescribeVolumesModificationsInput{Filters: by.filters}
		cursor := func(in *ec2.DescribeVolumesModificationsInput, out *ec2.DescribeVolumesModificationsOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		all, err := gathered(ctx, ec2.NewFromConfig(t.Config).DescribeVolumesModifications, in, cursor,
			func(out *ec2.DescribeVolumesModificationsOutput) []types.VolumeModification {
				return out.VolumesModifications
			})
		slices.SortFunc(all, func(a, b types.VolumeModification) int {
			return aws.ToTime(a.StartTime).Compare(aws.ToTime(b.StartTime))
		})
		return all, err
	})

// retype is the step that changes a volume's type. A volume is of its new type, and
// billed so, while AWS still optimizes it.
func retype(to types.VolumeType, input func(tracker.Resource) *ec2.ModifyVolumeInput) step {
	return step{
		Step: tracker.Step{Name: "modify"}, action: "ec2:ModifyVolume",
		others: []string{"ec2:DescribeVolumes", "ec2:DescribeVolumesModifications"},
		send: func(ctx context.Context, c call) (map[string]string, error) {
			in := input(c.Seen)
			in.VolumeId, in.VolumeType, in.DryRun = c.id(), to, c.dry
			return none(ec2.NewFromConfig(c.Config).ModifyVolume(ctx, in))
		},
		check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
			r, err := ebsVolume.look(ctx, c.Target, c.Item.ResourceID)
			if err != nil {
				return tracker.StepProgress{}, err
			}
			p := tracker.StepProgress{Stage: tracker.StepDone, State: r.State}
			if r.State == tracker.Gone {
				p.Stage, p.Message = tracker.StepFailed, "it does not exist any more"
				return p, nil
			}
			m, err := lastModification(ctx, c.Target, c.Item.ResourceID)
			if err != nil {
				return tracker.StepProgress{}, err
			}
			switch {
			case m.TargetVolumeType == to && m.ModificationState == types.VolumeModificationStateModifying:
				p.Stage = tracker.StepUnderWay
			case r.Metadata.Text("volume_type") == string(to):
			case m.TargetVolumeType == to && m.ModificationState == types.VolumeModificationStateFailed:
				p.Stage, p.Message = tracker.StepFailed, aws.ToString(m.StatusMessage)
			default:
				p.Stage = tracker.StepNotBegun
			}
			return p, nil
		},
	}
}

// given returns those of keys that are known.
func given(m tracker.Metadata, keys ...string) tracker.Metadata {
	out := tracker.Metadata{}
	for _, k := range keys {
		if v := m[k]; v != nil {
			out[k] = v
		}
	}
	return out
}

// ownTags returns tags that may be given to something else: AWS keeps those that
// begin with aws: to itself. It is never nil.
func ownTags(from map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range from {
		if !strings.HasPrefix(k, "aws:") && k != tagToken {
			out[k] = v
		}
	}
	return out
}

// maxTags is the most that a resource has (Tagging AWS resources).
const maxTags = 50

// copied gives a copy the tags of what it is of, and the token, by which it is
// found again: it comes first where there is no room for all.
func copied(t types.ResourceType, from map[string]string, token string) []types.TagSpecification {
	list := ec2TagList(ownTags(from))
	list = append(list[:min(len(list), maxTags-1)], types.Tag{Key: aws.String(tagToken), Value: &token})
	return []types.TagSpecification{{ResourceType: t, Tags: list}}
}

func ec2TagList(m map[string]string) []types.Tag {
	var list []types.Tag
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, types.Tag{Key: aws.String(k), Value: aws.String(m[k])})
	}
	return list
}

// snapshotsMade and volumesMade find what a step created, by the item's token.
var (
	snapshotsMade = byFilter("tag:"+tagToken, func(s types.Snapshot) []string { return []string{ec2Tags(s.Tags)[tagToken]} }, listSnapshots)
	volumesMade   = byFilter("tag:"+tagToken, func(v types.Volume) []string { return []string{ec2Tags(v.Tags)[tagToken]} }, listVolumes)
)
