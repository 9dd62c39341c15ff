package scanners

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

// databasesOf answers with one database of each kind, on one page or, when
// large, with the promise of another.
func databasesOf(large bool) answers {
	return func(c call) (int, string) {
		kind, id := "DBInstance", "DBInstanceIdentifier"
		if c.op == "DescribeDBClusters" {
			kind, id = "DBCluster", "DBClusterIdentifier"
		}
		engines := []string{"postgres", "neptune", "docdb", "aurora-mysql"}
		if _, only, ok := strings.Cut(c.text, "Filters.Filter.1.Values.Value.1="); ok {
			only, _, _ = strings.Cut(only, "&")
			engines = []string{only}
		}
		marker := ""
		if large && !strings.Contains(c.text, "Marker=") {
			marker = "<Marker>2</Marker>"
		} else if large {
			engines = []string{engines[0] + "-2"}
		}
		var b strings.Builder
		for _, e := range engines {
			engine, _, _ := strings.Cut(e, "-2")
			fmt.Fprintf(&b, "<%s><%s>%s</%[2]s><Engine>%[4]s</Engine></%[1]s>", kind, id, e, engine)
		}
		return http.StatusOK, fmt.Sprintf("<%sResponse><%[1]sResult><%ss>%s</%[2]ss>%[4]s</%[1]sResult></%[1]sResponse>", c.op, kind, b.String(), marker)
	}
}

// TestDatabases lists each database as one type, in as few calls as there are
// pages, whoever asks first.
func TestDatabases(t *testing.T) {
	families := func(kind string, first int) []Scanner {
		var all []Scanner
		for _, name := range []string{"RDS", "Neptune", "DocumentDB"} {
			s, ok := Find(tracker.Type(name + "_" + kind))
			if !ok {
				t.Fatalf("no %s_%s", name, kind)
			}
			all = append(all, s)
		}
		return append(all[first:], all[:first]...)
	}
	for _, tc := range []struct {
		name  string
		large bool
		first int // of the families
		calls int
		want  []string
	}{
		{name: "one page", calls: 1, want: []string{"DocumentDB docdb", "Neptune neptune", "RDS aurora-mysql", "RDS postgres"}},
		{
			name: "two pages, RDS first", large: true, calls: 2 + 2 + 2,
			want: []string{"DocumentDB docdb", "DocumentDB docdb-2", "Neptune neptune", "Neptune neptune-2", "RDS aurora-mysql", "RDS postgres", "RDS postgres-2"},
		},
		{
			name: "two pages, Neptune first", large: true, first: 1, calls: 1 + 2 + 2 + 2,
			want: []string{"DocumentDB docdb", "DocumentDB docdb-2", "Neptune neptune", "Neptune neptune-2", "RDS aurora-mysql", "RDS postgres", "RDS postgres-2"},
		},
	} {
		for _, kind := range []string{"Instance", "Cluster"} {
			t.Run(tc.name+"/"+kind, func(t *testing.T) {
				var n counted
				at := target(n.over(databasesOf(tc.large)))
				at.Share = NewShare()
				var got []string
				for _, s := range families(kind, tc.first) {
					err := s.Run(t.Context(), at, func(rs ...tracker.Resource) error {
						for _, r := range rs {
							got = append(got, strings.TrimSuffix(string(r.Type), "_"+kind)+" "+r.ID)
						}
						return nil
					})
					if err != nil {
						t.Error(err)
					}
				}
				slices.Sort(got)
				if diff := gocmp.Diff(tc.want, got); diff != "" {
					t.Errorf("listed (-want +got):\n%s", diff)
				}
				if calls := n.calls["DescribeDB"+kind+"s"]; calls != tc.calls {
					t.Errorf("%d calls, want %d", calls, tc.calls)
				}
			})
		}
	}
}

