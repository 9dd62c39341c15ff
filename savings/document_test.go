package savings_test

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/savings"
	"github.com/consolesensei/resource-tracker/tracker"
)

const (
	document = "../docs/savings.md"
	preface  = `# Rules of savings

Written by ` + "`go test ./savings -update`" + ` from the catalogue; a test fails where it differs from it.

There are %d rules, %d of which read metrics of CloudWatch. A rule prices the resource as it is and as it would be: the saving is the difference, at list
prices and for 730 hours. What has no price is a finding all the same and is counted apart.

- **Reads** are the types that have to be scanned. Where one of them was not seen to its end in an account and region, the rule is not
  evaluated there and says why; nothing is taken for missing because it could not be seen.
- **Metrics** are read with GetMetricData, 500 in a call, for $0.01 a thousand, and only when they are asked for: one value a day of the last
  %d days. A metric that could not be read, or has values of fewer days than %d where none is no sign of rest, leaves the rule undecided on that resource.
- Of several findings about one resource only the one that saves most counts, by effect (delete, stop, resize, retype) where they save the
  same; the others are alternatives. What a finding on one resource saves on others counts there alone.
- **Fix** is the verb that repairs it in a plan.

A scan is evaluated when its last cell has closed and before it ends, unless it was started with ` + "`\"findings\": false`" + `; metrics are read when
it was started with ` + "`\"metrics\": true`" + `, with its credentials, which then need cloudwatch:GetMetricData (` + "`iam-policy --metrics`" + `); ` + "`metrics_read`" + ` says how
many. An evaluation has ten minutes. When it fails, the scan ends as it would and the findings are ` + "`not_evaluated`" + ` with the reason; a scan
that was cancelled or has failed has none. A retry of the scan evaluates it anew.

` + "`GET /api/v1/jobs/{id}/findings`" + ` answers them with the report of every rule, page by page or as ndjson or csv, by ` + "`rule`" + `, ` + "`min_saving`" + `,
` + "`counted`" + ` and a ` + "`filter`" + ` over type, region, account, id and name. ` + "`POST /api/v1/jobs/{id}/findings/{rule}/plan`" + ` plans what repairs the counted
findings of a rule, 10,000 at most. The sum has the counted findings that have a price; ` + "`unpriced`" + ` counts those that have none.

Trails of CloudTrail that record the same events twice are waste that no rule finds: no scan lists trails.

`
)

// TestDocument holds the page of rules to the catalogue.
func TestDocument(t *testing.T) {
	standard := map[string]int{}
	for _, l := range savings.Limits() {
		standard[l.Name] = l.Default
	}
	fill := func(text string) string {
		for name, value := range standard {
			text = strings.ReplaceAll(text, "{"+name+"}", fmt.Sprint(value))
		}
		return text
	}
	withMetrics := 0
	for _, r := range savings.Catalog {
		if len(r.Metrics) > 0 {
			withMetrics++
		}
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, preface, len(savings.Catalog), withMetrics, standard["metric_days"], standard["min_metric_days"])
	page.WriteString("| rule | finds | reads | metrics | saving | effect and fix | risk |\n|---|---|---|---|---|---|---|\n")
	for _, r := range savings.Catalog {
		var metrics []string
		for _, m := range r.Metrics {
			metrics = append(metrics, m.String())
		}
		fix := cmp.Or(r.Verb, "by hand")
		fmt.Fprintf(&page, "| %s | **%s.** %s | %s | %s | %s | %s: %s | %s: %s |\n", r.Name, r.Title, fill(r.Condition),
			strings.Join(texts(r.Reads()), "<br>"), strings.Join(metrics, "<br>"), fill(r.Saving), r.Effect, fix, r.Risk, r.RiskNote)
	}
	page.WriteString("\n## Thresholds\n\n| threshold | is | default | allowed |\n|---|---|--:|---|\n")
	for _, l := range savings.Limits() {
		fmt.Fprintf(&page, "| %s | %s | %d | %d to %d |\n", l.Name, l.Doc, l.Default, l.Lowest, l.Highest)
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

func texts(types []tracker.Type) []string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t)
	}
	return out
}

// TestCatalog: the rules are in order, say all that people read, and name only
// thresholds that there are.
func TestCatalog(t *testing.T) {
	if all := names(); !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("not sorted, or twice the same name: %v", all)
	}
	for _, r := range savings.Catalog {
		for what, text := range map[string]string{"title": r.Title, "condition": r.Condition, "saving": r.Saving, "risk note": r.RiskNote} {
			if text == "" {
				t.Errorf("%s has no %s", r.Name, what)
			}
			for _, l := range savings.Limits() {
				text = strings.ReplaceAll(text, "{"+l.Name+"}", "")
			}
			if strings.ContainsAny(text, "{}") {
				t.Errorf("the %s of %s names a threshold that there is not: %s", what, r.Name, text)
			}
		}
		if !slices.Contains([]string{"none", "low", "medium", "high"}, r.Risk) {
			t.Errorf("%s has risk %q", r.Name, r.Risk)
		}
		if (len(r.Metrics) > 0) != (r.Applies != nil) {
			t.Errorf("%s has metrics and does not say when they are worth reading, or the reverse", r.Name)
		}
	}
}
