package telemetry_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/consolesensei/resource-tracker/telemetry"
)

// rule is an alert of deploy/prometheus/rules.yml. A field that Prometheus does not know
// is an error.
type rule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

const runbook = "https://github.com/consolesensei/resource-tracker/blob/main/docs/runbook.md#"

var (
	template = regexp.MustCompile(`\{\{ (?:\$labels\.([a-z_]+)|\$value \| humanize(?:Percentage|Duration)?) \}\}`)
	entry    = regexp.MustCompile(`(?m)^## (\w+)$`)
)

func decode(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestRules holds the alerts to what Prometheus takes, to what the programs export, and
// to the runbook.
func TestRules(t *testing.T) {
	var file struct {
		Groups []struct {
			Name  string `yaml:"name"`
			Rules []rule `yaml:"rules"`
		} `yaml:"groups"`
	}
	decode(t, "../deploy/prometheus/rules.yml", &file)
	book, err := os.ReadFile("../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	entries := map[string]string{}
	for i, parts := 0, entry.Split(string(book), -1); i < len(parts)-1; i++ {
		entries[entry.FindAllStringSubmatch(string(book), -1)[i][1]] = parts[i+1]
	}
	s, names := exported(t), map[string]bool{}
	for _, g := range file.Groups {
		if g.Name == "" || names[g.Name] {
			t.Errorf("the group %q has no name of its own", g.Name)
		}
		names[g.Name] = true
		for _, r := range g.Rules {
			t.Run(r.Alert, func(t *testing.T) {
				if r.Alert == "" || names[r.Alert] {
					t.Error("it has no name of its own")
				}
				names[r.Alert] = true
				labels, problems := s.check(r.Expr)
				for _, p := range problems {
					t.Errorf("%s\n%s", p, r.Expr)
				}
				if r.For != "" && !duration.MatchString("["+r.For+"]") {
					t.Errorf("for: %s", r.For)
				}
				if v := r.Labels["severity"]; v != "critical" && v != "warning" {
					t.Errorf("severity %q", v)
				}
				for _, a := range []string{"summary", "description"} {
					if r.Annotations[a] == "" {
						t.Errorf("no %s", a)
					}
					if rest := template.ReplaceAllString(r.Annotations[a], ""); strings.Contains(rest, "{{") {
						t.Errorf("%s has a template that is not known here: %s", a, rest)
					}
					for _, l := range template.FindAllStringSubmatch(r.Annotations[a], -1) {
						if l[1] != "" && !labels[l[1]] {
							t.Errorf("%s: its series have no label %s", a, l[1])
						}
					}
				}
				if want := runbook + strings.ToLower(r.Alert); r.Annotations["runbook_url"] != want {
					t.Errorf("runbook_url is not %s", want)
				}
				for _, part := range []string{"**Means.**", "**Look at.**", "**Do.**"} {
					if !strings.Contains(entries[r.Alert], part) {
						t.Errorf("its entry in docs/runbook.md has no %s", part)
					}
				}
				delete(entries, r.Alert)
			})
		}
	}
	for e := range entries {
		t.Errorf("docs/runbook.md: %s is no alert", e)
	}
}

// counted finds a counter in an alert that looks at how much it has grown, by certain values of
// a label.
var counted = regexp.MustCompile(`increase\((\w+)\{(\w+)=~?"([^"]+)"\}`)

// TestAlertsSeeTheFirst holds that a counter which an alert looks at is there before it counts.
// One that appears with its first 1 has not grown, for Prometheus.
func TestAlertsSeeTheFirst(t *testing.T) {
	rules, err := os.ReadFile("../deploy/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	m := telemetry.NewMetrics("worker")
	m.KnowVerb("stop")
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	found := counted.FindAllStringSubmatch(string(rules), -1)
	if len(found) < 4 {
		t.Fatalf("%d alerts look at how much a counter has grown", len(found))
	}
	for _, c := range found {
		name, label, values := c[1], c[2], c[3]
		if name == "resource_tracker_cells_closed_total" {
			continue // of every type and outcome; its alert asks for a share of many
		}
		for v := range strings.SplitSeq(values, "|") {
			if !regexp.MustCompile(`(?m)^` + name + `\{.*` + label + `="` + v + `".*\} 0$`).MatchString(w.Body.String()) {
				t.Errorf("%s{%s=%q} is not there from the start", name, label, v)
			}
		}
	}
}

func TestScrapeExample(t *testing.T) {
	var file struct {
		RuleFiles []string `yaml:"rule_files"`
		Scrapes   []struct {
			Job string `yaml:"job_name"`
		} `yaml:"scrape_configs"`
	}
	b, err := os.ReadFile("../deploy/prometheus/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	for _, f := range file.RuleFiles {
		if _, err := os.Stat("../deploy/prometheus/" + f); err != nil {
			t.Error(err)
		}
	}
	for _, s := range file.Scrapes { // the rules look for these
		if !strings.HasPrefix(s.Job, "tracker-") {
			t.Errorf("job_name %s", s.Job)
		}
	}
	if len(file.RuleFiles) != 1 || len(file.Scrapes) != 2 {
		t.Errorf("%+v", file)
	}
}
