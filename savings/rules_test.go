package savings_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

var update = flag.Bool("update", false, "write golden files")

var now = time.Date(2026, time.November, 1, 12, 0, 0, 0, time.UTC)

type m = tracker.Metadata

// row is one resource before a rule, in a scan with others.
type row struct {
	name     string
	resource tracker.Resource
	others   []tracker.Resource
	// metrics are the values of each metric, by name; one value stands for as
	// many days as a rule may ask for.
	metrics map[string][]float64
	// want is the saving in dollars, "unpriced", "none" for no finding, or why the
	// rule cannot decide.
	want string
}

// tables are the rows of every rule.
var tables = map[string][]row{
	"address_on_idle_interface":    addressOnIdleInterface,
	"address_on_stopped_instance":  addressOnStoppedInstance,
	"aurora_io_optimized":          auroraIOOptimized,
	"bucket_all_standard":          bucketAllStandard,
	"bucket_without_lifecycle":     bucketWithoutLifecycle,
	"database_io1_to_gp3":          databaseIO1ToGP3,
	"disabled_key":                 disabledKey,
	"down_vpn_connection":          downVPNConnection,
	"eks_extended_support":         eksExtendedSupport,
	"empty_dedicated_host":         emptyDedicatedHost,
	"empty_ecs_cluster":            emptyECSCluster,
	"empty_eks_cluster":            emptyEKSCluster,
	"empty_hosted_zone":            emptyHostedZone,
	"empty_load_balancer":          emptyLoadBalancer,
	"gp2_to_gp3":                   gp2ToGP3,
	"graviton_cache":               gravitonCache,
	"graviton_database":            gravitonDatabase,
	"graviton_instance":            gravitonInstance,
	"idle_address":                 idleAddress,
	"idle_cache":                   idleCache,
	"idle_database":                idleDatabase,
	"idle_instance":                idleInstance,
	"idle_interface_endpoint":      idleInterfaceEndpoint,
	"idle_load_balancer":           idleLoadBalancer,
	"idle_model_endpoint":          idleModelEndpoint,
	"idle_nat_gateway":             idleNATGateway,
	"idle_stream":                  idleStream,
	"idle_table_capacity":          idleTableCapacity,
	"idle_warehouse":               idleWarehouse,
	"incomplete_uploads":           incompleteUploads,
	"io1_to_gp3":                   io1ToGP3,
	"log_group_without_retention":  logGroupWithoutRetention,
	"old_database_snapshot":        oldDatabaseSnapshot,
	"old_snapshot":                 oldSnapshot,
	"orphan_database_snapshot":     orphanDatabaseSnapshot,
	"orphan_snapshot":              orphanSnapshot,
	"oversized_database_storage":   oversizedDatabaseStorage,
	"oversized_function":           oversizedFunction,
	"oversized_instance":           oversizedInstance,
	"previous_generation_database": previousGenerationDatabase,
	"previous_generation_instance": previousGenerationInstance,
	"rds_extended_support":         rdsExtendedSupport,
	"stale_alarm":                  staleAlarm,
	"stale_repository":             staleRepository,
	"stopped_database":             stoppedDatabase,
	"stopped_instance":             stoppedInstance,
	"stopped_lightsail_instance":   stoppedLightsailInstance,
	"unattached_volume":            unattachedVolume,
	"unmounted_file_system":        unmountedFileSystem,
	"unrouted_nat_gateway":         unroutedNATGateway,
	"unused_capacity_reservation":  unusedCapacityReservation,
	"unused_image":                 unusedImage,
	"unused_secret":                unusedSecret,
	"unused_workspace":             unusedWorkspace,
	"x86_function":                 x86Function,
}

// TestRules runs every rule over its rows. The findings are compared with a
// golden file, so that what people read is reviewed like code.
func TestRules(t *testing.T) {
	if got, want := slices.Sorted(maps.Keys(tables)), names(); !slices.Equal(got, want) {
		t.Fatalf("tables differ from the catalogue:\n%s", cmp.Diff(want, got))
	}
	golden := map[string]tracker.Finding{}
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			found, passed := 0, 0
			for _, row := range tables[name] {
				f, got := evaluate(t, name, row)
				if got != row.want {
					t.Errorf("%s: %s, want %s", row.name, got, row.want)
				}
				if f == nil {
					passed++
					continue
				}
				if found++; found == 1 {
					golden[name] = *f
				}
			}
			if found == 0 || passed == 0 {
				t.Errorf("%d rows are found and %d are not; both have to be there", found, passed)
			}
		})
	}
	compare(t, "testdata/findings.json", golden)
}

