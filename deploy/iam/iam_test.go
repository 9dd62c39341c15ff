// Package iam holds the files of this folder to the catalogue.
package iam

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/actions"
	"github.com/consolesensei/resource-tracker/internal/policy"
	"github.com/consolesensei/resource-tracker/scanners"
)

var update = flag.Bool("update", false, "write the policies anew")

func TestPolicies(t *testing.T) {
	docs := policy.Scan(scanners.Types())
	if len(docs) != 1 {
		t.Errorf("scan-policy.json holds %d policies, which create-policy does not take: write one file for each", len(docs))
	}
	verbs := policy.Actions(actions.Catalog())
	files := map[string]string{
		"scan-policy.json":   string(policy.JSON(docs...)),
		"trust-policy.json":  string(policy.JSON(policy.Trust("arn:aws:iam::111122223333:root", "EXTERNAL-ID"))),
		"action-policy.json": string(policy.JSON(verbs...)),
		"scan-role.yaml":     policy.Role(docs, verbs),
	}
	for file, want := range files {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got), want); diff != "" {
			t.Errorf("%s (-file +catalogue; go test ./deploy/iam -update writes it):\n%s", file, diff)
		}
	}
}
