package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/api"
)

var update = flag.Bool("update", false, "write testdata/openapi anew")

// TestOpenAPIIsCommitted compares the document with the files in which it is
// reviewed. Each operation and each schema has its own, so that two changes
// never meet in one.
func TestOpenAPIIsCommitted(t *testing.T) {
	doc, err := api.OpenAPI(api.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := documentFiles(doc)
	if err != nil {
		t.Fatal(err)
	}
	const dir = "testdata/openapi"
	if *update {
		if err := writeFiles(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	found, err := readFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	faults := differences(found, want)
	for _, fault := range faults {
		t.Errorf("%s/%s", dir, fault)
	}
	if len(faults) > 0 {
		t.Error("go test ./api -run OpenAPI -update writes the files anew")
	}
}

func TestDifferencesOfFiles(t *testing.T) {
	dir := t.TempDir()
	if err := writeFiles(dir, map[string]string{"head.json": "{}", "schemas/Old.json": "{}", "schemas/Job.json": "{}"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"head.json": "{}", "schemas/Job.json": "[]", "schemas/New.json": "{}"}
	found, err := readFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"schemas/Job.json differs", "schemas/New.json is missing", "schemas/Old.json is left over"}
	faults := differences(found, want)
	if len(faults) != len(names) {
		t.Fatalf("%q, want %q", faults, names)
	}
	for i, name := range names {
		if !strings.HasPrefix(faults[i], name) {
			t.Errorf("%q, want %q", faults[i], name)
		}
	}
	if err := writeFiles(dir, want); err != nil {
		t.Fatal(err)
	}
	if found, err = readFiles(dir); err != nil || len(differences(found, want)) > 0 {
		t.Errorf("written anew: %q, %v", differences(found, want), err)
	}
}

// documentFiles takes a document apart: each operation by its ID, each schema by
// its name, and the rest as the head. What is moved to a file leaves the head.
func documentFiles(doc []byte) (map[string]string, error) {
	var head map[string]any
	if err := json.Unmarshal(doc, &head); err != nil {
		return nil, err
	}
	files := map[string]string{}
	add := func(name string, content any) error {
		if _, ok := files[name]; ok {
			return fmt.Errorf("%s is there twice", name)
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(content); err != nil {
			return err
		}
		files[name] = b.String()
		return nil
	}
	for path, methods := range head["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			name := fmt.Sprintf("operations/%s.json", op.(map[string]any)["operationId"])
			if err := add(name, map[string]any{path: map[string]any{method: op}}); err != nil {
				return nil, err
			}
		}
	}
	delete(head, "paths")
	components := head["components"].(map[string]any)
	for name, schema := range components["schemas"].(map[string]any) {
		if err := add("schemas/"+name+".json", schema); err != nil {
			return nil, err
		}
	}
	delete(components, "schemas")
	return files, add("head.json", head)
}

// differences says what is wrong with the files that were found.
func differences(found, want map[string]string) []string {
	var faults []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		content, ok := found[name]
		switch diff := cmp.Diff(content, want[name]); {
		case !ok:
			faults = append(faults, name+" is missing")
		case diff != "":
			faults = append(faults, fmt.Sprintf("%s differs (-committed +generated):\n%s", name, diff))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if _, ok := want[name]; !ok {
			faults = append(faults, name+" is left over")
		}
	}
	return faults
}

// readFiles reads all files below a folder, which need not exist.
func readFiles(dir string) (map[string]string, error) {
	files := map[string]string{}
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		return files, nil
	}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(root, name)
		files[name] = string(b)
		return err
	})
	return files, err
}

// writeFiles makes a folder hold these files and no others.
func writeFiles(dir string, files map[string]string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}
