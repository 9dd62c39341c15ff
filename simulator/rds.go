package simulator

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/consolesensei/resource-tracker/internal/aws/rds"
	"github.com/consolesensei/resource-tracker/internal/aws/rds/types"
)

var rdsOperations = operations{
	"DeleteDBInstance":    handle(deleteDBInstance),
	"DescribeDBInstances": handle(describeDBInstances),
	"StartDBInstance":     handle(startDBInstance),
	"StopDBInstance":      handle(stopDBInstance),
}

var rdsPaging = paging{least: 20, most: 100, standard: 100}

// has reports whether a list contains a value.
func has(list []string) func(string) bool {
	return func(s string) bool { return slices.Contains(list, s) }
}

func describeDBInstances(r *request, in *rds.DescribeDBInstancesInput) (*rds.DescribeDBInstancesOutput, error) {
	if len(in.Filters) == 1 && aws.ToString(in.Filters[0].Name) == "engine" && !slices.ContainsFunc(in.Filters[0].Values, has(engines)) {
		return &rds.DescribeDBInstancesOutput{}, nil // such as Neptune's and DocumentDB's
	}
	if len(in.Filters) == 1 && aws.ToString(in.Filters[0].Name) == "db-instance-id" {
		return r.databasesNamed(in.Filters[0].Values), nil
	}
	if len(in.Filters) > 0 {
		return nil, r.notSimulated("DescribeDBInstances with filters")
	}
	if in.DBInstanceIdentifier != nil && *in.DBInstanceIdentifier != "" {
		n, err := r.database(*in.DBInstanceIdentifier)
		if err != nil {
			return nil, err
		}
		return &rds.DescribeDBInstancesOutput{DBInstances: []types.DBInstance{r.dbInstance(n)}}, nil
	}
	size, ok := rdsPaging.size(in.MaxRecords)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterValue", "Invalid value %d for MaxRecords. Must be between 20 and 100", *in.MaxRecords)
	}
	lo, hi := r.estate.span(databases, r.Region)
	from, ok := r.position(in.Marker, lo)
	if !ok {
		return nil, r.refuse(400, "InvalidParameterValue", "The request cannot be processed because the Marker is invalid.")
	}
	list, next := page(from, hi, size, func(n int) (types.DBInstance, bool) {
		if _, ok := r.estate.databaseState(n, r.now); !ok {
			return types.DBInstance{}, false
		}
		return r.dbInstance(n), true
	})
	return &rds.DescribeDBInstancesOutput{DBInstances: list, Marker: r.token(next, hi)}, nil
}

// databasesNamed describes DB instances by their names; what there is not is left out.
func (r *request) databasesNamed(names []string) *rds.DescribeDBInstancesOutput {
	out := &rds.DescribeDBInstancesOutput{}
	for _, name := range names {
		if n, err := r.database(name); err == nil {
			out.DBInstances = append(out.DBInstances, r.dbInstance(n))
		}
	}
	return out
}

var (
	engines       = []string{"postgres", "mysql", "mariadb", "postgres", "aurora-postgresql", "mysql", "sqlserver-ex", "postgres"}
	engineVersion = map[string]string{
		"postgres": "16.4", "mysql": "8.0.39", "mariadb": "10.11.9", "aurora-postgresql": "15.7", "sqlserver-ex": "15.00.4395.2.v1",
	}
	dbClasses = []string{"db.t3.micro", "db.t3.medium", "db.m5.large", "db.r5.large", "db.m4.large", "db.t4g.medium", "db.r6g.xlarge"}
)

func (e *estate) engine(n int) string { return engines[n%len(engines)] }

