package actions

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/ec2"
	"github.com/consolesensei/resource-tracker/internal/aws/ec2/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
)

const (
	// ec2IDs is the most IDs for a call that describes (EC2 Developer Guide,
	// pagination).
	ec2IDs = 1000
	// ec2Values is the most values of a filter (EC2 API Reference, error
	// FilterLimitExceeded).
	ec2Values = 200
)

// choice is what a call of EC2 is to describe: by IDs, or else by a filter.
type choice struct {
	ids     []string
	filters []types.Filter
}

func where(filter string, values ...string) choice {
	return choice{filters: []types.Filter{{Name: &filter, Values: values}}}
}

// ec2Listing describes what is chosen, all pages of it.
type ec2Listing[T any] func(ctx context.Context, t Target, by choice) ([]T, error)

// byID looks EC2 resources up by their IDs, which the filter takes too. A call for
// IDs is refused when one of them does not exist, as most do not once they were
// deleted: the filter then tells which there are.
func byID[T any](most int, filter string, id func(T) *string, missing, malformed string, list ec2Listing[T]) *bulk[T] {
	return &bulk[T]{
		most: most, missing: []string{missing}, invalid: []string{malformed},
		ask: func(ctx context.Context, t Target, ids []string) (map[string]T, error) {
			found, err := list(ctx, t, choice{ids: ids})
			if len(ids) > 1 && says(err, missing) {
				return filtered(ctx, t, list, filter, ids, func(v T) []string { return []string{aws.ToString(id(v))} })
			}
			return keyed(found, func(v T) []string { return []string{aws.ToString(id(v))} }), err
		},
	}
}

// byFilter looks EC2 resources up by the values of a filter; of gives those that
// one of them has.
func byFilter[T any](filter string, of func(T) []string, list ec2Listing[T]) *bulk[T] {
	return &bulk[T]{
		most: ec2Values,
		ask: func(ctx context.Context, t Target, values []string) (map[string]T, error) {
			return filtered(ctx, t, list, filter, values, of)
		},
	}
}

func filtered[T any](ctx context.Context, t Target, list ec2Listing[T], filter string, values []string, of func(T) []string) (map[string]T, error) {
	all := map[string]T{}
	for some := range slices.Chunk(values, ec2Values) {
		found, err := list(ctx, t, where(filter, some...))
		if err != nil {
			return nil, err
		}
		maps.Copy(all, keyed(found, of))
	}
	return all, nil
}

func keyed[T any](items []T, of func(T) []string) map[string]T {
	m := make(map[string]T, len(items))
	for _, v := range items {
		for _, k := range of(v) {
			m[k] = v
		}
	}
	return m
}

func ec2Tags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func listInstances(ctx context.Context, t Target, by choice) ([]types.Instance, error) {
	in := &ec2.DescribeInstancesInput{InstanceIds: by.ids, Filters: by.filters}
	cursor := func(in *ec2.DescribeInstancesInput, out *ec2.DescribeInstancesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeInstances, in, cursor, func(out *ec2.DescribeInstancesOutput) []types.Instance {
		var all []types.Instance
		for _, r := range out.Reservations {
			all = append(all, r.Instances...)
		}
		return all
	})
}

func listVolumes(ctx context.Context, t Target, by choice) ([]types.Volume, error) {
	in := &ec2.DescribeVolumesInput{VolumeIds: by.ids, Filters: by.filters}
	cursor := func(in *ec2.DescribeVolumesInput, out *ec2.DescribeVolumesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeVolumes, in, cursor, func(out *ec2.DescribeVolumesOutput) []types.Volume { return out.Volumes })
}

func listSnapshots(ctx context.Context, t Target, by choice) ([]types.Snapshot, error) {
	in := &ec2.DescribeSnapshotsInput{OwnerIds: []string{"self"}, SnapshotIds: by.ids, Filters: by.filters}
	cursor := func(in *ec2.DescribeSnapshotsInput, out *ec2.DescribeSnapshotsOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeSnapshots, in, cursor, func(out *ec2.DescribeSnapshotsOutput) []types.Snapshot { return out.Snapshots })
}

func listImages(ctx context.Context, t Target, by choice) ([]types.Image, error) {
	in := &ec2.DescribeImagesInput{Owners: []string{"self"}, ImageIds: by.ids, Filters: by.filters, IncludeDisabled: aws.Bool(true)}
	cursor := func(in *ec2.DescribeImagesInput, out *ec2.DescribeImagesOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	return gathered(ctx, ec2.NewFromConfig(t.Config).DescribeImages, in, cursor, func(out *ec2.DescribeImagesOutput) []types.Image { return out.Images })
}

// gathered returns what is on all pages of a list.
func gathered[In, Out, Opts, T any](
	ctx context.Context, call func(context.Context, *In, ...func(*Opts)) (*Out, error), in *In,
	cursor func(*In, *Out) (**string, *string), items func(*Out) []T,
) ([]T, error) {
	var all []T
	for page, err := range sdk.Pages(ctx, call, in, cursor) {
		if err != nil {
			return nil, err
		}
		all = append(all, items(page)...)
	}
	return all, nil
}
