package actions

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

const paramSkipFinal = "skip_final_snapshot"

var skipFinalSnapshot = tracker.Param{
	Name: paramSkipFinal, Kind: tracker.ParamBoolean, Doc: "Delete it without a final snapshot; its data cannot be brought back",
}

var rdsInstance = kind{
	Type:        "RDS_Instance",
	permissions: []string{"rds:DescribeDBInstances"},
	// RDS User Guide, viewing DB instance status.
	rests: []string{
		"available", "failed", "inaccessible-encryption-credentials", "inaccessible-encryption-credentials-recoverable", "incompatible-create",
		"incompatible-network", "incompatible-option-group", "incompatible-parameters", "incompatible-restore", "insufficient-capacity",
		"restore-error", "stopped", "storage-full",
	},
	watch: []string{"instance_class", "cluster_id", "resource_id"},
	see: func(ctx context.Context, t Target, id string) (tracker.Resource, error) {
		d, there, err := databases.get(ctx, t, strings.ToLower(id)) // as RDS keeps it
		if err != nil || !there {
			return gone(), err
		}
		subnets := cmp.Or(d.DBSubnetGroup, &types.DBSubnetGroup{})
		endpoint := cmp.Or(d.Endpoint, &types.Endpoint{})
		return tracker.Resource{
			Name:    tracker.Named(id),
			ARN:     cmp.Or(aws.ToString(d.DBInstanceArn), t.arn("rds", "db:"+id)),
			State:   cmp.Or(aws.ToString(d.DBInstanceStatus), stateUnknown),
			Created: tracker.At(d.InstanceCreateTime),
			Tags:    rdsTags(d.TagList),
			Metadata: tracker.Metadata{
				"engine":                  sdk.Str(d.Engine),
				"engine_version":          sdk.Str(d.EngineVersion),
				"extended_support":        sdk.Str(d.EngineLifecycleSupport),
				"license_model":           sdk.Str(d.LicenseModel),
				"instance_class":          sdk.Str(d.DBInstanceClass),
				"multi_az":                sdk.Opt(d.MultiAZ),
				"allocated_storage_gb":    sdk.Num(d.AllocatedStorage),
				"storage_type":            sdk.Str(d.StorageType),
				"storage_throughput_mbps": sdk.Num(d.StorageThroughput),
				"iops":                    sdk.Num(d.Iops),
				"publicly_accessible":     sdk.Opt(d.PubliclyAccessible),
				"deletion_protection":     sdk.Opt(d.DeletionProtection),
				"cluster_id":              sdk.Str(d.DBClusterIdentifier),
				"replica_source":          sdk.Text(cmp.Or(aws.ToString(d.ReadReplicaSourceDBInstanceIdentifier), aws.ToString(d.ReadReplicaSourceDBClusterIdentifier))),
				"read_replicas":           slices.Concat(d.ReadReplicaDBInstanceIdentifiers, d.ReadReplicaDBClusterIdentifiers),
				"resource_id":             sdk.Str(d.DbiResourceId),
				"port":                    sdk.Num(endpoint.Port),
				"subnet_group":            sdk.Str(subnets.DBSubnetGroupName),
				"security_group_ids":      sdk.List(d.VpcSecurityGroups, func(g types.VpcSecurityGroupMembership) *string { return g.VpcSecurityGroupId }),
				"parameter_group":         firstOf(d.DBParameterGroups, func(g types.DBParameterGroupStatus) *string { return g.DBParameterGroupName }),
				"option_group":            firstOf(d.OptionGroupMemberships, func(g types.OptionGroupMembership) *string { return g.OptionGroupName }),
				"iam_authentication":      sdk.Opt(d.IAMDatabaseAuthenticationEnabled),
			},
		}, nil
	},
}

