package kubernetes

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

const chartDir = "../../helm/resource-tracker"

// object is one rendered object.
type object struct {
	File  string // of the template
	Text  string
	Kind  string
	Name  string
	Raw   map[string]any
	Typed runtime.Object // nil for kinds of operators
}

// strictly decodes what Kubernetes itself knows, and refuses fields that it does not.
var strictly = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

func loadChart(t testing.TB) *chart.Chart {
	t.Helper()
	c, err := loader.LoadDir(chartDir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// valueSets are the files in ci, by name without suffix.
func valueSets(t testing.TB) map[string]map[string]any {
	t.Helper()
	files, err := filepath.Glob(chartDir + "/ci/*.yaml")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d sets of values: %v", len(files), err)
	}
	sets := map[string]map[string]any{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sets[strings.TrimSuffix(filepath.Base(file), ".yaml")] = values(t, string(text))
	}
	return sets
}

// values reads values as helm does.
func values(t testing.TB, text string) map[string]any {
	t.Helper()
	v := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// template is `helm template`: the rendered files, by name.
func template(c *chart.Chart, v map[string]any, service string) (map[string]string, error) {
	release := chartutil.ReleaseOptions{Name: "resource-tracker", Namespace: "resource-tracker", IsInstall: true, Revision: 1}
	all, err := chartutil.ToRenderValues(c, v, release, chartutil.DefaultCapabilities.Copy())
	if err != nil {
		return nil, err
	}
	all["Release"].(map[string]any)["Service"] = service
	return engine.Render(c, all)
}

// render returns the objects of a set of values, in the order of their templates.
func render(t testing.TB, v map[string]any) []object {
	t.Helper()
	files, err := template(loadChart(t), v, "Helm")
	if err != nil {
		t.Fatal(err)
	}
	objects, err := split(files)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func split(files map[string]string) ([]object, error) {
	var objects []object
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(file) != ".yaml" {
			continue
		}
		for _, text := range strings.Split("\n"+files[file], "\n---\n") {
			text = withoutEmptyLines(text)
			if text == "" {
				continue
			}
			o, err := read(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w\n%s", file, err, text)
			}
			o.File = file
			objects = append(objects, o)
		}
	}
	return objects, nil
}

func withoutEmptyLines(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, " \n"))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

func read(text string) (object, error) {
	o := object{Text: text}
	if err := yaml.UnmarshalStrict([]byte(text), &o.Raw); err != nil {
		return o, err
	}
	o.Kind, _ = o.Raw["kind"].(string)
	o.Name = field[string](o.Raw, "metadata", "name")
	version, _ := o.Raw["apiVersion"].(string)
	if strings.Contains(version, "keda.sh") || strings.Contains(version, "monitoring.coreos.com") || strings.Contains(version, "gateway.") {
		return o, nil
	}
	typed, _, err := strictly.Decode([]byte(text), nil, nil)
	o.Typed = typed
	return o, err
}

// field is what is at a path of an object, or nothing.
func field[T any](o map[string]any, path ...string) T {
	var none T
	for _, name := range path[:len(path)-1] {
		next, ok := o[name].(map[string]any)
		if !ok {
			return none
		}
		o = next
	}
	found, _ := o[path[len(path)-1]].(T)
	return found
}

// find returns the typed objects of a kind, by name.
func find[T runtime.Object](objects []object) map[string]T {
	found := map[string]T{}
	for _, o := range objects {
		if typed, ok := o.Typed.(T); ok {
			found[o.Name] = typed
		}
	}
	return found
}

// sets are renderings by the name of their values. Tests read them, and change none.
var sets = map[string][]object{}

func rendered(t testing.TB, set string) []object {
	t.Helper()
	if sets[set] == nil {
		sets[set] = render(t, valueSets(t)[set])
	}
	return sets[set]
}

// eachSet runs a test for every set of values.
func eachSet(t *testing.T, test func(t *testing.T, objects []object)) {
	for _, name := range slices.Sorted(maps.Keys(valueSets(t))) {
		t.Run(name, func(t *testing.T) { test(t, rendered(t, name)) })
	}
}
