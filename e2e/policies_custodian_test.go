package e2e

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// custodianFilters are, written by hand, what each policy of the twelve selects. What a policy of metrics selects is
// what the scan's findings of the rule name.
var custodianFilters = []struct{ policy, filter, rule string }{
	{"ebs-unattached-delete", `type:EBS_Volume state:available meta.attached_to! age>30d`, ""},
	{"ec2-stopped-terminate", `type:EC2_Instance state:stopped age>=60d tag:Environment!=prod`, ""},
	{"ec2-untagged-mark", `type:EC2_Instance state:running tag:maid_status! tag:aws:autoscaling:groupName! (tag:Team! or tag:Environment!)`, ""},
	{"ec2-untagged-mark-notify", `type:EC2_Instance state:running tag:maid_status! tag:aws:autoscaling:groupName! (tag:Team! or tag:Environment!)`, ""},
	{"ec2-off-hours", `type:EC2_Instance state:running tag:Schedule! (tag:Environment=dev or tag:Environment=test)`, ""},
	{"ebs-snapshot-old", `type:EBS_Snapshot age>=180d tag:retain!`, ""},
	{"elastic-ip-unused", `type:Elastic_IP state:unassociated`, ""},
	{"rds-idle", `type:RDS_Instance`, "idle_database"},
	{"s3-large-without-team", `type:S3_Bucket tag:Team! age>365d`, ""},
	{"log-group-no-retention", `type:CloudWatch_LogGroup name:/aws/lambda/* meta.retention_days:"Never expire" -meta.stored_bytes:0`, ""},
	{"elb-unused", `type:Load_Balancer meta.type:classic -meta.instances`, ""},
	{"ebs-gp2-large", `type:EBS_Volume meta.volume_type:gp2 -meta.size_gb<100`, ""},
	{"iam-user-old", `type:IAM_User age>90d -tag:Environment=prod -tag:Environment=staging`, ""},
}

// TestPolicies_Custodian translates twelve policies of Cloud Custodian, runs them on the demo's account, and compares
// what they select with what filters written by hand select of the same scan.
func TestPolicies_Custodian(t *testing.T) {
	t.Parallel()
	d := newPolicyDemo(t, `{}`)
	source, err := filepath.Abs("../policies/custodian/testdata/twelve.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, errs, code := d.tracker("import", "custodian", source, "--to", "translated.yaml"); code != 3 || !strings.Contains(errs, "13 policies translated, 1 left out") {
		t.Fatalf("tracker import ends with %d: %s", code, errs)
	}
	text, err := os.ReadFile(filepath.Join(d.dir, "translated.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// More than half of a type is too much for a plan, unless the policy says otherwise: as of the snapshots.
	report := d.run(1, string(text))
	if len(report.Policies) != len(custodianFilters) {
		t.Fatalf("%d policies, want %d", len(report.Policies), len(custodianFilters))
	}
	for i, hand := range custodianFilters {
		p := report.Policies[i]
		var translated []string
		for _, r := range p.Resources {
			translated = append(translated, r.ID)
		}
		byHand := d.selected(report.JobID, hand.filter, hand.rule)
		slices.Sort(translated)
		if p.Policy != hand.policy || len(byHand) == 0 || !slices.Equal(translated, byHand) {
			t.Errorf("%s: selects %d\n%q\nby hand %d\n%q", hand.policy, len(translated), translated, len(byHand), byHand)
		}
		t.Logf("%-26s translated %3d, by hand %3d", hand.policy, len(translated), len(byHand))
	}
}

// selected are the resources of a scan that a filter selects, sorted: of a rule those that its findings name.
func (d *policyDemo) selected(job, filter, rule string) []string {
	d.t.Helper()
	kind, more := "resources", ""
	if rule != "" {
		kind, more = "findings", "&counted=true&rule="+rule
	}
	var a struct {
		Resources, Findings []struct {
			ID string `json:"resource_id"`
		}
	}
	d.ask(http.MethodGet, "/api/v1/jobs/"+job+"/"+kind+"?limit=1000&filter="+url.QueryEscape(filter)+more, policyKey, "", &a)
	var ids []string
	for _, r := range append(a.Resources, a.Findings...) {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}
