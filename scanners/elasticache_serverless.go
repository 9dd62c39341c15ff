package scanners

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/elasticache"
	"github.com/consolesensei/resource-tracker/internal/aws/elasticache/types"
	"github.com/consolesensei/resource-tracker/internal/sdk"
	"github.com/consolesensei/resource-tracker/tracker"
)

var elastiCacheServerless = Scanner{
	Type:        "ElastiCache_Serverless",
	Service:     serviceElastiCache,
	ARNs:        []string{"elasticache:serverlesscache:"},
	Permissions: []string{"elasticache:DescribeServerlessCaches", "tag:GetResources"},
	Tagged:      "elasticache:serverlesscache",
	Metadata:    []string{"engine", "max_storage_gb", "max_ecpu_per_sec"},
	Scan: func(ctx context.Context, t Target, emit Emit) error {
		// 50 is the default, and AWS documents no higher one.
		in := &elasticache.DescribeServerlessCachesInput{MaxResults: aws.Int32(50)}
		cursor := func(in *elasticache.DescribeServerlessCachesInput, out *elasticache.DescribeServerlessCachesOutput) (**string, *string) {
			return &in.NextToken, out.NextToken
		}
		return listPages(ctx, emit, elasticache.NewFromConfig(t.Config).DescribeServerlessCaches, in, cursor, func(out *elasticache.DescribeServerlessCachesOutput) []tracker.Resource {
			return collect(out.ServerlessCaches, func(c types.ServerlessCache) tracker.Resource { return serverlessCache(t, c) })
		})
	},
}

func serverlessCache(t Target, c types.ServerlessCache) tracker.Resource {
	name := aws.ToString(c.ServerlessCacheName)
	limits := cmp.Or(c.CacheUsageLimits, &types.CacheUsageLimits{})
	// Without limits a cache grows as it is used.
	storage := cmp.Or(limits.DataStorage, &types.DataStorage{})
	units := cmp.Or(limits.ECPUPerSecond, &types.ECPUPerSecond{})
	return tracker.Resource{
		ID:      name,
		Name:    tracker.Named(name),
		ARN:     cmp.Or(aws.ToString(c.ARN), t.arn("elasticache", "serverlesscache:"+name)),
		State:   lower(aws.ToString(c.Status)),
		Created: tracker.At(c.CreateTime),
		Metadata: tracker.Metadata{
			"engine":                  sdk.Str(c.Engine),
			"engine_version":          sdk.Text(cmp.Or(aws.ToString(c.FullEngineVersion), aws.ToString(c.MajorEngineVersion))),
			"description":             sdk.Str(c.Description),
			"min_storage_gb":          sdk.Num(storage.Minimum),
			"max_storage_gb":          sdk.Num(storage.Maximum),
			"min_ecpu_per_sec":        sdk.Num(units.Minimum),
			"max_ecpu_per_sec":        sdk.Num(units.Maximum),
			"subnet_ids":              sdk.Names(c.SubnetIds),
			"security_group_ids":      sdk.Names(c.SecurityGroupIds),
			"kms_key_id":              sdk.Str(c.KmsKeyId),
			"snapshot_retention_days": sdk.Num(c.SnapshotRetentionLimit),
		},
	}
}