// databases are described by a filter, a page of them in a call (RDS API Reference,
// DescribeDBInstances). It leaves out what does not exist.
var databases = &bulk[types.DBInstance]{
	most: rdsPage, missing: []string{"DBInstanceNotFound", "DBInstanceNotFoundFault"}, invalid: []string{"InvalidParameterValue", "InvalidParameterCombination"},
	ask: func(ctx context.Context, t Target, ids []string) (map[string]types.DBInstance, error) {
		in := &rds.DescribeDBInstancesInput{Filters: rdsFilter("db-instance-id", ids), MaxRecords: aws.Int32(rdsPage)}
		cursor := func(in *rds.DescribeDBInstancesInput, out *rds.DescribeDBInstancesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		found, err := gathered(ctx, rds.NewFromConfig(t.Config).DescribeDBInstances, in, cursor,
			func(out *rds.DescribeDBInstancesOutput) []types.DBInstance { return out.DBInstances })
		return keyed(found, func(d types.DBInstance) []string { return []string{aws.ToString(d.DBInstanceIdentifier)} }), err
	},
}

// rdsPage is the most that a page of RDS holds.
const rdsPage = 100

func rdsFilter(name string, values []string) []types.Filter {
	return []types.Filter{{Name: &name, Values: values}}
}

func rdsTags(items []types.Tag) map[string]string {
	return sdk.Tags(items, func(t types.Tag) (k, v *string) { return t.Key, t.Value })
}

func firstOf[T any](items []T, of func(T) *string) any {
	if len(items) == 0 {
		return nil
	}
	return sdk.Str(of(items[0]))
}

var rdsInstanceStop = Action{
	kind:       rdsInstance,
	Verb:       "stop",
	Summary:    "Stops the database instance; its storage and backups cost as before.",
	After:      becomes("stopped"),
	Undo:       "start",
	Reversible: true,
	Deadline:   time.Hour,
	From:       []string{"available"},
	Via:        []string{"stopping"},
	To:         []string{"stopped"},
	guards:     []guard{rdsEngine, clusterMember, readReplica, hasReplicas("stop the replicas' source only without replicas"), multiAZSQLServer},
	asides:     []aside{restartsInSevenDays},
	steps: []step{{
		Step: tracker.Step{Name: "stop"}, action: "rds:StopDBInstance",
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(rds.NewFromConfig(c.Config).StopDBInstance(ctx, &rds.StopDBInstanceInput{DBInstanceIdentifier: c.id()}))
		},
	}},
	Opposite: "start",
}

// restartsInSevenDays is from the RDS and Aurora User Guides, stopping.
var restartsInSevenDays = note("AWS starts it again by itself after seven days")

var rdsInstanceStart = Action{
	kind:       rdsInstance,
	Verb:       "start",
	Summary:    "Starts a stopped database instance.",
	After:      becomes("available"),
	Undo:       "stop",
	Reversible: true,
	Deadline:   time.Hour,
	From:       []string{"stopped"},
	Via:        []string{"starting", "configuring-enhanced-monitoring", "backing-up", "rebooting"},
	To:         []string{"available"},
	guards:     []guard{rdsEngine, clusterMember},
	steps: []step{{
		Step: tracker.Step{Name: "start"}, action: "rds:StartDBInstance", keys: rdsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			return none(rds.NewFromConfig(c.Config).StartDBInstance(ctx, &rds.StartDBInstanceInput{DBInstanceIdentifier: c.id()}))
		},
	}},
	Opposite: "stop",
}

var rdsInstanceReboot = Action{
	kind:     rdsInstance,
	Verb:     "reboot",
	Summary:  "Reboots the database instance; it is away for a short time.",
	After:    unchanged,
	Deadline: time.Hour,
	From:     []string{"available", "incompatible-parameters"},
	Via:      []string{"rebooting"},
	guards:   []guard{rdsEngine},
	steps: []step{{
		Step: tracker.Step{Name: "reboot"}, action: "rds:RebootDBInstance", others: []string{"rds:DescribeDBInstances"},
		send: func(ctx context.Context, c call) (map[string]string, error) {
			_, err := rds.NewFromConfig(c.Config).RebootDBInstance(ctx, &rds.RebootDBInstanceInput{DBInstanceIdentifier: c.id()})
			return accepted, err
		},
		check: rdsInstance.rebooted("available"),
	}},
}

