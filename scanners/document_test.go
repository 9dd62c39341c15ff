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

` + "`go test ./scanners -update`" + ` writes this page from the catalogue, the recordings and the counted calls. A test fails where it differs from
them.

There are %d types. A regional type is scanned in every region of a scan, a global one once per account. Every resource has an ID, a name, an
ARN, a state, tags and, where AWS says it, a time of creation. The last column names its further facts in ` + "`metadata`" + `.

**Calls** are those of one scan of one type in one region or account with *n* resources. Fractions are rounded up. A region without
resources takes one call for each list. A test counts all calls by running each scanner on a thousand resources. It assumes that

- pages are as long as asked for, or as AWS documents. CloudFormation and Lightsail let nobody choose and document nothing; their pages have
  100;
- there is one container of resources (ECS or EKS cluster, event bus). Each further one takes a list of its own;
- the parts of a resource (listeners, images, instance groups, access keys) fill one page. A KMS key has one alias, a bucket one storage
  class, a user one access key, and no load balancer is a classic one;
- the scan is of this type alone. Types scanned together share the answers of ` + "`GetAccountAuthorizationDetails`" + `, of databases
  and of tags while those are one page: a region of a hundred tagged resources takes one ` + "`GetResources`" + ` for all types.

| type | service | scope | IAM actions | calls for *n* resources | for 1,000 | metadata |
|---|---|---|---|---|--:|---|
`
	notListed = `
## Not covered
These kinds are easily taken for a type above, but stand in another list. No scan shows them. ` + "`GET /api/v1/types`" + ` names them all as
` + "`not_covered`" + `, and the coverage of a scan those beside the types that it lists.

| kind | service | beside | reason |
|---|---|---|---|
`
)

const detailsPreface = `
## Details

A scan reads these only if its ` + "`details`" + ` name them. They take calls for each resource, and permissions that no policy here grants
otherwise (` + "`iam-policy --details bucket_lifecycle`" + `). Without them the metadata are not there.

| detail | type | what it reads | IAM actions | metadata |
|---|---|---|---|---|
`

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
	page.WriteString(detailsPreface)
	for _, info := range Types() {
		for _, d := range info.Details {
			keys := map[string]bool{}
			for _, r := range readGolden(t, filepath.Join("testdata", strings.ToLower(string(info.Type)), d.Name)) {
				for k := range r.Metadata {
					keys[k] = true
				}
			}
			fmt.Fprintf(&page, "| %s | %s | %s. | %s | %s |\n", d.Name, info.Type, d.Doc,
				strings.Join(d.Permissions, "<br>"), strings.Join(slices.Sorted(maps.Keys(keys)), ", "))
		}
	}
	page.WriteString(notListed)
	for _, u := range Uncovered() {
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", u.Kind, u.Service, u.Beside, u.Reason)
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
