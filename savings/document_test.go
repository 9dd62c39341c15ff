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

` + "`go test ./savings -update`" + ` writes this page from the catalogue. A test fails where it differs from it.

There are %d rules, and %d of them read metrics of CloudWatch. A rule prices the resource as it is and as it would be. The saving is the
difference, at list prices and for 730 hours. Where a verb repairs the finding, the saving is that of the verb: a plan made of the finding
says the same. A finding without a price stays a finding and is counted apart.

- **Reads** names the types that have to be scanned. Where one of them could not be listed in full in an account and region, the rule is not
  evaluated there and says why. A resource that could not be seen is never taken for missing.
- **Metrics** are read only when they are asked for, with GetMetricData, 500 in a call, for $0.01 a thousand: one value a day of the last
  %d days. The rule stays undecided on a resource when one of its metrics could not be read. The same holds for a metric with values on fewer
  than %d days, unless missing values mean rest.
- Of several findings about one resource only the one that saves most counts. Where two save the same, the effect decides, in the order
  delete, stop, resize, retype. The others are alternatives. The saving of a finding about one resource on other resources counts there alone.
- No finding saves more than its resource costs and, where the saving lies in others, than those cost that it names in ` + "`related`" + `. What is known
  to cost a bound at most, such as a snapshot that shares its blocks, has no saving; ` + "`basis`" + ` names the bound.
- Copies that wait for a disaster (replicas, members of global databases and tables, snapshots and images from another region), and what AWS
  Backup, Data Lifecycle Manager or Elastic Disaster Recovery keeps, are no waste: no rule ends them or makes less of them, and the actions
  that would end them refuse to.
- A finding is not counted where the plan that repairs it would refuse: ` + "`held`" + ` names the rules that refuse, such as a protecting tag, a
  CloudFormation stack or an Auto Scaling group, and a person has to look first. Those that cannot be lifted have no fix.
- Age is not time unused. What is attached to nothing now may have been in use a minute ago: until it is known since when, the confidence is
  low, and ` + "`unused_since`" + ` in the evidence says so. A [history](#findings-over-time) tells since when at least: from the state in which
  scans have seen it, or from when on the rule has found it. The confidence is not lowered any more once that is as long as the rule asks for.
- **Fix** is the verb that repairs the finding in a plan.

A scan is evaluated after its last cell has closed and before it ends. ` + "`\"findings\": false`" + ` leaves the evaluation out. ` + "`\"metrics\": true`" + ` reads
metrics with the scan's credentials, which then need cloudwatch:GetMetricData (` + "`iam-policy --metrics`" + `); ` + "`metrics_read`" + ` says how many were read.
An evaluation has ten minutes. When it fails, the scan ends as it would, and the findings are ` + "`not_evaluated`" + ` with the reason. A scan that was
cancelled or has failed has no findings. A retry of the scan evaluates it anew.

` + "`GET /api/v1/jobs/{id}/findings`" + ` answers the findings with the report of every rule, page by page or as ndjson or csv. It takes ` + "`rule`" + `,
` + "`min_saving`" + `, ` + "`counted`" + ` and a ` + "`filter`" + ` over type, region, account, id and name. ` + "`POST /api/v1/jobs/{id}/findings/{rule}/plan`" + ` plans the repair
of the counted findings of a rule, 10,000 at most. The sum adds up the counted findings that have a price; ` + "`unpriced`" + ` counts those without.

No rule finds trails of CloudTrail that record the same events twice, because no scan lists trails.

`
	overTime = `
## Findings over time

A server with a history (` + "`DATABASE_URL`" + `, or its own data folder) keeps what was found over all scans and accounts. ` + "`GET /api/v1/findings`" + ` pages
through it, sums it up by ` + "`group_by`" + ` (rule, account, region, type, confidence, resolution, month, ` + "`tag:team`" + `), and exports it with the tags of the
resources as csv or ndjson. ` + "`tracker findings live`" + ` shows the same.

| state | is |
|---|---|
| open | ` + "`opened_at`" + ` is the scan that found it first, ` + "`seen_at`" + ` the one that found it last. |
| acknowledged | Open, and somebody has said why it stays: ` + "`POST /api/v1/findings/{id}/acknowledgement`" + ` with a ` + "`reason`" + ` and, if it is to count again by itself, ` + "`until`" + `. ` + "`DELETE`" + ` takes it back. The audit names who did. |
| resolved | ` + "`gone`" + `: a scan saw that the resource is not there any more. ` + "`repaired`" + `: it is, and its rule has decided on it and does not find it. |

- A finding is resolved by what a scan saw, never by what it could not see. Where its cell failed, was not in the scan, or its rule could not
  decide (what it reads was not seen to its end, or metrics were not asked for), the finding stays as it was. Once a newer scan of its account has
  decided on something else it is ` + "`unconfirmed`" + `.
- Scans may come in late and out of order. What a newer scan has decided stays.
- A finding that comes back is open anew: ` + "`opened_at`" + ` is then, ` + "`reopened`" + ` counts how often, and an acknowledgement of before is over.
- ` + "`realised_saving`" + ` is what the resource costs a month less than when the finding was seen last, at list prices; of one that is gone, what it cost.
  It is null where a cost is not known or only a bound of it, and it may be negative. It does not say who did it or why.
- Waste is the sum over counted findings that are open and not acknowledged. ` + "`GET /api/v1/trend?measure=saving&by=rule`" + ` has it by day, and so by type,
  region and account.
- An acknowledgement that ends is waste again from the next scan of its tenant on.
- ` + "`HISTORY_FINDINGS_RETENTION_DAYS`" + ` says how long resolved findings are kept. Open ones stay.

` + "`POST /api/v1/findings/plan`" + ` with ` + "`finding_ids`" + ` plans what repairs open findings of any scans, up to 1,000 at once. It is a [plan](plans.md) like any other: each resource
is looked at as it is now, however old its finding is, and what has changed since is refused. A finding that is resolved, acknowledged or repaired by no verb is 422.
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
	page.WriteString(overTime)
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
