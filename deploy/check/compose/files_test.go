package compose

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// decode reads a YAML file; a field that the target lacks is an error.
func decode(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// TestMountedFilesExist: Docker makes a folder of a file that there is not.
func TestMountedFilesExist(t *testing.T) {
	p := load(t, nil, profiles...)
	files := 0
	for name, s := range p.Services {
		for _, v := range s.Volumes {
			if v.Type != "bind" {
				continue
			}
			files++
			relative, err := filepath.Rel(p.WorkingDir, v.Source)
			if err != nil || strings.HasPrefix(relative, "..") {
				t.Errorf("%s mounts %s", name, v.Source)
			}
			if _, err := os.Stat(filepath.Join(root, relative)); err != nil || !v.ReadOnly {
				t.Errorf("%s: %v, read-only is %v", name, err, v.ReadOnly)
			}
		}
	}
	if files < 6 {
		t.Errorf("only %d", files)
	}
}

// TestPrometheusFindsTheServices: names, ports and files are those of the compose file.
func TestPrometheusFindsTheServices(t *testing.T) {
	var file struct {
		Global    map[string]string `yaml:"global"`
		RuleFiles []string          `yaml:"rule_files"`
		Scrapes   []struct {
			Job  string `yaml:"job_name"`
			Auth *struct {
				User string `yaml:"username"`
				File string `yaml:"password_file"`
			} `yaml:"basic_auth"`
			DNS []struct {
				Names   []string `yaml:"names"`
				Type    string   `yaml:"type"`
				Port    int      `yaml:"port"`
				Refresh string   `yaml:"refresh_interval"`
			} `yaml:"dns_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	decode(t, "deploy/compose/prometheus.yml", &file)
	p := load(t, nil, profiles...)
	ports := map[string]string{}
	for _, s := range file.Scrapes {
		if !strings.HasPrefix(s.Job, "tracker-") || len(s.DNS) != 1 || len(s.DNS[0].Names) != 1 || s.DNS[0].Type != "A" { // the rules look for these jobs
			t.Fatalf("%+v", s)
		}
		ports[s.DNS[0].Names[0]] = strconv.Itoa(s.DNS[0].Port)
		if s.Job == "tracker-api" && (s.Auth == nil || s.Auth.File != "/run/secrets/operator-key") {
			t.Errorf("%+v", s)
		}
	}
	_, worker, _ := strings.Cut(environment(p.Services["worker"])["METRICS_ADDR"], ":")
	if api := environment(p.Services["api"])["PORT"]; len(ports) != 2 || ports["api"] != api || ports["worker"] != worker {
		t.Errorf("%v, want %s and %s", ports, api, worker)
	}
	prometheus := p.Services["prometheus"]
	if len(prometheus.Secrets) != 1 || prometheus.Secrets[0].Source != "operator-key" {
		t.Errorf("%+v", prometheus.Secrets)
	}
	mounted := map[string]bool{}
	for _, v := range prometheus.Volumes {
		mounted[v.Target] = true
	}
	for _, f := range append(file.RuleFiles, "/etc/prometheus/prometheus.yml") {
		if !mounted[f] {
			t.Errorf("%s is not mounted", f)
		}
	}
}

// TestGrafanaFindsTheServices: its sources are services of the compose file, at their ports.
func TestGrafanaFindsTheServices(t *testing.T) {
	var sources struct {
		Sources []struct {
			URL string `yaml:"url"`
		} `yaml:"datasources"`
	}
	b, err := os.ReadFile(filepath.Join(root, "deploy/grafana/provisioning/datasources/prometheus.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(b, &sources); err != nil {
		t.Fatal(err)
	}
	var tempo struct {
		Server struct {
			Port int `yaml:"http_listen_port"`
		} `yaml:"server"`
		Rest map[string]any `yaml:",inline"`
	}
	decode(t, "deploy/compose/tempo.yml", &tempo)
	want := map[string]bool{"http://prometheus:9090": true, "http://tempo:" + strconv.Itoa(tempo.Server.Port): true}
	for _, s := range sources.Sources {
		if !want[s.URL] {
			t.Errorf("%s is no service", s.URL)
		}
		delete(want, s.URL)
	}
	if len(want) > 0 {
		t.Errorf("nothing reads %v", want)
	}
}

// TestSecretsAreFiles: what Prometheus and Grafana log in with stands in no environment, and
// no secret stands in the compose file.
func TestSecretsAreFiles(t *testing.T) {
	p := load(t, nil, profiles...)
	for name, s := range p.Secrets {
		if s.File == "" || s.Environment != "" || s.Content != "" { // others cannot be had where a service is read-only
			t.Errorf("%s: %+v", name, s)
		}
	}
	text, err := os.ReadFile(filepath.Join(root, "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	given := regexp.MustCompile(`(?m)^\s+([A-Z_]*(?:PASSWORD|SECRET|KEYS?|IDENTITY|AUTH)[A-Z_]*):[ \t]*(\S.*)$`).FindAllStringSubmatch(string(text), -1)
	if len(given) < 3 {
		t.Errorf("found only %q", given)
	}
	for _, m := range given {
		if value := m[2]; !strings.HasPrefix(value, "${") && !strings.HasPrefix(value, "/run/secrets/") {
			t.Errorf("%s is %s", m[1], value)
		}
	}
}
