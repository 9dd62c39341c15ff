package custodian_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/consolesensei/resource-tracker/policies"
	"github.com/consolesensei/resource-tracker/policies/custodian"
	"github.com/consolesensei/resource-tracker/policies/internal/tree"
	"github.com/consolesensei/resource-tracker/scanners"
)

var update = flag.Bool("update", false, "write the translations")

// TestTwelve compares the translation of the twelve policies with the one that was looked through. It is a file of
// policies without faults.
func TestTwelve(t *testing.T) {
	source, err := os.ReadFile("testdata/twelve.yaml")
	if err != nil {
		t.Fatal(err)
	}
	im, err := custodian.Read(source)
	if err != nil {
		t.Fatal(err)
	}
	got, err := im.YAML("twelve.yaml")
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "twelve.want.yaml")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the translation differs: %s", diff)
	}
	if _, err := policies.Read(golden, got); err != nil {
		t.Error(err)
	}
}

// filterOf translates one filter of a resource, and returns what the policy selects or why it is left out.
func filterOf(t *testing.T, resource, filters string) (selected, notes string) {
	t.Helper()
	im, err := custodian.Read([]byte("policies:\n- name: p\n  resource: " + resource + "\n  filters: " + filters + "\n"))
	if err != nil {
		return err.Error(), ""
	}
	var lines []string
	for _, n := range im.Notes {
		lines = append(lines, n.String())
	}
	if len(im.Policies) == 0 {
		return "left out", strings.Join(lines, "\n")
	}
	selected = im.Policies[0].Filter
	if rule := im.Policies[0].Rule; rule != "" {
		selected = strings.TrimSpace(selected + " rule " + rule)
	}
	return selected, strings.Join(lines, "\n")
}

