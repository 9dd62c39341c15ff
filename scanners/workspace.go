package scanners

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/workspaces"
	"github.com/consolesensei/resource-tracker/internal/aws/workspaces/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

// workspacePage is the most WorkSpaces that AWS lists, or takes, at once.
const workspacePage = 25

var workspace = Scanner{
	Type:    "WorkSpace",
	Service: Service{ID: workspaces.ServiceID, Prefix: "workspaces", Protocol: JSON},
	ARNs:    []string{"workspaces:workspace/"},
	Permissions: []string{
		"tag:GetResources",
		"workspaces:DescribeWorkspaces",
		"workspaces:DescribeWorkspacesConnectionStatus",
	},
	Tagged:   "workspaces",
	Metadata: []string{"compute_type", "running_mode", "last_connection"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		client := workspaces.NewFromConfig(t.Config)
		in := &workspaces.DescribeWorkspacesInput{Limit: aws.Int32(workspacePage)}
		cursor := func(in *workspaces.DescribeWorkspacesInput, out *workspaces.DescribeWorkspacesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		var missed error
		err := listPages(ctx, emit, client.DescribeWorkspaces, in, cursor, func(out *workspaces.DescribeWorkspacesOutput) []tracker.Resource {
			rs := collect(out.Workspaces, func(w types.Workspace) tracker.Resource { return workspaceOf(t, w) })
			if missed == nil {
				missed = fillConnections(ctx, client, rs)
			}
			return rs
		})
		return errors.Join(err, missed)
	},
}

// workspaceOf leaves the creation date unknown: AWS does not say it.
func workspaceOf(t Target, w types.Workspace) tracker.Resource {
	id := aws.ToString(w.WorkspaceId)
	properties := cmp.Or(w.WorkspaceProperties, &types.WorkspaceProperties{})
	return tracker.Resource{
		ID:    id,
		Name:  tracker.Named(aws.ToString(w.WorkspaceName), aws.ToString(w.UserName)),
		ARN:   t.arn("workspaces", "workspace/"+id),
		State: lower(w.State),
		Metadata: tracker.Metadata{
			"user":                  sdk.Str(w.UserName),
			"directory_id":          sdk.Str(w.DirectoryId),
			"bundle_id":             sdk.Str(w.BundleId),
			"compute_type":          sdk.Text(properties.ComputeTypeName),
			"operating_system":      sdk.Text(properties.OperatingSystemName),
			"running_mode":          sdk.Text(properties.RunningMode),
			"auto_stop_min":         sdk.Num(properties.RunningModeAutoStopTimeoutInMinutes),
			"root_volume_gb":        sdk.Num(properties.RootVolumeSizeGib),
			"user_volume_gb":        sdk.Num(properties.UserVolumeSizeGib),
			"root_volume_encrypted": sdk.Opt(w.RootVolumeEncryptionEnabled),
			"user_volume_encrypted": sdk.Opt(w.UserVolumeEncryptionEnabled),
			"kms_key_id":            sdk.Str(w.VolumeEncryptionKey),
			"subnet_id":             sdk.Str(w.SubnetId),
			"ip_address":            sdk.Str(w.IpAddress),
			"computer_name":         sdk.Str(w.ComputerName),
			// It stands by where this is another region than its own.
			"primary_region": primaryRegion(w.RelatedWorkspaces),

			"connection_state": nil,
			"last_connection":  nil,
		},
	}
}

func primaryRegion(related []types.RelatedWorkspaceProperties) any {
	for _, r := range related {
		if r.Type == types.StandbyWorkspaceRelationshipTypePrimary {
			return sdk.Str(r.Region)
		}
	}
	return nil
}

// fillConnections says when the users of a page of WorkSpaces were last there.
func fillConnections(ctx context.Context, client *workspaces.Client, rs []tracker.Resource) error {
	if len(rs) == 0 {
		return nil
	}
	in := &workspaces.DescribeWorkspacesConnectionStatusInput{}
	byID := map[string]tracker.Metadata{}
	for _, r := range rs {
		in.WorkspaceIds = append(in.WorkspaceIds, r.ID)
		byID[r.ID] = r.Metadata
	}
	cursor := func(in *workspaces.DescribeWorkspacesConnectionStatusInput, out *workspaces.DescribeWorkspacesConnectionStatusOutput) (**string, *string) {
		return &in.NextToken, out.NextToken
	}
	for page, err := range sdk.Pages(ctx, client.DescribeWorkspacesConnectionStatus, in, cursor) {
		if err != nil {
			return fmt.Errorf("last connections: %w", err)
		}
		for _, s := range page.WorkspacesConnectionStatus {
			if m := byID[aws.ToString(s.WorkspaceId)]; m != nil {
				m["connection_state"], m["last_connection"] = sdk.Text(s.ConnectionState), sdk.Stamp(s.LastKnownUserConnectionTimestamp)
			}
		}
	}
	return nil
}
