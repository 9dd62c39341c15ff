// Package terraform holds the module of this folder to the programs' table of settings.
package terraform

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/internal/config"
)

var update = flag.Bool("update", false, "write settings.json")

// fixed are settings that the module sets itself.
var fixed = []string{"CREDENTIALS_IDENTITY", "CREDENTIALS_RECIPIENT", "HOST", "LOG_FORMAT", "METRICS_ADDR", "PORT", "REDIS_URL", "SERVER_PRINCIPAL_ARN", "SHUTDOWN_GRACE_SECONDS", "TRUSTED_PROXIES"}

// left are settings that the module does not offer, and why.
var left = map[string]string{
	"AWS_ENDPOINT_URL": "the workers are in AWS",
	"DATA_DIR":         "an API with REDIS_URL reads none",
	"LOG_FILE":         "the file system is read-only",
	"WEBHOOK_CA_FILE":  "the file system is read-only",
}

type setting struct {
	Name     string           `json:"name"`
	Programs []config.Program `json:"programs"`
	Secret   bool             `json:"secret"`
}

// TestSettings: settings.json is the programs' table, without what the module sets itself.
func TestSettings(t *testing.T) {
	var table []setting
	for _, s := range config.Settings() {
		if !slices.Contains(fixed, s.Name) && left[s.Name] == "" {
			table = append(table, setting{s.Name, s.Programs, s.Secret})
		}
	}
	var lines []string
	for _, s := range table {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, "  "+string(b))
	}
	want := "[\n" + strings.Join(lines, ",\n") + "\n]\n"
	const file = "settings.json"
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s differs from the table (go test ./deploy/terraform -update):\n%s", file, diff)
	}
}

// TestFixed: the module names each setting that it sets itself.
func TestFixed(t *testing.T) {
	b, err := os.ReadFile("settings.tf")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range fixed {
		if !strings.Contains(string(b), " "+name+" ") {
			t.Errorf("settings.tf does not set %s", name)
		}
	}
}