func TestFilters(t *testing.T) {
	for _, tc := range []struct{ resource, filters, want string }{
		{"ec2", `[{"State.Name": running}]`, "state:running"},
		{"ec2", `[{"State.Name": running}, {"tag:env": prod}]`, "state:running tag:env=prod"},
		{"ec2", `[{"tag:env": absent}]`, "tag:env!"},
		{"ec2", `[{"tag:env": null}]`, "tag:env!"},
		{"ec2", `[{"tag:env": present}]`, "-tag:env!"},
		{"ec2", `[{"tag:env": not-null}]`, `-(tag:env! or tag:env="")`},
		{"ec2", `[{"tag:env": empty}]`, `tag:env! or tag:env=""`},
		{"ec2", `[{type: value, key: "tag:env", op: ne, value: prod}]`, "-tag:env=prod"},
		{"ec2", `[{type: value, key: "tag:env", op: in, value: [a, b]}]`, "tag:env=a,b"},
		{"ec2", `[{type: value, key: "tag:env", op: not-in, value: [a, b]}]`, "-tag:env=a,b"},
		{"ec2", `[{type: value, key: InstanceType, op: glob, value: "t2.*"}]`, "meta.instance_type:t2.*"},
		{"ec2", `[{type: value, key: InstanceType, op: regex-case, value: "^(t2|m4)\\..*$"}]`, "left out"},
		{"ec2", `[{type: value, key: InstanceType, op: regex-case, value: "^(t2|m4).*"}]`, "meta.instance_type:m4*,t2*"},
		{"ec2", `[{type: value, key: "tag:Name", op: regex, value: ".*test.*"}]`, "tag:Name~test"},
		{"ec2", `[{type: value, key: "tag:Name", op: regex-case, value: "^web$"}]`, "tag:Name=web"},
		{"ec2", `[{or: [{"State.Name": stopped}, {and: [{"tag:a": absent}, {"tag:b": x}]}]}]`, "state:stopped or (tag:a! tag:b=x)"},
		{"ec2", `[{not: [{"State.Name": stopped}, {"tag:a": x}]}]`, "-(state:stopped tag:a=x)"},
		{"ec2", `[{type: instance-age, days: 30}]`, "age>30d"},
		{"ec2", `[{type: instance-age, op: ge, hours: 36}]`, "age>=36h"},
		{"ec2", `[{type: instance-age}]`, "age>60d"},
		{"ec2", `[{type: value, key: LaunchTime, value_type: age, op: less-than, value: 0.5}]`, "age<12h"},
		{"ec2", `[{type: value, key: InstanceLifecycle, value: absent}]`, "meta.lifecycle! or meta.lifecycle:on-demand"},
		{"ec2", `[{type: value, key: "SecurityGroups[].GroupId", op: contains, value: sg-1}]`, "meta.security_groups:sg-1"},
		{"ec2", `[{type: state-age, op: ge, days: 30}]`, "rule stopped_instance"},
		{"ec2", `[{type: metrics, name: CPUUtilization, days: 14, value: 10, op: less-than}]`, "rule idle_instance"},
		{"ebs", `[{Attachments: []}]`, "meta.attached_to!"},
		{"ebs", `[{type: value, key: Attachments, value_type: size, op: gt, value: 0}]`, "-meta.attached_to!"},
		{"ebs", `[{Encrypted: false}, {type: value, key: Size, op: gte, value: 500}]`, "meta.encrypted:false meta.size_gb>=500"},
		{"ebs", `[{type: value, key: VolumeType, value: gp2}]`, "meta.volume_type:gp2"},
		{"ebs-snapshot", `[{type: age, days: 14, op: ge}, {type: skip-ami-snapshots, value: true}]`, "age>=14d rule old_snapshot"},
		{"ami", `[unused, {type: image-age, days: 90}]`, "age>90d rule unused_image"},
		{"rds", `[{PubliclyAccessible: true}, {Engine: mysql}]`, "meta.publicly_accessible:true meta.engine:mysql"},
		{"rds", `[{type: metrics, name: DatabaseConnections, days: 7, value: 1, op: lt}]`, "rule idle_database"},
		{"app-elb", `[{Scheme: internal}]`, "-meta.type:classic meta.scheme:internal"},
		{"log-group", `[{retentionInDays: absent}]`, `meta.retention_days! or meta.retention_days:"Never expire"`},
		{"dynamodb-table", `[{TableStatus: ACTIVE}]`, "state:active"},
		{"iam-role", `[{type: value, key: RoleName, op: glob, value: "ci-*"}]`, "name:ci-*"},
		{"s3", `[{type: value, key: "tag:a", value_type: normalize, value: prod}]`, "tag:a=prod"},

		// What selects less may not be turned round, and what selects more only be turned round.
		{"s3", `[{not: [{type: value, key: "tag:a", value_type: normalize, value: prod}]}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:Name", op: contains, value: test}]`, "left out"},
		{"ec2", `[{not: [{type: value, key: "tag:Name", op: contains, value: test}]}]`, "-tag:Name~test"},
		{"ec2", `[{type: value, key: "tag:Name", op: contains, value: "123"}]`, "tag:Name~123"},
		{"ec2", `[{not: [{type: value, key: "tag:Name", op: regex, value: "^web$"}]}]`, "left out"},
		{"ec2", `[{or: [{type: state-age, op: ge, days: 30}, {"tag:a": b}]}]`, "left out"},
		{"ec2", `[{not: [{type: metrics, name: CPUUtilization, days: 14, value: 10, op: less-than}]}]`, "left out"},
		{"ec2", `[{type: metrics, name: CPUUtilization, days: 14, value: 3, op: less-than}]`, "left out"},
		{"ec2", `[{type: metrics, name: CPUUtilization, days: 30, value: 30, op: less-than}]`, "left out"},
		{"ec2", `[{type: metrics, name: NetworkIn, days: 14, value: 3, op: less-than}]`, "left out"},
		{"ec2", `[{type: state-age, op: ge, days: 60}]`, "left out"},
		{"ec2", `[{type: image-age, days: 60}]`, "left out"},
		{"ec2", `[{type: subnet, key: "tag:a", value: b}]`, "left out"},
		{"ec2", `[{type: value, key: "Tags", value: absent}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:until", value_type: expiration, op: lt, value: 0}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:n", op: gt, value: 3}]`, "left out"},
		{"ec2", `[{type: value, key: ImageId, op: in, value_from: {url: "s3://x"}}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:a", op: regex, value: "^(?!x).*"}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:a", op: glob, value: "*-x"}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:a", op: difference, value: [x]}]`, "left out"},
		{"ec2", `["ephemeral"]`, "left out"},
		{"ebs", `[{Size: "100"}]`, "left out"},
		{"ebs", `[{type: value, key: Attachments, value_type: size, op: gt, value: 1}]`, "left out"},
		{"glue-job", `[]`, "left out"},
		// What Custodian would not take for equal is not taken for equal here.
		{"ec2", `[{"tag:a": true}]`, "left out"},
		{"ec2", `[{"tag:a": 1}]`, "left out"},
		{"ec2", `[{"tag:a": on}]`, "left out"},
		{"ec2", `[{"tag:a": "on"}]`, "tag:a=on"},
		{"ec2", `[{"tag:a": 2026-01-01}]`, "left out"},
		{"ec2", `[{"State.Name": Running}]`, "state:Running"},
		{"ec2", `[{InstanceLifecycle: on-demand}]`, "left out"},
		{"ec2", `[{"SecurityGroups[].GroupId": sg-1}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:a", op: ne, value: absent}]`, "left out"},
		{"ec2", `[{type: value, key: "tag:a", op: ne, value: null}]`, "-tag:a!"},
		{"ec2", `[{type: value, key: "tag:a", op: in, value: null}]`, "left out"},
		{"ebs", `[{Attachments: absent}]`, "left out"},
		{"ebs", `[{Attachments: empty}]`, "meta.attached_to!"},
		{"ebs", `[{type: value, key: Attachments, op: contains, value: i-1}]`, "left out"},
		{"ebs", `[{type: value, key: Size, op: gt, value: "100"}]`, "left out"},
		{"ebs", `[{type: value, key: Size, op: gt, value: "100", value_type: integer}]`, "meta.size_gb>100"},
		{"dynamodb-table", `[{TableStatus: active}]`, "left out"},
	} {
		selected, notes := filterOf(t, tc.resource, tc.filters)
		if selected != tc.want || selected == "left out" && notes == "" {
			t.Errorf("%s %s:\n got %s\nwant %s\n%s", tc.resource, tc.filters, selected, tc.want, notes)
		}
	}
}

