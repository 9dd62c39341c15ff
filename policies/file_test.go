package policies_test

import (
	"errors"
	"strings"
	"testing"

	client "github.com/consolesensei/resource-tracker/clients/go"
	"github.com/consolesensei/resource-tracker/policies"
)

// catalogue is a small one, of the form that servers answer.
var catalogue = policies.Catalogue{
	Types: []client.TypeInfo{
		{Type: "EC2_Instance", Scope: "regional"},
		{Type: "EBS_Volume", Scope: "regional"},
		{Type: "IAM_User", Scope: "global"},
		{Type: "CloudWatch_LogGroup", Scope: "regional"},
		{Type: "S3_Bucket", Scope: "regional", Details: []client.DetailInfo{{Name: "bucket_lifecycle"}}},
	},
	Actions: []client.ActionInfo{
		{ResourceType: "EC2_Instance", Action: "stop", Liftable: []string{"stop_protection"}},
		{ResourceType: "EC2_Instance", Action: "terminate", Aliases: []string{"delete"}},
		{ResourceType: "EC2_Instance", Action: "tag"},
		{ResourceType: "EC2_Instance", Action: "untag"},
		{ResourceType: "EBS_Volume", Action: "delete", Params: []client.Param{{Name: "skip_snapshot", Kind: "boolean"}}},
		{ResourceType: "CloudWatch_LogGroup", Action: "set_retention", Params: []client.Param{{Name: "retention_days", Kind: "integer", Required: true, Description: "Days"}}},
	},
}

func policyOf(lines ...string) string {
	return "policies:\n  - name: a\n    " + strings.Join(lines, "\n    ") + "\n"
}

