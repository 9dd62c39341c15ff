package kubernetes

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
)

var update = flag.Bool("update", false, "write what is generated anew")

// golden compares a file with what it should hold, or writes it.
func golden(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err == nil && bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Errorf("%s is not what it is made from; run make manifests (%v)", path, err)
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// goldenFolder compares a folder with the files that it should hold, by name, or writes it.
func goldenFolder(t *testing.T, dir string, want map[string][]byte) {
	t.Helper()
	for name, text := range want {
		golden(t, filepath.Join(dir, name), text)
	}
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if _, ok := want[f.Name()]; ok || f.IsDir() {
			continue
		}
		if !*update {
			t.Errorf("%s is made from nothing", filepath.Join(dir, f.Name()))
		} else if err := os.Remove(filepath.Join(dir, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// own are the settings that the chart sets itself, in place of somebody.
var own = map[string]string{
	"HOST":         "a pod listens at its own address",
	"PORT":         "the Service has the port that callers see",
	"METRICS_ADDR": "probes and monitors know the port of workers",
	"DATA_DIR":     "nothing is kept by a program that has REDIS_URL",
	"REDIS_URL":    "a secret",
}

// reads reports whether a program reads a setting.
func reads(s config.Setting, program string) bool {
	return slices.Contains(s.Programs, config.Program(program))
}

func names(program string, secret bool) []string {
	list := []string{}
	for _, s := range config.Settings() {
		if _, chart := own[s.Name]; reads(s, program) && s.Secret == secret && (secret || !chart) {
			list = append(list, s.Name)
		}
	}
	return list
}

// TestGenerated_Settings: which program reads which setting is known to the templates.
func TestGenerated_Settings(t *testing.T) {
	grace := 0
	for _, s := range config.Settings() {
		if s.Name == "SHUTDOWN_GRACE_SECONDS" {
			grace, _ = strconv.Atoi(s.Default)
		}
	}
	// The public key comes with its pair, so it may be in the same Secret.
	api := append(names("api", true), "CREDENTIALS_RECIPIENT")
	text, err := json.MarshalIndent(map[string]any{
		"grace":    grace,
		"settings": map[string]any{"api": names("api", false), "worker": names("worker", false)},
		"secrets":  map[string]any{"api": api, "worker": names("worker", true)},
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, chartDir+"/files/settings.json", append(text, '\n'))
}

// generated begins the part of the values' schema that is written here.
const generated = "    \"settings\": {\n"

// TestGenerated_Schema: the schema of values knows every setting by name, with what it may be.
func TestGenerated_Schema(t *testing.T) {
	path := chartDir + "/values.schema.json"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(text), generated)
	var b strings.Builder
	b.WriteString(strings.TrimRight(head, "\n") + "\n")
	define := func(name string, pick func(config.Setting) bool) {
		fmt.Fprintf(&b, "    %q: {\n      \"type\": \"object\",\n      \"additionalProperties\": false,\n      \"properties\": {\n", name)
		var lines []string
		for _, s := range config.Settings() {
			if pick(s) {
				lines = append(lines, fmt.Sprintf("        %q: %s", s.Name, schemaOf(t, s)))
			}
		}
		b.WriteString(strings.Join(lines, ",\n") + "\n      }\n    },\n")
	}
	plain := func(s config.Setting) bool { _, chart := own[s.Name]; return !s.Secret && !chart }
	define("settings", plain)
	define("apiSettings", func(s config.Setting) bool { return plain(s) && reads(s, "api") })
	define("workerSettings", func(s config.Setting) bool { return plain(s) && reads(s, "worker") })
	define("secrets", func(s config.Setting) bool { return s.Secret && reads(s, "api") && reads(s, "worker") })
	define("apiSecrets", func(s config.Setting) bool { return s.Secret && reads(s, "api") })
	define("workerSecrets", func(s config.Setting) bool { return s.Secret && reads(s, "worker") })
	var all []string
	for _, s := range config.Settings() {
		all = append(all, s.Name)
	}
	list, err := json.Marshal(append(all, "REDIS_PASSWORD"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, `    "env": {
      "description": "Settings have their own place, where they are checked.",
      "type": "array",
      "items": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1, "not": {"enum": %s}}}
      }
    }
  }
}
`, list)
	golden(t, path, []byte(b.String()))
	var doc map[string]any
	if err := json.Unmarshal([]byte(b.String()), &doc); err != nil {
		t.Fatal(err)
	}
}

var (
	rangeOf  = regexp.MustCompile(`^([0-9]+) to ([0-9]+)$`)
	choiceOf = regexp.MustCompile(`^[a-z0-9]+(, [a-z0-9]+)*( or [a-z0-9]+)?$`)
)

// schemaOf says of a setting what the table of settings says of it.
func schemaOf(t *testing.T, s config.Setting) string {
	t.Helper()
	schema := map[string]any{"description": s.Meaning, "type": "string"}
	if m := rangeOf.FindStringSubmatch(s.Allowed); m != nil {
		schema["type"] = "integer"
		schema["minimum"], _ = strconv.Atoi(m[1])
		schema["maximum"], _ = strconv.Atoi(m[2])
	} else if s.Allowed == "true or false" {
		schema["type"] = "boolean"
	} else if choiceOf.MatchString(s.Allowed) {
		schema["enum"] = strings.Split(strings.ReplaceAll(s.Allowed, " or ", ", "), ", ")
	}
	if s.Secret {
		schema["minLength"] = 1
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(schema); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}

// TestGenerated_Copies: a chart reads no file outside of its folder, so it has copies.
func TestGenerated_Copies(t *testing.T) {
	read := func(path string) []byte {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	golden(t, chartDir+"/files/rules.yml", read("../../prometheus/rules.yml"))
	found, err := filepath.Glob("../../grafana/*.json")
	if err != nil || len(found) == 0 {
		t.Fatal(err)
	}
	dashboards := map[string][]byte{}
	for _, file := range found {
		dashboards[filepath.Base(file)] = read(file)
	}
	goldenFolder(t, chartDir+"/files/dashboards", dashboards)
}

// forms are the folders of deploy/kubernetes, and the values that each is rendered from.
var forms = map[string]string{"bundled-redis": "minimal", "external-redis": "external-redis"}

// TestGenerated_Manifests: deploy/kubernetes is what the chart renders, for those who use no Helm.
func TestGenerated_Manifests(t *testing.T) {
	for form, set := range forms {
		files, err := template(loadChart(t), valueSets(t)[set], "kustomize")
		if err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(files, func(name, _ string) bool { return strings.Contains(name, "/tests/") })
		objects, err := split(files)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string][]byte{"namespace.yaml": []byte(namespace)}
		for _, o := range objects {
			want[strings.ToLower(o.Kind)+"-"+o.Name+".yaml"] = []byte(o.Text)
		}
		list := "  - " + strings.Join(slices.Sorted(maps.Keys(want)), "\n  - ")
		want["kustomization.yaml"] = fmt.Appendf(nil, kustomization, set, list)
		want["secrets.env.example"] = []byte(examples[form])
		if _, err := os.Stat("../../kubernetes/" + form + "/secrets.env"); err == nil {
			t.Log("secrets.env is yours, and stays")
			want["secrets.env"], _ = os.ReadFile("../../kubernetes/" + form + "/secrets.env")
		}
		goldenFolder(t, "../../kubernetes/"+form, want)
	}
}

const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: resource-tracker
  labels:
    pod-security.kubernetes.io/enforce: restricted
`

const kustomization = `# Made by make manifests from deploy/helm/resource-tracker and its ci/%s.yaml.
# secrets.env beside this file has the secrets: secrets.env.example says which.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: resource-tracker
resources:
%s
secretGenerator:
  - name: resource-tracker
    envs: [secrets.env]
`

var examples = map[string]string{
	"bundled-redis": `# api keygen makes the first two.
CREDENTIALS_RECIPIENT=
CREDENTIALS_IDENTITY=
# openssl rand -hex 24 makes each of these.
VALID_API_KEYS=
OPERATOR_API_KEYS=
REDIS_PASSWORD=
`,
	"external-redis": `# api keygen makes the first two.
CREDENTIALS_RECIPIENT=
CREDENTIALS_IDENTITY=
# openssl rand -hex 24 makes each of these.
VALID_API_KEYS=
OPERATOR_API_KEYS=
REDIS_URL=rediss://tracker:PASSWORD@redis.example.com:6379/0
`,
}