func TestActions(t *testing.T) {
	for _, tc := range []struct{ name, policy, want, note string }{
		{"none", "resource: ec2, filters: [{\"tag:a\": b}]", "p report", ""},
		{"several", "resource: ec2, actions: [{type: tag, tags: {a: b}}, stop]", "p tag, p-stop plan", "line 2: p: has 2 actions: each is a policy of its own"},
		{"unknown", "resource: ec2, actions: [normalize-tag]", "p report", "line 2: p: action normalize-tag is not translated for this resource"},
		{"one unknown", "resource: ec2, actions: [autotag-user, stop]", "p plan", "action autotag-user is not translated"},
		{"an option", "resource: ec2, actions: [{type: stop, hibernate: true}]", "p report", "action stop: its option hibernate is not translated"},
		{"a value that is filled in", "resource: ec2, actions: [{type: tag, key: a, value: \"{account_id}\"}]", "p report", "the value of a is filled in by Custodian"},
		{"no verb", "resource: rds-snapshot, actions: [delete]", "p report", "delete is not translated for this resource"},
		{"a mark", "resource: ec2, filters: [{\"tag:c7n\": absent}], actions: [{type: mark-for-op, tag: c7n, op: terminate, days: 7}]", "p plan", "is left to the plan, which marks nothing twice"},
		{"a mark of hours", "resource: ec2, actions: [{type: mark-for-op, op: stop, hours: 7}]", "p report", "mark-for-op: its option hours is not translated"},
		{"marked by nobody", "resource: ec2, filters: [{type: marked-for-op, op: stop}], actions: [stop]", "", "p is left out: marked-for-op stop: no policy of the file marks for it"},
		{"hours of a rule", "resource: ec2, filters: [{type: offhour, offhour: 19}, {type: state-age, days: 1}], actions: [stop]", "", "a schedule selects by a filter"},
		{"hours with a start", "resource: ec2, filters: [{type: offhour, offhour: 19}], actions: [start]", "", "hours are translated with the one action stop"},
		{"onhour", "resource: ec2, filters: [{type: onhour, onhour: 8, weekends: false, tag: h}], actions: [start]", "p schedule", "becomes a schedule of the server"},
		{"a head that restricts", "resource: ec2, query: [{instance-state-name: running}]", "", "query is not translated, and may restrict the policy"},
		{"conditions", "resource: ec2, conditions: [{region: us-east-1}]", "", "conditions is not translated"},
		{"two volumes' actions", "resource: ebs, actions: [snapshot, delete]", "p plan", "action snapshot is part of delete"},
		{"gp3", "resource: ebs, actions: [{type: modify-volume, volume-type: gp3}]", "p plan", ""},
		{"gp3 with iops", "resource: ebs, actions: [{type: modify-volume, volume-type: gp3, iops-percent: 50}]", "p report", "modify-volume is translated to the type gp3 only"},
	} {
		im, err := custodian.Read([]byte("policies:\n- {name: p, " + tc.policy + "}\n"))
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var made []string
		for _, p := range im.Policies {
			for member := range p.Action {
				made = append(made, p.Name+" "+member)
			}
		}
		var notes []string
		for _, n := range im.Notes {
			notes = append(notes, n.String())
		}
		if got := strings.Join(made, ", "); got != tc.want || !strings.Contains(strings.Join(notes, "\n"), tc.note) {
			t.Errorf("%s: %s, want %s; notes:\n%s\nwant %s", tc.name, got, tc.want, strings.Join(notes, "\n"), tc.note)
		}
	}
}