func TestRead_Faults(t *testing.T) {
	volumes := "select: {filter: 'type:EBS_Volume'}"
	for _, tc := range []struct{ name, yaml, want string }{
		{"no list", "policy: []", "f.yaml:1:1: policy: unknown key; did you mean policies?; allowed: policies"},
		{"no YAML", "policies: [", "f.yaml:1:11: not YAML: "},
		{"an unknown key", policyOf(volumes, "report: true", "owner: me"), "f.yaml:5:5: policies[0].owner: unknown key; allowed: description, fail_above"},
		{"a key misspelt", policyOf("select: {fliter: 'x'}", "report: true"), "f.yaml:3:14: policies[0].select.fliter: unknown key; did you mean filter?; allowed: accounts, details, filter"},
		{"a key of grace", policyOf(volumes, "plan:", "  verb: stop", "  grace: {day: 1}"), "f.yaml:6:15: policies[0].plan.grace.day: unknown key; did you mean days?; allowed: days, tag"},
		{"no name", "policies:\n  - select: {rule: idle_instance}\n    report: true", "f.yaml:2:5: policies[0]: lacks name"},
		{"no action", policyOf(volumes), "f.yaml:2:5: policies[0]: says not what to do: needs one of report, tag, notify, plan, schedule"},
		{"two actions", policyOf(volumes, "report: true", "tag: {remove: [x]}"), "f.yaml:5:5: policies[0]: has report and tag: a policy does one thing"},
		{"an action of no kind", policyOf(volumes, "report: yes"), "policies[0].report: expected true"},
		{"a name that is none", strings.Replace(policyOf(volumes, "report: true"), "name: a", "name: A b", 1), "f.yaml:2:11: policies[0].name: "},
		{"a type of value", policyOf(volumes, "report: true", "fail_above: many"), "f.yaml:5:17: policies[0].fail_above: expected integer, not string"},
		{"a form", policyOf(volumes, "notify: {form: slak, url_env: X}"), "f.yaml:4:20: policies[0].notify.form: slak is none of json, slack, teams; did you mean slack?"},
		{"an address in the file", policyOf(volumes, "notify: {url_env: 'https://x'}"), "policies[0].notify.url_env: "},
		{"too many", policyOf(volumes, "limits: {max_items: 10001}", "report: true"), "f.yaml:4:25: policies[0].limits.max_items: "},
		{"a filter", policyOf("select: {filter: type:EBS_Volume coost>5}", "report: true"), "f.yaml:3:38: policies[0].select.filter: character 17: unknown field; there are type, service, region, account, state, id, name, arn, tag, meta, cost, created, age; did you mean cost?"},
		{"a filter in quotes", policyOf("select: {filter: 'age>5x'}", "report: true"), "f.yaml:3:23: policies[0].select.filter: character 1: expected a duration"},
		{"a rule", policyOf("select: {rule: idle_instances}", "report: true"), "f.yaml:3:20: policies[0].select.rule: unknown rule of savings; did you mean idle_instance?"},
		{"everything", policyOf("select: {regions: [eu-west-1]}", "report: true"), "f.yaml:3:14: policies[0].select: would select everything: give a filter, types or a rule"},
		{"one name twice", policyOf(volumes, "report: true") + "  - name: a\n    " + volumes + "\n    report: true", "f.yaml:5:11: policies[1].name: a is the name of the policy in line 2, too"},
		{"a schedule of a rule", policyOf("select: {rule: idle_instance}", "schedule: {verb: stop, cron: '0 1 * * *'}"), "policies[0].select.rule: a schedule selects by a filter"},
		{"a tag both ways", policyOf(volumes, "tag: {set: {x: y}, remove: [x]}"), "policies[0].tag.remove: x is set and removed"},

		{"a type", policyOf("select: {types: [EBS_Volumes]}", "report: true"), "f.yaml:3:22: policies[0].select.types[0]: unknown resource type EBS_Volumes; did you mean EBS_Volume?"},
		{"a type in a filter", policyOf("select: {filter: type:EC2_Instances}", "report: true"), "policies[0].select.filter: character 1: unknown resource type EC2_Instances; did you mean EC2_Instance?"},
		{"a detail", policyOf("select: {filter: 'type:S3_Bucket', details: [x]}", "report: true"), "policies[0].select.details[0]: unknown detail; allowed: bucket_lifecycle"},
		{"a verb", policyOf("select: {filter: type:EC2_Instance}", "plan: {verb: stopp}"), "f.yaml:4:18: policies[0].plan.verb: no type that is selected has the verb stopp; did you mean stop?; allowed: stop, tag, terminate, untag"},
		{"a verb of another type", policyOf(volumes, "plan: {verb: stop}"), "no type that is selected has the verb stop; allowed: delete"},
		{"nothing can be done", policyOf("select: {types: [IAM_User]}", "tag: {set: {a: b}}"), "policies[0].tag: nothing can be done to IAM_User"},
		{"a parameter", policyOf(volumes, "plan: {verb: delete, params: {skip_snapshots: true}}"), "f.yaml:4:35: policies[0].plan.params.skip_snapshots: is no parameter; did you mean skip_snapshot?; allowed: skip_snapshot (delete of EBS_Volume)"},
		{"a parameter that lacks", policyOf("select: {types: [CloudWatch_LogGroup]}", "plan: {verb: set_retention}"), "policies[0].plan.params: lacks retention_days: Days"},
		{"a lift", policyOf("select: {types: [EC2_Instance]}", "plan: {verb: stop, lift: [stop_protect]}"), "policies[0].plan.lift[0]: no such rule can be lifted; did you mean stop_protection?"},
		{"what cannot be marked", policyOf(volumes, "plan: {verb: delete, grace: {days: 3}}"), "policies[0].plan.grace: EBS_Volume cannot be tagged"},
	} {
		f, err := policies.Read("f.yaml", []byte(tc.yaml))
		if err == nil {
			err = f.Check(catalogue)
		}
		if _, faults := errors.AsType[policies.Faults](err); !faults || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s:\n got %v\nwant %s", tc.name, err, tc.want)
		}
	}
}

func TestRead_Right(t *testing.T) {
	_, err := policies.Read("f.yaml", []byte(policyOf("select: {filter: type:EC2_Instance state:running, regions: [eu-west-1, global]}", "fail_above: 0", "limits: {max_items: 3}",
		"plan: {verb: delete, approval: true, grace: {days: 4}, lift: [], params: {}}")))
	if err == nil {
		t.Fatal("an empty list of lifts is taken")
	}
	f, err := policies.Read("f.yaml", []byte(policyOf("select: {filter: type:EC2_Instance state:running}", "plan: {verb: delete, grace: {days: 4}}")))
	if err == nil {
		err = f.Check(catalogue)
	}
	if err != nil || len(f.Policies) != 1 || f.Policies[0].Plan.Grace.Days != 4 || f.Policies[0].Line != 2 || f.Policies[0].Action() != "plan" {
		t.Errorf("%+v, %v", f, err)
	}
}
