package savings_test

import (
	"maps"

	"github.com/consolesensei/resource-tracker/tracker"
)

func databaseSnapshot(days int, metadata m) tracker.Resource {
	r := res("RDS_Snapshot", "snapshot:before-upgrade", "available", days, m{"snapshot_of": "instance", "instance_id": "db-1", "engine": "postgres", "allocated_storage_gb": int64(100)})
	maps.Copy(r.Metadata, metadata)
	return r
}

var oldDatabaseSnapshot = []row{
	{name: "a year old", resource: databaseSnapshot(365, nil), want: "unpriced"},
	{name: "new", resource: databaseSnapshot(5, nil), want: "none"},
	{name: "being made", resource: res("RDS_Snapshot", "snapshot:a", "creating", 365, m{}), want: "none"},
}