var rdsInstanceDelete = Action{
	kind:     rdsInstance,
	Verb:     "delete",
	Summary:  "Deletes the database instance after a final snapshot, which AWS takes first.",
	Undo:     "restore from the final snapshot: the same name and endpoint, from the state at deletion",
	Destroys: true,
	After:    vanishes,
	Deadline: 6 * time.Hour,
	Params:   []tracker.Param{skipFinalSnapshot},
	From: []string{
		"available", "stopped", "storage-full", "failed", "incompatible-network", "incompatible-option-group",
		"incompatible-parameters", "incompatible-restore",
	},
	Via: []string{"deleting"},
	To:  []string{tracker.Gone},
	guards: []guard{
		rdsEngine,
		flagged(ruleDeletionProtection, "deletion_protection", "its deletion protection is on"),
		liftable(hasReplicas("delete or promote the replicas")),
		noFinalSnapshot("failed", "incompatible-restore", "incompatible-network"),
	},
	asides: []aside{{tell: func(_ context.Context, l look) error {
		if !snapshots(l.item, l.Resource) && !l.item.Params.Flag(paramSkipFinal) {
			l.note("AWS takes no final snapshot of a member of a cluster or of a read replica")
		}
		return nil
	}}},
	steps: []step{
		{
			Step: tracker.Step{Name: "lift_deletion_protection", Repeats: briefly}, when: lifts(ruleDeletionProtection),
			action: "rds:ModifyDBInstance", others: []string{"rds:DescribeDBInstances"},
			send: func(ctx context.Context, c call) (map[string]string, error) {
				return none(rds.NewFromConfig(c.Config).ModifyDBInstance(ctx, &rds.ModifyDBInstanceInput{
					DBInstanceIdentifier: c.id(), DeletionProtection: aws.Bool(false), ApplyImmediately: aws.Bool(true),
				}))
			},
			check: rdsInstance.off("deletion_protection"),
		},
		{
			Step: tracker.Step{Name: "delete"}, action: "rds:DeleteDBInstance",
			others: []string{"rds:DescribeDBInstances", "rds:DescribeDBSnapshots"}, implied: []string{"rds:CreateDBSnapshot"}, keys: rdsKeys,
			send: func(ctx context.Context, c call) (map[string]string, error) {
				in := &rds.DeleteDBInstanceInput{DBInstanceIdentifier: c.id(), SkipFinalSnapshot: aws.Bool(true)}
				var left map[string]string
				if snapshots(c.Item, c.Seen) {
					name := copyName(c.Token)
					in.SkipFinalSnapshot, in.FinalDBSnapshotIdentifier = aws.Bool(false), &name
					left = map[string]string{"snapshot_id": name}
				}
				_, err := rds.NewFromConfig(c.Config).DeleteDBInstance(ctx, in)
				return left, err
			},
			check: func(ctx context.Context, c call) (tracker.StepProgress, error) {
				p, err := rdsInstance.deleted(ctx, c)
				if err != nil || p.Stage != tracker.StepDone || !snapshots(c.Item, c.Seen) {
					return p, err
				}
				name := copyName(c.Token)
				out, err := rds.NewFromConfig(c.Config).DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &name})
				if says(err, "DBSnapshotNotFound", "DBSnapshotNotFoundFault") || err == nil && len(out.DBSnapshots) == 0 {
					p.Message = "it is gone, and there is no final snapshot"
					return p, nil
				}
				p.Left = map[string]string{"snapshot_id": name}
				return p, err
			},
		},
	},
	inverse: func(d tracker.Doing) (tracker.ActionItem, bool) {
		if d.Left["snapshot_id"] == "" {
			return tracker.ActionItem{}, false
		}
		params := given(d.Seen.Metadata, "instance_class", "multi_az", "storage_type", "publicly_accessible", "deletion_protection",
			"port", "subnet_group", "iam_authentication")
		// What AWS makes by itself is not there to be asked for.
		for _, k := range []string{"parameter_group", "option_group"} {
			if !strings.HasPrefix(d.Seen.Metadata.Text(k), "default") {
				maps.Copy(params, given(d.Seen.Metadata, k))
			}
		}
		if groups := d.Seen.Metadata.List("security_group_ids"); len(groups) > 0 {
			params["security_group_ids"] = groups
		}
		// AWS takes IOPS only with a storage type that has them to choose.
		if slices.Contains([]string{"io1", "io2"}, d.Seen.Metadata.Text("storage_type")) {
			maps.Copy(params, given(d.Seen.Metadata, "iops"))
		}
		if kept := ownTags(d.Seen.Tags); len(kept) > 0 {
			params["tags"] = kept
		}
		params["snapshot_id"] = d.Left["snapshot_id"]
		return backWith(d, "restore", params), true
	},
}

// snapshots says that an instance is deleted with a final snapshot. AWS takes none
// of members of clusters, whose data is the cluster's, nor of read replicas (RDS
// API, DeleteDBInstance).
func snapshots(item tracker.ActionItem, r tracker.Resource) bool {
	return !item.Params.Flag(paramSkipFinal) && r.Metadata.Text("cluster_id") == "" && r.Metadata.Text("replica_source") == ""
}