// TestUndescribed lists three of which one is gone by the time it is described
// and one may not be described: the third is whole, and so is the error.
func TestUndescribed(t *testing.T) {
	for _, tc := range []struct {
		scanner            Scanner
		list               string // what is listed
		op, described      string // the call about one, and its answer
		gone, refused      string // AWS's errors
		state, wantRefused string
	}{
		{
			scanner: dynamoDBTable,
			list:    `{"TableNames": ["there", "vanished", "secret"]}`,
			op:      "DescribeTable", described: `{"Table": {"TableName": "there", "TableStatus": "ACTIVE"}}`,
			gone:    `{"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "Requested resource not found: Table: vanished not found"}`,
			refused: `{"__type": "com.amazon.coral.service#AccessDeniedException", "message": "no"}`,
			state:   "active", wantRefused: "unknown",
		},
		{
			scanner: sageMakerNotebook,
			list: `{"NotebookInstances": [{"NotebookInstanceName": "there", "NotebookInstanceStatus": "InService"},
				{"NotebookInstanceName": "vanished", "NotebookInstanceStatus": "Deleting"}, {"NotebookInstanceName": "secret", "NotebookInstanceStatus": "Stopped"}]}`,
			op: "DescribeNotebookInstance", described: `{"NotebookInstanceName": "there", "VolumeSizeInGB": 5}`,
			gone:    `{"__type": "ValidationException", "message": "RecordNotFound"}`,
			refused: `{"__type": "AccessDeniedException", "message": "no"}`,
			state:   "inservice", wantRefused: "stopped",
		},
		{
			scanner: sageMakerEndpoint,
			list: `{"Endpoints": [{"EndpointName": "there", "EndpointStatus": "InService"},
				{"EndpointName": "vanished", "EndpointStatus": "Deleting"}, {"EndpointName": "secret", "EndpointStatus": "Failed"}]}`,
			op: "DescribeEndpoint", described: `{"EndpointName": "there", "EndpointConfigName": "deleted"}`,
			gone:    `{"__type": "ValidationException", "message": "Could not find endpoint \"vanished\"."}`,
			refused: `{"__type": "AccessDeniedException", "message": "no"}`,
			state:   "inservice", wantRefused: "failed",
		},
	} {
		t.Run(string(tc.scanner.Type), func(t *testing.T) {
			var mu sync.Mutex
			got := map[string]tracker.Resource{}
			err := tc.scanner.Run(t.Context(), target(answers(func(c call) (int, string) {
				switch {
				case c.op == "GetResources":
					return http.StatusOK, tagged(nil, "")
				case c.op == "DescribeEndpointConfig":
					return http.StatusBadRequest, `{"__type": "ValidationException", "message": "Could not find endpoint configuration \"deleted\"."}`
				case c.op != tc.op:
					return http.StatusOK, tc.list
				case strings.Contains(c.text, "vanished"):
					return http.StatusBadRequest, tc.gone
				case strings.Contains(c.text, "secret"):
					return http.StatusBadRequest, tc.refused
				default:
					return http.StatusOK, tc.described
				}
			})), func(rs ...tracker.Resource) error {
				mu.Lock()
				defer mu.Unlock()
				for _, r := range rs {
					got[r.ID] = r
				}
				return nil
			})
			if err == nil || !strings.Contains(err.Error(), "AccessDenied") || strings.Contains(err.Error(), "ot found") {
				t.Errorf("error %v", err)
			}
			if len(got) != 2 || got["there"].State != tc.state || got["secret"].State != tc.wantRefused {
				t.Errorf("resources %+v", got)
			}
		})
	}
}

// TestTaggedTypesRefused asks by ARN in a region whose tagging API does not know
// one of the types.
func TestTaggedTypesRefused(t *testing.T) {
	var got []tracker.Resource
	err := glueJob.Run(t.Context(), target(answers(func(c call) (int, string) {
		switch {
		case c.op == "GetJobs":
			return http.StatusOK, `{"Jobs": [{"Name": "j"}]}`
		case strings.Contains(c.text, "ResourceTypeFilters"):
			return http.StatusBadRequest, `{"__type": "InvalidParameterException", "message": "Unsupported service=x in ResourceTypeFilter - x:"}`
		default:
			return http.StatusOK, tagged([]string{"arn:aws:glue:eu-west-1:111122223333:job/j"}, "")
		}
	})), func(rs ...tracker.Resource) error {
		got = append(got, rs...)
		return nil
	})
	if err != nil || len(got) != 1 || got[0].Tags["arn"] != got[0].ARN {
		t.Errorf("resources %+v, error %v", got, err)
	}
}
