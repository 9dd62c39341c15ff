package kubernetes

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/yannh/kubeconform/pkg/resource"
	"github.com/yannh/kubeconform/pkg/validator"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"

	"github.com/consolesensei/resource-tracker/tracker"
)

// schemas are written by ./schemas.
const schemas = "testdata/schemas/{{.ResourceKind}}{{.KindSuffix}}.json"

func TestLint(t *testing.T) {
	for name, v := range valueSets(t) {
		for _, m := range lint.All(chartDir, v, "resource-tracker", true).Messages {
			// An icon is all that it misses.
			if m.Severity > support.InfoSev {
				t.Errorf("%s: %s", name, m)
			}
		}
	}
}

// TestSchemas: rendering decodes what Kubernetes knows strictly; here all of it, with what
// operators know, is held to the schemas.
func TestSchemas(t *testing.T) {
	check, err := validator.New([]string{schemas}, validator.Opts{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	eachSet(t, func(t *testing.T, objects []object) {
		seen := map[string]bool{}
		for _, o := range objects {
			kinds[o.Kind]++
			if result := check.ValidateResource(resource.Resource{Bytes: []byte(o.Text)}); result.Status != validator.Valid {
				t.Errorf("%s %s: %v\n%s", o.Kind, o.Name, result.Err, o.Text)
			}
			if id := o.Kind + "/" + o.Name; seen[id] {
				t.Errorf("%s is there twice", id)
			} else {
				seen[id] = true
			}
			if field[string](o.Raw, "metadata", "namespace") != "resource-tracker" || len(o.Name) > 63 {
				t.Errorf("%s %s: %v", o.Kind, o.Name, o.Raw["metadata"])
			}
		}
	})
	if len(kinds) != 17 {
		t.Errorf("the sets of values render %d kinds: %v", len(kinds), slices.Sorted(maps.Keys(kinds)))
	}
}

// TestSchemas_Refuse: the schemas find what is wrong, in what Kubernetes knows and in what operators know.
func TestSchemas_Refuse(t *testing.T) {
	check, err := validator.New([]string{schemas}, validator.Opts{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {port: 80}\n",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec: {replicas: two, selector: {}, template: {}}\n",
		"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: {name: a}, triggers: [], min: 1}\n",
		"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a}\nspec: {selector: {}, endpoints: []}\n",
	} {
		if result := check.ValidateResource(resource.Resource{Bytes: []byte(text)}); result.Status != validator.Invalid {
			t.Errorf("%d %v\n%s", result.Status, result.Err, text)
		}
	}
}

func TestVersion(t *testing.T) {
	meta := loadChart(t).Metadata
	if meta.AppVersion != tracker.Version || meta.Version != tracker.Version {
		t.Errorf("chart %s of the programs %s, which are %s", meta.Version, meta.AppVersion, tracker.Version)
	}
}

// TestRules: the alerts are those of deploy/prometheus; a job is stuck only above what a scan may take.
func TestRules(t *testing.T) {
	text, err := os.ReadFile("../../prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	for set, want := range map[string]string{
		"monitored":  string(text),
		"everything": strings.Replace(string(text), "open_job_age_seconds) > 1800", "open_job_age_seconds) > 7500", 1),
	} {
		for _, o := range rendered(t, set) {
			if o.Kind == "PrometheusRule" {
				if diff := cmp.Diff(values(t, want), o.Raw["spec"]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", set, diff)
				}
			}
		}
	}
}

// TestNotes: what helm prints at the end of an install leads on from there.
func TestNotes(t *testing.T) {
	for set, want := range map[string][]string{
		"minimal":        {"port-forward service/resource-tracker-api 5000:80", "Workers have no IAM role"},
		"external-redis": {"helm test -n resource-tracker resource-tracker"},
		"monitored":      {"--service-account resource-tracker-worker"},
		"everything":     {"https://tracker.example.com."},
	} {
		files, err := template(loadChart(t), valueSets(t)[set], "Helm")
		if err != nil {
			t.Fatal(err)
		}
		notes := files["resource-tracker/templates/NOTES.txt"]
		for _, w := range want {
			if !strings.Contains(notes, w) {
				t.Errorf("%s: %q is not in\n%s", set, w, notes)
			}
		}
	}
}