var rdsInstanceRestore = Action{
	kind:     rdsInstance,
	Verb:     "restore",
	Summary:  "Makes the database instance anew of a snapshot, under the name that it had.",
	Unpriced: unpricedCopy,
	Deadline: 6 * time.Hour,
	Params: []tracker.Param{
		{Name: "snapshot_id", Kind: tracker.ParamString, Required: true, Doc: "The snapshot that holds its data"},
		{Name: "instance_class", Kind: tracker.ParamString, Doc: "Its instance class"},
		{Name: "multi_az", Kind: tracker.ParamBoolean, Doc: "Whether it has a standby in another zone"},
		{Name: "storage_type", Kind: tracker.ParamString, Doc: "Its storage type"},
		// Ports and IOPS as AWS bounds them (RDS API Reference, RestoreDBInstanceFromDBSnapshot;
		// RDS User Guide, Provisioned IOPS storage).
		{Name: "iops", Kind: tracker.ParamInteger, Min: 1000, Max: 256_000, Doc: "Its IOPS, for io1 and io2"},
		{Name: "publicly_accessible", Kind: tracker.ParamBoolean, Doc: "Whether it has a public address"},
		{Name: "deletion_protection", Kind: tracker.ParamBoolean, Doc: "Whether it is protected against deletion"},
		{Name: "iam_authentication", Kind: tracker.ParamBoolean, Doc: "Whether IAM users can log in"},
		{Name: "port", Kind: tracker.ParamInteger, Min: 1150, Max: 65535, Doc: "Its port"},
		{Name: "subnet_group", Kind: tracker.ParamString, Doc: "Its subnet group"},
		{Name: "parameter_group", Kind: tracker.ParamString, Doc: "Its parameter group"},
		{Name: "option_group", Kind: tracker.ParamString, Doc: "Its option group"},
		{Name: "security_group_ids", Kind: tracker.ParamStrings, Doc: "Its security groups"},
		{Name: "tags", Kind: tracker.ParamMap, Tags: true, Doc: "Its tags"},
	},
	From: []string{tracker.Gone},
	Via:  []string{"creating", "backing-up", "modifying", "rebooting", "configuring-enhanced-monitoring", "configuring-iam-database-auth"},
	To:   []string{"available"},
	guards: []guard{{
		rule: "snapshot_not_ready", how: "wait for the snapshot or name another",
		permissions: []string{"rds:DescribeDBSnapshots"},
		refuse: func(ctx context.Context, l look) (string, []tracker.Ref, error) {
			id := l.item.Params.Text("snapshot_id")
			out, err := rds.NewFromConfig(l.Config).DescribeDBSnapshots(ctx, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: &id})
			if says(err, "DBSnapshotNotFound", "DBSnapshotNotFoundFault") || err == nil && len(out.DBSnapshots) == 0 {
				return "snapshot " + id + " does not exist", nil, nil
			}
			if err != nil {
				return "", nil, err
			}
			if state := aws.ToString(out.DBSnapshots[0].Status); state != "available" {
				return fmt.Sprintf("snapshot %s is %s", id, state), nil, nil
			}
			return "", nil, nil
		},
	}},
	steps: []step{{
		Step: tracker.Step{Name: "restore"}, action: "rds:RestoreDBInstanceFromDBSnapshot", implied: []string{"rds:AddTagsToResource"}, keys: rdsKeys,
		send: func(ctx context.Context, c call) (map[string]string, error) {
			p := c.Item.Params
			kept, _ := tracker.Pairs(p["tags"])
			in := &rds.RestoreDBInstanceFromDBSnapshotInput{
				DBInstanceIdentifier:            c.id(),
				DBSnapshotIdentifier:            stringp(p["snapshot_id"]),
				DBInstanceClass:                 stringp(p["instance_class"]),
				MultiAZ:                         boolp(p["multi_az"]),
				StorageType:                     stringp(p["storage_type"]),
				Iops:                            int32p(p["iops"]),
				PubliclyAccessible:              boolp(p["publicly_accessible"]),
				DeletionProtection:              boolp(p["deletion_protection"]),
				EnableIAMDatabaseAuthentication: boolp(p["iam_authentication"]),
				Port:                            int32p(p["port"]),
				DBSubnetGroupName:               stringp(p["subnet_group"]),
				DBParameterGroupName:            stringp(p["parameter_group"]),
				OptionGroupName:                 stringp(p["option_group"]),
				VpcSecurityGroupIds:             p.List("security_group_ids"),
			}
			for _, k := range slices.Sorted(maps.Keys(kept)) {
				in.Tags = append(in.Tags, types.Tag{Key: aws.String(k), Value: aws.String(kept[k])})
			}
			return none(rds.NewFromConfig(c.Config).RestoreDBInstanceFromDBSnapshot(ctx, in))
		},
	}},
}
