package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
	client "github.com/consolesensei/resource-tracker/clients/go"
)

// TestGeneratedIsCommitted generates the client and compares it with the file that is committed.
func TestGeneratedIsCommitted(t *testing.T) {
	document, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	simple, err := simplified(document)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	from, to := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "client.gen.go")
	if err := os.WriteFile(from, simple, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=tools.mod", "oapi-codegen",
		"-config", "clients/go/internal/generate/config.yaml", "-o", to, from)
	cmd.Dir = "../../../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../client.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("make generate writes clients/go/client.gen.go anew: %.2000s", diff)
	}

	var doc struct{ Info struct{ Version string } }
	if err := json.Unmarshal(document, &doc); err != nil || doc.Info.Version != client.Version {
		t.Errorf("the client is of version %s, the API of %s; %v", client.Version, doc.Info.Version, err)
	}
}