// TestDropped: what only the plan with a grace may go without stays where others select.
func TestDropped(t *testing.T) {
	im, err := custodian.Read([]byte(`policies:
- name: p
  resource: ec2
  filters: [{"tag:maid_status": absent}, {"State.Name": running}]
  actions: [{type: mark-for-op, op: stop}, {type: notify, to: [x]}]
`))
	if err != nil || len(im.Policies) != 2 {
		t.Fatal(im, err)
	}
	got := []string{im.Policies[0].Filter, im.Policies[1].Filter}
	if want := []string{"state:running", "state:running tag:maid_status!"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestRead_Refused(t *testing.T) {
	for _, tc := range []struct{ name, yaml, want string }{
		{"no YAML", "policies: [", "1:11: not YAML"},
		{"another file", "resources: []", "1:1: no file of Cloud Custodian"},
	} {
		if _, err := custodian.Read([]byte(tc.yaml)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.want)
		}
	}
}

// TestTypes: every type that is translated to is one that scans know.
func TestTypes(t *testing.T) {
	for _, name := range custodian.ResourceNames() {
		of := custodian.TypeOf(name)
		if !slices.ContainsFunc(scanners.Catalog, func(s scanners.Scanner) bool { return string(s.Type) == of }) {
			t.Errorf("%s: no type %s", name, of)
		}
	}
}

func FuzzRead(f *testing.F) {
	source, err := os.ReadFile("testdata/twelve.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(source))
	f.Add("policies:\n- {name: p, resource: ec2, filters: [{not: [{type: value, key: a, value: b}]}], actions: [stop, {type: tag}]}")
	f.Fuzz(func(t *testing.T, s string) {
		im, err := custodian.Read([]byte(s))
		if err != nil {
			return
		}
		b, err := im.YAML("x")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tree.Read(b); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
	})
}
