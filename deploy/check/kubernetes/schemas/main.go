// Command schemas writes the JSON schemas that manifests are held to, in the form that kubeconform
// reads: of Kubernetes from its OpenAPI document, of operators from their custom resource definitions.
// Both come with the Go modules that are named here. It runs in the folder of its tests:
//
//	go run ./schemas
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	folder      = "testdata/schemas"
	kubernetes  = "k8s.io/kubernetes@v1.37.2"
	definitions = "definitions.json"
)

// kinds are those of Kubernetes that the chart may render.
var kinds = []string{
	"core.v1.ConfigMap", "core.v1.Namespace", "core.v1.Pod", "core.v1.Secret", "core.v1.Service", "core.v1.ServiceAccount",
	"apps.v1.Deployment", "apps.v1.StatefulSet", "batch.v1.Job", "autoscaling.v2.HorizontalPodAutoscaler",
	"networking.v1.Ingress", "networking.v1.NetworkPolicy", "policy.v1.PodDisruptionBudget",
}

// operators are the definitions of kinds that operators bring, by module.
var operators = map[string][]string{
	"github.com/kedacore/keda/v2@v2.21.0": {"config/crd/bases/keda.sh_scaledobjects.yaml"},
	"github.com/prometheus-operator/prometheus-operator@v0.85.0": {
		"example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml",
		"example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
		"example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
	},
	"sigs.k8s.io/gateway-api@v1.5.1": {"config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"},
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := writeKubernetes(); err != nil {
		return err
	}
	for module, files := range operators {
		dir, err := download(module)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := writeOperator(filepath.Join(dir, file)); err != nil {
				return err
			}
		}
	}
	return nil
}

// download returns the folder of a module.
func download(module string) (string, error) {
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		return "", fmt.Errorf("download %s: %w\n%s", module, err, out)
	}
	var got struct{ Dir string }
	return got.Dir, json.Unmarshal(out, &got)
}

// writeKubernetes writes the definitions that kinds need, and a file for each kind that refers to its own.
func writeKubernetes() error {
	dir, err := download(kubernetes)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(dir, "api/openapi-spec/swagger.json"))
	if err != nil {
		return err
	}
	var doc struct{ Definitions map[string]map[string]any }
	if err := json.Unmarshal(raw, &doc); err != nil {
		return err
	}
	const api, machinery = "io.k8s.api.", "io.k8s.apimachinery.pkg."
	// The document says of these two that they are texts.
	doc.Definitions[machinery+"util.intstr.IntOrString"] = map[string]any{"type": []any{"string", "integer"}}
	doc.Definitions[machinery+"api.resource.Quantity"] = map[string]any{"type": []any{"string", "number"}}
	needed := map[string]any{}
	var need func(name string)
	need = func(name string) {
		if needed[name] == nil {
			needed[name] = strict(doc.Definitions[name], need)
		}
	}
	for _, kind := range kinds {
		need(api + kind)
		part := strings.Split(kind, ".") // group, version, kind
		name := strings.ToLower(part[2] + "-" + part[0] + "-" + part[1])
		name = strings.Replace(name, "-core-", "-", 1)
		if err := write(name+".json", map[string]any{"$ref": definitions + "#/definitions/" + api + kind}); err != nil {
			return err
		}
	}
	return write(definitions, map[string]any{"definitions": needed})
}

// writeOperator writes the schema of the newest version of a custom resource.
func writeOperator(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var crd struct {
		Spec struct {
			Group string
			Names struct{ Kind string }

			Versions []struct {
				Name    string
				Storage bool
				Schema  struct {
					OpenAPIV3Schema map[string]any
				}
			}
		}
	}
	if err := yaml.Unmarshal(raw, &crd); err != nil {
		return err
	}
	group, _, _ := strings.Cut(crd.Spec.Group, ".")
	for _, v := range crd.Spec.Versions {
		if v.Storage {
			name := strings.ToLower(crd.Spec.Names.Kind + "-" + group + "-" + v.Name + ".json")
			return write(name, strict(v.Schema.OpenAPIV3Schema, func(string) {}))
		}
	}
	return fmt.Errorf("%s stores no version", path)
}

// strict is a schema without what only people read, which refuses fields that it does not name.
// It says to need what it refers to.
func strict(schema map[string]any, need func(string)) map[string]any {
	out := map[string]any{}
	for key, value := range schema {
		switch {
		case key == "properties":
			all := map[string]any{}
			for name, property := range value.(map[string]any) {
				all[name] = strict(property.(map[string]any), need)
			}
			out[key] = all
		case key == "$ref":
			name := value.(string)[strings.LastIndex(value.(string), "/")+1:]
			need(name)
			out[key] = "#/definitions/" + name
		case slices.Contains([]string{"items", "additionalProperties", "not"}, key):
			out[key] = value
			if inner, ok := value.(map[string]any); ok {
				out[key] = strict(inner, need)
			}
		case slices.Contains([]string{"anyOf", "allOf", "oneOf"}, key):
			var all []any
			for _, v := range value.([]any) {
				all = append(all, strict(v.(map[string]any), need))
			}
			out[key] = all
		case key != "description" && key != "format" && key != "default" && !strings.HasPrefix(key, "x-"):
			out[key] = value
		}
	}
	_, closed := schema["properties"]
	if closed && schema["additionalProperties"] == nil && schema["x-kubernetes-preserve-unknown-fields"] != true && schema["type"] == "object" {
		out["additionalProperties"] = false
	}
	if schema["x-kubernetes-int-or-string"] == true {
		out["type"] = []any{"string", "integer"}
	}
	return out
}

func write(name string, schema any) error {
	text, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name), append(text, '\n'), 0o644)
}
