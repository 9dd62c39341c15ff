package scanners

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	document = "../docs/resource-types.md"
	preface  = `# Resource types

Written by ` + "`go test ./scanners -update`" + ` from the catalogue, the recordings and the counted calls; a test fails where it differs from them.

There are %d types. A regional one is scanned in every region of a scan, a global one once per account. Every resource has an ID, a name, an
ARN, a state, tags and, where AWS says it, a time of creation; the last column is what ` + "`metadata`" + ` holds beyond that.

**Calls** are of one scan of one type in one region or account, for *n* resources there; fractions are rounded up, and a region without any
takes one call for each list. All are counted by a test that runs each scanner on a thousand resources. It takes as given that

- pages are as long as asked for, or as AWS documents; for CloudFormation and Lightsail, which let nobody choose and document nothing, 100;
- what contains resources (ECS and EKS clusters, event buses) is one; each further one takes a list of its own;
- what belongs to a resource (listeners, images, instance groups, access keys) is a page; a KMS key has one alias, a bucket one storage class,
  a user one access key, and load balancers are not classic ones;
- the scan is of this type alone. Types scanned together share the answers of ` + "`GetAccountAuthorizationDetails`" + `, of databases
  and of tags while those are one page: a region of a hundred tagged resources takes one ` + "`GetResources`" + ` for all types.

| type | service | scope | IAM actions | calls for *n* resources | for 1,000 | metadata |
|---|---|---|---|---|--:|---|
`
)

// TestDocument holds the table of types to what it is made of.
func TestDocument(t *testing.T) {
	b, err := os.ReadFile(callsFile)
	if err != nil {
		t.Fatal(err)
	}
	var costs map[tracker.Type]cost
	if err := json.Unmarshal(b, &costs); err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, preface, len(Catalog))
	for _, info := range Types() {
		c := costs[info.Type]
		var calls []string
		for _, op := range slices.Sorted(maps.Keys(c.Formula)) {
			calls = append(calls, fmt.Sprintf("%s %s", last(op, "."), c.Formula[op]))
		}
		keys := map[string]bool{}
		for _, r := range readGolden(t, filepath.Join("testdata", strings.ToLower(string(info.Type)))) {
			for k := range r.Metadata {
				keys[k] = true
			}
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s | %s | %d | %s |\n", info.Type, info.Service, info.Scope,
			strings.Join(info.Permissions, "<br>"), strings.Join(calls, "<br>"), c.Thousand,
			strings.Join(slices.Sorted(maps.Keys(keys)), ", "))
	}
	if *update {
		if err := os.WriteFile(document, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("%s (-file +catalogue; -update writes it):\n%s", document, diff)
	}
}
