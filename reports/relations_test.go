package reports_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/reports"
	"github.com/consolesensei/resource-tracker/tracker"
)

// golden are the resources that scanners make of recorded answers, by type.
func golden(t *testing.T) map[tracker.Type][]tracker.Resource {
	t.Helper()
	files, err := filepath.Glob("../scanners/testdata/*/want.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[tracker.Type][]tracker.Resource{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rs []tracker.Resource
		if err := json.Unmarshal(b, &rs); err != nil {
			t.Fatal(file, err)
		}
		for _, r := range rs {
			all[r.Type] = append(all[r.Type], r)
		}
	}
	return all
}

// Every rule reads something that its scanner writes, and leads to a type that
// there is.
func TestRulesReadWhatScannersWrite(t *testing.T) {
	all := golden(t)
	for _, rule := range reports.Rules() {
		if len(all[rule.Target]) == 0 {
			t.Errorf("%s %s %s: no scanner lists the target", rule.Type, rule.Relation, rule.Target)
		}
		if rule.Type != reports.Any && len(all[rule.Type]) == 0 {
			t.Errorf("%s %s %s: no scanner lists the type", rule.Type, rule.Relation, rule.Target)
		}
		if rule.Tag != "" {
			continue // tags are the account's, not the scanner's
		}
		first, _, _ := strings.Cut(rule.Path, ".")
		written, read := false, false
		for typ, rs := range all {
			for _, r := range rs {
				if rule.Type != reports.Any && rule.Type != typ {
					continue
				}
				_, has := r.Metadata[first]
				written = written || has
				for _, ref := range reports.Outgoing(r) {
					read = read || ref.Relation == rule.Relation && ref.Type == rule.Target
				}
			}
		}
		if !written || !read {
			t.Errorf("%s.%s %s %s: is in the recorded results %t, with a value %t", rule.Type, rule.Path, rule.Relation, rule.Target, written, read)
		}
	}
}

func TestOutgoing(t *testing.T) {
	r := tracker.Resource{
		ID: "i-1", Type: "EC2_Instance", AccountID: "1", Region: "a",
		Tags:     map[string]string{"aws:autoscaling:groupName": "web", "aws:cloudformation:stack-name": "shop"},
		Metadata: tracker.Metadata{"image_id": "ami-1", "vpc_id": tracker.Named("vpc-1"), "subnet_id": nil, "security_groups": []string{"sg-1", "sg-2", "sg-1"}},
	}
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read tracker.Resource
	if err := json.Unmarshal(b, &read); err != nil {
		t.Fatal(err)
	}
	want := []reports.Ref{
		{"in_vpc", "VPC", "vpc-1", "1", "a"},
		{"has_security_group", "Security_Group", "sg-1", "1", "a"},
		{"has_security_group", "Security_Group", "sg-2", "1", "a"},
		{"part_of", "CloudFormation_Stack", "shop", "1", "a"},
		{"made_from", "AMI", "ami-1", "1", "a"},
		{"member_of", "AutoScaling_Group", "web", "1", "a"},
	}
	if diff := cmp.Diff(want, reports.Outgoing(r)); diff != "" {
		t.Errorf("as made (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, reports.Outgoing(read)); diff != "" {
		t.Errorf("as read (-want +got):\n%s", diff)
	}
}

func TestRefIs(t *testing.T) {
	group := tracker.Resource{ID: "web", Type: "Target_Group", ARN: "arn:aws:x", AccountID: "1", Region: "a"}
	for name, tc := range map[string]struct {
		ref  reports.Ref
		want bool
	}{
		"ID":                {reports.Ref{Type: "Target_Group", ID: "web", AccountID: "1", Region: "a"}, true},
		"ARN from anywhere": {reports.Ref{Type: "Target_Group", ID: "arn:aws:x", AccountID: "2", Region: "b"}, true},
		"another type":      {reports.Ref{Type: "VPC", ID: "web", AccountID: "1", Region: "a"}, false},
		"another account":   {reports.Ref{Type: "Target_Group", ID: "web", AccountID: "2", Region: "a"}, false},
		"another region":    {reports.Ref{Type: "Target_Group", ID: "web", AccountID: "1", Region: "b"}, false},
		"from global":       {reports.Ref{Type: "Target_Group", ID: "web", AccountID: "1", Region: "global"}, true},
	} {
		if got := tc.ref.Is(group); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
