package scanners

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
	"github.com/consolesensei/resource-tracker/tracker"
)

// One API lists the databases of RDS, Neptune and DocumentDB, told apart by
// their engine. Where all of them fit into one page, three scanners share it;
// where they do not, it lists one engine alone, but for RDS, which has too many
// engines to name and passes over the others'.

// family is the engine of Neptune or DocumentDB, and empty for those of RDS.
type family string

const (
	familyRDS     family = ""
	familyNeptune family = "neptune"
	familyDocDB   family = "docdb"
)

// has reports whether an engine is one of the family's.
func (f family) has(engine *string) bool {
	switch e := family(aws.ToString(engine)); e {
	case familyNeptune, familyDocDB:
		return f == e
	default:
		return f == familyRDS
	}
}

// filters asks AWS for the family alone.
func (f family) filters() []types.Filter {
	return []types.Filter{{Name: aws.String("engine"), Values: []string{string(f)}}}
}

func scanDBInstances(f family) func(context.Context, Target, Emit) error {
	return func(ctx context.Context, t Target, emit Emit) error {
		all, only := &rds.DescribeDBInstancesInput{MaxRecords: aws.Int32(100)}, (*rds.DescribeDBInstancesInput)(nil)
		if f != familyRDS {
			only = &rds.DescribeDBInstancesInput{MaxRecords: all.MaxRecords, Filters: f.filters()}
		}
		cursor := func(in *rds.DescribeDBInstancesInput, out *rds.DescribeDBInstancesOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		region := t.Share.dbInstances.of(t.Config.Region)
		return listDatabases(ctx, emit, region, rds.NewFromConfig(t.Config).DescribeDBInstances, all, only, cursor, func(out *rds.DescribeDBInstancesOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, d := range out.DBInstances {
				if f.has(d.Engine) {
					rs = append(rs, dbInstance(t, d))
				}
			}
			return rs
		})
	}
}

func scanDBClusters(f family) func(context.Context, Target, Emit) error {
	return func(ctx context.Context, t Target, emit Emit) error {
		all, only := &rds.DescribeDBClustersInput{MaxRecords: aws.Int32(100)}, (*rds.DescribeDBClustersInput)(nil)
		if f != familyRDS {
			only = &rds.DescribeDBClustersInput{MaxRecords: all.MaxRecords, Filters: f.filters()}
		}
		cursor := func(in *rds.DescribeDBClustersInput, out *rds.DescribeDBClustersOutput) (**string, *string) {
			return &in.Marker, out.Marker
		}
		region := t.Share.dbClusters.of(t.Config.Region)
		return listDatabases(ctx, emit, region, rds.NewFromConfig(t.Config).DescribeDBClusters, all, only, cursor, func(out *rds.DescribeDBClustersOutput) []tracker.Resource {
			var rs []tracker.Resource
			for _, c := range out.DBClusters {
				if f.has(c.Engine) {
					rs = append(rs, dbCluster(t, c))
				}
			}
			return rs
		})
	}
}

// listDatabases emits the one page that holds all databases of the region, or
// the pages of only; where that is nil, the pages of all, of which the first is
// not asked for again if this very call has just seen that there are others.
func listDatabases[In, Out, Opts any](
	ctx context.Context,
	emit Emit,
	region *memo[*Out],
	call func(context.Context, *In, ...func(*Opts)) (*Out, error),
	all, only *In,
	cursor func(*In, *Out) (sent **string, next *string),
	resources func(*Out) []tracker.Resource,
) error {
	var first *Out
	whole, err := region.get(ctx, func() (*Out, error) {
		out, err := call(ctx, all)
		if err != nil {
			return nil, err
		}
		if _, next := cursor(all, out); aws.ToString(next) != "" {
			first = out
			return nil, nil
		}
		return out, nil
	})
	if err != nil {
		return err
	}
	if whole != nil {
		return emit(resources(whole)...)
	}
	if only != nil {
		return listPages(ctx, emit, call, only, cursor, resources)
	}
	if first != nil {
		if err := emit(resources(first)...); err != nil {
			return err
		}
		sent, next := cursor(all, first)
		*sent = next
	}
	return listPages(ctx, emit, call, all, cursor, resources)
}