func (r *request) dbInstance(n int) types.DBInstance {
	e := r.estate
	state, _ := e.databaseState(n, r.now)
	d := e.dice(databases, n, forDetail)
	name := e.name(databases, n)
	zone, vpc, _ := e.places[r.Region].at(&d)
	engine := e.engine(n)
	v := types.DBInstance{
		DBInstanceIdentifier:    &name,
		DBInstanceArn:           new(e.arn("rds", r.Region, "db:"+name)),
		DBInstanceClass:         new(pick(&d, dbClasses)),
		DBInstanceStatus:        &state,
		DbiResourceId:           new("db-" + strings.ToUpper(hexID("", e.id(databases, n), 16))),
		Engine:                  &engine,
		EngineVersion:           new(engineVersion[engine]),
		LicenseModel:            new("general-public-license"),
		AllocatedStorage:        new([]int32{20, 50, 100, 200, 500}[d.below(5)]),
		AvailabilityZone:        &zone,
		BackupRetentionPeriod:   new(int32(7)),
		DBSubnetGroup:           &types.DBSubnetGroup{DBSubnetGroupName: new("default"), VpcId: &vpc},
		MasterUsername:          new("admin"),
		MultiAZ:                 new(d.below(4) == 0),
		PubliclyAccessible:      new(d.below(10) == 0),
		StorageEncrypted:        new(d.below(4) > 0),
		StorageType:             new([]string{"gp2", "gp3", "gp3", "io1"}[d.below(4)]),
		AutoMinorVersionUpgrade: new(true),
		DeletionProtection:      new(e.protected(n)),
		TagList:                 tagsAs(e, databases, n, func(k, v *string) types.Tag { return types.Tag{Key: k, Value: v} }),
	}
	if *v.StorageType == "io1" {
		v.Iops = new(int32(3000))
	}
	if strings.HasPrefix(engine, "aurora") {
		v.DBClusterIdentifier, v.StorageType, v.MultiAZ = new(name+"-cluster"), new("aurora"), new(false)
		v.AllocatedStorage = new(int32(1))
	}
	if state != "creating" { // until then there is neither a time nor an address
		v.InstanceCreateTime = new(e.created(databases, n))
		v.Endpoint = &types.Endpoint{
			Address: new(name + ".c" + hexID("", e.seed, 11) + "." + r.Region + ".rds.amazonaws.com"),
			Port:    new(int32(5432)),
		}
	}
	return v
}

// protected reports whether a DB instance refuses to be deleted.
func (e *estate) protected(n int) bool { return n%9 == 8 }

// database finds a DB instance of the called region by name or ARN.
func (r *request) database(id string) (n int, err error) {
	name := id[strings.LastIndexByte(id, ':')+1:]
	n, ok := r.estate.named(databases, name)
	if ok && r.estate.regionOf(databases, n) == r.Region {
		if _, ok := r.estate.databaseState(n, r.now); ok {
			return n, nil
		}
	}
	return 0, r.refuse(404, "DBInstanceNotFound", "DBInstance %s not found.", name)
}

// turnDatabase applies a change to a DB instance whose state allows it.
func (r *request) turnDatabase(id, from string, apply func(*change)) (*types.DBInstance, error) {
	n, err := r.database(id)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(r.estate.engine(n), "aurora") {
		return nil, r.refuse(400, "InvalidParameterCombination", "aurora DB instances are not eligible for stopping and starting on their own.")
	}
	if state, _ := r.estate.databaseState(n, r.now); state != from {
		return nil, r.refuse(400, "InvalidDBInstanceState", "Instance %s is not in %s state.", id, from)
	}
	r.estate.change(databases, n, id, apply)
	return new(r.dbInstance(n)), nil
}

func stopDBInstance(r *request, in *rds.StopDBInstanceInput) (*rds.StopDBInstanceOutput, error) {
	v, err := r.turnDatabase(*in.DBInstanceIdentifier, "available", r.estate.move(r.now, "stopping", "stopped"))
	return &rds.StopDBInstanceOutput{DBInstance: v}, err
}

func startDBInstance(r *request, in *rds.StartDBInstanceInput) (*rds.StartDBInstanceOutput, error) {
	v, err := r.turnDatabase(*in.DBInstanceIdentifier, "stopped", r.estate.move(r.now, "starting", "available"))
	return &rds.StartDBInstanceOutput{DBInstance: v}, err
}

func deleteDBInstance(r *request, in *rds.DeleteDBInstanceInput) (*rds.DeleteDBInstanceOutput, error) {
	n, err := r.database(*in.DBInstanceIdentifier)
	if err != nil {
		return nil, err
	}
	skip := in.SkipFinalSnapshot != nil && *in.SkipFinalSnapshot
	aurora := strings.HasPrefix(r.estate.engine(n), "aurora")
	state, _ := r.estate.databaseState(n, r.now)
	switch {
	case r.estate.protected(n):
		return nil, r.refuse(400, "InvalidParameterCombination", "Cannot delete protected DB Instance, please disable deletion protection and try again.")
	case !skip && !aurora && in.FinalDBSnapshotIdentifier == nil:
		return nil, r.refuse(400, "InvalidParameterCombination", "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.")
	case state == "deleting":
		return nil, r.refuse(400, "InvalidDBInstanceState", "Instance %s is already being deleted.", *in.DBInstanceIdentifier)
	case !skip && state != "available":
		return nil, r.refuse(400, "InvalidDBInstanceState", "Instance %s is not in available state, so that no final snapshot can be made.", *in.DBInstanceIdentifier)
	}
	r.estate.change(databases, n, *in.DBInstanceIdentifier, r.estate.remove(r.now, "deleting", "deleting", time.Duration(0)))
	return &rds.DeleteDBInstanceOutput{DBInstance: new(r.dbInstance(n))}, nil
}