func names() []string {
	var all []string
	for _, r := range savings.Catalog {
		all = append(all, r.Name)
	}
	return all
}

// evaluate runs one rule over a row. Like a scan's, the metadata have been
// through JSON.
func evaluate(t *testing.T, rule string, row row) (f *tracker.Finding, got string) {
	t.Helper()
	row.resource = throughJSON(t, row.resource)
	rs := scan(row.resource)
	for _, r := range row.others {
		rs = append(rs, throughJSON(t, r))
	}
	e := evaluation(t, savings.Options{Rules: []string{rule}, Metrics: row.metrics != nil}, rs...)
	values := tracker.MetricValues{}
	for _, q := range e.Wanted(row.resource) {
		if v, ok := row.metrics[q.Name]; ok {
			if len(v) == 1 {
				v = slices.Repeat(v, q.Days)
			}
			values[q.ID()] = tracker.MetricSeries{Values: v}
		}
	}
	fs := e.Find(row.resource, values)
	report := e.Report()[0]
	switch {
	case len(fs) > 1:
		t.Fatalf("%s: %d findings of one rule", row.name, len(fs))
	case len(fs) == 0 && report.Reason != "":
		return nil, report.Reason
	case len(fs) == 0:
		return nil, "none"
	case fs[0].MonthlySaving == nil:
		return &fs[0], "unpriced"
	}
	return &fs[0], fmt.Sprintf("%.2f", fs[0].MonthlySaving.Float())
}

func throughJSON(t *testing.T, r tracker.Resource) (out tracker.Resource) {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// evaluation notes a scan of which every type was seen.
func evaluation(t *testing.T, o savings.Options, rs ...tracker.Resource) *savings.Evaluation {
	t.Helper()
	return evaluationOf(t, everything(), o, rs...)
}

// evaluationOf notes a scan of some cells.
func evaluationOf(t *testing.T, cells []tracker.CellReport, o savings.Options, rs ...tracker.Resource) *savings.Evaluation {
	t.Helper()
	o.Now, o.Prices, o.After, o.Refused, o.Coverage = now, list{}, actions.After, refused, savings.CoverageOf(cells)
	e, err := savings.New(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		e.Note(r)
	}
	return e
}

// refused is what verbs refuse where a tag protects.
func refused(r tracker.Resource, item tracker.ActionItem) []tracker.Refusal {
	return actions.Refused(r, item, []string{"protected"})
}

const account, region = "123456789012", "us-east-1"

// everything is the coverage of a scan that saw all types that rules read.
func everything() []tracker.CellReport {
	seen := map[tracker.Type]bool{}
	for _, r := range savings.Catalog {
		for _, typ := range r.Reads() {
			seen[typ] = true
		}
	}
	var cells []tracker.CellReport
	for _, typ := range slices.Sorted(maps.Keys(seen)) {
		cells = append(cells, tracker.CellReport{Cell: tracker.Cell{AccountID: account, Region: region, Type: typ}, Outcome: tracker.OutcomeOK})
	}
	return cells
}

// res is a resource that was created some days ago; days < 0: it is not known when.
func res(typ tracker.Type, id, state string, days int, metadata m) tracker.Resource {
	r := tracker.Resource{ID: id, Type: typ, AccountID: account, Region: region, State: state, Tags: map[string]string{}, Metadata: metadata}
	if days >= 0 {
		r.Created = new(ago(days))
	}
	return r
}

func ago(days int) time.Time { return now.AddDate(0, 0, -days) }

// stamp is a time some days ago as metadata have it.
func stamp(days int) string { return ago(days).Format(time.RFC3339) }

func tagged(r tracker.Resource, key, value string) tracker.Resource {
	r.Tags = map[string]string{key: value}
	return r
}

func with(r tracker.Resource, key string, value any) tracker.Resource {
	r.Metadata = maps.Clone(r.Metadata)
	r.Metadata[key] = value
	return r
}

// compare compares with a golden file.
func compare(t *testing.T, file string, got any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", file, diff)
	}
}
