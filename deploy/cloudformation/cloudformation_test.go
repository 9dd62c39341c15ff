package cloudformation

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/consolesensei/resource-tracker/internal/config"
)

// form is a template that runs a program.
type form struct {
	file    string
	program config.Program
	// left are settings that the form does not offer, and why.
	left map[string]string
}

const (
	noDisk     = "the file system is read-only"
	redis      = "an API with REDIS_URL reads none"
	oneRequest = "an instance of Lambda answers one request at a time"
)

var forms = []form{
	{"workers.yaml", config.Worker, map[string]string{
		"LOG_FILE": noDisk, "WEBHOOK_CA_FILE": noDisk, "AWS_ENDPOINT_URL": "the workers are in AWS",
	}},
	{"api.yaml", config.API, map[string]string{"LOG_FILE": noDisk, "DATA_DIR": redis}},
	{"lambda.yaml", config.API, map[string]string{"LOG_FILE": noDisk, "DATA_DIR": redis, "SHUTDOWN_GRACE_SECONDS": "Lambda grants none"}},
}

// TestSettings holds each form to hand its program every setting that the program reads,
// and no other: a secret as a secret, and others as they are.
func TestSettings(t *testing.T) {
	known := map[string]config.Setting{}
	for _, s := range config.Settings() {
		known[s.Name] = s
	}
	for _, f := range forms {
		t.Run(f.file, func(t *testing.T) {
			template := read(t, f.file)
			plain, secret := environment(template)
			for name := range plain {
				if s, ok := known[name]; ok && s.Secret {
					t.Errorf("%s is a secret, and stands in the environment", name)
				}
			}
			for name, s := range known {
				value, given := plain[name]
				if s.Secret {
					value, given = secret[name]
				}
				switch reads, why := slices.Contains(s.Programs, f.program), f.left[name]; {
				case given && !reads:
					t.Errorf("%s is handed to a program that does not read it", name)
				case given && why != "":
					t.Errorf("%s is handed over, and left out: %s", name, why)
				case reads && !given && why == "":
					t.Errorf("%s is not handed over; a parameter %s is missing", name, camel(name))
				}
				if parameter, ok := refers(value); given && ok && parameter != camel(name) && parameter != camel(name)+"Arn" {
					t.Errorf("%s is the parameter %s, not one that is named after it", name, parameter)
				}
			}
			for name := range plain {
				if _, ok := known[name]; !ok && !strings.HasPrefix(name, "AWS_LWA_") {
					t.Errorf("%s is no setting", name)
				}
			}
		})
	}
}

// TestGrace: ECS waits longer than the programs take to end, as docs/setup.md asks.
func TestGrace(t *testing.T) {
	for _, file := range []string{"workers.yaml", "api.yaml"} {
		template := read(t, file)
		after := at(template, "Mappings", "Stop", "After").(map[string]any)
		for grace, stop := range after {
			if number(t, stop) != number(t, grace)+5 || number(t, stop) > 120 { // Fargate's most
				t.Errorf("%s: ECS waits %v s for a program that may take %v s", file, stop, grace)
			}
		}
		offered, _ := at(template, "Parameters", "ShutdownGraceSeconds", "AllowedValues").([]any)
		for _, grace := range offered {
			if after[grace.(string)] == nil {
				t.Errorf("%s: no time to stop for %v", file, grace)
			}
		}
		standard := at(template, "Parameters", "ShutdownGraceSeconds", "Default")
		for _, s := range config.Settings() {
			if s.Name == "SHUTDOWN_GRACE_SECONDS" && s.Default != standard {
				t.Errorf("%s: the grace is %v, and that of the programs %s", file, standard, s.Default)
			}
		}
		if len(offered) == 0 || !strings.Contains(text(t, file), "StopTimeout: !FindInMap [Stop, After, !Ref ShutdownGraceSeconds]") {
			t.Errorf("%s does not use the table", file)
		}
	}
}

// TestSize: a template that is sent with the request has 51,200 bytes at most
// (CloudFormation user guide, quotas).
func TestSize(t *testing.T) {
	for _, file := range files(t) {
		if n := len(text(t, file)); n > 51200 {
			t.Errorf("%s has %d bytes", file, n)
		}
	}
}

// TestScalesOnWhatIsExported: the collector keeps the metrics that the scaling reads, under
// the names that the documents list.
func TestScalesOnWhatIsExported(t *testing.T) {
	body := text(t, "workers.yaml")
	documents := text(t, "../../docs/operations.md")
	for name, documented := range map[string]string{"resource_tracker_queue_tasks": "`queue_tasks`", "resource_tracker_workers": "`workers`"} {
		for _, want := range []string{"MetricName: " + name + ",", `"^` + name + `$"`, name + ";"} {
			if !strings.Contains(body, want) {
				t.Errorf("workers.yaml lacks %s", want)
			}
		}
		if !strings.Contains(documents, documented) {
			t.Errorf("docs/operations.md does not list %s", documented)
		}
	}
}

// environment returns what the program of a template is handed, by name.
func environment(template map[string]any) (plain, secret map[string]any) {
	plain, secret = map[string]any{}, map[string]any{}
	walk(template["Resources"], func(m map[string]any) {
		if variables, ok := at(m, "Environment", "Variables").(map[string]any); ok { // Lambda
			for name, value := range variables {
				if strings.Contains(flat(value), "{{resolve:secretsmanager:") {
					secret[name] = value
				} else {
					plain[name] = value
				}
			}
		}
		if m["Name"] == "collector" {
			return
		}
		for _, key := range []string{"Environment", "Secrets"} {
			list, _ := m[key].([]any)
			for _, entry := range list {
				e := entry.(map[string]any)
				if choice, ok := e["Fn::If"].([]any); ok {
					e = choice[1].(map[string]any)
				}
				if key == "Secrets" {
					secret[e["Name"].(string)] = e["ValueFrom"]
				} else {
					plain[e["Name"].(string)] = e["Value"]
				}
			}
		}
	})
	return plain, secret
}

// refers returns the parameter that a value is.
func refers(value any) (string, bool) {
	m, _ := value.(map[string]any)
	name, ok := m["Ref"].(string)
	return name, ok && name != "RedisUrl"
}

// camel is the name of a setting as CloudFormation takes names.
func camel(setting string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(setting, "_") {
		b.WriteString(word[:1] + strings.ToLower(word[1:]))
	}
	return b.String()
}

func files(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.yaml")
	if err != nil || len(names) < 4 {
		t.Fatalf("%v, %v", names, err)
	}
	return append(names, "../iam/scan-role.yaml")
}

func read(t *testing.T, file string) map[string]any {
	t.Helper()
	template, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func text(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func number(t *testing.T, v any) int {
	t.Helper()
	n, err := strconv.Atoi(v.(string))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
